/* rules_test.c: every kind of rule, by hand-worked figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "lib/base/file.h"
#include "lib/json/jsonin.h"
#include "lib/trading/money.h"
#include "lib/trading/rules.h"
#include "lib/trading/rules_trial.h"
#include "lib/trading/zone.h"

#define M(x) ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))
#define HOUR INT64_C(3600000)

/*
 * A story is lines of events, an hour apart unless told:
 *   s BALANCE EQUITY [LOW [HIGH]]  a sample
 *   f AMOUNT                       a flow, its sample follows
 *   r BALANCE EQUITY [est]         a reset
 * and what is expected of it at its end:
 *   verdict WORD VALUE LEVEL | daily FLOOR | total FLOOR | target LEVEL
 *   low EQUITY | high EQUITY       of the day
 */
struct story {
	const char *name, *rules;
	double initial;
	const char *events, *expect;
};

#define FTMO2                                                    \
	"{\"daily_loss\":{\"pct\":5},\"max_loss\":{\"pct\":10}," \
	"\"profit_target\":{\"pct\":10}}"
#define DAYS(days) "{\"profit_target\":{\"pct\":10}," days "}"

static const struct story stories[] = {
    /* ---- daily loss: 5 % of 100,000 is 5,000 ---- */
    {"floor is balance at reset less 5 % of initial", FTMO2, 100000,
	"s 100000 100000; r 103000 102000; s 103000 101000",
	"daily 98000; total 90000; target 110000; verdict none"},
    {"at the floor is not below it", FTMO2, 100000,
	"s 100000 100000; r 100000 100000; s 100000 95000", "verdict none"},
    {"a cent below it is", FTMO2, 100000,
	"s 100000 100000; r 100000 100000; s 100000 94999.99",
	"verdict daily_loss 94999.99 95000"},
    {"the low between two samples counts", FTMO2, 100000,
	"s 100000 100000; r 100000 100000; s 100000 99000 94000",
	"verdict daily_loss 94000 95000"},
    {"a new day, a new floor", FTMO2, 100000,
	"s 100000 96000; r 100000 96000; s 96500 96500; r 96500 96500; "
	"s 96500 92000",
	"daily 91500; verdict none"},
    {"equity at the reset does not matter to a balance baseline", FTMO2, 100000,
	"s 100000 100000; r 101000 108000; s 101000 97000",
	"daily 96000; verdict none"},
    {"baseline equity", "{\"daily_loss\":{\"pct\":5,\"baseline\":\"equity\"}}",
	100000, "s 100000 100000; r 101000 108000; s 101000 102999",
	"daily 103000; verdict daily_loss 102999 103000"},
    {"baseline is the higher, percentage is of it",
	"{\"daily_loss\":{\"pct\":5,\"of\":\"baseline\","
	"\"baseline\":\"higher\"}}",
	100000, "s 100000 100000; r 104000 102000; s 104000 99000",
	"daily 98800; verdict none"},
    {"the higher is the equity",
	"{\"daily_loss\":{\"pct\":5,\"of\":\"baseline\","
	"\"baseline\":\"higher\"}}",
	100000, "s 100000 100000; r 100000 110000; s 100000 104499.99",
	"daily 104500; verdict daily_loss 104499.99 104500"},
    {"tested on balance, equity may fall",
	"{\"daily_loss\":{\"pct\":5,\"test\":\"balance\"}}", 100000,
	"s 100000 100000; r 100000 100000; s 96000 80000 70000",
	"verdict none"},
    {"tested on balance, balance may not",
	"{\"daily_loss\":{\"pct\":5,\"test\":\"balance\"}}", 100000,
	"s 100000 100000; r 100000 100000; s 94000 99000",
	"verdict daily_loss 94000 95000"},
    {"in money", "{\"daily_loss\":{\"money\":250}}", 5000,
	"s 5000 5000; r 5000 5000; s 5000 4749",
	"daily 4750; verdict daily_loss 4749 4750"},
    {"a third of a cent does not get lost", "{\"daily_loss\":{\"pct\":3.3333}}",
	1000.01, "s 1000.01 1000.01", "daily 966.67666667; verdict none"},

    {"the day's low and high are those between the samples", FTMO2, 100000,
	"s 100000 100000; s 100000 100000 99000 101000; s 100000 100500",
	"low 99000; high 101000"},
    {"beside a flow they may be of before it", FTMO2, 100000,
	"s 100000 100000; f 1000; s 101000 101000 99000 103000",
	"low 101000; high 101000"},

    /* ---- flows within the day ---- */
    {"a deposit at noon lifts the floors", FTMO2, 100000,
	"s 100000 100000; r 100000 100000; s 100000 98000; f 10000; "
	"s 110000 108000",
	"daily 105000; total 100000; verdict none"},
    {"and is no profit", FTMO2, 100000,
	"s 100000 100000; r 100000 100000; f 10000; s 110000 110000",
	"target 120000; verdict none"},
    {"a loss behind a deposit is still one", FTMO2, 100000,
	"s 100000 100000; r 100000 100000; f 10000; s 110000 110000; "
	"s 104999 104999",
	"verdict daily_loss 104999 105000"},
    {"a low of before the deposit is not held against the floor of after",
	FTMO2, 100000,
	"s 100000 100000; r 100000 100000; f 10000; s 110000 109000 99000",
	"verdict none"},
    {"a withdrawal of profit is no loss", FTMO2, 100000,
	"s 100000 100000; r 108000 108000; f -8000; s 100000 100000",
	"daily 95000; total 90000; target 110000; verdict none"},
    {"a withdrawal beyond the profit lowers the base", FTMO2, 100000,
	"s 100000 100000; r 102000 102000; f -5000; s 97000 97000",
	"daily 92000; total 87000; target 107000; verdict none"},
    {"an account reset begins anew", FTMO2, 100000,
	"s 100000 100000; r 93000 93000; s 92000 92000; f 8000; "
	"s 100000 100000",
	"daily 95000; total 90000; target 110000; verdict none"},
    {"a reset down takes the profit away, and no more", FTMO2, 100000,
	"s 100000 100000; r 103000 103000; f -3000; s 100000 100000",
	"total 90000; target 110000; verdict none"},

    /* ---- maximum loss ---- */
    {"static, tested on the low", FTMO2, 100000,
	"s 100000 100000; r 92000 92000; s 92000 91000 89999",
	"verdict max_loss 89999 90000"},
    {"both broken: the final one is told", FTMO2, 100000,
	"s 100000 100000; r 100000 100000; s 89000 89000",
	"verdict max_loss 89000 90000"},
    {"static never moves with profit", FTMO2, 100000,
	"s 100000 100000; r 130000 130000; s 130000 130000", "total 90000"},
    {"end of day: the highest balance at a reset, less 10 % of initial",
	"{\"max_loss\":{\"pct\":10,\"mode\":\"trailing_eod\"}}", 100000,
	"s 100000 100000; s 108000 112000; r 104000 109000; s 104000 "
	"104000; r 102000 102000; s 102000 102000",
	"total 94000; verdict none"},
    {"end of day: within the day nothing trails",
	"{\"max_loss\":{\"pct\":10,\"mode\":\"trailing_eod\"}}", 100000,
	"s 100000 100000; s 108000 112000; s 99000 99000",
	"total 90000; verdict none"},
    {"end of day on equity",
	"{\"max_loss\":{\"pct\":10,\"mode\":\"trailing_eod\","
	"\"high\":\"equity\"}}",
	100000, "s 100000 100000; r 104000 109000; s 104000 98999",
	"total 99000; verdict max_loss 98999 99000"},
    {"intraday: the highest equity ever",
	"{\"max_loss\":{\"pct\":6,\"mode\":\"trailing\","
	"\"high\":\"equity\"}}",
	50000, "s 50000 50000; s 50000 51000 50000 54000; s 50000 51001",
	"total 51000; verdict none"},
    {"intraday: broken",
	"{\"max_loss\":{\"pct\":6,\"mode\":\"trailing\","
	"\"high\":\"equity\"}}",
	50000, "s 50000 50000; s 50000 54000; s 50000 50999",
	"verdict max_loss 50999 51000"},
    {"intraday: a low beside a new high is held against the old floor",
	"{\"max_loss\":{\"pct\":6,\"mode\":\"trailing\","
	"\"high\":\"equity\"}}",
	50000, "s 50000 50000; s 50000 53000 47500 56000",
	"total 53000; verdict none"},
    {"locked at the initial balance",
	"{\"max_loss\":{\"pct\":6,\"mode\":\"trailing\","
	"\"high\":\"balance\",\"lock\":\"initial\"}}",
	50000, "s 50000 50000; s 60000 60000; s 60000 50001",
	"total 50000; verdict none"},
    {"locked at an amount",
	"{\"max_loss\":{\"money\":2500,\"mode\":\"trailing\","
	"\"lock\":{\"money\":50100}}}",
	50000, "s 50000 50000; s 60000 60000; s 60000 50099",
	"total 50100; verdict max_loss 50099 50100"},

    /* ---- target ---- */
    {"on balance: floating profit is not enough", FTMO2, 100000,
	"s 100000 100000; s 109999.99 115000", "verdict none"},
    {"on balance: reached", FTMO2, 100000, "s 100000 100000; s 110000 109000",
	"verdict target_reached 110000 110000"},
    {"on equity", "{\"profit_target\":{\"pct\":8,\"basis\":\"equity\"}}",
	100000, "s 100000 100000; s 100000 108000",
	"verdict target_reached 108000 108000"},
    {"in money", "{\"profit_target\":{\"money\":500}}", 5000,
	"s 5000 5000; s 5500 5500", "verdict target_reached 5500 5500"},
    {"days are missing", DAYS("\"min_trading_days\":{\"days\":4}"), 100000,
	"s 100000 100000; s 111000 111000; days 3 0 0", "verdict none"},
    {"days are done", DAYS("\"min_trading_days\":{\"days\":4}"), 100000,
	"s 100000 100000; days 4 0 0; s 111000 111000",
	"verdict target_reached 111000 110000"},
    {"one day made too much of it", DAYS("\"best_day_max_pct\":50"), 100000,
	"s 100000 100000; days 3 6000 11000; s 111000 111000", "verdict none"},
    {"half of it is allowed", DAYS("\"best_day_max_pct\":50"), 100000,
	"s 100000 100000; days 3 5500 11000; s 111000 111000",
	"verdict target_reached 111000 110000"},

    /* ---- floating loss ---- */
    {"what is open may lose 2 %, whatever was won",
	"{\"floating_loss\":{\"pct\":2}}", 100000,
	"s 100000 100000; s 110000 108000", "verdict none"},
    {"a cent more is a breach", "{\"floating_loss\":{\"pct\":2}}", 100000,
	"s 100000 100000; s 110000 107999.99",
	"verdict floating_loss 107999.99 108000"},
    {"of the balance", "{\"floating_loss\":{\"pct\":2,\"of\":\"balance\"}}",
	100000, "s 100000 100000; s 110000 107800.01; s 110000 107799",
	"verdict floating_loss 107799 107800"},
    {"a loss that was realised is none that floats",
	"{\"floating_loss\":{\"money\":500}}", 100000,
	"s 100000 100000; s 90000 90000", "verdict none"},
    {"at the limit, where the rule says so",
	"{\"floating_loss\":{\"money\":500,\"breach\":\"at_or_below\"}}",
	100000, "s 100000 100000; s 100000 99500",
	"verdict floating_loss 99500 99500"},
    {"a breach for good counts before a pause till the reset",
	"{\"daily_loss\":{\"pct\":2,\"effect\":\"pause\"},"
	"\"floating_loss\":{\"pct\":3}}",
	100000, "s 100000 100000; r 100000 100000; s 100000 96900",
	"verdict floating_loss 96900 97000"},
    {"a pause where nothing is broken for good",
	"{\"daily_loss\":{\"pct\":2,\"effect\":\"pause\"},"
	"\"floating_loss\":{\"pct\":3}}",
	100000, "s 100000 100000; r 100000 100000; s 100000 97900",
	"verdict daily_loss 97900 98000"},

    /* ---- estimated ---- */
    {"a reconstructed baseline is said to be one", FTMO2, 100000,
	"s 100000 100000; r 100000 100000 est; s 100000 94000",
	"estimated; verdict daily_loss 94000 95000"},
};

