/*
 * GET /api/export/trades.csv: all trades, or those of ?server=&login=, oldest
 * first, account by account; ?bom=1 for spreadsheets that need one. It is
 * made a page at a time, so that its length is nobody's memory. Text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/csv.h"
#include "cgi-bin/dashboard/history.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/ledger/trade_fields.h"
#include "lib/trading/money.h"

#define PAGE 500

/* Where the export is. */
struct export
{
	struct ledger *ledger;
	int64_t *accounts;
	size_t len, size, at;
	struct ledger_page page;
	int rows; /* of this page */
	bool begun, bom;
	struct buf *text;
};

static void
put_field(
    struct buf *b, const struct trade_field *f, const struct ledger_trade *t)
{
	const struct trade_value v = trade_field_value(f, t);
	char amount[MONEY_SIZE], price[NUM_DOUBLE_SIZE], utc[CLOCK_ISO_SIZE];

	if (!v.known)
		return;
	switch (f->type) {
	case TRADE_FIELD_TEXT:
	case TRADE_FIELD_SYMBOL:
		csv_put_text(b, v.text);
		break;
	case TRADE_FIELD_STATE:
		buf_puts(b, v.text);
		break;
	case TRADE_FIELD_ID:
	case TRADE_FIELD_COUNT:
	case TRADE_FIELD_SIDE:
	case TRADE_FIELD_REASON:
	case TRADE_FIELD_TIME:
	case TRADE_FIELD_FLAG:
		buf_printf(b, "%" PRId64, v.n);
		break;
	case TRADE_FIELD_UTC:
		buf_puts(b, clock_iso(v.n, utc));
		break;
	case TRADE_FIELD_LOTS:
	case TRADE_FIELD_MONEY:
		buf_puts(b, money_format(v.money, -1, amount));
		break;
	case TRADE_FIELD_PRICE:
		buf_puts(b, num_format(v.price, price));
		break;
	}
}

/* The heading where t is NULL. */
static void
put_line(struct buf *b, const struct ledger_trade *t)
{
	const char *comma = "";

	for (size_t i = 0; i < trade_fields_len; i++) {
		if ((trade_fields[i].flags & TRADE_FIELD_NOT_CSV) != 0)
			continue;
		buf_puts(b, comma);
		if (t != NULL)
			put_field(b, &trade_fields[i], t);
		else
			buf_puts(b, trade_fields[i].name);
		comma = ",";
	}
	buf_puts(b, "\r\n");
}

static int
put_trade(const struct ledger_trade *lt, void *arg)
{
	const struct trade *t = &lt->trade;
	struct export *x = arg;

	x->rows++;
	x->page.after_broker_ms = t->first_broker_ms;
	x->page.after_id = t->position_id;
	x->page.after_part = t->part;
	put_line(x->text, lt);
	return 0;
}

static void
begin(struct export *x)
{
	if (!x->begun) {
		buf_puts(x->text, x->bom ? "\xef\xbb\xbf" : "");
		put_line(x->text, NULL);
	}
	x->begun = true;
}

/* One page of one account. */
static int
next_page(void *arg, struct buf *text)
{
	struct export *x = arg;
	struct ledger_trade_filter filter = {0};
	struct ledger_page page;

	x->text = text;
	begin(x);
	if (x->at == x->len)
		return 0;
	filter.account = x->accounts[x->at];
	x->page.limit = PAGE;
	x->rows = 0;
	page = x->page;
	if (ledger_trades(x->ledger, &filter, &page, put_trade, x) !=
	    LEDGER_OK) {
		log_warnx("export: ledger: %s", ledger_error(x->ledger));
		return -1;
	}
	if (x->rows < PAGE) {
		x->at++;
		memset(&x->page, 0, sizeof(x->page));
	}
	return 1;
}

static void
end(void *arg)
{
	struct export *x = arg;

	free(x->accounts);
	free(x);
}

static void
add(struct export *x, int64_t account)
{
	x->accounts =
	    mem_room(x->accounts, x->len, &x->size, sizeof(*x->accounts));
	x->accounts[x->len++] = account;
}

struct chosen {
	struct export *x;
	const struct app *app;
	const struct request *req;
};

static int
add_account(const struct ledger_account *a, void *arg)
{
	const struct chosen *c = arg;

	if (app_may_see(c->app, c->req, a->server, a->login))
		add(c->x, a->id);
	return 0;
}

/* Which accounts; false with the answer made. */
static bool
choose(struct app *app, const struct request *req, struct response *res,
    struct export *x)
{
	enum ledger_result r;
	struct chosen c = {x, app, req};
	struct history h;

	if (request_query(req, "server") != NULL ||
	    request_query(req, "login") != NULL) {
		if (!history_account(app, req, res, &h))
			return false;
		x->ledger = h.ledger;
		if (h.account != 0)
			add(x, h.account);
		return true;
	}
	x->ledger = facts_ledger(&app->source);
	r = x->ledger == NULL ? LEDGER_ERROR
			      : ledger_accounts(x->ledger, add_account, &c);
	if (r != LEDGER_OK)
		history_failed(app, r, res);
	return r == LEDGER_OK;
}

void
export_get(struct app *app, const struct request *req, struct response *res)
{
	struct export *x = mem_new(1, sizeof(*x));
	const char *bom = request_query(req, "bom");

	res->more_arg = x;
	res->more_done = end;
	if (bom != NULL && num_bool(bom, &x->bom) == -1)
		response_error(
		    res, 400, "bad_request", "bom: 0 or 1, not \"%.20s\"", bom);
	else if (choose(app, req, res, x)) {
		res->more = next_page;
		response_text(res, "text/csv; charset=utf-8");
		response_header(res, "Content-Disposition",
		    "attachment; filename=\"trades.csv\"");
	}
}
