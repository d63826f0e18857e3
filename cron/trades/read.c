/* read.c: one account: what is to be read, and what its books say then. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define DAY_MSC (INT64_C(86400) * 1000)
#define OVERLAP_MSC (7 * DAY_MSC)
/* two days, and the farthest a broker's clock is ahead of UTC */
#define AHEAD_MSC (2 * DAY_MSC + DAY_MSC * 14 / 24)
#define CURSOR_LIFE_MSC (DAY_MSC * 20 / 24)

void
reading_free(struct reading *r)
{
	free(r->server);
	free(r);
}

/* ---- what came in the way ---- */

static void
log_reading(const struct reading *r, const char *text)
{
	log_warnx("node=%s server=%s login=%" PRId64 ": %s", r->node->id,
	    r->server, r->login, text);
}

/* The run cannot go on without the ledger: said once, by main. */
void
reading_ledger_failed(struct reading *r, enum ledger_result result)
{
	r->app->ledger_down = result;
}

/* What was known stays; the state says that it is not of now. */
static void
note_state(struct reading *r, enum ledger_history state, const char *error)
{
	struct ledger_sync s = r->sync;
	enum ledger_result result;
	char *note;

	s.state = state;
	s.error = error;
	s.residue_note = note = check_note(r, &s);
	result = ledger_sync_put(r->app->ledger, r->account, &s);
	free(note);
	if (result != LEDGER_OK)
		reading_ledger_failed(r, result);
}

void
reading_failed(struct reading *r, const char *why)
{
	r->app->tally.failed++;
	log_reading(r, why);
	note_state(r, LEDGER_HISTORY_FAILED, why);
}

/* Nothing is concluded from what was not given, and the read begins anew. */
void
reading_syncing(struct reading *r, const struct page *p)
{
	enum ledger_result result = page_store_only(r, p);

	if (result == LEDGER_OK)
		result = ledger_cursor_put(r->app->ledger, r->account, NULL);
	if (result != LEDGER_OK) {
		reading_ledger_failed(r, result);
		return;
	}
	r->app->tally.syncing++;
	note_state(r, LEDGER_HISTORY_SYNCING, NULL);
}

/* ---- the beginning ---- */

static void
begin_range(struct reading *r, bool full)
{
	int64_t now = clock_utc_msc();

	memset(&r->cursor, 0, sizeof(r->cursor));
	r->cursor.full = full;
	r->cursor.begun_msc = now;
	r->to_msc = now + AHEAD_MSC;
	r->from_msc = full ? 0 : r->sync.last_msc - OVERLAP_MSC;
	if (r->from_msc < 0)
		r->from_msc = 0;
	ask_range(r);
}

static int
keep_sync(const struct ledger_sync *s, void *arg)
{
	struct reading *r = arg;

	r->sync = *s;
	r->sync.error = r->sync.residue_note = NULL;
	return 0;
}

/* Nightly, after any change of its status, and the first time. */
static bool
wants_full(const struct reading *r, int64_t now)
{
	return r->app->opt.full || r->sync.full_msc == 0 ||
	       r->sync.full_msc / DAY_MSC != now / DAY_MSC ||
	       r->since_msc > r->sync.full_msc;
}

/* A read that was interrupted goes on, unless the terminal came back since. */
static bool
goes_on(const struct reading *r, const struct ledger_cursor *c, bool full,
    int64_t now)
{
	return !r->app->opt.full && (c->full || !full) &&
	       c->begun_msc > r->since_msc && c->begun_msc <= now &&
	       now - c->begun_msc < CURSOR_LIFE_MSC;
}

static bool
same_amount(const struct amount *a, const struct amount *b)
{
	return a->known == b->known && (!a->known || a->v == b->v);
}

/* Its money is not what the deals stand for that were read last. */
static bool
has_moved(const struct reading *r)
{
	return r->sync.state != LEDGER_HISTORY_OK || !r->now_balance.known ||
	       !same_amount(&r->now_balance, &r->sync.balance) ||
	       !same_amount(&r->now_credit, &r->sync.credit);
}

static void
begin(struct reading *r)
{
	int64_t now = clock_utc_msc();
	struct ledger_cursor c;
	enum ledger_result result;
	bool full;

	result = ledger_sync_get(r->app->ledger, r->account, keep_sync, r);
	if (result != LEDGER_OK && result != LEDGER_NOT_FOUND) {
		reading_ledger_failed(r, result);
		return;
	}
	if (r->app->opt.moved && !has_moved(r)) {
		r->app->tally.unmoved++;
		return;
	}
	full = wants_full(r, now);
	result = ledger_cursor_get(r->app->ledger, r->account, &c);
	if (result == LEDGER_OK && goes_on(r, &c, full, now)) {
		r->cursor = c;
		r->from_msc = c.after_msc;
		r->to_msc = now + AHEAD_MSC;
		ask_range(r);
	} else if (result == LEDGER_OK || result == LEDGER_NOT_FOUND)
		begin_range(r, full);
	else
		reading_ledger_failed(r, result);
}

static bool
is_known(const struct app *app, const struct reading *told)
{
	for (int i = 0; i < app->readings_len; i++)
		if (app->readings[i]->login == told->login &&
		    strcmp(app->readings[i]->server, told->server) == 0)
			return true;
	return false;
}

void
reading_start(struct app *app, const struct reading *told)
{
	struct reading *r;

	if (is_known(app, told))
		return;
	r = mem_new(1, sizeof(*r));
	*r = *told;
	r->app = app;
	r->server = mem_strdup(told->server);
	if (app->readings_len == app->readings_size) {
		app->readings_size = app->readings_size * 2 + 64;
		app->readings = mem_grow(app->readings,
		    (size_t)app->readings_size, sizeof(struct reading *));
	}
	app->readings[app->readings_len++] = r;
	app->tally.accounts++;
	begin(r);
}

/* ---- the end ---- */

static enum ledger_result
store_sync(struct reading *r, const struct ledger_sync *s)
{
	struct ledger *l = r->app->ledger;
	enum ledger_result result = ledger_begin(l);

	if (result != LEDGER_OK)
		return result;
	result = ledger_sync_put(l, r->account, s);
	if (result == LEDGER_OK)
		result = ledger_cursor_put(l, r->account, NULL);
	if (result == LEDGER_OK)
		return ledger_commit(l);
	ledger_rollback(l);
	return result;
}

/*
 * A residue that was not there before may be a deal that came late, with a
 * time before the overlap: everything is read once more, at once.
 */
void
reading_finish(struct reading *r)
{
	struct ledger_sync s = r->sync;
	enum ledger_result result = check_books(r, &s);
	char *note;

	if (result == LEDGER_OK && !r->cursor.full && s.residue.known &&
	    s.residue.v != 0 && !same_amount(&s.residue, &r->sync.residue)) {
		begin_range(r, true);
		return;
	}
	s.state = LEDGER_HISTORY_OK;
	s.error = NULL;
	s.sync_msc = r->asked_msc;
	if (r->cursor.full)
		s.full_msc = r->cursor.begun_msc;
	if (result == LEDGER_OK) {
		s.residue_note = note = check_note(r, &s);
		result = store_sync(r, &s);
		free(note);
	}
	if (result != LEDGER_OK) {
		reading_ledger_failed(r, result);
		return;
	}
	r->app->tally.ok++;
	if (s.residue.known && s.residue.v != 0)
		r->app->tally.residues++;
}
