/* ledger_people_test.c: edits, audit, undo, rule sets, equity and days. */
#include "tests/unit/ledger_fixture.h"

struct copy {
	struct ledger_account a;
	char phase[16], status[20], holder[32], tags[64], rule[32];
	int n;
};

static int
see_account(const struct ledger_account *a, void *arg)
{
	struct copy *c = arg;

	c->a = *a;
	c->n++;
	snprintf(c->phase, sizeof(c->phase), "%s",
	    a->period.phase ? a->period.phase : "-");
	snprintf(c->status, sizeof(c->status), "%s",
	    a->period.status ? a->period.status : "-");
	snprintf(
	    c->holder, sizeof(c->holder), "%s", a->holder ? a->holder : "-");
	snprintf(c->tags, sizeof(c->tags), "%s", a->tags);
	snprintf(c->rule, sizeof(c->rule), "%s",
	    a->rule_set_name ? a->rule_set_name : "-");
	return 0;
}

static struct copy
get(struct ledger *l, int64_t id)
{
	struct copy c = {.n = 0};

	OK(ledger_account_get(l, id, see_account, &c));
	assert_int_equal(c.n, 1);
	return c;
}

static const struct ledger_actor admin = {
    "admin", NOW, {true, 510000000000}, {true, 505000000000}};

static void
a_fresh_account_knows_nothing(void **state)
{
	struct fixture *f = *state;
	struct copy c = get(f->l, f->a);
	struct copy all = {.n = 0};

	assert_string_equal(c.phase, "-");
	assert_int_equal(c.a.period.id, 0);
	assert_false(c.a.period.initial_balance.known);
	assert_false(c.a.has_day);
	assert_false(c.a.has_limits);
	assert_int_equal(c.a.sync.state, LEDGER_HISTORY_NONE);
	assert_false(c.a.sync.difference.known);
	assert_int_equal(c.a.trade_mode, 2);
	OK(ledger_accounts(f->l, see_account, &all));
	assert_int_equal(all.n, 2);
	OK(ledger_accounts_by_login(f->l, 52001001, see_account, &all));
	assert_int_equal(all.n, 4);
	assert_int_equal(
	    ledger_account_get(f->l, 99, see_account, &all), LEDGER_NOT_FOUND);
}

static void
a_new_phase_is_a_new_period(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {
	    .phase = "F1", .initial_balance = {true, M(5000)}};
	struct copy c;

	OK(ledger_phase_edit(f->l, f->a, 0, &e, &admin));
	c = get(f->l, f->a);
	assert_string_equal(c.phase, "F1");
	assert_string_equal(c.status, "active");
	assert_int_equal(c.a.period.initial_balance.v, M(5000));
	assert_int_equal(c.a.period.start_balance.v, M(5100));
	assert_int_equal(c.a.version, 1);
	e = (struct ledger_phase_edit){.phase = "F2"};
	OK(ledger_phase_edit(f->l, f->a, 1, &e, &admin));
	c = get(f->l, f->a);
	assert_string_equal(c.phase, "F2");
	/* nobody said: what the balance was */
	assert_int_equal(c.a.period.initial_balance.v, M(5100));
	assert_int_equal(count(f, "SELECT count(*) FROM phase_period"), 2);
	assert_int_equal(count(f, "SELECT ended_msc FROM phase_period "
				  "WHERE phase = 'F1'"),
	    NOW);
}

static void
an_old_version_is_a_conflict(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct ledger_meta_edit m = {.holder = "Ann", .rule_set = -1};

	OK(ledger_phase_edit(f->l, f->a, 0, &e, &admin));
	e.phase = "F2";
	assert_int_equal(
	    ledger_phase_edit(f->l, f->a, 0, &e, &admin), LEDGER_CONFLICT);
	assert_int_equal(
	    ledger_meta_edit(f->l, f->a, 0, &m, &admin), LEDGER_CONFLICT);
	assert_int_equal(
	    ledger_meta_edit(f->l, 99, 0, &m, &admin), LEDGER_NOT_FOUND);
	assert_string_equal(get(f->l, f->a).phase, "F1");
	OK(ledger_meta_edit(f->l, f->a, 1, &m, &admin));
	assert_string_equal(get(f->l, f->a).holder, "Ann");
}

