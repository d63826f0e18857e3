/* reading.c: one account: its deals are read page by page, then checked. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/url.h"

#define DAY_MS (INT64_C(86400) * 1000)
#define OVERLAP_MS (7 * DAY_MS)
/* two days, and the farthest a broker's clock is ahead of UTC */
#define AHEAD_MS (2 * DAY_MS + DAY_MS * 14 / 24)
#define CURSOR_LIFE_MS (DAY_MS * 20 / 24)

#define ASK_AGAIN_MAX 3
#define URL_MAX 2048
#define ANSWER_MAX ((size_t)8 << 20)
#define CONNECT_MS 5000

static void reading_step(struct reading *r, const struct fetch_answer *answer);

/* ---- what is to be read ---- */

int
reading_keep_sync(const struct ledger_sync *s, void *sync)
{
	struct ledger_sync *copy = sync;

	*copy = *s;
	copy->error = copy->difference_note = NULL;
	return 0;
}

static bool
same_amount(const struct amount *a, const struct amount *b)
{
	return a->known == b->known && (!a->known || a->v == b->v);
}

static void
read_from(struct reading *r, bool full)
{
	r->cursor = (struct ledger_cursor){
	    .full = full, .begun_utc_ms = clock_utc_ms()};
	r->to_broker_ms = r->cursor.begun_utc_ms + AHEAD_MS;
	r->from_broker_ms = full ? 0 : r->sync.last_broker_ms - OVERLAP_MS;
	if (r->from_broker_ms < 0)
		r->from_broker_ms = 0;
	r->state = READING_ASK_RANGE;
}

/*
 * From the beginning each day, after a change of the account's status and the
 * first time; else from some days before the newest deal. A read that was
 * interrupted goes on, unless the terminal reconnected since. With --moved
 * nothing is read where the balance is the one that the deals stand for.
 */
static enum ledger_result
choose_range(struct reading *r)
{
	const struct options *opt = &r->app->opt;
	const struct ledger_sync *s = &r->sync;
	int64_t now = clock_utc_ms();
	struct ledger_cursor c;
	enum ledger_result result;
	bool full;

	result = ledger_sync_get(
	    r->app->ledger, r->account, reading_keep_sync, &r->sync);
	if (result != LEDGER_OK && result != LEDGER_NOT_FOUND)
		return result;
	if (opt->moved && s->state == LEDGER_HISTORY_OK &&
	    r->now_balance.known && same_amount(&r->now_balance, &s->balance) &&
	    same_amount(&r->now_credit, &s->credit)) {
		r->state = READING_UNMOVED;
		return LEDGER_OK;
	}
	full = opt->full || s->full_utc_ms == 0 ||
	       s->full_utc_ms / DAY_MS != now / DAY_MS ||
	       r->since_utc_ms > s->full_utc_ms;
	result = ledger_cursor_get(r->app->ledger, r->account, &c);
	if (result != LEDGER_OK && result != LEDGER_NOT_FOUND)
		return result;
	if (result == LEDGER_OK && !opt->full && (c.full || !full) &&
	    c.begun_utc_ms > r->since_utc_ms && c.begun_utc_ms <= now &&
	    now - c.begun_utc_ms < CURSOR_LIFE_MS) {
		r->cursor = c;
		r->from_broker_ms = c.after_broker_ms;
		r->to_broker_ms = now + AHEAD_MS;
		r->state = READING_ASK_RANGE;
	} else
		read_from(r, full);
	return LEDGER_OK;
}

/* ---- the agent is asked ---- */

static void
answered(void *arg, const struct fetch_answer *a)
{
	reading_step(arg, a);
}

/* position_id 0: deals of the range. -1: there is no such URL. */
static int
ask(struct reading *r, int64_t position_id)
{
	struct fetch_request req = {.token = r->node->token,
	    .ca = r->node->ca,
	    .pinned = !r->node->ca_signs,
	    .connect_ms = CONNECT_MS,
	    .total_ms = (r->app->config.agent_timeout_s + 5) * 1000,
	    .max = ANSWER_MAX};
	struct buf url;
	int rc = -1;

	buf_init(&url, URL_MAX);
	buf_printf(&url, "%s/deals?server=", r->node->url);
	url_escape(&url, r->server);
	buf_printf(&url, "&login=%" PRId64, r->login);
	if (position_id != 0)
		buf_printf(&url, "&position_id=%" PRId64, position_id);
	else
		buf_printf(&url,
		    "&from_msc=%" PRId64 "&to_msc=%" PRId64
		    "&after_msc=%" PRId64 "&after_ticket=%" PRId64 "&limit=%d",
		    r->from_broker_ms, r->to_broker_ms,
		    r->cursor.after_broker_ms, r->cursor.after_ticket,
		    TRADES_PAGE);
	if (!url.overflow) {
		req.url = url.data;
		fetch_start(r->app->fetch, &req, answered, r);
		rc = 0;
	}
	buf_done(&url);
	return rc;
}

