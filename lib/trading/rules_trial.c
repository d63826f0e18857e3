/* rules_trial.c: a rule set tried on a few events. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/json/jsonin.h"
#include "lib/trading/money.h"
#include "lib/trading/rules_trial.h"

#define STEP_MS (INT64_C(3600) * 1000)

static int wrong(struct rules_trial *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static int
wrong(struct rules_trial *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->why, sizeof(t->why), fmt, ap);
	va_end(ap);
	return -1;
}

static bool
get_money(const cJSON *o, const char *key, money_t *out)
{
	double v;

	return jsonin_number(o, key, &v) && money_from_double(v, out) == 0;
}

int
rules_trial_begin(struct rules_trial *t, const char *rules, size_t len,
    const char *phase, money_t initial)
{
	struct rule_sample s = {STEP_MS, initial, initial, initial, initial};

	memset(t, 0, sizeof(*t));
	t->at_utc_ms = STEP_MS;
	if (rules_parse(rules, len, phase, &t->rules, t->why, sizeof(t->why)) ==
	    -1)
		return -1;
	rules_begin(&t->st, initial, STEP_MS, &s);
	return 0;
}

/* ---- events ---- */

/* The account as it is then; the first limit that it broke is kept. */
static void
see(struct rules_trial *t, money_t balance, money_t equity, money_t low,
    money_t high)
{
	struct rule_sample s = {t->at_utc_ms, balance, equity, low, high};
	struct rule_seen seen;

	rules_sample(&t->rules, &t->st, &s, t->flow, NULL, &seen);
	t->flow = 0;
	if (t->first.verdict == RULE_NO_VERDICT)
		t->first = seen;
}

/* "low" and "high" are of equity since the event before. */
static int
sample(struct rules_trial *t, const cJSON *v)
{
	money_t balance, equity, low, high;

	if (!get_money(v, "balance", &balance) ||
	    !get_money(v, "equity", &equity))
		return wrong(t, "sample: balance and equity are numbers");
	low = high = equity;
	(void)get_money(v, "low", &low);
	(void)get_money(v, "high", &high);
	see(t, balance, equity, money_min(low, equity),
	    money_max(high, equity));
	return 0;
}

/* A day ends with these, which are judged by its own floors. */
static int
reset(struct rules_trial *t, const cJSON *v)
{
	money_t balance, equity;

	if (!get_money(v, "balance", &balance) ||
	    !get_money(v, "equity", &equity))
		return wrong(t, "reset: balance and equity are numbers");
	see(t, balance, equity, equity, equity);
	rules_reset(&t->rules, &t->st, t->at_utc_ms, balance, equity, false);
	return 0;
}

static int
flow(struct rules_trial *t, const cJSON *v)
{
	money_t amount;

	if (!cJSON_IsNumber(v) ||
	    money_from_double(v->valuedouble, &amount) == -1)
		return wrong(t, "flow: not an amount");
	rules_flow(&t->rules, &t->st, t->at_utc_ms, amount);
	if (t->st.since_utc_ms == t->at_utc_ms)
		memset(&t->days, 0, sizeof(t->days));
	t->flow += amount;
	return 0;
}

static int
payout(struct rules_trial *t, const cJSON *v)
{
	money_t amount;

	if (!cJSON_IsNumber(v) ||
	    money_from_double(v->valuedouble, &amount) == -1 || amount <= 0)
		return wrong(t, "payout: not an amount above 0");
	rules_payout(&t->rules, &t->st, t->at_utc_ms, amount);
	if (t->rules.best_day.since == RULE_SINCE_PAYOUT)
		memset(&t->days, 0, sizeof(t->days));
	t->flow -= amount;
	return 0;
}

/* Of a day there is nothing but its net: it stands for its only trade. */
static int
day(struct rules_trial *t, const cJSON *v)
{
	money_t net;

	if (!get_money(v, "net", &net))
		return wrong(t, "day: net is a number");
	rules_days_add(&t->rules, &t->days, net);
	rules_trade_add(&t->rules, &t->days, net);
	return 0;
}

int
rules_trial_event(struct rules_trial *t, const cJSON *event)
{
	static const struct {
		const char *word;
		int (*happens)(struct rules_trial *t, const cJSON *v);
	} kinds[] = {
	    {"sample", sample},
	    {"reset", reset},
	    {"flow", flow},
	    {"payout", payout},
	    {"day", day},
	};
	const cJSON *v = cJSON_IsObject(event) ? event->child : NULL;

	if (v == NULL || v->next != NULL)
		return wrong(t, "an event is an object with one member");
	t->at_utc_ms += STEP_MS;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].word, v->string) == 0)
			return kinds[i].happens(t, v);
	return wrong(t, "no such event: \"%.40s\"", v->string);
}

/* ---- what came out ---- */

