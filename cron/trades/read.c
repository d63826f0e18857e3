/* read.c: one account: what to ask next, until its books are read. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/url.h"

#define DAY_MSC (INT64_C(86400) * 1000)
#define OVERLAP_MSC (7 * DAY_MSC)
/* two days, and the farthest a broker's clock is ahead of UTC */
#define AHEAD_MSC (2 * DAY_MSC + DAY_MSC * 14 / 24)
#define CURSOR_LIFE_MSC (DAY_MSC * 20 / 24)
#define ASK_AGAIN_MAX 3
#define URL_MAX 2048
#define ANSWER_MAX ((size_t)8 << 20)
#define CONNECT_MS 5000

static void ask_range(struct reading *r);
static void ask_position(struct reading *r);
static void finish(struct reading *r);

void
reading_free(struct reading *r)
{
	free(r->server);
	free(r);
}

static void
log_reading(const struct reading *r, const char *text)
{
	log_warnx("node=%s server=%s login=%" PRId64 ": %s", r->node->id,
	    r->server, r->login, text);
}

static void
end(struct reading *r)
{
	r->done = true;
}

/* The run cannot go on without the ledger: said once, by main. */
void
reading_ledger_failed(struct reading *r, enum ledger_result result)
{
	r->app->ledger_down = result;
	end(r);
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
	else
		end(r);
}

void
reading_failed(struct reading *r, const char *why)
{
	r->app->tally.failed++;
	log_reading(r, why);
	note_state(r, LEDGER_HISTORY_FAILED, why);
}

/*
 * The terminal still loads its history: what it gave is stored, but nothing
 * is concluded from what it did not give, and the read begins anew.
 */
static void
syncing(struct reading *r, const struct page *p)
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

/* ---- asking ---- */

static void
put_account(struct buf *b, const struct reading *r)
{
	buf_printf(b, "%s/deals?server=", r->node->url);
	url_escape(b, r->server);
	buf_printf(b, "&login=%" PRId64, r->login);
}

static void
ask(struct reading *r, struct buf *url, fetch_done *done)
{
	struct fetch_request req = {.url = url->data,
	    .token = r->node->token,
	    .ca = r->node->ca,
	    .connect_ms = CONNECT_MS,
	    .total_ms = (r->app->config.agent_timeout_s + 5) * 1000,
	    .max = ANSWER_MAX};

	r->asked_msc = clock_utc_msc();
	if (url->overflow)
		reading_failed(r, "the URL is too long");
	else
		fetch_start(r->app->fetch, &req, done, r);
	buf_done(url);
}

/* False when the reading has ended by it. */
static bool
take_answer(struct reading *r, const struct fetch_answer *a, struct page *p)
{
	char why[TRADES_WHY_SIZE];

	memset(p, 0, sizeof(*p));
	if (r->app->ledger_down != LEDGER_OK || *r->app->stop) {
		end(r);
		return false;
	}
	if (a->error != NULL) {
		snprintf(why, sizeof(why), "deals: %s", a->error);
		reading_failed(r, why);
		return false;
	}
	if (page_parse(p, r, a->body, a->len, why) == -1) {
		reading_failed(r, why);
		return false;
	}
	r->app->tally.pages++;
	return true;
}

/* ---- the range, page by page ---- */

static int
keep_orphan(int64_t id, void *arg)
{
	struct reading *r = arg;

	r->orphans[r->orphans_len++] = id;
	return r->orphans_len == TRADES_ORPHANS_MAX;
}

static void
range_is_read(struct reading *r)
{
	enum ledger_result result;

	r->orphans_len = 0;
	result = ledger_orphans(
	    r->app->ledger, r->account, r->asked_msc, keep_orphan, r);
	if (result != LEDGER_OK)
		reading_ledger_failed(r, result);
	else if (r->orphans_len > 0)
		ask_position(r);
	else
		finish(r);
}

static void
range_page(struct reading *r, const struct page *p)
{
	enum ledger_result result;

	if (!p->complete) {
		syncing(r, p);
		return;
	}
	if (p->len > 0 &&
	    (p->deals[0].time_msc < r->cursor.after_msc ||
		(p->deals[0].time_msc == r->cursor.after_msc &&
		    p->deals[0].ticket <= r->cursor.after_ticket))) {
		reading_failed(r, "the agent gives the same page again");
		return;
	}
	result = page_store(r, p);
	if (result != LEDGER_OK) {
		reading_ledger_failed(r, result);
		return;
	}
	r->balance = p->balance;
	r->credit = p->credit;
	/* a deal came while the answer was made: ask for what is behind it */
	if (p->more || (!p->balance.known && r->again++ < ASK_AGAIN_MAX))
		ask_range(r);
	else
		range_is_read(r);
}

static void
range_done(void *arg, const struct fetch_answer *a)
{
	struct reading *r = arg;
	struct page p;

	if (take_answer(r, a, &p))
		range_page(r, &p);
	page_done(&p);
}

static void
ask_range(struct reading *r)
{
	struct buf url;

	buf_init(&url, URL_MAX);
	put_account(&url, r);
	buf_printf(&url,
	    "&from_msc=%" PRId64 "&to_msc=%" PRId64 "&after_msc=%" PRId64
	    "&after_ticket=%" PRId64 "&limit=%d",
	    r->from_msc, r->to_msc, r->cursor.after_msc, r->cursor.after_ticket,
	    TRADES_PAGE);
	ask(r, &url, range_done);
}

/* ---- orphans, one position each ---- */

static void
position_done(void *arg, const struct fetch_answer *a)
{
	struct reading *r = arg;
	enum ledger_result result;
	struct page p;

	if (take_answer(r, a, &p)) {
		int64_t asked = r->asked_msc;

		r->app->tally.orphans++;
		result = page_store_only(r, &p);
		if (result == LEDGER_OK)
			result = ledger_orphan_asked(r->app->ledger, r->account,
			    r->orphans[--r->orphans_len], asked);
		if (result != LEDGER_OK)
			reading_ledger_failed(r, result);
		else if (r->orphans_len > 0)
			ask_position(r);
		else
			finish(r);
	}
	page_done(&p);
}

static void
ask_position(struct reading *r)
{
	struct buf url;
	int64_t asked = r->asked_msc;

	buf_init(&url, URL_MAX);
	put_account(&url, r);
	buf_printf(
	    &url, "&position_id=%" PRId64, r->orphans[r->orphans_len - 1]);
	ask(r, &url, position_done);
	/* what was read is true of when the range was asked for */
	r->asked_msc = asked;
}

/* ---- the end ---- */

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

static bool
same_amount(const struct amount *a, const struct amount *b)
{
	return a->known == b->known && (!a->known || a->v == b->v);
}

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
static void
finish(struct reading *r)
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
	end(r);
}

/* ---- the beginning ---- */

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
