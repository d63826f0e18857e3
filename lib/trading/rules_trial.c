/* rules_trial.c: a rule set tried on a few events. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/json/jsonin.h"
#include "lib/trading/money.h"
#include "lib/trading/rule_floors.h"
#include "lib/trading/rules_trial.h"

#define STEP_MS (INT64_C(3600) * 1000)
/* No event comes later than ten years behind the one before. */
#define AFTER_MAX_S (10.0 * 366 * 86400)

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

/* With the value itself, as it stands in the file. */
static int
wrong_value(
    struct rules_trial *t, const char *key, const cJSON *v, const char *should)
{
	char *text = v != NULL ? cJSON_PrintUnformatted(v) : NULL;
	bool in = *t->where != '\0', named = *key != '\0';

	if (text == NULL)
		wrong(t, "%s%s%s: missing", t->where, in && named ? "." : "",
		    key);
	else
		wrong(t, "%s%s%s%snot %s: %.60s", t->where,
		    in && named ? "." : "", key, in || named ? ": " : "",
		    should, text);
	cJSON_free(text);
	return -1;
}

static bool
is_money(const cJSON *v, money_t *out)
{
	return cJSON_IsNumber(v) && money_from_double(v->valuedouble, out) == 0;
}

static int
get_money(struct rules_trial *t, const cJSON *o, const char *key, money_t *out)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

	return is_money(v, out) ? 0 : wrong_value(t, key, v, "an amount");
}

/* out stays where the member is not there. */
static int
may_get_money(
    struct rules_trial *t, const cJSON *o, const char *key, money_t *out)
{
	return cJSON_HasObjectItem(o, key) ? get_money(t, o, key, out) : 0;
}

/* An object with no other members than those; the list ends with NULL. */
static int
only(struct rules_trial *t, const cJSON *o, const char *const names[])
{
	const cJSON *m;
	int i;

	if (!cJSON_IsObject(o))
		return wrong_value(t, "", o, "an object");
	cJSON_ArrayForEach(m, o) {
		for (i = 0; names[i] != NULL; i++)
			if (strcmp(names[i], m->string) == 0)
				break;
		if (names[i] == NULL)
			return wrong(t, "%s%sunknown: \"%.40s\"", t->where,
			    *t->where != '\0' ? ": " : "", m->string);
	}
	return 0;
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
	static const char *const names[] = {
	    "balance", "equity", "low", "high", NULL};
	money_t balance, equity, low, high;

	if (only(t, v, names) == -1 ||
	    get_money(t, v, "balance", &balance) == -1 ||
	    get_money(t, v, "equity", &equity) == -1)
		return -1;
	low = high = equity;
	if (may_get_money(t, v, "low", &low) == -1 ||
	    may_get_money(t, v, "high", &high) == -1)
		return -1;
	see(t, balance, equity, money_min(low, equity),
	    money_max(high, equity));
	return 0;
}

/* A day ends with these, which are judged by its own floors. */
static int
reset(struct rules_trial *t, const cJSON *v)
{
	static const char *const names[] = {"balance", "equity", NULL};
	money_t balance, equity;

	if (only(t, v, names) == -1 ||
	    get_money(t, v, "balance", &balance) == -1 ||
	    get_money(t, v, "equity", &equity) == -1)
		return -1;
	see(t, balance, equity, equity, equity);
	rules_reset(&t->rules, &t->st, t->at_utc_ms, balance, equity, false);
	return 0;
}

static int
flow(struct rules_trial *t, const cJSON *v)
{
	money_t amount;

	if (!is_money(v, &amount))
		return wrong_value(t, "", v, "an amount");
	rules_flow(&t->rules, &t->st, t->at_utc_ms, amount);
	if (amount > 0 && t->st.since_utc_ms == t->at_utc_ms)
		memset(&t->days, 0, sizeof(t->days));
	t->flow += amount;
	return 0;
}

static int
payout(struct rules_trial *t, const cJSON *v)
{
	money_t amount;

	if (!is_money(v, &amount) || amount <= 0)
		return wrong_value(t, "", v, "an amount above 0");
	rules_payout(&t->rules, &t->st, t->at_utc_ms, amount);
	if (t->rules.best_day.since == RULE_SINCE_PAYOUT)
		t->days.best = t->days.whole = 0;
	if (t->rules.days.since == RULE_SINCE_PAYOUT)
		t->days.done = 0;
	t->flow -= amount;
	return 0;
}