/* ---- its end ---- */

/* What was known stays; the state says that it is not of now. */
static enum ledger_result
note_state(struct reading *r, enum ledger_history state, const char *error)
{
	struct ledger_sync s = r->sync;
	enum ledger_result result;
	char *note;

	s.state = state;
	s.error = error;
	s.difference_note = note = check_note(r, &s);
	result = ledger_sync_put(r->app->ledger, r->account, &s);
	free(note);
	return result;
}

/* All is stored: does the balance agree with the deals? */
static enum ledger_result
finish(struct reading *r)
{
	struct ledger *l = r->app->ledger;
	struct ledger_sync s = r->sync;
	enum ledger_result result = check_balance(r, &s);
	bool differs = s.difference.known && s.difference.v != 0;
	char *note;

	if (result != LEDGER_OK)
		return result;
	/* a difference that was not there before may be a deal that came late,
	 * with a time before the overlap: everything is read once more */
	if (differs && !r->cursor.full &&
	    !same_amount(&s.difference, &r->sync.difference)) {
		read_from(r, true);
		return LEDGER_OK;
	}
	s.state = LEDGER_HISTORY_OK;
	s.error = NULL;
	s.sync_utc_ms = r->asked_utc_ms;
	if (r->cursor.full)
		s.full_utc_ms = r->cursor.begun_utc_ms;
	s.difference_note = note = check_note(r, &s);
	result = ledger_begin(l);
	if (result == LEDGER_OK) {
		result = ledger_sync_put(l, r->account, &s);
		if (result == LEDGER_OK)
			result = ledger_cursor_put(l, r->account, NULL);
		if (result == LEDGER_OK)
			result = ledger_commit(l);
		else
			ledger_rollback(l);
	}
	free(note);
	r->app->tally.differences += differs;
	r->state = READING_OK;
	return result;
}

/* ---- from state to state ---- */

static int
keep_orphan(int64_t id, void *arg)
{
	struct reading *r = arg;

	r->orphans[r->orphans_len++] = id;
	return r->orphans_len == TRADES_ORPHANS_MAX;
}

/* The first deal is not behind the last one of the page before. */
static bool
is_page_again(const struct reading *r, const struct page *p)
{
	const struct ledger_cursor *c = &r->cursor;

	return p->len > 0 && (p->deals[0].time_msc < c->after_broker_ms ||
				 (p->deals[0].time_msc == c->after_broker_ms &&
				     p->deals[0].ticket <= c->after_ticket));
}

/* READING_RANGE: a page of the history, and which state comes next. */
static enum ledger_result
take_range(
    struct reading *r, const struct page *page, char why[TRADES_WHY_SIZE])
{
	enum ledger_result result;

	if (!page->complete) {
		r->state = READING_SYNCING;
		return LEDGER_OK;
	}
	if (is_page_again(r, page)) {
		snprintf(why, TRADES_WHY_SIZE,
		    "the agent gives the same page again");
		r->state = READING_FAILED;
		return LEDGER_OK;
	}
	result = page_store(r, page);
	r->balance = page->balance;
	r->credit = page->credit;
	/* balance unknown: a deal came while the answer was made; ask for what
	 * is behind it */
	if (page->more ||
	    (!page->balance.known && r->again++ < ASK_AGAIN_MAX)) {
		r->state = READING_ASK_RANGE;
		return result;
	}
	r->orphans_len = 0;
	if (result == LEDGER_OK)
		result = ledger_orphans(r->app->ledger, r->account,
		    r->asked_utc_ms, keep_orphan, r);
	r->state = READING_ASK_ORPHAN;
	return result;
}

/* READING_SYNCING: the terminal still loads its history. Nothing is concluded
 * from what it did not give, and the next read begins the range again. */
