/*
 * GET /api/exposure: what is open over all accounts: lots and P/L by symbol and
 * account, P/L by currency, accounts that stand against each other, pairs
 * (exposure_pairs.c). The filters are those of /api/accounts; pairs are of all
 * accounts, since a leg that is filtered out is none that is missing.
 */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/accounts_query.h"
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/exposure.h"
#include "lib/base/mem.h"
#include "lib/trading/json_amount.h"

/* ---- by currency ---- */

/* Currencies are never mixed in a sum, nor demo, contest and real. */
struct currency_sum {
	const char *currency; /* NULL: not told */
	int trade_mode;
	size_t last; /* the account that was counted last, and one */
	int accounts;
	size_t positions;
	int unknown; /* holdings whose P/L is not told */
	money_t profit;
};

struct currency_sums {
	struct currency_sum *list;
	size_t len, size;
};

static void
add_to_currency(struct currency_sums *sums, const struct exposure *e,
    const struct exposure_holding *h)
{
	const struct view_row *row = e->accounts[h->account].row;
	struct currency_sum *s = NULL;

	for (size_t i = 0; s == NULL && i < sums->len; i++)
		if (sums->list[i].trade_mode == row->trade_mode &&
		    strcmp(sums->list[i].currency ? sums->list[i].currency : "",
			row->currency ? row->currency : "") == 0)
			s = &sums->list[i];
	if (s == NULL) {
		sums->list = mem_room(
		    sums->list, sums->len, &sums->size, sizeof(*sums->list));
		s = &sums->list[sums->len++];
		*s = (struct currency_sum){
		    .currency = row->currency, .trade_mode = row->trade_mode};
	}
	if (s->last != h->account + 1)
		s->accounts++;
	s->last = h->account + 1;
	s->positions += h->positions;
	if (h->profit.known)
		s->profit += h->profit.v;
	else
		s->unknown++;
}

static int
compare_currency(const void *pa, const void *pb)
{
	const struct currency_sum *a = pa, *b = pb;

	if (a->trade_mode != b->trade_mode)
		return b->trade_mode - a->trade_mode;
	return strcmp(a->currency != NULL ? a->currency : "~",
	    b->currency != NULL ? b->currency : "~");
}

/* One part of it not known: the sum is not known. */
static void
put_currencies(struct json *j, const char *key, struct currency_sums *sums)
{
	if (sums->len > 1)
		qsort(sums->list, sums->len, sizeof(*sums->list),
		    compare_currency);
	json_array(j, key);
	for (size_t i = 0; i < sums->len; i++) {
		const struct currency_sum *s = &sums->list[i];
		const struct amount profit = {
		    s->unknown == 0 && s->currency != NULL, s->profit};

		json_object(j, NULL);
		json_string(j, "currency", s->currency);
		json_int(j, "trade_mode", s->trade_mode);
		json_int(j, "accounts", s->accounts);
		json_int(j, "positions", (int64_t)s->positions);
		json_amount(j, "profit", &profit);
		json_end(j);
	}
	json_end(j);
	free(sums->list);
	*sums = (struct currency_sums){NULL, 0, 0};
}

static int
compare_account(const void *pa, const void *pb)
{
	const struct exposure_holding *const *a = pa, *const *b = pb;

	return (*a)->account < (*b)->account ? -1
					     : (*a)->account > (*b)->account;
}

/* The holdings lie by symbol; each account counts once. */
static void
put_all_currencies(struct json *j, const struct exposure *e)
{
	const struct exposure_holding **by = mem_new(
	    e->holdings_len + 1, sizeof(const struct exposure_holding *));
	struct currency_sums sums = {NULL, 0, 0};

	for (size_t i = 0; i < e->holdings_len; i++)
		by[i] = &e->holdings[i];
	if (e->holdings_len > 1)
		qsort(by, e->holdings_len,
		    sizeof(const struct exposure_holding *), compare_account);
	for (size_t i = 0; i < e->holdings_len; i++)
		add_to_currency(&sums, e, by[i]);
	put_currencies(j, "currencies", &sums);
	free(by);
}

/* ---- by symbol ---- */

