/* fold.c: samples, flows and resets in their order -> the state. */
#include <stdlib.h>
#include <string.h>

#include "lib/judge/subject.h"
#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"

#define NEAR_MS (120 * INT64_C(1000))
/* A deal is in the history a moment after the balance has moved. */
#define SETTLE_MS 2000
#define HALF_DAY_MS (INT64_C(43200) * 1000)

struct fold {
	struct subject *s;
	struct ledger_flow *flows;
	int flows_len;
	size_t flows_size;
	int next_flow;  /* the first not yet applied */
	money_t flowed; /* since the last sample folded */
	/* of the credit, what was capital before the first of them */
	money_t capital;
};

static int
keep_flow(const struct ledger_flow *flow, void *arg)
{
	struct fold *f = arg;

	f->flows = mem_room(
	    f->flows, (size_t)f->flows_len, &f->flows_size, sizeof(*f->flows));
	f->flows[f->flows_len++] = *flow;
	return 0;
}

/* Of the credit, what is the account's own by then. */
static money_t
capital_at(const struct fold *f, int64_t at_utc_ms)
{
	money_t sum = f->capital;

	for (int i = 0; i < f->flows_len && f->flows[i].utc_ms <= at_utc_ms;
	     i++)
		if (f->flows[i].is_credit)
			(void)money_add(&sum, f->flows[i].amount);
	return sum;
}

static void
set_day(struct subject *s, int64_t utc_ms, struct zone_day *day)
{
	zone_day(
	    s->rules.zone, s->rules.reset_minute, &s->clock.seen, utc_ms, day);
}

/*
 * The balance at a reset that no sample is near to: the sample's, less what
 * the deals moved since; of that, *flows was cash. One reset after the other
 * costs no more than the deals in between.
 */
static money_t
balance_at(struct subject *s, int64_t reset_utc_ms,
    const struct rule_sample *sample, money_t *flows)
{
	struct moved *m = &s->moved;
	int64_t until = sample->at_utc_ms + 1;
	struct ledger_day d = {0};

	if (m->until_utc_ms == until && reset_utc_ms >= m->from_utc_ms &&
	    reset_utc_ms <= until) {
		s->result = ledger_day_sums(s->judge->ledger, s->a.id,
		    m->from_utc_ms, reset_utc_ms, &d);
		d.net = m->net - d.net;
		d.flows = m->flows - d.flows;
	} else
		s->result = ledger_day_sums(
		    s->judge->ledger, s->a.id, reset_utc_ms, until, &d);
	*m = (struct moved){reset_utc_ms, until, d.net, d.flows};
	*flows = d.flows;
	return sample->balance - d.net - d.flows;
}

static void
begin_day(struct subject *s, const struct zone_day *day)
{
	s->saved.first_balance = s->saved.st.day_balance;
	s->saved.first_equity = s->saved.st.day_equity;
	s->saved.next_utc_ms = day->to_utc_ms;
	memcpy(s->saved.date, day->date, sizeof(s->saved.date));
}

/* What the trades and costs between two moments brought in. */
static money_t
net_between(struct subject *s, int64_t from_utc_ms, int64_t to_utc_ms)
{
	struct ledger_day d = {0};

	if (s->result == LEDGER_OK)
		s->result = ledger_day_sums(
		    s->judge->ledger, s->a.id, from_utc_ms, to_utc_ms, &d);
	return d.net;
}

/*
 * A day's first moment: as the sample before saw it, where that is near; a
 * trade may have been closed since. Else by the deals.
 */
static void
reset_day(
    struct subject *s, int64_t reset_utc_ms, const struct rule_sample *next)
{
	struct rule_state *st = &s->saved.st;
	money_t flows, balance = balance_at(s, reset_utc_ms, next, &flows);
	money_t before = st->balance;

