/* phase_start.c: a phase that began in the past, by the stored deals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/ledger/db.h"
#include "lib/ledger/edit.h"
#include "lib/ledger/phase_start.h"
#include "lib/trading/money.h"

/* A form gives whole seconds. */
#define SECOND_MS 1000
#define HOUR_S 3600

enum ledger_result
ledger_balance_at(
    struct ledger *l, int64_t account, int64_t utc_ms, struct amount *balance)
{
	struct amount missing = {false, 0};
	struct query q;
	int64_t deals = 0, unplaced = 0;

	*balance = (struct amount){false, 0};
	query_init(&q, l, SQL_BALANCE_AT);
	put_int(&q, account);
	put_int(&q, utc_ms);
	put_int(&q, account);
	put_int(&q, account);
	if (query_next(&q)) {
		deals = take_int(&q);
		balance->v = take_money(&q);
		missing = take_amount(&q);
		unplaced = take_int(&q);
	}
	/* what the terminal has more is of before all deals */
	balance->known =
	    (deals > 0 || missing.known) && unplaced == 0 &&
	    (!missing.known || money_add(&balance->v, missing.v) == 0);
	return query_done(&q);
}

enum ledger_result
ledger_balance_steps(struct ledger *l, int64_t account, int64_t from_utc_ms,
    int64_t to_utc_ms, ledger_step_fn fn, void *arg)
{
	struct ledger_step s;
	struct query q;

	query_init(&q, l, SQL_BALANCE_STEPS);
	put_int(&q, account);
	put_int(&q, from_utc_ms);
	put_int(&q, to_utc_ms);
	while (query_next(&q)) {
		s.utc_ms = take_int(&q);
		s.net = take_money(&q);
		s.is_flow = take_int(&q) != 0;
		if (fn(&s, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* ---- the proposal ---- */

struct walk {
	money_t balance, high;
	bool bad;
};

static int
step(const struct ledger_step *s, void *arg)
{
	struct walk *w = arg;

	if (money_add(&w->balance, s->net) == -1 ||
	    (s->is_flow && money_add(&w->high, s->net) == -1))
		w->bad = true;
	w->high = money_max(w->high, w->balance);
	return w->bad;
}

static enum ledger_result
find_start(struct ledger *l, int64_t account, struct ledger_proposal *out)
{
	int64_t reset = 0, ended = 0;
	struct query q;

	query_init(&q, l, SQL_PHASE_START);
	put_int(&q, account);
	put_int(&q, account);
	put_int(&q, account);
	if (query_next(&q)) {
		out->first_deal_utc_ms = take_int(&q);
		reset = take_int(&q);
		ended = take_int(&q);
	}
	if (out->started_utc_ms == 0) {
		out->started_utc_ms = out->first_deal_utc_ms;
		out->why = "the first deal that is known";
		if (reset > out->started_utc_ms) {
			out->started_utc_ms = reset;
			out->why = "the firm's last reset of the account";
		}
		if (ended > out->started_utc_ms) {
			out->started_utc_ms = ended;
			out->why = "the end of the phase before";
		}
	} else
		out->why = "as given";
	return query_done(&q);
}

enum ledger_result
ledger_phase_propose(struct ledger *l, int64_t account, int64_t started_utc_ms,
    struct ledger_proposal *out)
{
	struct walk w = {0, 0, false};
	enum ledger_result r;
	struct query q;
	int64_t from;

	*out = (struct ledger_proposal){.started_utc_ms = started_utc_ms};
	r = find_start(l, account, out);
	if (r == LEDGER_OK && out->first_deal_utc_ms == 0)
		return LEDGER_NOT_FOUND;
	/* with what came within that second */
	from = out->started_utc_ms / SECOND_MS * SECOND_MS + SECOND_MS - 1;
	if (r == LEDGER_OK)
		r = ledger_balance_at(l, account, from, &out->initial_balance);
	w.balance = w.high = out->initial_balance.v;
	if (r == LEDGER_OK && out->initial_balance.known)
		r = ledger_balance_steps(l, account, from, INT64_MAX, step, &w);
	out->high =
	    (struct amount){out->initial_balance.known && !w.bad, w.high};
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_PHASE_DAYS);
	put_int(&q, account);
	put_int(&q, out->started_utc_ms);
	put_int(&q, account);
	put_int(&q, out->started_utc_ms / SECOND_MS - HOUR_S);
	put_int(&q, out->started_utc_ms / SECOND_MS + HOUR_S);
	if (query_next(&q)) {
		out->days_opened = take_small(&q);
		out->trades = take_int(&q);
		out->has_samples = take_int(&q) != 0;
	}
	return query_done(&q);
}

/* ---- may it? ---- */

static enum ledger_result
refuse(struct ledger *l, char *why)
{
	enum ledger_result r = ledger_rejected(l, why);

	free(why);
	return r;
}

/* An earlier or later phase in the way. */
static enum ledger_result
check_others(const struct edit *e, int64_t started_utc_ms, int64_t period,
    const char *given)
{
	char from[CLOCK_ISO_SIZE], to[CLOCK_ISO_SIZE];
	char *why = NULL;
	struct query q;
	enum ledger_result r;

	query_init(&q, e->l, SQL_PERIOD_IN_WAY);
	put_int(&q, e->account);
	put_int(&q, period);
	put_int(&q, started_utc_ms);
	put_int(&q, started_utc_ms);
	if (query_next(&q)) {
		const char *phase = take_text(&q);
		int64_t begun = take_int(&q), ended = take_int(&q);

		why = mem_printf("started_utc: %s overlaps phase %s, which "
				 "lasted from %s to %s",
		    given, phase, clock_iso(begun, from),
		    ended != 0 ? clock_iso(ended, to) : "now");
	}
	r = query_done(&q);
	if (r == LEDGER_OK && why != NULL)
		return refuse(e->l, why);
	free(why);
	return r;
}

enum ledger_result
phase_start_check(const struct edit *e, int64_t started_utc_ms, int64_t period)
{
	struct ledger_proposal known = {.started_utc_ms = started_utc_ms};
	char given[CLOCK_ISO_SIZE], other[CLOCK_ISO_SIZE];
	enum ledger_result r;

	clock_iso(started_utc_ms, given);
	if (started_utc_ms > e->actor->at_utc_ms)
		return refuse(e->l,
		    mem_printf("started_utc: %s is in the future; it is %s",
			given, clock_iso(e->actor->at_utc_ms, other)));
	r = find_start(e->l, e->account, &known);
	if (r != LEDGER_OK)
		return r;
	if (known.first_deal_utc_ms == 0)
		return refuse(e->l,
		    mem_printf("started_utc: %s: no deal of the account is "
			       "known yet to fold from",
			given));
	if (started_utc_ms < known.first_deal_utc_ms / SECOND_MS * SECOND_MS)
		return refuse(e->l,
		    mem_printf("started_utc: %s is before the first deal that "
			       "is known (%s)",
			given, clock_iso(known.first_deal_utc_ms, other)));
	return check_others(e, started_utc_ms, period, given);
}
