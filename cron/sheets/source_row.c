/* source_row.c: one row of the history tabs, from what the ledger says. */
#include <inttypes.h>
#include <stdio.h>

#include "cron/sheets/source.h"
#include "lib/trading/money.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The word for a number of MT5's; a number nobody knows yet stays one. */
static void
row_word(struct row *r, const char *const words[], size_t n, int v)
{
	char text[16];

	if (v >= 0 && (size_t)v < n) {
		row_text(r, words[v]);
		return;
	}
	snprintf(text, sizeof(text), "%d", v);
	row_text(r, text);
}

static void
row_whose(struct row *r, int64_t login, const char *server)
{
	row_id(r, login);
	row_text(r, server);
}

void
source_trade_row(struct row *r, const struct ledger_trade *t)
{
	static const char *const types[] = {"buy", "sell"};
	static const char *const reasons[] = {"client", "mobile", "web",
	    "expert", "sl", "tp", "stop-out", "rollover", "vmargin", "split",
	    "corporate action"};
	const struct trade *d = &t->trade;

	if (d->part == 0)
		row_key(r, "%" PRId64 "@%s#%" PRId64, t->login, t->server,
		    d->position_id);
	else
		row_key(r, "%" PRId64 "@%s#%" PRId64 ".%d", t->login, t->server,
		    d->position_id, d->part);
	row_whose(r, t->login, t->server);
	row_id(r, d->position_id);
	row_text(r, d->symbol);
	row_word(r, types, COUNT(types), d->type);
	row_money(r, d->volume_in);
	row_money(r, d->volume_out);
	row_time(r, d->time_open_msc);
	row_time(r, d->time_close_msc);
	row_number(r, d->price_open);
	row_number(r, d->price_close);
	row_money(r, d->profit);
	row_money(r, d->commission);
	row_money(r, d->swap);
	row_money(r, d->fee);
	row_money(r, d->net);
	row_text(r, t->currency);
	row_text(r, trade_state_word(d->state));
	if (d->reason == -1)
		row_blank(r);
	else
		row_word(r, reasons, COUNT(reasons), d->reason);
}

void
source_flow_row(
    struct row *r, const struct source_account *a, const struct deal *d)
{
	static const char *const types[] = {"buy", "sell", "balance", "credit",
	    "charge", "correction", "bonus", "commission", "commission daily",
	    "commission monthly", "agent daily", "agent monthly", "interest",
	    "buy canceled", "sell canceled", "dividend", "dividend franked",
	    "tax"};
	int64_t net;

	row_key(r, "%" PRId64 "@%s#%" PRId64, a->login, a->server, d->ticket);
	row_whose(r, a->login, a->server);
	row_id(r, d->ticket);
	row_time(r, d->time_msc);
	row_time(r, d->utc_msc);
	row_word(r, types, COUNT(types), d->type);
	if (deal_net(d, &net) == 0)
		row_money(r, net);
	else
		row_blank(r);
	row_text(r, a->currency);
	row_text(r, d->comment);
}

void
source_period_row(struct row *r, const struct source_account *a,
    const struct ledger_period *p)
{
	row_key(r, "%" PRId64 "@%s#%" PRId64, a->login, a->server, p->id);
	row_whose(r, a->login, a->server);
	row_text(r, p->phase);
	row_text(r, p->status);
	row_time(r, p->started_msc);
	row_time(r, p->ended_msc);
	row_amount(r, p->initial_balance);
	row_amount(r, p->start_balance);
	row_amount(r, p->start_equity);
	row_text(r, p->who);
	row_text(r, p->note);
}

/* From this day's first moment to the next one's, without cash flows. */
static struct amount
day_profit(const struct ledger_day *d, const struct ledger_day *next)
{
	struct amount pl = {false, 0};

	if (next == NULL || next->day_msc != d->next_msc || !d->equity.known ||
	    !next->equity.known)
		return pl;
	pl.v = next->equity.v;
	pl.known = money_add(&pl.v, -d->equity.v) == 0 &&
		   money_add(&pl.v, -d->flows) == 0;
	return pl;
}

void
source_day_row(struct row *r, const struct source_account *a,
    const struct ledger_day *d, const struct ledger_day *next)
{
	row_key(r, "%" PRId64 "@%s#%s", a->login, a->server, d->date);
	row_whose(r, a->login, a->server);
	row_date(r, d->date);
	row_amount(r, day_profit(d, next));
	row_money(r, d->net);
	row_amount(r, d->balance);
	row_amount(r, d->equity);
	row_amount(r, d->low);
	row_amount(r, d->high);
	row_count(r, d->opened);
	row_count(r, d->closed);
	row_money(r, d->flows);
	row_text(r, a->currency);
	row_text(r, d->estimated ? "yes" : NULL);
}
