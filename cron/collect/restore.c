/* restore.c: what the run before knew, from Redis. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "cron/collect/fields.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"

#define NODES_AT_ONCE 400

static enum link_state
link_of(const char *word)
{
	return strcmp(word, "ok") == 0             ? LINK_OK
	       : strcmp(word, "unauthorized") == 0 ? LINK_UNAUTHORIZED
						   : LINK_UNREACHABLE;
}

/* node:<id>, as publish.c writes it. */
static void
read_node(struct node_state *n, const struct cache_value *v)
{
	cJSON *doc = v->data != NULL ? jsonin_parse(v->data, v->len) : NULL;
	const char *word, *error = "";
	const cJSON *agent;
	struct json j;

	if (jsonin_string(doc, "status", &word) &&
	    jsonin_int64(doc, "since_msc", &n->link_since_msc))
		n->link = link_of(word);
	jsonin_string(doc, "error", &error);
	snprintf(n->error, sizeof(n->error), "%s", error);
	jsonin_int64(doc, "polled_msc", &n->polled_msc);
	jsonin_int(doc, "latency_ms", &n->latency_ms);
	jsonin_int(doc, "terminals", &n->terminals);
	jsonin_bool(doc, "alerted", &n->alerted);
	jsonin_bool(doc, "clock_alerted", &n->clock_alerted);
	if ((agent = jsonin_object(doc, "agent")) != NULL) {
		json_init(&j, v->len + 64);
		fields_put(&j, NULL, agent, agent_fields);
		if (json_text(&j, NULL) != NULL)
			n->agent = buf_take(&j.out);
		json_done(&j);
	}
	cJSON_Delete(doc);
}

/* The next line without its end; NULL behind the last. */
static const char *
next_line(const char **at, const char *end, size_t *len)
{
	const char *line = *at, *stop;

	if (line == end ||
	    (stop = memchr(line, '\n', (size_t)(end - line))) == NULL)
		return NULL;
	*len = (size_t)(stop - line);
	*at = stop + 1;
	return line;
}

static int
read_accounts(
    struct node_state *n, const cJSON *list, const char *at, const char *end)
{
	const cJSON *entry;
	const char *lines[3];
	size_t lens[3];
	struct account *a;

	cJSON_ArrayForEach(entry, list)
	{
		for (int i = 0; i < 3; i++)
			if ((lines[i] = next_line(&at, end, &lens[i])) == NULL)
				return -1;
		if ((a = account_from_lines(entry, lines, lens)) == NULL)
			return -1;
		node_add_account(n, a);
	}
	return 0;
}

/* snapshot:<id> or last:<id>. What cannot be read is polled whole. */
static void
read_snapshot(struct node_state *n, const struct cache_value *v)
{
	const char *at = v->data, *end = v->data + v->len, *line;
	const char *rev = "", *word = "";
	size_t len;
	cJSON *head;

	if ((line = next_line(&at, end, &len)) == NULL ||
	    (head = jsonin_parse(line, len)) == NULL)
		return;
	jsonin_string(head, "rev", &rev);
	jsonin_string(head, "status", &word);
	if (read_accounts(n, jsonin_array(head, "accounts"), at, end) == 0 &&
	    status_from(word, &n->said) && n->agent != NULL &&
	    strlen(rev) < sizeof(n->rev))
		snprintf(n->rev, sizeof(n->rev), "%s", rev);
	cJSON_Delete(head);
}

/* The words that readers saw until now, and since when. */
static void
settle(struct node_state *n, bool live, int ttl_s)
{
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];

		/* written by age, not by the agent: ask for all of it */
		if (a->said == STATUS_STALE && !a->carried)
			*n->rev = '\0';
		if (n->link != LINK_OK) {
			a->status = n->link == LINK_UNAUTHORIZED
					? STATUS_UNAUTHORIZED
					: STATUS_UNREACHABLE;
			a->since_msc = n->link_since_msc;
		} else if (!live && status_is_live(a->status)) {
			a->status = STATUS_STALE;
			a->since_msc = a->at_msc + ttl_s * INT64_C(1000);
		}
	}
	if (n->link == LINK_OK)
		n->head = n->said;
	else if (n->link == LINK_UNAUTHORIZED)
		n->head = STATUS_UNAUTHORIZED;
	n->head_since_msc = n->link_since_msc;
}