/* What a story has come to. */
struct run {
	struct rules rules;
	struct rule_state st;
	struct rule_days days;
	struct rule_seen seen;
	int64_t at, flow;
	double initial;
};

static int
numbers(const char *text, double out[4])
{
	return sscanf(
	    text, "%lf %lf %lf %lf", &out[0], &out[1], &out[2], &out[3]);
}

static void
sample(struct run *r, const char *text)
{
	double v[4];
	int n = numbers(text, v);
	struct rule_sample s = {r->at, M(v[0]), M(v[1]), M(n > 2 ? v[2] : v[1]),
	    M(n > 3 ? v[3] : v[1])};

	if (!r->st.begun)
		rules_begin(&r->st, M(r->initial), r->at, &s);
	if (r->seen.verdict == RULE_NO_VERDICT)
		rules_sample(
		    &r->rules, &r->st, &s, r->flow, &r->days, 0, &r->seen);
	r->flow = 0;
}

static void
event(struct run *r, const char *text)
{
	double v[4];

	r->at += HOUR;
	if (strncmp(text, "days", 4) == 0) {
		numbers(text + 4, v);
		r->days = (struct rule_days){
		    .done = (int)v[0], .best = M(v[1]), .whole = M(v[2])};
	} else if (*text == 's')
		sample(r, text + 1);
	else if (*text == 'f') {
		numbers(text + 1, v);
		rules_flow(&r->rules, &r->st, r->at, M(v[0]));
		r->flow += M(v[0]);
	} else {
		assert_int_equal(*text, 'r');
		numbers(text + 1, v);
		rules_reset(&r->rules, &r->st, r->at, M(v[0]), M(v[1]),
		    strstr(text, "est") != NULL);
	}
}