/* Of a day there is nothing but its net: it stands for its only trade. */
static int
day(struct rules_trial *t, const cJSON *v)
{
	static const char *const names[] = {"net", NULL};
	money_t net;

	if (only(t, v, names) == -1 || get_money(t, v, "net", &net) == -1)
		return -1;
	rules_days_add(&t->rules, &t->days, net);
	rules_trade_add(&t->rules, &t->days, net);
	t->days.done += rules_day_counts(&t->rules, t->st.initial, 1, 1, net);
	return 0;
}

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
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool
is_aside(const char *word)
{
	return strcmp(word, "after_s") == 0 || strcmp(word, "note") == 0;
}

/* The member that says what happens; NULL where there is none. */
static const cJSON *
event_member(const cJSON *event)
{
	const cJSON *m;

	if (cJSON_IsObject(event))
		cJSON_ArrayForEach(m, event)
			if (!is_aside(m->string))
				return m;
	return NULL;
}

const char *
rules_trial_kind(const cJSON *event)
{
	const cJSON *m = event_member(event);

	return m != NULL ? m->string : "";
}

/* An hour behind the one before, or after_s. */
static int
pass_time(struct rules_trial *t, const cJSON *event)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(event, "after_s");

	if (v == NULL) {
		t->at_utc_ms += STEP_MS;
		return 0;
	}
	if (!cJSON_IsNumber(v) || v->valuedouble < 0 ||
	    v->valuedouble > AFTER_MAX_S)
		return wrong_value(t, "after_s", v, "seconds");
	t->at_utc_ms += (int64_t)(v->valuedouble * 1000);
	return 0;
}

int
rules_trial_event(struct rules_trial *t, const cJSON *event)
{
	const cJSON *v = event_member(event), *m;
	int rc;

	snprintf(t->where, sizeof(t->where), "events[%d]", t->events);
	if (v == NULL)
		return wrong_value(t, "", event,
		    "an object with one event: sample, reset, flow, payout, "
		    "day");
	cJSON_ArrayForEach(m, event)
		if (m != v && !is_aside(m->string))
			return wrong(t,
			    "%s: two events in one: \"%.40s\" and "
			    "\"%.40s\"",
			    t->where, v->string, m->string);
	if (pass_time(t, event) == -1)
		return -1;
	snprintf(t->where, sizeof(t->where), "events[%d].%.40s", t->events,
	    v->string);
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].word, v->string) == 0) {
			rc = kinds[i].happens(t, v);
			t->events++;
			return rc;
		}
	return wrong(t, "events[%d]: unknown: \"%.40s\"", t->events, v->string);
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

/* Above a floor: what is tested, less that. */
static struct amount
left(const struct rules_trial *t, const struct rule_line *line,
    enum rule_metric test)
{
	return (struct amount){line->level.known,
	    rules_value(test, t->st.balance, t->st.equity) - line->level.v};
}

static bool
amount_of(const struct rules_trial *t, const char *word, struct amount *out)
{
	const struct rule_line *daily, *total, *target;
	struct rule_limits limits;

	rules_limits(&t->rules, &t->st, &t->days, 0, &limits);
	daily = &limits.line[RULE_DAILY_LOSS];
	total = &limits.line[RULE_MAX_LOSS];
	target = &limits.line[RULE_PROFIT_TARGET];
	if (strcmp(word, "total_floor") == 0)
		*out = total->level;
	else if (strcmp(word, "total_left") == 0)
		*out = left(t, total, total->test);
	else if (strcmp(word, "daily_floor") == 0)
		*out = daily->level;
	else if (strcmp(word, "daily_allowance") == 0)
		*out = daily->size;
	else if (strcmp(word, "daily_left") == 0)
		*out = left(t, daily, RULE_EQUITY);
	else if (strcmp(word, "target_level") == 0)
		*out = target->level;
	else if (strcmp(word, "days_done") == 0)
		*out = (struct amount){true, t->days.done * MONEY_ONE};
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

void
rules_trial_json(const struct rules_trial *t, struct json *j)
{
	static const char *const words[] = {"total_floor", "total_left",
	    "daily_floor", "daily_allowance", "daily_left", "target_level",
	    "days_done"};
	struct amount a;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct buf text;

		if (!amount_of(t, words[i], &a) || !a.known) {
			json_null(j, words[i]);
			continue;
		}
		buf_init(&text, MONEY_SIZE);
		rules_trial_value(t, words[i], &text);
		json_raw(j, words[i], text.data, text.len);
		buf_done(&text);
	}
	json_string(j, "verdict", verdict_word(&t->first));
	json_bool(
	    j, "best_day_ok", !rules_best_day_passed(&t->rules, &t->days));
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
	else if (is_money(v, &m))
		buf_puts(out, money_format(m, -1, text));
	else
		buf_puts(out, "null");
}

