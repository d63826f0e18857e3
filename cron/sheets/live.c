/* live.c: what Redis knows of each account now, or knew last. */
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/live.h"
#include "lib/jsonin.h"
#include "lib/mem.h"
#include "lib/money.h"

/* Nodes at a time: their positions come along, and are not kept. */
#define NODES_AT_ONCE 20

static struct amount
amount(const cJSON *o, const char *key)
{
	struct amount a = {false, 0};
	double v;

	if (jsonin_number(o, key, &v) && money_from_double(v, &a.v) == 0)
		a.known = true;
	return a;
}

static struct live_account *
find(const struct live *live, const char *server, int64_t login)
{
	for (int i = 0; i < live->len; i++)
		if (live->list[i].login == login &&
		    strcmp(live->list[i].server, server) == 0)
			return &live->list[i];
	return NULL;
}

const struct live_account *
live_find(const struct live *live, const char *server, int64_t login)
{
	return find(live, server, login);
}

/* An account that is on two nodes: what is live, then what is newer. */
static void
keep(struct live *live, const struct live_account *a)
{
	struct live_account *old = find(live, a->server, a->login);
	char *server;

	if (old == NULL) {
		if (live->len == live->size) {
			live->size = live->size > 0 ? 2 * live->size : 64;
			live->list = mem_grow(live->list, (size_t)live->size,
			    sizeof(*live->list));
		}
		old = &live->list[live->len++];
		*old = *a;
		old->server = mem_strdup(a->server);
		return;
	}
	if (old->fresh > a->fresh ||
	    (old->fresh == a->fresh && old->at_msc >= a->at_msc))
		return;
	server = old->server;
	*old = *a;
	old->server = server;
}

/* Why a node's accounts are not live, by node:<id>. */
static enum status
why_not(const char *text, size_t len)
{
	cJSON *o = text != NULL ? jsonin_parse(text, len) : NULL;
	enum status s = STATUS_STALE;
	const char *word;

	if (!jsonin_string(o, "status", &word) || !status_from(word, &s) ||
	    (s != STATUS_UNREACHABLE && s != STATUS_UNAUTHORIZED))
		s = STATUS_STALE;
	cJSON_Delete(o);
	return s;
}

static void
take_account(struct live *live, const cJSON *o, bool fresh, enum status other)
{
	struct live_account a = {.fresh = fresh, .status = other};
	const char *server, *word;

	if (!jsonin_string(o, "server", &server) ||
	    !jsonin_int64(o, "login", &a.login) ||
	    !jsonin_int64(o, "at_msc", &a.at_msc))
		return;
	if (fresh && (!jsonin_string(o, "status", &word) ||
			 !status_from(word, &a.status)))
		a.status = STATUS_STALE;
	a.server = (char *)(uintptr_t)server; /* copied by keep */
	a.balance = amount(o, "balance");
	a.credit = amount(o, "credit");
	a.equity = amount(o, "equity");
	a.profit = amount(o, "profit");
	keep(live, &a);
}

void
live_take(struct live *live, const char *head, size_t len, bool fresh,
    const char *node, size_t node_len)
{
	const char *end = memchr(head, '\n', len);
	cJSON *o = jsonin_parse(head, end != NULL ? (size_t)(end - head) : len);
	enum status other = fresh ? STATUS_STALE : why_not(node, node_len);
	const cJSON *account;

	cJSON_ArrayForEach(account, jsonin_array(o, "accounts"))
	    take_account(live, account, fresh, other);
	cJSON_Delete(o);
}

/* snapshot:<id>, last:<id> and node:<id> of some nodes. */
static int
read_some(struct live *live, struct cache *cache, char *const *nodes, int n)
{
	char *keys[3 * NODES_AT_ONCE];
	struct cache_values v;
	const struct cache_value *of;
	int rc;

	for (int i = 0; i < n; i++) {
		keys[3 * i] = mem_printf("snapshot:%s", nodes[i]);
		keys[3 * i + 1] = mem_printf("last:%s", nodes[i]);
		keys[3 * i + 2] = mem_printf("node:%s", nodes[i]);
	}
	rc = cache_mget(
	    cache, (const char *const *)keys, (size_t)(3 * n), NULL, &v);
	for (int i = 0; i < n && rc == 0; i++) {
		of = &v.list[3 * i];
		if (of[0].data != NULL)
			live_take(live, of[0].data, of[0].len, true, NULL, 0);
		else if (of[1].data != NULL)
			live_take(live, of[1].data, of[1].len, false,
			    of[2].data, of[2].len);
	}
	if (rc == 0)
		cache_values_done(&v);
	for (int i = 0; i < 3 * n; i++)
		free(keys[i]);
	return rc;
}

int
live_read(struct live *live, struct cache *cache, char *const *nodes, int n)
{
	int some;

	if (cache_ping(cache) == -1)
		return -1;
	for (; n > 0; nodes += some, n -= some) {
		some = n < NODES_AT_ONCE ? n : NODES_AT_ONCE;
		if (read_some(live, cache, nodes, some) == -1)
			return -1;
	}
	return 0;
}

void
live_done(struct live *live)
{
	for (int i = 0; i < live->len; i++)
		free(live->list[i].server);
	free(live->list);
	memset(live, 0, sizeof(*live));
}
