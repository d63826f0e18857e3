/*
 * GET /api/business: what the accounts cost and brought in: each entry, and the
 * sums by firm, holder and month, per currency. GET /api/export/business.csv.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/business.h"
#include "cgi-bin/dashboard/csv.h"
#include "cgi-bin/dashboard/history.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/trading/json_amount.h"

#define NAME_SIZE 8 /* "2026-11" */

/* ---- sums ---- */

struct sum {
	char *name; /* NULL: not said */
	const char *currency;
	money_t cost, paid;
	int entries, split_unknown;
};

struct sums {
	struct sum *list;
	size_t len, size;
};

static const char *
month_of(const struct business_item *i, char text[CLOCK_ISO_SIZE])
{
	if (i->b.at_utc_ms <= 0)
		return NULL;
	clock_iso(i->b.at_utc_ms, text);
	text[NAME_SIZE - 1] = '\0';
	return text;
}

static bool
same(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static void
add(struct sums *s, const char *name, const struct business_item *i)
{
	struct sum *sum = NULL;
	int sign = business_sign(i);

	if (sign == 0)
		return;
	for (size_t n = 0; sum == NULL && n < s->len; n++)
		if (same(s->list[n].name, name) &&
		    same(s->list[n].currency, i->b.currency))
			sum = &s->list[n];
	if (sum == NULL) {
		s->list = mem_room(s->list, s->len, &s->size, sizeof(*s->list));
		sum = &s->list[s->len++];
		*sum =
		    (struct sum){.name = name != NULL ? mem_strdup(name) : NULL,
			.currency = i->b.currency};
	}
	sum->entries++;
	if (strcmp(i->b.kind, "payout") == 0)
		sum->paid += i->b.amount;
	else
		sum->cost -= sign * i->b.amount; /* a refund lessens it */
	sum->split_unknown += i->of_deal && !i->share.known;
}

static int
compare(const void *pa, const void *pb)
{
	const struct sum *a = pa, *b = pb;
	int order;

	if ((a->name == NULL) != (b->name == NULL))
		return a->name != NULL ? -1 : 1;
	order = a->name != NULL ? strcmp(a->name, b->name) : 0;
	if (order != 0)
		return order;
	return strcmp(a->currency != NULL ? a->currency : "",
	    b->currency != NULL ? b->currency : "");
}

static void
put_sums(struct json *j, const char *key, struct sums *s)
{
	if (s->len > 1)
		qsort(s->list, s->len, sizeof(*s->list), compare);
	json_array(j, key);
	for (size_t n = 0; n < s->len; n++) {
		const struct sum *sum = &s->list[n];
		/* amounts of unknown currencies have no sum */
		bool known = sum->currency != NULL;
		const struct amount cost = {known, sum->cost};
		const struct amount paid = {known, sum->paid};
		const struct amount net = {known, sum->paid - sum->cost};

		json_object(j, NULL);
		json_string(j, "name", sum->name);
		json_string(j, "currency", sum->currency);
		json_int(j, "entries", sum->entries);
		json_amount(j, "cost", &cost);
		json_amount(j, "paid_out", &paid);
		json_amount(j, "net", &net);
		/* nothing was paid for: no return on it */
		json_number(j, "roi_pct",
		    known && sum->cost > 0
			? round(money_to_double(net.v) /
				money_to_double(sum->cost) * 1e4) /
			      1e2
			: NAN);
		json_int(j, "split_unknown", sum->split_unknown);
		json_end(j);
		free(sum->name);
	}
	json_end(j);
	free(s->list);
	*s = (struct sums){NULL, 0, 0};
}

/* ---- the answer ---- */

static void
put_item(struct json *j, const struct business_item *i)
{
	json_object(j, NULL);
	if (i->of_deal)
		json_null(j, "id");
	else
		json_id(j, "id", i->b.id);
	json_string(j, "source", i->of_deal ? "deal" : "entered");
	json_utc(j, "at_utc", i->b.at_utc_ms);
	json_string(j, "kind", i->b.kind);
	json_money(j, "amount", i->b.amount);
	json_money(j, "gross", i->gross);
	json_amount(j, "share_pct", &i->share);
	json_string(j, "currency", i->b.currency);
	json_string(j, "server", i->b.server);
	if (i->b.server != NULL)
		json_id(j, "login", i->b.login);
	else
		json_null(j, "login");
	json_string(j, "firm", i->b.firm);
	json_string(j, "holder", i->b.holder);
	json_string(j, "note", i->b.note);
	json_string(j, "who", i->b.who);
	if (i->b.ticket != 0)
		json_id(j, "ticket", i->b.ticket);
	else
		json_null(j, "ticket");
	json_end(j);
}

static bool
open_book(struct app *app, struct response *res, struct business *book)
{
	struct ledger *l = facts_ledger(&app->source);
	enum ledger_result r =
	    l != NULL ? business_read(book, l) : LEDGER_ERROR;

	if (r != LEDGER_OK)
		history_failed(app, r, res);
	return r == LEDGER_OK;
}

void
business_get(struct app *app, const struct request *req, struct response *res)
{
	struct sums firms = {0}, holders = {0}, months = {0}, all = {0};
	struct business book = {0};
	struct json *j = &res->json;
	char month[CLOCK_ISO_SIZE];

	(void)req;
	if (open_book(app, res, &book)) {
		json_object(j, NULL);
		json_array(j, "entries");
		for (size_t n = book.len; n > 0; n--)
			put_item(j, &book.items[n - 1]);
		json_end(j);
		for (size_t n = 0; n < book.len; n++) {
			const struct business_item *i = &book.items[n];

			add(&all, NULL, i);
			add(&firms, i->b.firm, i);
			add(&holders, i->b.holder, i);
			add(&months, month_of(i, month), i);
		}
		put_sums(j, "all", &all);
		put_sums(j, "firms", &firms);
		put_sums(j, "holders", &holders);
		put_sums(j, "months", &months);
		json_end(j);
	}
	business_done(&book);
}

/* ---- as CSV ---- */

static void
put_text(struct buf *b, const char *s)
{
	buf_putc(b, ',');
	if (s != NULL)
		csv_put_text(b, s);
}

static void
put_amount(struct buf *b, bool known, money_t v)
{
	char text[MONEY_SIZE];

	buf_printf(b, ",%s", known ? money_format(v, -1, text) : "");
}

static void
put_line(struct buf *b, const struct business_item *i)
{
	char at[CLOCK_ISO_SIZE] = "";

	if (i->b.at_utc_ms > 0)
		clock_iso(i->b.at_utc_ms, at);
	buf_puts(b, at);
	put_text(b, i->b.kind);
	put_amount(b, true, i->b.amount);
	put_text(b, i->b.currency);
	put_amount(b, i->share.known, i->share.v);
	put_amount(b, true, i->gross);
	put_text(b, i->b.server);
	buf_putc(b, ',');
	if (i->b.server != NULL)
		buf_printf(b, "%" PRId64, i->b.login);
	put_text(b, i->b.firm);
	put_text(b, i->b.holder);
	put_text(b, i->of_deal ? "deal" : "entered");
	buf_putc(b, ',');
	if (i->b.ticket != 0)
		buf_printf(b, "%" PRId64, i->b.ticket);
	put_text(b, i->b.note);
	put_text(b, i->b.who);
	buf_puts(b, "\r\n");
}

void
business_csv_get(
    struct app *app, const struct request *req, struct response *res)
{
	struct business book = {0};
	struct buf *b;

	(void)req;
	if (open_book(app, res, &book)) {
		b = response_text(res, "text/csv; charset=utf-8");
		buf_puts(b, "at_utc,kind,amount,currency,share_pct,gross,"
			    "server,login,firm,holder,source,ticket,note,who"
			    "\r\n");
		for (size_t n = 0; n < book.len; n++)
			put_line(b, &book.items[n]);
		response_header(res, "Content-Disposition",
		    "attachment; filename=\"business.csv\"");
	}
	business_done(&book);
}
