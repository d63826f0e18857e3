/* live_entry_test.c: what the gateway adds to an account's message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/json/jsonin.h"
#include "live/entry.h"

#define M(x) ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))
#define HOUR INT64_C(3600000)
#define OLD_BRIDGE (-1)

/* The gateway, and a ledger with one account; the limits are of `at`. */
struct gateway {
	struct entries entries;
	struct account_facts account;
	struct facts facts;
	struct entry_facts known;
	struct event_id id;
	cJSON *doc; /* the last message */
};

/* A phase of 1,000 of which 20 were paid out; 993 at the reset. */
static void
begin(struct gateway *g)
{
	int64_t now = clock_utc_ms();

	memset(g, 0, sizeof(*g));
	entries_init(&g->entries, 65536);
	g->account = (struct account_facts){.server = (char *)"Broker-Live",
	    .login = 52001001,
	    .phase = (char *)"null",
	    .pl = {.period = 1,
		.initial_balance = {true, M(1000)},
		.has_day = true,
		.day = {.day_utc_ms = now - HOUR,
		    .next_utc_ms = now + HOUR,
		    .equity = {true, M(993)}},
		.flows_today = {true, 0},
		.flows_period = {true, M(-20)},
		.non_trade_deals = 3,
		.history_ok = true,
		.synced = {true, M(1000)},
		.has_limits = true,
		.limits = {.at_utc_ms = now - 60000,
		    .resets_utc_ms = now + HOUR,
		    .days_done = 1,
		    .line = {[RULE_DAILY_LOSS] = {.is_set = true,
				 .level = {true, M(950)},
				 .size = {true, M(50)},
				 .test = RULE_EQUITY},
			[RULE_MAX_LOSS] = {.is_set = true,
			    .level = {true, M(910)},
			    .size = {true, M(100)},
			    .test = RULE_EQUITY},
			[RULE_PROFIT_TARGET] = {.is_set = true,
			    .level = {true, M(1100)},
			    .test = RULE_EQUITY}}}}};
	g->facts = (struct facts){.known = true, .list = &g->account, .len = 1};
	g->known = (struct entry_facts){&g->facts, clock_mono_ms()};
	g->id.ms = now;
}

static void
end(struct gateway *g)
{
	cJSON_Delete(g->doc);
	entries_done(&g->entries);
}

static struct entry
make(struct gateway *g, const char *data)
{
	struct entry entry = {0};

	g->id.seq++;
	assert_true(entry_make(
	    &g->entries, g->id, data, strlen(data), &g->known, &entry));
	cJSON_Delete(g->doc);
	g->doc = jsonin_parse(entry.text, entry.len);
	assert_true(cJSON_IsObject(g->doc));
	return entry;
}

/* credit NULL: no credit; `counted` -1: the bridge counts no deposits. */
static void
tell(struct gateway *g, double balance, const char *credit, double equity,
    double profit, int counted)
{
	char text[512], cash[32] = "";

	if (counted != OLD_BRIDGE)
		snprintf(cash, sizeof(cash), ",\"cash\":%d", counted);
	snprintf(text, sizeof(text),
	    "{\"type\":\"account\",\"server\":\"Broker-Live\","
	    "\"login\":\"52001001\",\"account\":{\"balance\":%.2f,"
	    "\"credit\":%s,\"equity\":%.2f,\"profit\":%.2f}%s}",
	    balance, credit, equity, profit, cash);
	make(g, text);
}

static void
equity_is(struct gateway *g, double equity)
{
	tell(g, 1000, "0", equity, equity - 1000, 3);
}

static void
number_is(
    const struct gateway *g, const char *part, const char *key, double wanted)
{
	double v = -1e99;

	assert_true(jsonin_number(jsonin_object(g->doc, part), key, &v));
	assert_float_equal(v, wanted, 1e-12);
}

static void
null_is(const struct gateway *g, const char *part, const char *key)
{
	assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(
	    jsonin_object(g->doc, part), key)));
}

static void
bool_is(const struct gateway *g, const char *part, const char *key, bool wanted)
{
	bool v = !wanted;

	assert_true(jsonin_bool(jsonin_object(g->doc, part), key, &v));
	assert_int_equal(v, wanted);
}

static void
no_rules(const struct gateway *g)
{
	assert_true(
	    cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(g->doc, "rules")));
}

static void
nothing_but_floating(const struct gateway *g)
{
	null_is(g, "pl", "day");
	null_is(g, "pl", "total");
	null_is(g, "pl", "total_pct");
	no_rules(g);
}

static void
pl_follows_equity_by_the_last_message_alone(void **state)
{
	(void)state;
	struct gateway g;

	begin(&g);
	equity_is(&g, 900);
	equity_is(&g, 980.1);
	number_is(&g, "pl", "floating", -19.9);
	number_is(&g, "pl", "day", -12.9);
	number_is(&g, "pl", "total", 0.1);
	number_is(&g, "pl", "total_pct", 0.01);
	bool_is(&g, "pl", "estimated", false);
	end(&g);
}