	if (llabs(reset_utc_ms - st->sampled_utc_ms) > NEAR_MS) {
		bool near = next->at_utc_ms - reset_utc_ms <= NEAR_MS;

		rules_reset(&s->rules, st, reset_utc_ms, balance,
		    near ? next->equity : balance, !near);
		return;
	}
	if (before != balance)
		before += net_between(s,
		    s->met_utc_ms > st->sampled_utc_ms ? s->met_utc_ms
						       : st->sampled_utc_ms + 1,
		    reset_utc_ms);
	rules_reset(
	    &s->rules, st, reset_utc_ms, before, st->equity, before != balance);
}

static int
climb(const struct ledger_step *step, void *arg)
{
	struct rule_state *st = arg;

	if (step->is_flow)
		return 0; /* an event of its own */
	st->balance += step->net;
	st->equity = st->balance;
	st->peak_balance = money_max(st->peak_balance, st->balance);
	st->peak_equity = money_max(st->peak_equity, st->balance);
	st->day_peak_balance = money_max(st->day_peak_balance, st->balance);
	st->day_peak_equity = money_max(st->day_peak_equity, st->balance);
	st->day_low = money_min(st->day_low, st->balance);
	st->day_high = money_max(st->day_high, st->balance);
	return 0;
}

/* Where no sample saw them: the balances that the deals up to then made, and
 * their highs. What the equity was beside them nobody can say. */
static void
climb_to(struct subject *s, int64_t until_utc_ms)
{
	if (!s->by_deals || s->result != LEDGER_OK ||
	    until_utc_ms <= s->climbed_utc_ms)
		return;
	s->result = ledger_balance_steps(s->judge->ledger, s->a.id,
	    s->climbed_utc_ms, until_utc_ms, climb, &s->saved.st);
	s->climbed_utc_ms = until_utc_ms;
}

/* Every reset up to `until`; the sample is the next one known. */
static void
cross_resets(struct subject *s, int64_t until, const struct rule_sample *next)
{
	while (s->result == LEDGER_OK && s->saved.next_utc_ms <= until) {
		int64_t reset = s->saved.next_utc_ms;
		struct zone_day day;

		climb_to(s, reset - 1);
		days_end(s);
		set_day(s, reset, &day);
		reset_day(s, reset, next);
		begin_day(s, &day);
	}
}

/* What it is for decides what follows from it. */
static void
apply_flow(struct fold *f, const struct ledger_flow *flow,
    const struct rule_sample *next)
{
	struct rule_state *st = &f->s->saved.st;
	const struct rules *r = &f->s->rules;
	int64_t at = flow->utc_ms;
	money_t ignored;

	if (flow->cancelled || flow->cancels != 0)
		rules_shift(r, st, at, flow->amount);
	else if (flow->meaning == DEAL_RESET)
		rules_restart(
		    r, st, at, balance_at(f->s, at + 1, next, &ignored));
	else if (flow->meaning == DEAL_PAYOUT ||
		 (flow->meaning == DEAL_MEANS_NOTHING && flow->amount < 0))
		rules_payout(r, st, at, -flow->amount);
	else if (flow->meaning == DEAL_MEANS_NOTHING)
		rules_flow(r, st, at, flow->amount);
	else
		rules_move(r, st, at, flow->amount);
}

/* What a withdrawal takes of the profit hangs on the balance before it: with
 * the trades that were closed since the last sample. */
static void
meet_flow(struct fold *f, const struct rule_sample *next)
{
	int64_t at = f->flows[f->next_flow].utc_ms;
	struct subject *s = f->s;
	money_t ignored;

	climb_to(s, at - 1);
	if (s->by_deals || s->result != LEDGER_OK ||
	    (f->next_flow > 0 && f->flows[f->next_flow - 1].utc_ms == at))
		return;
	s->saved.st.balance = balance_at(s, at, next, &ignored);
	s->met_utc_ms = at;
}