static const char *
verdict_word(const struct rule_seen *seen)
{
	switch (seen->verdict) {
	case RULE_DAILY_BREACHED:
		return "daily";
	case RULE_TOTAL_BREACHED:
		return "total";
	case RULE_NO_VERDICT:
	case RULE_TARGET_REACHED:
		return "none";
	case RULE_KIND_BREACHED:
		break;
	}
	return rule_seen_word(seen);
}

static bool
amount_of(const struct rules_trial *t, const char *word, struct amount *out)
{
	const struct rule_line *daily, *total;
	struct rule_limits limits;

	rules_limits(&t->rules, &t->st, &t->days, 0, &limits);
	daily = &limits.line[RULE_DAILY_LOSS];
	total = &limits.line[RULE_MAX_LOSS];
	if (strcmp(word, "total_floor") == 0)
		*out = total->level;
	else if (strcmp(word, "daily_floor") == 0)
		*out = daily->level;
	else if (strcmp(word, "daily_allowance") == 0)
		*out = daily->size;
	else if (strcmp(word, "daily_left") == 0)
		*out = (struct amount){
		    daily->level.known, t->st.equity - daily->level.v};
	else
		return false;
	return true;
}

bool
rules_trial_value(
    const struct rules_trial *t, const char *word, struct buf *out)
{
	char text[MONEY_SIZE];
	struct amount a;

	if (strcmp(word, "verdict") == 0)
		buf_puts(out, verdict_word(&t->first));
	else if (strcmp(word, "best_day_ok") == 0)
		buf_puts(out, rules_best_day_passed(&t->rules, &t->days)
				  ? "false"
				  : "true");
	else if (amount_of(t, word, &a))
		buf_puts(out, a.known ? money_format(a.v, -1, text) : "null");
	else
		return false;
	return true;
}

/* A value of `expect` as rules_trial_value writes it. */
static void
put_expected(struct buf *out, const cJSON *v)
{
	char text[MONEY_SIZE];
	money_t m;

	if (cJSON_IsString(v))
		buf_puts(out, v->valuestring);
	else if (cJSON_IsBool(v))
		buf_puts(out, cJSON_IsTrue(v) ? "true" : "false");
	else if (cJSON_IsNumber(v) &&
		 money_from_double(v->valuedouble, &m) == 0)
		buf_puts(out, money_format(m, -1, text));
	else
		buf_puts(out, "null");
}

static bool
compare(const struct rules_trial *t, const cJSON *expect, struct buf *out)
{
	struct buf should, is;
	bool good = cJSON_IsObject(expect) && expect->child != NULL;
	const cJSON *v;

	buf_init(&should, 4096);
	buf_init(&is, 4096);
	cJSON_ArrayForEach(v, expect) {
		const char *gap = should.len > 0 ? ", " : "";
		size_t from_should, from_is;

		buf_printf(&should, "%s%s ", gap, v->string);
		buf_printf(&is, "%s%s ", gap, v->string);
		from_should = should.len;
		from_is = is.len;
		put_expected(&should, v);
		if (!rules_trial_value(t, v->string, &is))
			buf_puts(&is, "no such word");
		good = good && strcmp(should.data + from_should,
				   is.data + from_is) == 0;
	}
	buf_printf(out, "expected %s got %s",
	    should.len > 0 ? should.data : "nothing",
	    is.len > 0 ? is.data : "nothing");
	buf_done(&should);
	buf_done(&is);
	return good;
}

static int
run(struct rules_trial *t, const cJSON *example, const cJSON *rules)
{
	const char *phase = "F1";
	const cJSON *e;
	money_t initial;
	char *text;
	int rc;

	(void)jsonin_string(example, "phase", &phase);
	if (!get_money(example, "initial", &initial) || initial <= 0)
		return wrong(t, "initial: not a number above 0");
	if (rules == NULL)
		return wrong(t, "rules: not there");
	text = cJSON_PrintUnformatted(rules);
	rc = rules_trial_begin(t, text, strlen(text), phase, initial);
	cJSON_free(text);
	if (rc == 0 && jsonin_array(example, "events") == NULL)
		rc = wrong(t, "events: not a list");
	cJSON_ArrayForEach(e, jsonin_array(example, "events")) {
		if (rc == 0)
			rc = rules_trial_event(t, e);
	}
	return rc;
}

bool
rules_trial_example(const cJSON *example, const cJSON *rules, struct buf *out)
{
	struct rules_trial t = {.at_utc_ms = 0};

	if (rules == NULL)
		rules = cJSON_GetObjectItemCaseSensitive(example, "rules");
	if (run(&t, example, rules) == 0)
		return compare(&t,
		    cJSON_GetObjectItemCaseSensitive(example, "expect"), out);
	buf_printf(out, "expected an example got %s", t.why);
	return false;
}
