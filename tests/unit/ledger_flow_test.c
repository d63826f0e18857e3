/* ledger_flow_test.c: what a flow is for, stored: guesses, people, sums. */
#include "tests/unit/recording.h"
#include "lib/ledger/flows.h"
#include "lib/ledger/hooks.h"
#include "lib/ledger/merge.h"
#include "lib/ledger/samples.h"

#define DAY_MS INT64_C(86400000)
#define OFFSET_MS INT64_C(10800000)

static const struct ledger_actor admin = {.who = "alice", .at_utc_ms = NOW};

static void
rules(struct fixture *f, const char *json)
{
	struct ledger_rule_set set = {.name = "Rules", .rules = json};
	struct ledger_meta_edit meta = {.rule_set = -1};

	OK(ledger_rule_set_put(f->l, &set, &admin, &meta.rule_set));
	OK(ledger_meta_edit(f->l, f->a, LEDGER_ANY_VERSION, &meta, &admin));
}

static void
phase(struct fixture *f, const char *word, int64_t utc_ms, double initial)
{
	struct ledger_phase_edit edit = {
	    .phase = word, .initial_balance = {true, M(initial)}};
	struct ledger_actor then = {.who = "alice", .at_utc_ms = utc_ms};

	OK(ledger_phase_edit(f->l, f->a, LEDGER_ANY_VERSION, &edit, &then));
}

/* A balance operation at that UTC. */
static void
money(struct fixture *f, int64_t ticket, int64_t utc_ms, int type,
    double amount, const char *comment)
{
	struct deal d =
	    deal(ticket, utc_ms + OFFSET_MS, type, 0, 0, NAN, NAN, M(amount));

	d.symbol = "";
	d.comment = comment;
	put(f->l, f->a, &d, 1);
}

struct found {
	int64_t ticket;
	struct deal d;
	char why[FLOW_WHY_SIZE], who[32];
};

static int
see_flow(const struct deal *d, void *arg)
{
	struct found *f = arg;

	if (d->ticket != f->ticket)
		return 0;
	f->d = *d;
	snprintf(f->why, sizeof(f->why), "%s",
	    d->meaning_why != NULL ? d->meaning_why : "");
	snprintf(f->who, sizeof(f->who), "%s",
	    d->meaning_who != NULL ? d->meaning_who : "");
	return 1;
}

static struct found
flow(struct fixture *f, int64_t ticket)
{
	static const struct ledger_page all;
	struct found found = {.ticket = ticket};

	OK(ledger_cash_flows(f->l, f->a, &all, see_flow, &found));
	assert_int_equal(found.d.ticket, ticket);
	return found;
}

static const char *
word(struct fixture *f, int64_t ticket)
{
	const char *w = flow_word(flow(f, ticket).d.meaning);

	return w != NULL ? w : "";
}

static enum ledger_result
say(struct fixture *f, int64_t ticket, enum deal_meaning m, const char *note)
{
	const struct ledger_flow_edit edit = {
	    .ticket = ticket, .meaning = m, .note = note};

	return ledger_flow_set(f->l, f->a, LEDGER_ANY_VERSION, &edit, &admin);
}

static int64_t
last_audit(struct fixture *f)
{
	return count(f, "SELECT max(id) FROM audit");
}

static void
a_dividend_booked_as_balance_is_a_cost(void **state)
{
	struct fixture *f = *state;
	static struct recording rec;
	struct ledger_sums s;
	struct ledger_day d = {0};

	recording_load(&rec, "div-as-balance", 0);
	put(f->l, f->a, rec.deals, rec.n);
	s = sums(f->l, f->a);
	assert_int_equal(s.flows, M(10000));
	assert_int_equal(s.costs, M(-52.40));
	assert_int_equal(s.trades_net, M(-50));
	assert_string_equal(word(f, 3), "dividend");
	OK(ledger_day_sums(f->l, f->a, INT64_C(1794182400000),
	    INT64_C(1794182400000) + DAY_MS, &d));
	recording_done(&rec);
	/* an admin knows better, and knows better still */
	OK(say(f, 3, DEAL_WITHDRAWAL, "taken by the desk"));
	s = sums(f->l, f->a);
	assert_int_equal(s.flows, M(10000) - M(52.40));
	assert_int_equal(s.costs, 0);
	assert_string_equal(flow(f, 3).who, "alice");
	assert_string_equal(flow(f, 3).why, "taken by the desk");
	OK(ledger_undo(f->l, last_audit(f), &admin));
	s = sums(f->l, f->a);
	assert_int_equal(s.flows, M(10000));
	assert_int_equal(s.costs, M(-52.40));
	assert_string_equal(word(f, 3), "dividend");
	assert_string_equal(flow(f, 3).who, "");
}