static void
make_keys(struct node_state **nodes, size_t n, const char *kind, char **keys)
{
	for (size_t i = 0; i < n; i++)
		keys[i] = mem_printf("%s%s", kind, nodes[i]->id);
}

static void
take_values(struct app *app, struct node_state **nodes, size_t n,
    const struct cache_values *v)
{
	for (size_t i = 0; i < n; i++) {
		const struct cache_value *snapshot = &v->list[n + i];
		bool live = snapshot->data != NULL;

		if (v->list[i].data == NULL)
			continue; /* never polled */
		read_node(nodes[i], &v->list[i]);
		if (!live)
			snapshot = &v->list[2 * n + i];
		if (snapshot->data != NULL)
			read_snapshot(nodes[i], snapshot);
		settle(nodes[i], live, app->config.cache_ttl_s);
	}
}

static int
restore_some(struct app *app, struct node_state **nodes, size_t n)
{
	char **keys = mem_new(3 * n, sizeof(*keys));
	struct cache_values values;
	int rc;

	make_keys(nodes, n, KEY_NODE, keys);
	make_keys(nodes, n, KEY_SNAPSHOT, keys + n);
	make_keys(nodes, n, KEY_LAST, keys + 2 * n);
	rc = cache_mget(
	    app->cache, (const char *const *)keys, 3 * n, NULL, &values);
	if (rc == 0) {
		take_values(app, nodes, n, &values);
		cache_values_done(&values);
	}
	for (size_t i = 0; i < 3 * n; i++)
		free(keys[i]);
	free(keys);
	return rc;
}

int
restore_nodes(struct app *app)
{
	size_t at = 0, n;

	for (; at < app->nodes_len; at += n) {
		n = app->nodes_len - at;
		if (n > NODES_AT_ONCE)
			n = NODES_AT_ONCE;
		if (restore_some(app, app->nodes + at, n) == -1)
			return -1;
		pulse_beat(app, clock_mono_msc());
	}
	app->restored = true;
	return 0;
}

int
restore_node(struct app *app, struct node_state *n)
{
	return restore_some(app, &n, 1);
}

/* An account that only Redis knows: it was there, and may be no longer. */
static void
adopt_account(struct node_state *n, struct account *a)
{
	a->carried = true;
	a->said = STATUS_STALE;
	a->status = n->link == LINK_OK ? STATUS_STALE : n->head;
	*n->rev = '\0'; /* the next answer says how it is */
	node_add_account(n, a);
}

/*
 * An alert and the word that it is out are written together: where Redis does
 * not have the word nobody heard of the alert.
 */
static void
adopt(struct node_state *n, struct node_state *was)
{
	n->alerted = was->alerted;
	n->clock_alerted = was->clock_alerted;
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];
		const struct account *b =
		    node_find_account(was, a->server, a->login);

		a->worry.said = b != NULL ? b->worry.said : ALARM_NONE;
	}
	for (size_t i = was->accounts_len; !n->app->restored && i-- > 0;) {
		struct account *a = was->accounts[i];

		if (node_find_account(n, a->server, a->login) != NULL)
			continue;
		adopt_account(n, a);
		was->accounts[i] = was->accounts[--was->accounts_len];
	}
}

static int
restore_some_again(struct app *app, struct node_state **nodes, size_t n)
{
	struct node_state **was = mem_new(n, sizeof(struct node_state *));
	int rc;

	for (size_t i = 0; i < n; i++)
		was[i] = node_new(app, nodes[i]->id);
	rc = restore_some(app, was, n);
	for (size_t i = 0; i < n; i++) {
		if (rc == 0)
			adopt(nodes[i], was[i]);
		node_free(was[i]);
	}
	free(was);
	return rc;
}

int
restore_again(struct app *app)
{
	size_t at = 0, n;

	for (; at < app->nodes_len; at += n) {
		n = app->nodes_len - at;
		if (n > NODES_AT_ONCE)
			n = NODES_AT_ONCE;
		if (restore_some_again(app, app->nodes + at, n) == -1)
			return -1;
	}
	app->restored = true;
	return 0;
}