static void
what_the_terminal_said_stays(void **state)
{
	(void)state;
	struct gateway g;
	struct entry e;

	begin(&g);
	equity_is(&g, 1000);
	number_is(&g, "account", "balance", 1000);
	e = make(&g, "{\"type\":\"alert\",\"text\":\"x\"}");
	assert_int_equal(e.account, 0);
	assert_int_equal(e.len, strlen("{\"type\":\"alert\",\"text\":\"x\"}"));
	assert_false(entry_make(&g.entries, g.id, "[1]", 3, &g.known, &e));
	assert_false(entry_make(&g.entries, g.id, "{x}", 3, &g.known, &e));
	assert_false(entry_make(&g.entries, g.id, "", 0, &g.known, &e));
	end(&g);
}

static void
credit_is_not_the_accounts_own(void **state)
{
	(void)state;
	struct gateway g;

	begin(&g);
	tell(&g, 1000, "500", 1500, 0, 3);
	number_is(&g, "pl", "day", 7);
	/* an unknown credit is not none */
	tell(&g, 1000, "null", 1500, 0, 3);
	nothing_but_floating(&g);
	null_is(&g, "pl", "floating");
	end(&g);
}

static void
after_a_deposit_nothing_until_the_ledger_knows_it(void **state)
{
	(void)state;
	struct gateway g;

	begin(&g);
	tell(&g, 2000, "0", 2000, 0, 4);
	nothing_but_floating(&g);
	number_is(&g, "pl", "floating", 0);
	/* another balance by trading is exact where deposits are counted */
	tell(&g, 1010, "0", 1010, 0, 3);
	number_is(&g, "pl", "day", 17);
	bool_is(&g, "pl", "estimated", false);
	/* where they are not, it may be one */
	tell(&g, 6000, "0", 6000, 0, OLD_BRIDGE);
	bool_is(&g, "pl", "estimated", true);
	bool_is(&g, "rules", "estimated", true);
	end(&g);
}

static void
what_is_left_follows_what_the_rule_tests(void **state)
{
	(void)state;
	struct gateway g;

	begin(&g);
	equity_is(&g, 980);
	number_is(&g, "rules", "today_left", 30);
	number_is(&g, "rules", "total_left", 70);
	number_is(&g, "rules", "target_left", 120);
	number_is(&g, "rules", "used_total", 0.3);
	number_is(&g, "rules", "used_today", 0.4);
	g.account.pl.limits.line[RULE_MAX_LOSS].test = RULE_BALANCE;
	g.account.pl.limits.line[RULE_PROFIT_TARGET].test = RULE_HIGHER;
	equity_is(&g, 980);
	number_is(&g, "rules", "today_left", 30);
	number_is(&g, "rules", "total_left", 90);
	number_is(&g, "rules", "target_left", 100);
	bool_is(&g, "rules", "estimated", false);
	end(&g);
}

/* Equity after equity: what is left in all then. */
static void
trailing_left(double wanted, const double *equities, size_t n)
{
	struct gateway g;
	struct rule_limits *lim = &g.account.pl.limits;

	begin(&g);
	lim->line[RULE_MAX_LOSS].mode = RULE_TRAILING;
	lim->line[RULE_MAX_LOSS].high = RULE_EQUITY;
	lim->line[RULE_MAX_LOSS].top = (struct amount){true, M(935)};
	for (size_t i = 0; i < n; i++)
		equity_is(&g, equities[i]);
	number_is(&g, "rules", "total_left", wanted);
	end(&g);
}

static void
a_floor_that_follows_each_high_stays_up(void **state)
{
	(void)state;

	/* as high as it was: the whole allowance */
	trailing_left(100, (double[]){1010}, 1);
	/* the floor goes along, and does not come back */
	trailing_left(100, (double[]){1020}, 1);
	trailing_left(80, (double[]){1020, 1000}, 2);
	trailing_left(80, (double[]){1005, 1020, 1015, 1000}, 4);
	/* up to where it is locked */
	trailing_left(65, (double[]){1060, 1000}, 2);
	trailing_left(125, (double[]){1060}, 1);
}

/* A daily loss whose floor follows the day's high, beside one of all days. */
static void
a_floor_that_follows_the_days_high_stays_up(void **state)
{
	(void)state;
	struct gateway g;
	struct rule_limits *lim = &g.account.pl.limits;

	begin(&g);
	lim->line[RULE_DAILY_LOSS].mode = RULE_TRAILING;
	lim->line[RULE_DAILY_LOSS].high = RULE_EQUITY;
	equity_is(&g, 1020);
	number_is(&g, "rules", "today_left", 50);
	equity_is(&g, 1000);
	number_is(&g, "rules", "today_left", 30);
	number_is(&g, "rules", "used_today", 0.4);
	number_is(&g, "rules", "total_left", 90);
	/* the job judged the next day: its floor is as it says */
	lim->at_utc_ms = g.id.ms;
	equity_is(&g, 1000);
	number_is(&g, "rules", "today_left", 50);
	end(&g);
}