static enum ledger_result
take_incomplete(struct reading *r, const struct page *page)
{
	enum ledger_result result = page_store_only(r, page);

	if (result == LEDGER_OK)
		result = ledger_cursor_put(r->app->ledger, r->account, NULL);
	if (result == LEDGER_OK)
		result = note_state(r, LEDGER_HISTORY_SYNCING, NULL);
	return result;
}

/*
 * Goes on as far as it can without waiting. answer: what the reading waited
 * for, in READING_RANGE and READING_ORPHAN; NULL at its beginning.
 */
static void
reading_step(struct reading *r, const struct fetch_answer *answer)
{
	struct tally *tally = &r->app->tally;
	struct ledger *l = r->app->ledger;
	enum ledger_result result = LEDGER_OK;
	char why[TRADES_WHY_SIZE] = "the URL is too long";
	struct page page = {.doc = NULL};
	bool ended = false;

	if (r->app->ledger_down != LEDGER_OK || *r->app->stop)
		return; /* the next run goes on */
	if (answer != NULL && answer->error != NULL) {
		snprintf(why, sizeof(why), "deals: %s", answer->error);
		r->state = READING_FAILED;
	} else if (answer != NULL &&
		   page_parse(&page, r, answer->body, answer->len, why) == -1)
		r->state = READING_FAILED;
	else
		tally->pages += answer != NULL;

	while (result == LEDGER_OK && !ended) {
		switch (r->state) {
		case READING_BEGIN:
			result = choose_range(r);
			break;

		case READING_ASK_RANGE:
			r->asked_utc_ms = clock_utc_ms();
			ended = ask(r, 0) == 0;
			r->state = ended ? READING_RANGE : READING_FAILED;
			break;
		case READING_RANGE:
			result = take_range(r, &page, why);
			break;

		/* positions whose opening was never seen, one by one */
		case READING_ASK_ORPHAN:
			if (r->orphans_len == 0) {
				r->state = READING_CHECK;
				break;
			}
			ended = ask(r, r->orphans[r->orphans_len - 1]) == 0;
			r->state = ended ? READING_ORPHAN : READING_FAILED;
			break;
		case READING_ORPHAN:
			tally->orphans++;
			result = page_store_only(r, &page);
			if (result == LEDGER_OK)
				result = ledger_orphan_asked(l, r->account,
				    r->orphans[--r->orphans_len],
				    r->asked_utc_ms);
			r->state = READING_ASK_ORPHAN;
			break;

		case READING_CHECK:
			result = finish(r);
			break;

		case READING_OK:
			tally->ok++;
			ended = true;
			break;
		case READING_UNMOVED:
			tally->unmoved++;
			ended = true;
			break;
		case READING_SYNCING:
			result = take_incomplete(r, &page);
			tally->syncing++;
			ended = true;
			break;
		case READING_FAILED:
			log_warnx("node=%s server=%s login=%" PRId64 ": %s",
			    r->node->id, r->server, r->login, why);
			result = note_state(r, LEDGER_HISTORY_FAILED, why);
			if (result == LEDGER_REJECTED)
				result = LEDGER_OK;
			tally->failed++;
			ended = true;
			break;
		}
		/* joined into another one meanwhile: the next run reads it
		 * there */
		if (result == LEDGER_CONFLICT) {
			r->state = READING_UNMOVED;
			result = LEDGER_OK;
			ended = false;
		}
		/* what this account says cannot be stored: it fails alone */
		if (result == LEDGER_REJECTED) {
			snprintf(why, sizeof(why), "%s", ledger_error(l));
			r->state = READING_FAILED;
			result = LEDGER_OK;
			ended = false;
		}
	}
	/* without the ledger the run cannot go on; main says so */
	if (result != LEDGER_OK)
		r->app->ledger_down = result;
	page_done(&page);
}

/* ---- the readings of a run ---- */

static bool
is_known(const struct app *app, const struct reading *told)
{
	for (int i = 0; i < app->readings_len; i++)
		if (app->readings[i]->account == told->account)
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
	app->readings = mem_room(app->readings, (size_t)app->readings_len,
	    &app->readings_size, sizeof(struct reading *));
	app->readings[app->readings_len++] = r;
	app->tally.accounts++;
	reading_step(r, NULL);
}

void
reading_free(struct reading *r)
{
	free(r->server);
	free(r);
}