static void
apply_flows(struct fold *f, const struct rule_sample *sample)
{
	struct subject *s = f->s;

	for (; f->next_flow < f->flows_len; f->next_flow++) {
		const struct ledger_flow *flow = &f->flows[f->next_flow];

		if (flow->utc_ms > sample->at_utc_ms)
			break;
		cross_resets(s, flow->utc_ms, sample);
		meet_flow(f, sample);
		apply_flow(f, flow, sample);
		(void)money_add(&f->flowed, flow->amount);
	}
	cross_resets(s, sample->at_utc_ms, sample);
}

static bool
near_a_flow(const struct fold *f, int64_t at_utc_ms)
{
	for (int i = 0; i < f->flows_len; i++)
		if (llabs(f->flows[i].utc_ms - at_utc_ms) < RULES_FLOW_SKEW_MS)
			return true;
	return false;
}

/* Every deal up to the sample is in the ledger. */
static bool
is_confirmed(const struct subject *s, const struct ledger_equity *e)
{
	const struct ledger_sync *sync = &s->a.sync;

	return e->at_utc_ms <= sync->sync_utc_ms - SETTLE_MS ||
	       (sync->balance.known && sync->balance.v == e->balance &&
		   sync->credit.known && sync->credit.v == e->credit);
}

/* A day's baseline is worked back by its deals: all of them, with their UTC. */
static bool
history_is_known(const struct subject *s)
{
	return s->a.sync.state == LEDGER_HISTORY_OK && s->a.offset_known;
}

/* It begins in the middle of a day: that day's baseline is by the deals. */
static void
work_back(struct subject *s, const struct rule_sample *sample)
{
	struct rule_state *st = &s->saved.st;
	money_t flows, balance = balance_at(s, st->day_utc_ms, sample, &flows);

	s->saved.first_balance = s->saved.first_equity = balance;
	st->day_balance = st->day_equity = balance + flows;
}

/*
 * It began where no sample is: as the deals say of then. The flows and resets
 * up to the first sample follow as any others do, see climb_to; what they leave
 * is estimated until it cannot matter any more.
 */
static void
begin_by_deals(struct subject *s, const struct rule_sample *sample)
{
	const struct ledger_period *p = &s->a.period;
	int64_t started = p->started_utc_ms;
	struct rule_sample first = {.at_utc_ms = started};
	struct rule_state *st = &s->saved.st;
	money_t flows, since, balance;
	struct zone_day day;

	set_day(s, started, &day);
	first.balance = balance_at(s, started, sample, &since);
	first.equity = first.low = first.high = first.balance;
	rules_begin(st,
	    p->initial_balance.known ? p->initial_balance.v : first.balance,
	    day.from_utc_ms, &first);
	begin_day(s, &day);
	if (s->result == LEDGER_OK && started - day.from_utc_ms > NEAR_MS) {
		balance = balance_at(s, day.from_utc_ms, sample, &flows);
		s->saved.first_balance = s->saved.first_equity = balance;
		st->day_balance = st->day_equity = balance + flows - since;
	}
	s->by_deals = true;
	s->climbed_utc_ms = started - 1;
}

/* Since the beginning, or the firm's last reset of the account. */
static void
saw_no_equity(struct subject *s, int64_t at_utc_ms)
{
	struct rule_state *st = &s->saved.st;
	int64_t from = s->a.period.started_utc_ms;

	if (from < st->since_utc_ms)
		from = st->since_utc_ms;
	st->peak_estimated = at_utc_ms - from > NEAR_MS;
}

/* What was entered as the high so far is known. */
static void
enter_high(struct subject *s)
{
	const struct amount *high = &s->a.period.high;
	struct rule_state *st = &s->saved.st;

	if (!high->known)
		return;
	st->peak_balance = money_max(st->peak_balance, high->v);
	st->peak_equity = money_max(st->peak_equity, high->v);
	st->eod_balance = money_max(st->eod_balance, high->v);
	st->eod_equity = money_max(st->eod_equity, high->v);
	st->peak_estimated = st->eod_estimated = false;
}

