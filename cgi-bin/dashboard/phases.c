/*
 * GET /api/accounts/{server}/{login}/phases: its phases, newest first, and
 * their verdicts.
 * GET …/proposal: what the stored deals say of a phase that began in the past;
 * ?started_utc= of then, else where they begin.
 */
#include <string.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/base/moment.h"
#include "lib/ledger/phase_start.h"
#include "lib/ledger/verdicts.h"
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
	json_amount(j, "high", &p->high);
	json_utc(j, "entered_utc", p->entered_utc_ms);
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
	json_id(j, "id", v->id);
	json_raw(j, "rules", v->rules, strlen(v->rules));
	if (v->evidence != NULL)
		json_raw(j, "evidence", v->evidence, strlen(v->evidence));
	else
		json_null(j, "evidence");
	json_utc(j, "annulled_utc", v->annulled_utc_ms);
	json_string(j, "annulled_by", v->annulled_by);
	json_string(j, "annulled_reason", v->annulled_why);
	json_end(j);
	return 0;
}

/* Each to its own line: a phase that began in the past may be put in so. */
static void
put_proposal(struct json *j, const struct ledger_proposal *p)
{
	json_object(j, "proposal");
	json_utc(j, "started_utc", p->started_utc_ms);
	json_string(j, "reason", p->why);
	json_utc(j, "first_deal_utc", p->first_deal_utc_ms);
	json_amount(j, "initial_balance", &p->initial_balance);
	json_amount(j, "high", &p->high);
	json_int(j, "days_opened", p->days_opened);
	json_int(j, "positions", p->trades);
	json_bool(j, "equity_seen", p->has_samples);
	json_end(j);
}

void
proposal_get(struct app *app, const struct request *req, struct response *res)
{
	const char *text = request_query(req, "started_utc");
	struct ledger_proposal p;
	enum ledger_result r;
	struct history h;
	int64_t started = 0;

	if (text != NULL && moment_parse(text, &started) == -1) {
		response_error(res, 400, "bad_request",
		    "started_utc: not a UTC moment: \"%.40s\"", text);
		return;
	}
	if (!history_account(app, req, res, &h))
		return;
	r = h.account != 0
		? ledger_phase_propose(h.ledger, h.account, started, &p)
		: LEDGER_NOT_FOUND;
	history_begin(&h);
	if (r == LEDGER_OK)
		put_proposal(h.j, &p);
	else
		json_null(h.j, "proposal");
	json_end(h.j);
	if (r != LEDGER_OK && r != LEDGER_NOT_FOUND)
		history_failed(app, r, res);
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