static void
same(const char *name, const char *what, money_t is, double should)
{
	char text[MONEY_SIZE];

	if (is != M(should))
		fail_msg("%s: %s is %s, not %.8g", name, what,
		    money_format(is, -1, text), should);
}

static void
expect(const struct run *r, const char *name, const char *text)
{
	struct rule_limits lim;
	double v[4] = {0};
	char word[32];

	rules_limits(&r->rules, &r->st, &r->days, r->at + HOUR, &lim);
	if (sscanf(text, "daily %lf", v) == 1)
		same(name, "daily floor", lim.line[RULE_DAILY_LOSS].level.v,
		    v[0]);
	else if (sscanf(text, "total %lf", v) == 1)
		same(
		    name, "total floor", lim.line[RULE_MAX_LOSS].level.v, v[0]);
	else if (sscanf(text, "target %lf", v) == 1)
		same(
		    name, "target", lim.line[RULE_PROFIT_TARGET].level.v, v[0]);
	else if (sscanf(text, "low %lf", v) == 1)
		same(name, "the day's low", r->st.day_low, v[0]);
	else if (sscanf(text, "high %lf", v) == 1)
		same(name, "the day's high", r->st.day_high, v[0]);
	else if (strcmp(text, "estimated") == 0)
		assert_true(
		    lim.line[RULE_DAILY_LOSS].estimated && r->seen.estimated);
	else {
		assert_true(
		    sscanf(text, "verdict %31s %lf %lf", word, v, v + 1) > 0);
		if (strcmp(rule_seen_word(&r->seen), word) != 0)
			fail_msg("%s: %s, not %s", name,
			    rule_seen_word(&r->seen), word);
		same(name, "value", r->seen.value, v[0]);
		same(name, "level", r->seen.level, v[1]);
	}
}