struct audits {
	int64_t id[32];
	char text[32][128];
	int n;
};

static int
see_audit(const struct ledger_audit *a, void *arg)
{
	struct audits *s = arg;

	s->id[s->n] = a->id;
	snprintf(s->text[s->n++], 128, "%s %s %s: %s -> %s", a->who, a->action,
	    a->field, a->from ? a->from : "-", a->to ? a->to : "-");
	return 0;
}

static void
every_change_is_in_the_audit_and_can_be_undone(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct ledger_meta_edit m = {
	    .holder = "Ann", .rule_set = -1, .tags = "[\"a\"]"};
	struct ledger_actor bob = {"bob", NOW + 5, {false, 0}, {false, 0}};
	struct audits s = {.n = 0};
	struct copy c;

	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	OK(ledger_meta_edit(f->l, f->a, -1, &m, &admin));
	e.phase = "F2";
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &bob));
	OK(ledger_audits(f->l, f->a, 0, 10, see_audit, &s));
	assert_int_equal(s.n, 4);
	assert_string_equal(s.text[0], "bob edit phase: F1 -> F2");
	assert_string_equal(s.text[1], "admin edit tags: [] -> [\"a\"]");
	assert_string_equal(s.text[2], "admin edit holder: - -> Ann");
	assert_string_equal(s.text[3], "admin edit phase: - -> F1");

	/* the phase before goes on, the undone period is kept */
	OK(ledger_undo(f->l, s.id[0], &admin));
	c = get(f->l, f->a);
	assert_string_equal(c.phase, "F1");
	assert_int_equal(c.a.period.ended_utc_ms, 0);
	assert_int_equal(ledger_undo(f->l, s.id[0], &admin), LEDGER_NOT_FOUND);
	assert_int_equal(count(f, "SELECT count(*) FROM phase_period"), 2);

	/* changed again since: not undone */
	m.holder = "Cid";
	m.tags = NULL;
	OK(ledger_meta_edit(f->l, f->a, -1, &m, &bob));
	assert_int_equal(ledger_undo(f->l, s.id[2], &admin), LEDGER_CONFLICT);
	assert_string_equal(get(f->l, f->a).holder, "Cid");
	OK(ledger_undo(f->l, s.id[1], &admin));
	assert_string_equal(get(f->l, f->a).tags, "[]");
	s.n = 0;
	OK(ledger_audits(f->l, 0, 0, 1, see_audit, &s));
	assert_string_equal(s.text[0], "admin undo tags: [\"a\"] -> []");
}

static void
status_and_initial_balance_stay_in_the_period(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct audits s = {.n = 0};
	struct copy c;

	e = (struct ledger_phase_edit){.status = "paused"};
	assert_int_equal(
	    ledger_phase_edit(f->l, f->a, -1, &e, &admin), LEDGER_REJECTED);
	e = (struct ledger_phase_edit){.phase = "F1"};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	e = (struct ledger_phase_edit){.status = "paused",
	    .paused_until_utc_ms = NOW + 1000,
	    .initial_balance = {true, M(5000)}};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	c = get(f->l, f->a);
	assert_string_equal(c.status, "paused");
	assert_int_equal(c.a.period.initial_balance.v, M(5000));
	assert_int_equal(count(f, "SELECT count(*) FROM phase_period"), 1);
	OK(ledger_audits(f->l, f->a, 0, 10, see_audit, &s));
	assert_string_equal(
	    s.text[0], "admin edit initial_balance: 5100 -> 5000");
	OK(ledger_undo(f->l, s.id[1], &admin));
	assert_string_equal(get(f->l, f->a).status, "active");
}

