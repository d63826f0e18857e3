/* ask.c: an account's agent is asked: its deals page by page, then orphans. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/base/url.h"

#define ASK_AGAIN_MAX 3
#define URL_MAX 2048
#define ANSWER_MAX ((size_t)8 << 20)
#define CONNECT_MS 5000

static void ask_position(struct reading *r);

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
	if (r->app->ledger_down != LEDGER_OK || *r->app->stop)
		return false;
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

/* ---- orphans, one position each ---- */

/* The next position without a beginning; the reading's end after the last. */
static void
next_orphan(struct reading *r, enum ledger_result result)
{
	if (result != LEDGER_OK)
		reading_ledger_failed(r, result);
	else if (r->orphans_len > 0)
		ask_position(r);
	else
		reading_finish(r);
}

static enum ledger_result
position_page(struct reading *r, const struct page *p)
{
	enum ledger_result result = page_store_only(r, p);

	r->app->tally.orphans++;
	if (result != LEDGER_OK)
		return result;
	return ledger_orphan_asked(r->app->ledger, r->account,
	    r->orphans[--r->orphans_len], r->asked_msc);
}

static void
position_done(void *arg, const struct fetch_answer *a)
{
	struct reading *r = arg;
	struct page p;

	if (take_answer(r, a, &p))
		next_orphan(r, position_page(r, &p));
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
	next_orphan(r, result);
}

static void
range_page(struct reading *r, const struct page *p)
{
	enum ledger_result result;

	if (!p->complete) {
		reading_syncing(r, p);
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

void
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