static void
put_holding(
    struct json *j, const struct exposure *e, const struct exposure_holding *h)
{
	json_object(j, NULL);
	exposure_put_account(j, &e->accounts[h->account]);
	json_string(j, "symbol", h->name);
	json_int(j, "positions", (int64_t)h->positions);
	exposure_put_lots(j, h->long_lots, h->short_lots);
	json_amount(j, "profit", &h->profit);
	json_bool(j, "opposite", h->opposite);
	json_end(j);
}

static void
put_symbols(struct json *j, const struct exposure *e)
{
	json_array(j, "symbols");
	for (size_t i = 0; i < e->symbols_len; i++) {
		const struct exposure_symbol *s = &e->symbols[i];
		const struct exposure_holding *h = &e->holdings[s->from];
		struct currency_sums sums = {NULL, 0, 0};
		bool opposite = false;

		for (size_t k = 0; k < s->len; k++) {
			add_to_currency(&sums, e, &h[k]);
			opposite = opposite || h[k].opposite;
		}
		json_object(j, NULL);
		json_string(j, "symbol", s->name);
		json_int(j, "positions", (int64_t)s->positions);
		exposure_put_lots(j, s->long_lots, s->short_lots);
		json_bool(j, "opposite", opposite);
		put_currencies(j, "profits", &sums);
		json_array(j, "accounts");
		for (size_t k = 0; k < s->len; k++)
			put_holding(j, e, &h[k]);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static void
put_opposites(struct json *j, const struct exposure *e)
{
	json_array(j, "opposites");
	for (size_t i = 0; i < e->opposites_len; i++) {
		const struct exposure_opposite *o = &e->opposites[i];

		json_object(j, NULL);
		json_string(j, "symbol", e->symbols[o->symbol].name);
		json_string(j, "of", exposure_of_word(o->of));
		json_string(j, "name", o->name);
		json_array(j, "accounts");
		for (size_t k = 0; k < o->len; k++)
			put_holding(j, e, &e->holdings[o->holdings[k]]);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

/* What is not in the sums, so that nobody takes them for all there is. */
static void
put_left_out(struct json *j, const struct exposure *e)
{
	int left_out = 0;

	json_int(j, "accounts", (int64_t)e->counted);
	json_array(j, "left_out_accounts");
	for (size_t i = 0; i < e->accounts_len; i++) {
		/* a node that shows no account is none */
		if (e->accounts[i].counted ||
		    e->accounts[i].row->server == NULL)
			continue;
		left_out++;
		json_object(j, NULL);
		exposure_put_account(j, &e->accounts[i]);
		json_end(j);
	}
	json_end(j);
	json_int(j, "left_out", left_out);
}

static void
put_exposure(struct json *j, const struct accounts_query *q,
    const struct board *b, bool sees_all)
{
	struct exposure all = {0}, some = {0};

	for (size_t i = 0; i < b->len; i++) {
		struct board_row *r = &b->rows[i];

		exposure_add(&all, r->row, r->facts);
		if (accounts_query_fits(q, r) == FACETS_ALL)
			exposure_add(&some, r->row, r->facts);
	}
	exposure_find(&all);
	exposure_find(&some);
	put_left_out(j, &some);
	put_all_currencies(j, &some);
	put_symbols(j, &some);
	put_opposites(j, &some);
	exposure_put_pairs(j, &all, b, sees_all);
	exposure_put_proposals(j, &all);
	exposure_done(&some);
	exposure_done(&all);
}

void
exposure_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	struct accounts_query q;
	struct view v = {0};
	struct board b;
	size_t head;

	if (accounts_query_read(&q, req, res) &&
	    app_view(app, req, &v, res) == 0) {
		board_make(&b, &v, &app->facts);
		json_object(j, NULL);
		json_utc(j, "as_of_utc", v.now_utc_ms);
		json_string(j, "live_id", v.live_id);
		head = j->out.len;
		put_exposure(j, &q, &b, app_sees_all(req));
		json_end(j);
		response_etag(res,
		    web_hash(q.hash, j->out.data + head, j->out.len - head));
		board_done(&b);
	}
	view_done(&v);
	accounts_query_done(&q);
}