static void
a_reset_is_one_by_the_balance_then(void **state)
{
	struct fixture *f = *state;
	struct deal loss = deal(2, NOW + OFFSET_MS + 1000, 1, 1, 5, 1, 1, 0);

	rules(f, "{}");
	money(f, 1, NOW - DAY_MS, 2, 100000, "");
	assert_string_equal(word(f, 1), "deposit");
	phase(f, "F1", NOW, 100000);
	assert_string_equal(word(f, 1), "deposit");
	loss.profit = M(-3000);
	put(f->l, f->a, &loss, 1);
	money(f, 3, NOW + 5000, 2, 2999.99, "");
	assert_string_equal(word(f, 3), "reset");
	/* an older deal comes late: the balance was another one */
	loss = deal(4, NOW + OFFSET_MS + 500, 1, 1, 6, 1, 1, M(-700));
	put(f->l, f->a, &loss, 1);
	assert_string_equal(word(f, 3), "deposit");
	/* what a person said is not guessed again */
	OK(say(f, 3, DEAL_RESET, NULL));
	loss = deal(5, NOW + OFFSET_MS + 400, 1, 1, 6, 1, 1, M(-7));
	put(f->l, f->a, &loss, 1);
	assert_string_equal(word(f, 3), "reset");
	assert_string_equal(flow(f, 3).who, "alice");
	OK(say(f, 3, DEAL_MEANS_NOTHING, NULL));
	assert_string_equal(word(f, 3), "deposit");
	/* another initial balance: guessed again at once */
	phase(f, "F1", NOW + 6000, 100000 - 707 - 0.01);
	assert_string_equal(word(f, 3), "reset");
}

static int
see_account(const struct ledger_account *a, void *arg)
{
	*(struct ledger_account *)arg = *a;
	return 0;
}

static struct ledger_account
account_now(struct fixture *f)
{
	struct ledger_account a;

	OK(ledger_account_get(f->l, f->a, see_account, &a));
	return a;
}

static void
flows_of_the_phase_begin_at_the_last_reset(void **state)
{
	struct fixture *f = *state;
	struct deal loss = deal(3, NOW + OFFSET_MS + 2000, 1, 1, 5, 1, 1, 0);

	rules(f, "{}");
	money(f, 1, NOW - DAY_MS, 2, 100000, "");
	phase(f, "F1", NOW, 100000);
	money(f, 2, NOW + 1000, 2, 500, "");
	assert_int_equal(account_now(f).flows_period.v, M(500));
	loss.profit = M(-4000);
	put(f->l, f->a, &loss, 1);
	money(f, 4, NOW + 3000, 2, 3500, "");
	assert_string_equal(word(f, 4), "reset");
	assert_int_equal(account_now(f).flows_period.v, 0);
	money(f, 5, NOW + 4000, 2, 200, "");
	assert_int_equal(account_now(f).flows_period.v, M(200));
}

static void
capital_given_as_credit(void **state)
{
	struct fixture *f = *state;
	static struct recording rec;
	struct ledger_account a;

	recording_load(&rec, "credit-capital", 0);
	put(f->l, f->a, rec.deals, rec.n);
	assert_string_equal(word(f, 1), "capital");
	assert_int_equal(account_now(f).capital, M(100000));
	/* the firm takes a part of it back: it is capital, too */
	money(f, 9, INT64_C(1794300000000), 3, -40000, "");
	assert_string_equal(word(f, 9), "capital");
	assert_int_equal(account_now(f).capital, M(60000));
	/* a rule set can say that it is none */
	rules(f, "{\"credit\":\"none\"}");
	assert_int_equal(account_now(f).capital, 0);
	assert_string_equal(word(f, 1), "credit");
	a = account_now(f);
	assert_int_equal(a.flows, 0);
	recording_done(&rec);
}

