/* source_row.c: one row of the history tabs, from what the ledger says. */
#include <inttypes.h>
#include <stdio.h>

#include "cron/sheets/source.h"
#include "lib/ledger/trade_fields.h"
#include "lib/trading/flow.h"
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

static void
put_trade_field(
    struct row *r, const struct trade_field *f, const struct ledger_trade *t)
{
	static const char *const types[] = {"buy", "sell"};
	static const char *const reasons[] = {"client", "mobile", "web",
	    "expert", "sl", "tp", "stop-out", "rollover", "vmargin", "split",
	    "corporate action"};
	const struct trade_value v = trade_field_value(f, t);

	if (!v.known) {
		row_blank(r);
		return;
	}
	switch (f->type) {
	case TRADE_FIELD_ID:
		row_id(r, v.n);
		break;
	case TRADE_FIELD_TEXT:
	case TRADE_FIELD_SYMBOL:
	case TRADE_FIELD_STATE:
		row_text(r, v.text);
		break;
	case TRADE_FIELD_COUNT:
	case TRADE_FIELD_FLAG:
		row_count(r, v.n);
		break;
	case TRADE_FIELD_LOTS:
	case TRADE_FIELD_MONEY:
		row_money(r, v.money);
		break;
	case TRADE_FIELD_TIME:
	case TRADE_FIELD_UTC:
		row_time(r, v.n);
		break;
	case TRADE_FIELD_PRICE:
		row_number(r, v.price);
		break;
	case TRADE_FIELD_SIDE:
		row_word(r, types, COUNT(types), (int)v.n);
		break;
	case TRADE_FIELD_REASON:
		row_word(r, reasons, COUNT(reasons), (int)v.n);
		break;
	}
}

void
source_trade_row(struct row *r, const struct ledger_trade *t)
{
	const struct trade *d = &t->trade;

	if (d->part == 0)
		row_key(r, "%" PRId64 "@%s#%" PRId64, t->login, t->server,
		    d->position_id);
	else
		row_key(r, "%" PRId64 "@%s#%" PRId64 ".%d", t->login, t->server,
		    d->position_id, d->part);
	for (int column = 1; column < r->tab->columns; column++)
		for (size_t i = 0; i < trade_fields_len; i++)
			if (trade_fields[i].title != NULL &&
			    trade_fields[i].sheet_column == column)
				put_trade_field(r, &trade_fields[i], t);
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
	money_t net;

	row_key(r, "%" PRId64 "@%s#%" PRId64, a->login, a->server, d->ticket);
	row_whose(r, a->login, a->server);
	row_id(r, d->ticket);
	row_time(r, d->time_msc);
	row_time(r, d->utc_ms);
	row_word(r, types, COUNT(types), d->type);
	if (deal_net(d, &net) == 0)
		row_money(r, net);
	else
		row_blank(r);
	row_text(r, a->currency);
	row_text(r, d->comment);
	row_text(r, flow_word(d->meaning));
	row_text(r, d->meaning == DEAL_MEANS_NOTHING ? NULL
		    : d->meaning_who != NULL         ? d->meaning_who
						     : "guess");
}

void
source_period_row(struct row *r, const struct source_account *a,
    const struct ledger_period *p)
{
	row_key(r, "%" PRId64 "@%s#%" PRId64, a->login, a->server, p->id);
	row_whose(r, a->login, a->server);
	row_text(r, p->phase);
	row_text(r, p->status);
	row_time(r, p->started_utc_ms);
	row_time(r, p->ended_utc_ms);
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

	if (next == NULL || next->day_utc_ms != d->next_utc_ms ||
	    !d->equity.known || !next->equity.known)
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