static void
a_high_counts_until_the_limits_hold_it(void **state)
{
	(void)state;
	struct gateway g;
	struct rule_limits *lim = &g.account.pl.limits;

	begin(&g);
	lim->line[RULE_MAX_LOSS].mode = RULE_TRAILING;
	lim->line[RULE_MAX_LOSS].high = RULE_EQUITY;
	equity_is(&g, 1020);
	/* more lows than are kept: the high is not forgotten */
	for (int i = 0; i < 2 * HIGH_MAX; i++) {
		g.id.ms++;
		equity_is(&g, 1010 - i);
	}
	number_is(&g, "rules", "total_left", 979 - 920);
	/* the job judged a later moment, and its floor is as it says */
	lim->at_utc_ms = g.id.ms;
	equity_is(&g, 1000);
	number_is(&g, "rules", "total_left", 90);
	/* a payout: what was before it does not count */
	equity_is(&g, 1050);
	g.account.pl.non_trade_deals = 4;
	tell(&g, 1000, "0", 1000, 0, 4);
	number_is(&g, "rules", "total_left", 90);
	end(&g);
}

static void
past_the_reset_the_day_is_unknown(void **state)
{
	(void)state;
	struct gateway g;
	struct rule_limits *lim = &g.account.pl.limits;

	begin(&g);
	lim->resets_utc_ms = g.account.pl.day.next_utc_ms = clock_utc_ms() - 1;
	equity_is(&g, 990);
	null_is(&g, "pl", "day");
	null_is(&g, "rules", "today_left");
	null_is(&g, "rules", "used_today");
	number_is(&g, "rules", "total_left", 80);
	/* the reset may have raised a floor that follows the days' ends */
	lim->line[RULE_MAX_LOSS].mode = RULE_TRAILING_EOD;
	equity_is(&g, 1000);
	null_is(&g, "rules", "total_left");
	end(&g);
}

static void
unknown_stays_unknown(void **state)
{
	(void)state;
	struct gateway g;

	begin(&g);
	g.account.pl.has_day = g.account.pl.has_limits = false;
	equity_is(&g, 900);
	null_is(&g, "pl", "day");
	no_rules(&g);
	/* an account that the ledger has never seen */
	g.account.login = 1;
	equity_is(&g, 900);
	nothing_but_floating(&g);
	number_is(&g, "pl", "floating", -100);
	/* no ledger */
	g.facts = (struct facts){0};
	equity_is(&g, 900);
	nothing_but_floating(&g);
	number_is(&g, "pl", "floating", -100);
	end(&g);
}

static void
another_phase_is_unknown_until_the_ledger_was_read(void **state)
{
	(void)state;
	struct gateway g;

	begin(&g);
	assert_true(make(&g, "{\"type\":\"phase\",\"server\":\"Broker-Live\","
			     "\"login\":\"52001001\",\"phase\":null}")
			.is_phase);
	equity_is(&g, 1000);
	no_rules(&g);
	null_is(&g, "pl", "total");
	number_is(&g, "pl", "day", 7);
	g.known.began_mono_ms = clock_mono_ms() + 1;
	equity_is(&g, 1000);
	number_is(&g, "pl", "total", 20);
	number_is(&g, "rules", "today_left", 50);
	end(&g);
}

static void
many_accounts_are_told_apart(void **state)
{
	(void)state;
	struct gateway g;
	char text[200];

	begin(&g);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text),
		    "{\"type\":\"phase\",\"server\":\"s\",\"login\":\"%d\"}",
		    i);
		make(&g, text);
		make(&g, text);
	}
	assert_int_equal(g.entries.len, 1000);
	equity_is(&g, 1000);
	number_is(&g, "pl", "total", 20);
	end(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pl_follows_equity_by_the_last_message_alone),
	    cmocka_unit_test(what_the_terminal_said_stays),
	    cmocka_unit_test(credit_is_not_the_accounts_own),
	    cmocka_unit_test(after_a_deposit_nothing_until_the_ledger_knows_it),
	    cmocka_unit_test(what_is_left_follows_what_the_rule_tests),
	    cmocka_unit_test(a_floor_that_follows_each_high_stays_up),
	    cmocka_unit_test(a_floor_that_follows_the_days_high_stays_up),
	    cmocka_unit_test(a_high_counts_until_the_limits_hold_it),
	    cmocka_unit_test(past_the_reset_the_day_is_unknown),
	    cmocka_unit_test(unknown_stays_unknown),
	    cmocka_unit_test(
		another_phase_is_unknown_until_the_ledger_was_read),
	    cmocka_unit_test(many_accounts_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