static void
a_bonus_beside_a_deposit_is_no_capital(void **state)
{
	struct fixture *f = *state;

	money(f, 1, NOW, 2, 10000, "Deposit");
	money(f, 2, NOW + 1000, 3, 5000, "Bonus");
	assert_string_equal(word(f, 2), "credit");
	assert_int_equal(account_now(f).capital, 0);
	OK(say(f, 2, DEAL_CAPITAL, "the firm's"));
	assert_int_equal(account_now(f).capital, M(5000));
	assert_int_equal(say(f, 2, DEAL_DEPOSIT, NULL), LEDGER_REJECTED);
	assert_non_null(strstr(ledger_error(f->l), "deal 2 moves the credit"));
}

static void
a_correction_takes_back_an_earlier_deal(void **state)
{
	struct fixture *f = *state;
	struct deal win = deal(3, NOW + OFFSET_MS + 2000, 1, 1, 5, 1, 1, 0);
	struct ledger_flow_edit edit = {
	    .ticket = 4, .meaning = DEAL_CORRECTED, .cancels = 77};

	money(f, 1, NOW, 2, 10000, "Deposit");
	money(f, 2, NOW + 1000, 2, 2500, "Deposit");
	win.profit = M(80);
	put(f->l, f->a, &win, 1);
	money(f, 4, NOW + 3000, 5, -2500, "");
	assert_string_equal(word(f, 4), "correction");
	assert_int_equal(flow(f, 4).d.cancels, 2);
	assert_int_equal(sums(f->l, f->a).flows, M(10000));
	/* of a trade: it is P/L */
	money(f, 5, NOW + 4000, 5, -80, "");
	assert_int_equal(flow(f, 5).d.cancels, 3);
	assert_int_equal(sums(f->l, f->a).costs, M(-80));
	assert_int_equal(sums(f->l, f->a).flows, M(10000));
	/* nothing is taken back twice */
	money(f, 6, NOW + 5000, 5, -80, "");
	assert_int_equal(flow(f, 6).d.cancels, 0);
	/* by hand, with what is wrong quoted */
	assert_int_equal(
	    ledger_flow_set(f->l, f->a, LEDGER_ANY_VERSION, &edit, &admin),
	    LEDGER_REJECTED);
	assert_string_equal(
	    ledger_reason(f->l), "there is no deal 77 that it could take back");
	edit.cancels = 5;
	assert_int_equal(
	    ledger_flow_set(f->l, f->a, LEDGER_ANY_VERSION, &edit, &admin),
	    LEDGER_REJECTED);
	edit.cancels = 1;
	OK(ledger_flow_set(f->l, f->a, LEDGER_ANY_VERSION, &edit, &admin));
	assert_int_equal(flow(f, 4).d.cancels, 1);
	OK(ledger_undo(f->l, last_audit(f), &admin));
	assert_int_equal(flow(f, 4).d.cancels, 2);
}

static void
who_edits_is_told_of_others(void **state)
{
	struct fixture *f = *state;
	const struct ledger_flow_edit none = {
	    .ticket = 99, .meaning = DEAL_FEE};
	const struct ledger_flow_edit fee = {.ticket = 1, .meaning = DEAL_FEE};
	int64_t first, version = account_now(f).version;

	money(f, 1, NOW, 2, 10, "x");
	assert_int_equal(ledger_flow_set(f->l, f->a, version, &none, &admin),
	    LEDGER_NOT_FOUND);
	OK(ledger_flow_set(f->l, f->a, version, &fee, &admin));
	first = last_audit(f);
	assert_int_equal(ledger_flow_set(f->l, f->a, version, &fee, &admin),
	    LEDGER_CONFLICT);
	/* an undo of what somebody changed again since */
	OK(say(f, 1, DEAL_DIVIDEND, NULL));
	assert_int_equal(ledger_undo(f->l, first, &admin), LEDGER_CONFLICT);
	assert_string_equal(word(f, 1), "dividend");
	/* in the order of their making both can be undone */
	OK(ledger_undo(f->l, last_audit(f), &admin));
	assert_string_equal(word(f, 1), "fee");
	OK(ledger_undo(f->l, first, &admin));
	assert_string_equal(word(f, 1), "deposit");
	assert_int_equal(sums(f->l, f->a).flows, M(10));
}

