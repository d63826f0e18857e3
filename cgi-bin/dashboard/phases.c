/*
 * GET /api/accounts/{server}/{login}/phases: its phases, newest first, and
 * their verdicts.
 */
#include "cgi-bin/dashboard/history.h"
#include "lib/trading/json_amount.h"

static int
put_period(const struct ledger_period *p, void *arg)
{
	struct json *j = arg;

	json_object(j, NULL);
	json_string(j, "phase", p->phase);
	json_string(j, "status", p->status);
	json_utc(j, "start_utc", p->started_utc_ms);
	json_utc(j, "end_utc", p->ended_utc_ms);
	json_amount(j, "initial_balance", &p->initial_balance);
	json_amount(j, "start_balance", &p->start_balance);
	json_amount(j, "start_equity", &p->start_equity);
	json_utc(j, "paused_until_utc", p->paused_until_utc_ms);
	json_string(j, "who", p->who);
	json_string(j, "note", p->note);
	json_end(j);
	return 0;
}

static int
put_verdict(const struct ledger_verdict *v, void *arg)
{
	struct json *j = arg;

	json_object(j, NULL);
	json_utc(j, "at_utc", v->at_utc_ms);
	json_string(j, "verdict", v->word);
	json_string(j, "status", v->status);
	json_money(j, "value", v->seen.value);
	json_money(j, "level", v->seen.level);
	json_money(j, "balance", v->seen.balance);
	json_money(j, "equity", v->seen.equity);
	json_bool(j, "estimated", v->seen.estimated);
	json_end(j);
	return 0;
}

void
phases_get(struct app *app, const struct request *req, struct response *res)
{
	enum ledger_result r = LEDGER_OK;
	struct history h;

	if (!history_account(app, req, res, &h))
		return;
	history_begin(&h);
	json_array(h.j, "phases");
	if (h.account != 0)
		r = ledger_periods(h.ledger, h.account, put_period, h.j);
	json_end(h.j);
	json_array(h.j, "verdicts");
	if (h.account != 0 && r == LEDGER_OK)
		r = ledger_verdicts(h.ledger, h.account, put_verdict, h.j);
	json_end(h.j);
	json_end(h.j);
	if (r != LEDGER_OK)
		history_failed(app, r, res);
}
