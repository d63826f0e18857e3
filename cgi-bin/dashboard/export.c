/*
 * GET /api/export/trades.csv: all trades, or those of ?server=&login=, oldest
 * first, account by account; ?bom=1 for spreadsheets that need one. It is
 * made a page at a time, so that its length is nobody's memory. Text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/trading/money.h"

#define PAGE 500

static const char columns[] =
    "server,login,currency,position_id,part,symbol,type,volume,volume_closed,"
    "time_open_msc,time_close_msc,price_open,price_close,profit,commission,"
    "swap,fee,net,state,reason\r\n";

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
put_text(struct buf *b, const char *s)
{
	buf_putc(b, '"');
	if (*s != '\0' && strchr("=+-@\t\r", *s) != NULL)
		buf_putc(b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_putc(b, '"');
		buf_putc(b, *s);
	}
	buf_puts(b, "\",");
}

static void
put_money(struct buf *b, int64_t v)
{
	char text[MONEY_SIZE];

	buf_printf(b, "%s,", money_format(v, -1, text));
}

static void
put_price(struct buf *b, double v)
{
	char text[NUM_DOUBLE_SIZE];

	buf_printf(b, "%s,", isfinite(v) ? num_format(v, text) : "");
}

static void
put_moment(struct buf *b, int64_t msc)
{
	if (msc != 0)
		buf_printf(b, "%" PRId64, msc);
	buf_putc(b, ',');
}

static int
put_trade(const struct ledger_trade *lt, void *arg)
{
	const struct trade *t = &lt->trade;
	struct export *x = arg;
	struct buf *b = x->text;

	x->rows++;
	x->page.after_msc = t->first_msc;
	x->page.after_id = t->position_id;
	x->page.after_part = t->part;
	put_text(b, lt->server);
	buf_printf(b, "%" PRId64 ",", lt->login);
	put_text(b, lt->currency != NULL ? lt->currency : "");
	buf_printf(b, "%" PRId64 ",%d,", t->position_id, t->part);
	put_text(b, t->symbol);
	buf_printf(b, "%d,", t->type);
	put_money(b, t->volume_in);
	put_money(b, t->volume_out);
	put_moment(b, t->time_open_msc);
	put_moment(b, t->time_close_msc);
	put_price(b, t->price_open);
	put_price(b, t->price_close);
	put_money(b, t->profit);
	put_money(b, t->commission);
	/* the first system's file did not tell them */
	if (lt->imported)
		buf_puts(b, ",,");
	else {
		put_money(b, t->swap);
		put_money(b, t->fee);
	}
	put_money(b, t->net);
	buf_printf(b, "%s,", trade_state_word(t->state));
	if (t->reason >= 0)
		buf_printf(b, "%d", t->reason);
	buf_puts(b, "\r\n");
	return 0;
}

static void
begin(struct export *x)
{
	if (!x->begun) {
		buf_puts(x->text, x->bom ? "\xef\xbb\xbf" : "");
		buf_puts(x->text, columns);
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
	if (x->len == x->size) {
		x->size = x->size > 0 ? 2 * x->size : 64;
		x->accounts =
		    mem_grow(x->accounts, x->size, sizeof(*x->accounts));
	}
	x->accounts[x->len++] = account;
}

static int
add_account(const struct ledger_account *a, void *arg)
{
	add(arg, a->id);
	return 0;
}

/* Which accounts; false with the answer made. */
static bool
choose(struct app *app, const struct request *req, struct response *res,
    struct export *x)
{
	enum ledger_result r;
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
			      : ledger_accounts(x->ledger, add_account, x);
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
