/*
 * claims.c: whose word about an account's deals is taken.
 *
 * The node that nodes.json pins it to; else the only one that shows it. While
 * two show it: the one that its stored deals are from, if it is one of them;
 * else nobody, as a deal that was taken once is kept for good.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/base/buf.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/ledger/people.h"

#define NAMES_MAX 1024

void
candidates_add(struct candidates *all, const struct node *node,
    const char *server, int64_t login, int64_t since_utc_ms, const cJSON *row)
{
	struct candidate *c;

	for (size_t i = 0; i < all->len; i++)
		if (all->list[i].node == node &&
		    account_key_is(
			all->list[i].server, all->list[i].login, server, login))
			return; /* two terminals of one machine */
	all->list =
	    mem_room(all->list, all->len, &all->size, sizeof(*all->list));
	c = &all->list[all->len++];
	*c = (struct candidate){.node = node,
	    .server = mem_strdup(server),
	    .login = login,
	    .since_utc_ms = since_utc_ms};
	reported_read(&c->reported, row);
}

void
candidates_done(struct candidates *all)
{
	for (size_t i = 0; i < all->len; i++) {
		free(all->list[i].server);
		reported_done(&all->list[i].reported);
	}
	free(all->list);
	memset(all, 0, sizeof(*all));
}

/* Where the stored deals are from. */
struct bound {
	const struct candidate *list;
	size_t n;
	const struct candidate *found;
};

static int
find_bound(const struct ledger_account *a, void *arg)
{
	struct bound *b = arg;

	for (size_t i = 0; i < b->n && a->node != NULL && a->sync.deals > 0;
	     i++)
		if (strcmp(b->list[i].node->id, a->node) == 0)
			b->found = &b->list[i];
	return 0;
}

static enum ledger_result
note_conflict(struct ledger *l, int64_t account, const char *why)
{
	struct ledger_sync s = {0};
	enum ledger_result r =
	    ledger_sync_get(l, account, reading_keep_sync, &s);

	if (r != LEDGER_OK && r != LEDGER_NOT_FOUND)
		return r;
	s.state = LEDGER_HISTORY_FAILED;
	s.error = why;
	return ledger_sync_put(l, account, &s);
}

/* n nodes show one account: the one to read from; NULL: none, and it is said.
 */
static const struct candidate *
decide(struct app *app, const struct candidate *list, size_t n)
{
	struct bound bound = {.list = list, .n = n};
	enum ledger_result r;
	struct buf why;
	int64_t account;

	if (n == 1)
		return list;
	r = ledger_account_find(
	    app->ledger, list->server, list->login, &account);
	if (r == LEDGER_OK)
		r = ledger_account_get(
		    app->ledger, account, find_bound, &bound);
	buf_init(&why, NAMES_MAX);
	buf_puts(&why, "conflict: shown by nodes ");
	for (size_t i = 0; i < n; i++)
		buf_printf(&why, "%s%s", i > 0 ? ", " : "", list[i].node->id);
	buf_puts(&why, ": pin it to one in nodes.json");
	log_warnx("server=%s login=%" PRId64 ": %s; deals are taken from %s",
	    list->server, list->login, why.data,
	    bound.found != NULL ? bound.found->node->id : "none of them");
	if (r == LEDGER_OK && bound.found == NULL)
		r = note_conflict(app->ledger, account, why.data);
	if (bound.found == NULL) {
		app->tally.accounts++;
		app->tally.failed++;
	}
	if (r != LEDGER_OK && r != LEDGER_NOT_FOUND && r != LEDGER_REJECTED)
		app->ledger_down = r;
	buf_done(&why);
	return bound.found;
}

static int
compare(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;
	int order =
	    account_key_compare(a->server, a->login, b->server, b->login);

	return order != 0 ? order : strcmp(a->node->id, b->node->id);
}

/* One that was joined into another account, or that nobody knows yet, has its
 * turn behind those with names of their own: an account is read once a run. */
static void
start_some(struct app *app, const struct candidates *all,
    candidate_read_fn *read, bool joined)
{
	const struct candidate *c;
	int64_t origin;
	size_t n;

	for (size_t i = 0;
	     i < all->len && app->ledger_down == LEDGER_OK && !*app->stop;
	     i += n) {
		const struct candidate *first = &all->list[i];

		for (n = 1; i + n < all->len &&
			    account_key_is(first->server, first->login,
				first[n].server, first[n].login);)
			n++;
		app->ledger_down = ledger_account_origin(
		    app->ledger, first->server, first->login, &origin);
		if (app->ledger_down != LEDGER_OK || (origin != 0) != joined)
			continue;
		if ((c = decide(app, first, n)) != NULL)
			read(app, c);
	}
}

void
candidates_start(
    struct app *app, struct candidates *all, candidate_read_fn *read)
{
	if (all->len > 0)
		qsort(all->list, all->len, sizeof(*all->list), compare);
	start_some(app, all, read, false);
	start_some(app, all, read, true);
	candidates_done(all);
}