static void
each(char *list, void (*fn)(struct run *, const char *, const char *),
    struct run *r, const char *name)
{
	char *part;

	while ((part = strsep(&list, ";")) != NULL)
		fn(r, part + strspn(part, " "), name);
}

static void
do_event(struct run *r, const char *text, const char *name)
{
	(void)name;
	event(r, text);
}

static void
do_expect(struct run *r, const char *text, const char *name)
{
	expect(r, name, text);
}

static void
stories_end_as_worked_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		const struct story *s = &stories[i];
		struct run r = {.initial = s->initial, .at = HOUR};
		char why[256] = "", *text;

		if (rules_parse(s->rules, strlen(s->rules), "F1", &r.rules, why,
			sizeof(why)) == -1)
			fail_msg("%s: %s", s->name, why);
		text = strdup(s->events);
		each(text, do_event, &r, s->name);
		free(text);
		text = strdup(s->expect);
		each(text, do_expect, &r, s->name);
		free(text);
	}
}

/* ---- a whole week in Prague, over the switch of 29 March 2026 ---- */

static int64_t
utc(const char *iso)
{
	struct tm tm = {0};

	assert_non_null(strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm));
	return (int64_t)timegm(&tm) * 1000;
}

/* Sampled each half hour; equity falls by 10 each. A day is 48 samples, the
 * day of the switch 46. */