static void
the_day_it_lies_in_follows(void **state)
{
	struct fixture *f = *state;
	struct ledger_day d = {.day_utc_ms = NOW,
	    .next_utc_ms = NOW + DAY_MS,
	    .date = "2026-09-21"};

	OK(ledger_day_put(f->l, f->a, &d));
	money(f, 1, NOW + 5, 2, -30, "what");
	assert_int_equal(count(f, "SELECT flows FROM day"), M(-30));
	OK(say(f, 1, DEAL_FEE, NULL));
	assert_int_equal(count(f, "SELECT flows FROM day"), 0);
	assert_int_equal(count(f, "SELECT net FROM day"), M(-30));
}

static void
other_common_rules_guess_all_again(void **state)
{
	struct fixture *f = *state;

	money(f, 1, NOW, 2, -30, "Desk");
	assert_string_equal(word(f, 1), "withdrawal");
	OK(ledger_flow_rules_put(
	    f->l, "[{\"meaning\":\"fee\",\"comment\":[\"desk\"]}]"));
	assert_int_equal(count(f, "SELECT count(*) FROM flow_stale"), 2);
	OK(ledger_flows_renew(f->l, f->a));
	assert_string_equal(word(f, 1), "fee");
	assert_int_equal(count(f, "SELECT count(*) FROM flow_stale"), 1);
	/* the same again is nothing */
	OK(ledger_flow_rules_put(
	    f->l, "[{\"meaning\":\"fee\",\"comment\":[\"desk\"]}]"));
	assert_int_equal(count(f, "SELECT count(*) FROM flow_stale"), 1);
	OK(ledger_flow_rules_put(f->l, NULL));
	OK(ledger_flows_renew(f->l, f->a));
	assert_string_equal(word(f, 1), "withdrawal");
}

/* What the terminal has more than the deals say is of before them. */
static void
the_balance_of_an_archived_history(void **state)
{
	struct fixture *f = *state;
	struct ledger_sync sync = {
	    .state = LEDGER_HISTORY_OK, .difference = {true, M(98000)}};

	rules(f, "{}");
	phase(f, "F1", NOW - DAY_MS, 100000);
	money(f, 1, NOW, 2, 2000, "");
	assert_string_equal(word(f, 1), "deposit");
	OK(ledger_sync_put(f->l, f->a, &sync));
	OK(ledger_flows_renew(f->l, f->a));
	assert_string_equal(word(f, 1), "reset");
}

static int
count_payout(const struct ledger_payout *p, void *arg)
{
	(void)p;
	++*(int *)arg;
	return 0;
}

static int
untold(struct fixture *f)
{
	int n = 0;

	OK(ledger_payouts_untold(f->l, "hook", 9, count_payout, &n));
	return n;
}

static void
a_payout_is_not_told_again_under_another_name(void **state)
{
	struct fixture *f = *state;
	struct ledger_flow_edit payout = {.meaning = DEAL_PAYOUT};
	struct ledger_seen other = {.server = "Other-Live", .login = 9};
	int64_t into;

	for (payout.ticket = 1; payout.ticket <= 2; payout.ticket++) {
		money(f, payout.ticket, NOW, 2, -100, "");
		OK(ledger_flow_set(
		    f->l, f->a, LEDGER_ANY_VERSION, &payout, &admin));
	}
	OK(ledger_payout_told(f->l, "hook", f->a, 1));
	assert_int_equal(untold(f), 1);
	OK(ledger_account_seen(f->l, &other, &into));
	OK(ledger_merge(f->l, f->a, into, &admin));
	f->a = into;
	assert_int_equal(untold(f), 1);
	OK(ledger_payout_told(f->l, "hook", into, 2));
	assert_int_equal(untold(f), 0);
	OK(ledger_undo(f->l, last_audit(f), &admin));
	assert_int_equal(untold(f), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_dividend_booked_as_balance_is_a_cost),
	    T(a_reset_is_one_by_the_balance_then),
	    T(flows_of_the_phase_begin_at_the_last_reset),
	    T(capital_given_as_credit),
	    T(a_bonus_beside_a_deposit_is_no_capital),
	    T(a_correction_takes_back_an_earlier_deal),
	    T(who_edits_is_told_of_others),
	    T(the_day_it_lies_in_follows),
	    T(other_common_rules_guess_all_again),
	    T(the_balance_of_an_archived_history),
	    T(a_payout_is_not_told_again_under_another_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