static bool
flowed_before(const struct fold *f, int64_t at_utc_ms)
{
	return f->next_flow < f->flows_len &&
	       f->flows[f->next_flow].utc_ms <= at_utc_ms;
}

static void
begin(struct fold *f, const struct rule_sample *sample)
{
	struct subject *s = f->s;
	int64_t started = s->a.period.started_utc_ms;
	money_t initial = s->a.period.initial_balance.known
			      ? s->a.period.initial_balance.v
			      : sample->balance;
	bool seen =
	    s->a.period.id == 0 || (sample->at_utc_ms - started <= NEAR_MS &&
				       !flowed_before(f, sample->at_utc_ms));
	struct zone_day day;

	/* without a phase it begins with the sample, whatever flowed before */
	while (s->a.period.id == 0 && flowed_before(f, sample->at_utc_ms))
		f->next_flow++;
	set_day(s, seen ? sample->at_utc_ms : started, &day);
	/* rows of before may be of days by another clock */
	s->result =
	    ledger_days_forget(s->judge->ledger, s->a.id, day.from_utc_ms);
	if (s->result != LEDGER_OK)
		return;
	if (!seen)
		begin_by_deals(s, sample);
	else {
		rules_begin(&s->saved.st, initial, day.from_utc_ms, sample);
		begin_day(s, &day);
		if (sample->at_utc_ms - day.from_utc_ms > NEAR_MS)
			work_back(s, sample);
	}
	s->saved.st.started_utc_ms = started;
	s->saved.rules_hash = s->rules_hash;
}

/* The days are counted up to the sample's own moment: what is judged must not
 * depend on when the job ran. */
static bool
is_at_target(struct subject *s, int64_t at_utc_ms, struct rule_days *days)
{
	if (!s->has_rules || at_utc_ms <= s->judged_utc_ms ||
	    !rules_at_target(&s->rules, &s->saved.st))
		return false;
	days_count(s, at_utc_ms, days);
	return s->result == LEDGER_OK;
}

static int
fold_sample(const struct ledger_equity *e, void *arg)
{
	struct fold *f = arg;
	struct subject *s = f->s;
	money_t capital = capital_at(f, e->at_utc_ms);
	money_t foreign = e->credit - capital; /* not the account's own */
	struct rule_sample sample = {e->at_utc_ms, e->balance + capital,
	    e->equity - foreign, e->low - foreign, e->high - foreign};
	struct rule_days days;
	struct rule_seen seen;
	int64_t before, excused;

	if (!is_confirmed(s, e))
		return 1;
	/* the low or the high may be of before the credit moved */
	if (s->saved.st.begun && s->saved.credit != e->credit)
		sample.low = sample.high = sample.equity;
	s->saved.credit = e->credit;
	if (near_a_flow(f, e->at_utc_ms))
		return 0;
	if (!s->saved.st.begun) {
		if (!history_is_known(s))
			return 1;
		begin(f, &sample);
	}
	apply_flows(f, &sample);
	if (s->by_deals) {
		climb_to(s, e->at_utc_ms);
		saw_no_equity(s, e->at_utc_ms);
		enter_high(s);
		s->by_deals = false;
	}
	if (s->result != LEDGER_OK)
		return 1;
	before = s->saved.st.sampled_utc_ms;
	if (before >= e->at_utc_ms) /* it began with this one */
		before = e->at_utc_ms - 1;
	excused = s->saved.excused | annulled_between(s, before, e->at_utc_ms);
	rules_sample(
	    &s->rules, &s->saved.st, &sample, f->flowed, NULL, excused, &seen);
	/* a rule that was kept meanwhile is excused no more */
	s->saved.excused = excused & seen.broken;
	if (rules_at_target(&s->rules, &s->saved.st))
		s->saved.excused |= excused & ANNULLED_TARGET;
	if (seen.verdict == RULE_NO_VERDICT &&
	    (s->saved.excused & ANNULLED_TARGET) == 0 &&
	    is_at_target(s, e->at_utc_ms, &days))
		rules_target(&s->rules, &s->saved.st, &days, &seen);
	f->flowed = 0;
	s->last = sample;
	if (!s->has_rules || e->at_utc_ms <= s->judged_utc_ms ||
	    !outcome_matters(s, &seen))
		return 0;
	days_count(s, e->at_utc_ms, &s->seen_days);
	s->seen = seen;
	return 1;
}