static void
a_dst_day_is_an_hour_shorter(void **state)
{
	(void)state;
	struct rules r;
	struct rule_state st = {0};
	struct rule_days days = {0};
	struct rule_seen seen;
	struct zone_day day = {0};
	int64_t equity = M(100000);
	int resets = 0;
	char why[64];

	assert_int_equal(rules_parse(FTMO2, strlen(FTMO2), "", &r, why, 64), 0);
	for (int64_t at = utc("2026-03-27T23:00:00");
	     at < utc("2026-03-30T22:00:00"); at += HOUR / 2) {
		struct rule_sample s = {at, M(100000), equity, equity, equity};

		if (!st.begun) {
			zone_day("Europe/Prague", 0, NULL, at, &day);
			rules_begin(&st, M(100000), day.from_utc_ms, &s);
			assert_false(st.day_estimated);
		}
		if (at >= day.to_utc_ms) {
			zone_day("Europe/Prague", 0, NULL, at, &day);
			assert_int_equal(at, day.from_utc_ms);
			rules_reset(&r, &st, at, M(100000), equity, false);
			resets++;
			/* 28 March: 48 steps; 29 March: 46 */
			assert_int_equal(equity,
			    M(100000) - (resets == 1 ? 48 : 48 + 46) * M(10));
		}
		assert_int_equal(rules_sample(&r, &st, &s, 0, &days, 0, &seen),
		    RULE_NO_VERDICT);
		equity -= M(10);
	}
	assert_int_equal(resets, 2);
}

/* ---- the JSON ---- */