/* Amounts are compared to the cent, or to the last digit that is expected
 * where that is finer: a firm writes 3,070.00 where 3 % are 3,069.9999. */
static bool
is_same(const char *expected, const char *got)
{
	const char *dot = strchr(expected, '.');
	char a[MONEY_SIZE], b[MONEY_SIZE];
	int digits = dot != NULL ? (int)strlen(dot + 1) : 0;
	money_t should, is;

	if (strcmp(expected, got) == 0)
		return true;
	if (money_from_text(expected, &should) == -1 ||
	    money_from_text(got, &is) == -1)
		return false;
	if (digits < 2)
		digits = 2;
	return digits <= MONEY_DIGITS && strcmp(money_format(should, digits, a),
					     money_format(is, digits, b)) == 0;
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
		good = good &&
		       is_same(should.data + from_should, is.data + from_is);
	}
	buf_printf(out, "expected %s got %s",
	    should.len > 0 ? should.data : "nothing",
	    is.len > 0 ? is.data : "nothing");
	buf_done(&should);
	buf_done(&is);
	return good;
}

int
rules_trial_run(struct rules_trial *t, const cJSON *example, const cJSON *rules,
    rules_trial_fn step, void *arg)
{
	/* the last ones only describe it */
	static const char *const names[] = {"phase", "initial", "rules",
	    "events", "expect", "name", "source", "source_url", "verified_on",
	    "note", "derived", NULL};
	const cJSON *e, *events, *phase;
	money_t initial = 0;
	char *text;
	int rc;

	memset(t, 0, sizeof(*t));
	if (only(t, example, names) == -1)
		return -1;
	phase = cJSON_GetObjectItemCaseSensitive(example, "phase");
	events = cJSON_GetObjectItemCaseSensitive(example, "events");
	if (rules == NULL)
		rules = cJSON_GetObjectItemCaseSensitive(example, "rules");
	if (phase != NULL && !cJSON_IsString(phase))
		return wrong_value(t, "phase", phase, "a word");
	if (get_money(t, example, "initial", &initial) == -1)
		return -1;
	if (initial <= 0)
		return wrong_value(t, "initial",
		    cJSON_GetObjectItemCaseSensitive(example, "initial"),
		    "an amount above 0");
	if (!cJSON_IsObject(rules))
		return wrong_value(t, "rules", rules, "an object");
	if (!cJSON_IsArray(events))
		return wrong_value(t, "events", events, "a list");
	text = cJSON_PrintUnformatted(rules);
	rc = rules_trial_begin(t, text, strlen(text),
	    phase != NULL ? phase->valuestring : "F1", initial);
	cJSON_free(text);
	if (rc == 0 && step != NULL)
		step(t, NULL, arg);
	cJSON_ArrayForEach(e, events) {
		if (rc == 0)
			rc = rules_trial_event(t, e);
		if (rc == 0 && step != NULL)
			step(t, e, arg);
	}
	return rc;
}

bool
rules_trial_example(const cJSON *example, const cJSON *rules, struct buf *out)
{
	struct rules_trial t;

	if (rules_trial_run(&t, example, rules, NULL, NULL) == 0)
		return compare(&t,
		    cJSON_GetObjectItemCaseSensitive(example, "expect"), out);
	buf_printf(out, "expected an example got %s", t.why);
	return false;
}