/* Over the flows up to a moment, and what they are for. */
static uint64_t
hash_flows(const struct fold *f, int64_t until_utc_ms)
{
	uint64_t h = HASH_START;

	for (int i = 0; i < f->flows_len && f->flows[i].utc_ms <= until_utc_ms;
	     i++) {
		const struct ledger_flow *flow = &f->flows[i];
		int64_t said[] = {flow->utc_ms, flow->meaning, flow->is_credit,
		    flow->cancels, flow->cancelled};

		h = hash_add(h, said, sizeof(said));
		h = hash_add(h, &flow->amount, sizeof(flow->amount));
	}
	return h;
}

/* One that was stamped before a sample judged already, that came late or has
 * another amount now: all is folded anew, and nothing judged again. */
static void
forget_if_flows_changed(struct fold *f)
{
	struct saved *saved = &f->s->saved;
	struct saved anew = {.sync_utc_ms = saved->sync_utc_ms,
	    .full_utc_ms = saved->full_utc_ms,
	    .resumed_utc_ms = saved->resumed_utc_ms};

	if (saved->st.begun &&
	    saved->flows_hash != hash_flows(f, saved->st.at_utc_ms))
		*saved = anew;
}

/* The server's clock was moved: its midnight is another one now. */
static void
follow_server(struct subject *s)
{
	struct saved *saved = &s->saved;
	struct zone_day day;

	if (!saved->st.begun || strcmp(s->rules.zone, "server") != 0)
		return;
	set_day(s, saved->st.sampled_utc_ms, &day);
	saved->next_utc_ms =
	    day.from_utc_ms - saved->st.day_utc_ms > HALF_DAY_MS
		? day.from_utc_ms
		: day.to_utc_ms;
}

static void
fold_samples(struct fold *f)
{
	struct subject *s = f->s;
	int64_t from = s->saved.st.begun ? s->saved.st.at_utc_ms + 1
					 : s->a.period.started_utc_ms;
	enum ledger_result r;

	while (s->saved.st.begun && f->next_flow < f->flows_len &&
	       f->flows[f->next_flow].utc_ms < from)
		f->next_flow++;
	r = ledger_equity(s->judge->ledger, s->a.id, from,
	    s->judge->now_utc_ms + 1, fold_sample, f);
	if (s->result == LEDGER_OK)
		s->result = r;
	if (s->saved.st.begun)
		s->saved.flows_hash = hash_flows(f, s->saved.st.at_utc_ms);
}

/* From where the last run ended; from the period's beginning where the
 * period, its rules or its flows are others now. */
void
fold_new(struct subject *s)
{
	struct fold f = {.s = s};
	int64_t from = s->a.period.started_utc_ms - 1;

	/* the broker's clock may be ahead of ours */
	s->result = ledger_flows(s->judge->ledger, s->a.id, from,
	    s->judge->now_utc_ms + 2 * HALF_DAY_MS, keep_flow, &f);
	if (s->result == LEDGER_OK)
		s->result =
		    ledger_capital(s->judge->ledger, s->a.id, from, &f.capital);
	if (s->result == LEDGER_OK)
		s->result = ledger_flow_unplaced(
		    s->judge->ledger, s->a.id, from, &s->flows_unknown);
	if (s->result == LEDGER_OK && !s->flows_unknown) {
		forget_if_flows_changed(&f);
		follow_server(s);
		fold_samples(&f);
	}
	free(f.flows);
}