static void
a_phase_changes_what_stands_for_all(void **state)
{
	(void)state;
	static const char json[] =
	    "{\"daily_loss\":{\"pct\":5},\"max_loss\":{\"pct\":10},\"phases\":{"
	    "\"F1\":{\"profit_target\":{\"pct\":10}},"
	    "\"R\":{\"daily_loss\":null,\"reset\":{\"zone\":\"Europe/Prague\","
	    "\"at\":\"17:30\"}}}}";
	struct rules r;
	char why[256];

	assert_int_equal(
	    rules_parse(json, strlen(json), "F1", &r, why, 256), 0);
	assert_int_equal(r.target.size.v, M(10));
	assert_string_equal(r.zone, "server");
	assert_int_equal(rules_parse(json, strlen(json), "R", &r, why, 256), 0);
	assert_int_equal(r.target.size.kind, RULE_SIZE_NONE);
	assert_int_equal(r.daily.size.kind, RULE_SIZE_NONE);
	assert_int_equal(r.total.size.kind, RULE_SIZE_PCT);
	assert_string_equal(r.zone, "Europe/Prague");
	assert_int_equal(r.reset_minute, 1050);
}

static void
mistakes_are_quoted(void **state)
{
	(void)state;
	static const struct {
		const char *json, *why;
	} rows[] = {
	    {"{", "not JSON: \"{\""},
	    {"[]", "rules: not an object"},
	    {"{\"daily\":1}", "rules: unknown: \"daily\""},
	    {"{\"daily_loss\":{\"pct\":5,\"money\":1}}",
		"daily_loss: either pct or money"},
	    {"{\"daily_loss\":{\"pct\":-5}}",
		"daily_loss.pct: not a number above 0"},
	    {"{\"daily_loss\":{\"pct\":5,\"test\":\"higher\"}}",
		"daily_loss.test: balance or equity, not \"higher\""},
	    {"{\"daily_loss\":{\"pct\":5,\"effect\":\"cry\"}}",
		"daily_loss.effect: unknown: \"cry\""},
	    {"{\"max_loss\":{\"pct\":5,\"mode\":\"moving\"}}",
		"max_loss.mode: unknown: \"moving\""},
	    {"{\"reset\":{\"zone\":\"Europe/Atlantis\"}}",
		"reset.zone: no such time zone: \"Europe/Atlantis\""},
	    {"{\"reset\":{\"at\":\"24:00\"}}",
		"reset.at: not HH:MM: \"24:00\""},
	    {"{\"warn_at\":[0.9,0.5]}",
		"warn_at: at most 4 rising shares up to 1"},
	    {"{\"phases\":{\"F9\":{\"profit_target\":{\"pc\":1}}}}",
		"profit_target: unknown: \"pc\""},
	    {"{\"floating_loss\":{\"pct\":5,\"test\":1}}",
		"floating_loss: unknown: \"test\""},
	    {"{\"max_days\":0}", "max_days: not a number of days: 0"},
	    {"{\"max_days\":1.5}", "max_days: not a number of days: 1.5"},
	    {"{\"max_days\":\"30\"}", "max_days: not an object"},
	    {"{\"max_days\":{\"days\":30,\"form\":1}}",
		"max_days: unknown: \"form\""},
	    {"{\"inactivity_days\":{\"days\":-1}}",
		"inactivity_days.days: not a number of days"},
	    {"{\"max_lots\":{}}", "max_lots: position or all, or both"},
	    {"{\"max_lots\":{\"all\":0}}",
		"max_lots.all: not a number above 0"},
	    {"{\"max_lots\":{\"all\":1,\"effect\":\"pause\"}}",
		"max_lots.effect: unknown: \"pause\""},
	    {"{\"max_lots_position\":1}",
		"rules: unknown: \"max_lots_position\""},
	    {"{\"min_hold\":{\"seconds\":0}}",
		"min_hold.seconds: not a number of seconds"},
	    {"{\"min_hold\":{\"seconds\":60,\"of\":\"profit\"}}",
		"min_hold.of: profit needs a pct"},
	    {"{\"min_hold\":{\"seconds\":60,\"pct\":5,\"effect\":\"fail\"}}",
		"min_hold.effect: a share goes up and down, it cannot fail: "
		"\"fail\""},
	    {"{\"stop_loss\":{\"within\":60}}",
		"stop_loss: unknown: \"within\""},
	    {"{\"flat\":{}}", "flat.at: not HH:MM: \"\""},
	    {"{\"flat\":{\"at\":\"24:00\"}}", "flat.at: not HH:MM: \"24:00\""},
	    {"{\"flat\":{\"at\":\"21:00\",\"on\":\"weekend\"}}",
		"flat.on: unknown: \"weekend\""},
	    {"{\"reset\":{\"zone\":1}}", "reset.zone: not a word"},
	    {"{\"examples\":1}", "examples: not a list"},
	    {"[1]", "rules: not an object"},
	    {"{\"phases\":[1]}", "phases: not an object"},
	    {"{\"phases\":{\"F1\":[1]}}", "phases.F1: not an object"},
	    {"{\"phases\":{\"F1\":{\"phases\":{}}}}",
		"phases.F1: unknown: \"phases\""},
	    {"{\"daily_loss\":[1]}", "daily_loss: not an object"},
	    {"{\"max_loss\":[{}]}", "max_loss: not an object"},
	    {"{\"max_loss\":{\"pct\":5,\"lock\":[1]}}",
		"max_loss.lock: not a word"},
	    {"{\"profit_target\":7}", "profit_target: not an object"},
	    {"{\"min_trading_days\":[4]}", "min_trading_days: not an object"},
	    {"{\"reset\":[\"zone\"]}", "reset: not an object"},
	    {"{\"warn_at\":{\"a\":0.5}}", "warn_at: not a list"},
	    {"{\"best_day_max_pct\":[1]}",
		"rules.best_day_max_pct: not a number above 0"},
	    {"{\"min_trading_days\":{\"days\":1.5}}",
		"min_trading_days.days: not a number of days"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rules r;
		char why[256] = "";

		assert_int_equal(rules_parse(rows[i].json, strlen(rows[i].json),
				     "F1", &r, why, sizeof(why)),
		    -1);
		assert_string_equal(why, rows[i].why);
	}
}

/* The firm's own worked examples; how many. */
static int
try_examples(const cJSON *preset)
{
	const cJSON *e;
	int n = 0;

	cJSON_ArrayForEach(e, jsonin_array(preset, "examples")) {
		struct buf out;

		buf_init(&out, 4096);
		if (!rules_trial_example(
			e, jsonin_object(preset, "rules"), &out))
			fail_msg("%s", out.data);
		buf_done(&out);
		n++;
	}
	return n;
}

static void
the_presets_are_good(void **state)
{
	(void)state;
	size_t len;
	char *text = file_read("etc/rules.json", 1 << 20, &len), why[256];
	cJSON *doc = jsonin_parse(text, len);
	const cJSON *o;
	struct rules r;
	int n = 0, examples = 0;

	cJSON_ArrayForEach(o, jsonin_array(doc, "presets")) {
		int of_it = try_examples(o);
		const char *firm;

		examples += of_it;
		/* all but the one to copy */
		if (jsonin_string(o, "firm", &firm))
			assert_true(of_it > 0);
		char *json = cJSON_PrintUnformatted(jsonin_object(o, "rules"));

		assert_non_null(json);
		assert_true(cJSON_HasObjectItem(o, "source_url"));
		assert_true(cJSON_HasObjectItem(o, "verified_on"));
		if (rules_parse(
			json, strlen(json), "F1", &r, why, sizeof(why)) == -1)
			fail_msg("preset %d: %s", n, why);
		assert_int_equal(r.warn_len, 3);
		cJSON_free(json);
		n++;
	}
	assert_int_equal(n, 27);
	assert_int_equal(examples, 63);
	cJSON_Delete(doc);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stories_end_as_worked_out),
	    cmocka_unit_test(a_dst_day_is_an_hour_shorter),
	    cmocka_unit_test(a_phase_changes_what_stands_for_all),
	    cmocka_unit_test(mistakes_are_quoted),
	    cmocka_unit_test(the_presets_are_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
