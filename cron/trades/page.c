/* page.c: an agent's answer -> deals in the ledger. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"

#define DEALS_MAX 5000

static int
refuse(char why[TRADES_WHY_SIZE], const char *what)
{
	snprintf(why, TRADES_WHY_SIZE, "the agent's answer: %s", what);
	return -1;
}

static int
read_amount(const cJSON *doc, const char *key, struct amount *a)
{
	double v;

	a->known = false;
	if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(doc, key)))
		return 0;
	if (!jsonin_number(doc, key, &v) || money_from_double(v, &a->v) == -1)
		return -1;
	a->known = true;
	return 0;
}

static int
by_time(const void *pa, const void *pb)
{
	const struct deal *a = pa, *b = pb;

	if (a->time_msc != b->time_msc)
		return a->time_msc < b->time_msc ? -1 : 1;
	return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

static int
read_deals(struct page *p, const struct reading *r, const cJSON *list,
    char why[TRADES_WHY_SIZE])
{
	const cJSON *o;
	int64_t broker_ms;
	bool restated = false;

	cJSON_ArrayForEach(o, list) {
		struct deal *d = &p->deals[p->len];

		if (deal_from_json(o, d, why, TRADES_WHY_SIZE) == -1)
			return -1;
		d->origin = r->origin;
		d->offset_known = r->offset_known;
		d->offset_s = r->offset_known ? r->offset_s : 0;
		/* from a bridge that knew the second alone */
		if (jsonin_int64(o, "time_msc", &broker_ms) && broker_ms == 0)
			restated = true;
		else if (!restated && p->len > 0 &&
			 (d[-1].time_msc > d->time_msc ||
			     (d[-1].time_msc == d->time_msc &&
				 d[-1].ticket >= d->ticket)))
			return refuse(why, "deals out of order");
		p->len++;
	}
	if (restated)
		qsort(p->deals, (size_t)p->len, sizeof(*p->deals), by_time);
	return 0;
}

int
page_parse(struct page *p, const struct reading *r, const char *text,
    size_t len, char why[TRADES_WHY_SIZE])
{
	const cJSON *list;
	const char *server;
	int64_t login;
	int n;

	memset(p, 0, sizeof(*p));
	p->doc = jsonin_parse_foreign(text, len);
	if (p->doc == NULL)
		return refuse(why, "not JSON");
	if (!jsonin_string(p->doc, "server", &server) ||
	    !jsonin_int64(p->doc, "login", &login) ||
	    !account_key_is(server, login, r->server, r->login))
		return refuse(why, "of another account");
	list = jsonin_array(p->doc, "deals");
	if (!jsonin_bool(p->doc, "complete", &p->complete) ||
	    !jsonin_bool(p->doc, "more", &p->more) || list == NULL ||
	    read_amount(p->doc, "balance", &p->balance) == -1 ||
	    read_amount(p->doc, "credit", &p->credit) == -1)
		return refuse(why, "complete, more, balance, credit or deals "
				   "missing");
	n = cJSON_GetArraySize(list);
	if (n > DEALS_MAX || (n == 0 && p->more))
		return refuse(why, "too many deals, or none with more to come");
	p->deals = mem_new((size_t)n + 1, sizeof(*p->deals));
	return read_deals(p, r, list, why);
}

void
page_done(struct page *p)
{
	free(p->deals);
	cJSON_Delete(p->doc);
}

static enum ledger_result
put_deals(struct reading *r, const struct page *p)
{
	struct ledger_put put;
	enum ledger_result result;

	result = ledger_deals_put(
	    r->app->ledger, r->account, p->deals, p->len, clock_utc_ms(), &put);
	if (result == LEDGER_OK) {
		r->app->tally.added += put.added;
		r->app->tally.changed += put.changed;
	}
	return result;
}

/* What lies between the last page and the end of this one, and is not in it. */
static enum ledger_result
mark_missing(struct reading *r, const struct page *p)
{
	const struct ledger_cursor *c = &r->cursor;
	struct ledger_span span = {c->after_broker_ms, c->after_ticket,
	    r->to_broker_ms, INT64_MAX, r->origin};
	enum ledger_result result;
	int missing = 0;

	if (c->after_broker_ms < r->from_broker_ms) {
		span.from_broker_ms = r->from_broker_ms;
		span.from_ticket = INT64_MIN;
	}
	if (p->more) {
		span.to_broker_ms = p->deals[p->len - 1].time_msc;
		span.to_ticket = p->deals[p->len - 1].ticket;
	}
	result = ledger_deals_missing(r->app->ledger, r->account, &span,
	    p->deals, p->len, clock_utc_ms(), &missing);
	if (result == LEDGER_OK)
		r->app->tally.missing += missing;
	return result;
}

static enum ledger_result
store(struct reading *r, const struct page *p)
{
	enum ledger_result result = put_deals(r, p);

	if (result == LEDGER_OK)
		result = mark_missing(r, p);
	if (result != LEDGER_OK)
		return result;
	if (p->len > 0) {
		r->cursor.after_broker_ms = p->deals[p->len - 1].time_msc;
		r->cursor.after_ticket = p->deals[p->len - 1].ticket;
	}
	return ledger_cursor_put(r->app->ledger, r->account, &r->cursor);
}

enum ledger_result
page_store(struct reading *r, const struct page *p)
{
	struct ledger_cursor before = r->cursor;
	struct ledger *l = r->app->ledger;
	enum ledger_result result = ledger_begin(l);

	if (result != LEDGER_OK)
		return result;
	result = store(r, p);
	if (result == LEDGER_OK)
		result = ledger_commit(l);
	else
		ledger_rollback(l);
	if (result != LEDGER_OK)
		r->cursor = before;
	return result;
}

enum ledger_result
page_store_only(struct reading *r, const struct page *p)
{
	return p->len > 0 ? put_deals(r, p) : LEDGER_OK;
}