/* A form sends the status along with what was changed. */
static void
a_pause_ends_when_it_would_have(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};

	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	e = (struct ledger_phase_edit){
	    .status = "paused", .paused_until_utc_ms = NOW + 1000};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	e = (struct ledger_phase_edit){
	    .status = "paused", .initial_balance = {true, M(5000)}};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	assert_int_equal(
	    get(f->l, f->a).a.period.paused_until_utc_ms, NOW + 1000);
	e = (struct ledger_phase_edit){.status = "active"};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	assert_int_equal(get(f->l, f->a).a.period.paused_until_utc_ms, 0);
}

/* What was said of a period is not said of the next one. */
static void
an_undo_stays_in_its_period(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct audits s = {.n = 0};
	struct copy c;

	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	e = (struct ledger_phase_edit){.initial_balance = {true, M(5000)}};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	OK(ledger_audits(f->l, f->a, 0, 1, see_audit, &s));
	e = (struct ledger_phase_edit){
	    .phase = "F2", .initial_balance = {true, M(5000)}};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	assert_int_equal(ledger_undo(f->l, s.id[0], &admin), LEDGER_CONFLICT);
	c = get(f->l, f->a);
	assert_int_equal(c.a.period.initial_balance.v, M(5000));
}

static void
an_initial_balance_that_was_unknown_is_so_again(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct ledger_actor import = {.who = "import", .at_utc_ms = NOW};
	struct audits s = {.n = 0};

	OK(ledger_phase_edit(f->l, f->a, -1, &e, &import));
	assert_false(get(f->l, f->a).a.period.initial_balance.known);
	e = (struct ledger_phase_edit){.initial_balance = {true, M(5000)}};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	OK(ledger_audits(f->l, f->a, 0, 1, see_audit, &s));
	OK(ledger_undo(f->l, s.id[0], &admin));
	assert_false(get(f->l, f->a).a.period.initial_balance.known);
}

static void
put_some_limits(struct fixture *f)
{
	struct rule_limits limits;

	memset(&limits, 0, sizeof(limits));
	limits.at_utc_ms = NOW;
	OK(ledger_limits_put(f->l, f->a, &limits));
	assert_true(get(f->l, f->a).a.has_limits);
}

/* Nothing is left by the rules of another phase, or of before a deposit. */
static void
limits_end_with_what_they_are_of(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct ledger_meta_edit m = {.rule_set = -1};
	struct ledger_rule_set set = {
	    .name = "X", .rules = "{}", .version = LEDGER_ANY_VERSION};
	struct deal trade = deal(1, 1000, 0, 0, 9, 1, 10, 0);
	struct deal cash = deal(2, 2000, 2, 0, 0, 0, 0, M(1000));
	struct audits s = {.n = 0};

	OK(ledger_rule_set_put(f->l, &set, &admin, &m.rule_set));
	put_some_limits(f);
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	assert_false(get(f->l, f->a).a.has_limits);
	put_some_limits(f);
	e = (struct ledger_phase_edit){.initial_balance = {true, M(7)}};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	assert_false(get(f->l, f->a).a.has_limits);
	put_some_limits(f);
	OK(ledger_meta_edit(f->l, f->a, -1, &m, &admin));
	assert_false(get(f->l, f->a).a.has_limits);
	put_some_limits(f);
	set.id = m.rule_set;
	OK(ledger_rule_set_put(f->l, &set, &admin, &m.rule_set));
	assert_false(get(f->l, f->a).a.has_limits);
	put_some_limits(f);
	e = (struct ledger_phase_edit){.phase = "F2"};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	put_some_limits(f);
	OK(ledger_audits(f->l, f->a, 0, 1, see_audit, &s));
	OK(ledger_undo(f->l, s.id[0], &admin));
	assert_false(get(f->l, f->a).a.has_limits);
	put_some_limits(f);
	put(f->l, f->a, &cash, 1);
	assert_false(get(f->l, f->a).a.has_limits);
	/* what changes none of it */
	put_some_limits(f);
	e = (struct ledger_phase_edit){.status = "target_reached"};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	put(f->l, f->a, &trade, 1);
	put(f->l, f->a, &cash, 1);
	assert_true(get(f->l, f->a).a.has_limits);
}

