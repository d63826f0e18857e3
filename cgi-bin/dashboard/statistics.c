/*
 * GET /api/accounts/{server}/{login}/statistics: what the account's deals
 * amount to, and each of the broker's days, oldest first; ?since=phase: of what
 * counts since the phase began; ?since=all (as without it): of all.
 */
#include <string.h>
#include <time.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/ledger/people.h"
#include "lib/ledger/statistics.h"
#include "lib/trading/json_amount.h"
#include "lib/trading/money.h"

static void
put_sums(struct json *j, const struct ledger_sums_of_day *s)
{
	json_money(j, "net", s->net);
	json_money(j, "profit", s->profit);
	json_money(j, "commission", s->commission);
	json_money(j, "swap", s->swap);
	json_money(j, "fee", s->fee);
	json_money(j, "charges", s->charges);
	json_money(j, "flows", s->flows);
	json_int(j, "results", s->results);
	json_int(j, "imported", s->imported);
}

static void
put_day(struct json *j, const struct ledger_sums_of_day *d)
{
	time_t t = (time_t)(d->day * 86400);
	char date[16];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	json_object(j, NULL);
	json_string(j, "date", date);
	put_sums(j, d);
	json_int(j, "opened", d->opened);
	json_int(j, "closed", d->closed);
	json_end(j);
}

/* null where nothing is to be divided by. */
static void
put_mean(struct json *j, const char *key, money_t sum, int n)
{
	const struct amount mean = {n > 0, n > 0 ? sum / n : 0};

	json_amount(j, key, &mean);
}

static void
put_broker_ms(struct json *j, const char *key, int64_t ms)
{
	if (ms != 0)
		json_int(j, key, ms);
	else
		json_null(j, key);
}

static void
put_figures(struct json *j, const struct ledger_statistics *s)
{
	const struct amount best = {s->all.results > 0, s->best};
	const struct amount worst = {s->all.results > 0, s->worst};

	json_object(j, "statistics");
	put_sums(j, &s->all);
	json_int(j, "trades_closed", s->trades_closed);
	json_int(j, "trades_open", s->trades_open);
	json_int(j, "orphans", s->orphans);
	json_int(j, "wins", s->wins);
	json_int(j, "losses", s->losses);
	if (s->all.results > 0)
		json_number(j, "win_rate", s->wins * 100.0 / s->all.results);
	else
		json_null(j, "win_rate");
	if (s->lost != 0)
		json_number(j, "profit_factor",
		    money_to_double(s->won) / -money_to_double(s->lost));
	else
		json_null(j, "profit_factor");
	put_mean(j, "average_win", s->won, s->wins);
	put_mean(j, "average_loss", s->lost, s->losses);
	json_amount(j, "best", &best);
	json_amount(j, "worst", &worst);
	json_money(j, "max_drawdown", s->max_drawdown);
	json_money(j, "lots", s->lots);
	put_broker_ms(j, "first_msc", s->first_broker_ms);
	put_broker_ms(j, "last_msc", s->last_broker_ms);
	json_utc(j, "first_utc", s->first_utc_ms);
	json_utc(j, "last_utc", s->last_utc_ms);
	json_end(j);
}

static int
keep_start(const struct ledger_period *p, void *arg)
{
	if (p->ended_utc_ms == 0)
		*(int64_t *)arg = p->started_utc_ms;
	return 0;
}

void
statistics_get(struct app *app, const struct request *req, struct response *res)
{
	const char *since = request_query(req, "since");
	struct ledger_statistics s = {.days = NULL};
	enum ledger_result r = LEDGER_OK;
	int64_t since_utc_ms = 0;
	struct history h;

	if (since != NULL && strcmp(since, "all") != 0 &&
	    strcmp(since, "phase") != 0) {
		response_error(res, 400, "bad_request",
		    "since: phase or all, not \"%.40s\"", since);
		return;
	}
	if (!history_account(app, req, res, &h))
		return;
	if (h.account != 0 && since != NULL && strcmp(since, "phase") == 0)
		r = ledger_periods(
		    h.ledger, h.account, keep_start, &since_utc_ms);
	if (h.account != 0 && r == LEDGER_OK)
		r = ledger_statistics(h.ledger, h.account, since_utc_ms, &s);
	history_begin(&h);
	json_utc(h.j, "since_utc", since_utc_ms);
	if (h.account == 0) {
		json_null(h.j, "statistics");
		json_null(h.j, "days");
	} else {
		put_figures(h.j, &s);
		json_array(h.j, "days");
		for (size_t i = 0; i < s.days_len; i++)
			put_day(h.j, &s.days[i]);
		json_end(h.j);
	}
	history_end(&h);
	ledger_statistics_done(&s);
	if (r != LEDGER_OK)
		history_failed(app, r, res);
}