/* A day and a period, and what flowed since they began. */
static void
flows_since_a_moment(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct ledger_day day = {.day_utc_ms = NOW, .date = "2026-09-21"};
	struct deal d[2] = {deal(1, NOW + 10800000, 2, 0, 0, 0, 0, M(1000)),
	    deal(2, NOW + 10800000 + 5, 2, 0, 0, 0, 0, M(-300))};
	struct copy c;

	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	OK(ledger_day_put(f->l, f->a, &day));
	c = get(f->l, f->a);
	assert_true(c.a.flows_today.known && c.a.flows_period.known);
	assert_int_equal(c.a.flows_today.v, 0);
	put(f->l, f->a, d, 2);
	c = get(f->l, f->a);
	/* one at the reset itself is of the new day */
	assert_int_equal(c.a.flows_today.v, M(700));
	assert_int_equal(c.a.flows_period.v, M(-300));
	d[1].ticket = 3;
	d[1].offset_known = false;
	d[1].utc_ms = 0;
	put(f->l, f->a, d + 1, 1);
	c = get(f->l, f->a);
	assert_false(c.a.flows_today.known);
	assert_false(c.a.flows_period.known);
}

static int
keep_id(const struct ledger_rule_set *r, void *arg)
{
	*(struct ledger_rule_set *)arg = *r;
	return 0;
}

static void
an_edited_preset_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct ledger_rule_set set = {.name = "FTMO",
				   .firm = "FTMO",
				   .rules = "{\"a\":1}"},
			       is;
	struct ledger_meta_edit m = {.rule_set = 0};
	int64_t id;

	OK(ledger_rule_set_preset(f->l, &set, NOW));
	set.rules = "{\"a\":2}";
	OK(ledger_rule_set_preset(f->l, &set, NOW));
	OK(ledger_rule_sets(f->l, keep_id, &is));
	id = is.id;
	assert_true(is.preset);
	assert_int_equal(count(f, "SELECT count(*) FROM rule_set WHERE "
				  "rules = '{\"a\":2}'"),
	    1);
	set.id = id;
	set.version = 7;
	set.rules = "{\"a\":3}";
	assert_int_equal(
	    ledger_rule_set_put(f->l, &set, &admin, &id), LEDGER_CONFLICT);
	set.version = 0;
	OK(ledger_rule_set_put(f->l, &set, &admin, &id));
	set.rules = "{\"a\":4}";
	OK(ledger_rule_set_preset(f->l, &set, NOW));
	assert_int_equal(count(f, "SELECT count(*) FROM rule_set WHERE "
				  "rules = '{\"a\":3}'"),
	    1);
	set.id = 0;
	assert_int_equal(ledger_rule_set_put(f->l, &set, &admin, &id),
	    LEDGER_CONFLICT); /* the name is taken */
	m.rule_set = id;
	OK(ledger_meta_edit(f->l, f->a, -1, &m, &admin));
	assert_string_equal(get(f->l, f->a).rule, "FTMO");
}

struct samples {
	struct ledger_equity e[64];
	int n;
};

static int
see_equity(const struct ledger_equity *e, void *arg)
{
	struct samples *s = arg;

	assert_true(s->n < 64);
	s->e[s->n++] = *e;
	return 0;
}

static void
equity_is_thinned_with_age(void **state)
{
	struct fixture *f = *state;
	const int64_t day = 86400000, hour = 3600000, minute = 60000;
	int64_t now = INT64_C(20000) * day;
	struct samples s = {.n = 0};
	bool more = true;

	/* an hour of minutes at 100, 8 and 1 days of age */
	for (int i = 0; i < 60; i++)
		for (int age = 0; age < 3; age++) {
			int64_t at = now -
				     (age == 0      ? 100
					 : age == 1 ? 8
						    : 1) *
					 day +
				     i * minute + 500;
			struct ledger_equity e = {.at_utc_ms = at,
			    .balance = i,
			    .credit = 1,
			    .equity = 100 + i,
			    .low = i == 7 ? -5 : 100,
			    .high = 200 + i};

			OK(ledger_equity_put(f->l, f->a, &e));
		}
	for (int i = 0; more && i < 20; i++)
		OK(ledger_equity_thin(f->l, f->a, now, &more));
	assert_false(more);
	OK(ledger_equity(
	    f->l, f->a, now - 100 * day, now - 99 * day, see_equity, &s));
	assert_int_equal(s.n, 1);
	assert_int_equal(s.e[0].span_s, 3600);
	assert_int_equal(s.e[0].low, -5);
	assert_int_equal(s.e[0].high, 259);
	assert_int_equal(s.e[0].equity, 159); /* the last one's */
	assert_int_equal(
	    s.e[0].at_utc_ms, now - 100 * day + hour - minute + 500);
	s.n = 0;
	OK(ledger_equity(
	    f->l, f->a, now - 8 * day, now - 7 * day, see_equity, &s));
	assert_int_equal(s.n, 4);
	assert_int_equal(s.e[1].high, 229);
	s.n = 0;
	OK(ledger_equity(f->l, f->a, now - 1 * day, now, see_equity, &s));
	assert_int_equal(s.n, 60);
}

static void
two_samples_of_a_minute_are_one(void **state)
{
	struct fixture *f = *state;
	struct ledger_equity e = {
	    .at_utc_ms = 60000, .balance = 5, .equity = 6, .low = 4, .high = 6};
	struct samples s = {.n = 0};

	OK(ledger_equity_put(f->l, f->a, &e));
	e = (struct ledger_equity){
	    .at_utc_ms = 90000, .balance = 7, .equity = 5, .low = 5, .high = 9};
	OK(ledger_equity_put(f->l, f->a, &e));
	OK(ledger_equity(f->l, f->a, 0, 120000, see_equity, &s));
	assert_int_equal(s.n, 1);
	assert_int_equal(s.e[0].at_utc_ms, 90000);
	assert_int_equal(s.e[0].low, 4);
	assert_int_equal(s.e[0].high, 9);
	assert_int_equal(s.e[0].balance, 7);
}

static void
day_sums_come_from_the_deals(void **state)
{
	struct fixture *f = *state;
	const int64_t t = INT64_C(1782154438909);
	struct deal d[] = {deal(1, t, 2, 0, 0, 0, 0, M(1000)),
	    deal(2, t + 1000, 0, 0, 9, 1, 10, 0),
	    deal(3, t + 2000, 0, 0, 9, 1, 10, 0),
	    deal(4, t + 3000, 1, 1, 9, 1, 11, M(5)),
	    deal(5, t + 4000, 4, 0, 0, 0, 0, M(-1)),
	    deal(6, t + 86400000, 1, 1, 9, 1, 11, M(7))};
	struct ledger_day day = {0};

	put(f->l, f->a, d, 6);
	OK(ledger_day_sums(
	    f->l, f->a, t - 10800000, t - 10800000 + 86400000, &day));
	assert_int_equal(day.opened, 1);
	assert_int_equal(day.closed, 1);
	assert_int_equal(day.net, M(4));
	assert_int_equal(day.flows, M(1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_fresh_account_knows_nothing),
	    T(a_new_phase_is_a_new_period),
	    T(an_old_version_is_a_conflict),
	    T(every_change_is_in_the_audit_and_can_be_undone),
	    T(status_and_initial_balance_stay_in_the_period),
	    T(a_pause_ends_when_it_would_have),
	    T(an_undo_stays_in_its_period),
	    T(an_initial_balance_that_was_unknown_is_so_again),
	    T(limits_end_with_what_they_are_of),
	    T(flows_since_a_moment),
	    T(an_edited_preset_is_left_alone),
	    T(equity_is_thinned_with_age),
	    T(two_samples_of_a_minute_are_one),
	    T(day_sums_come_from_the_deals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
