/* rules_trial.c: a rule set tried on a few events. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/json/jsonin.h"
#include "lib/trading/deal.h"
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

/* A rule of trading was broken. */
static void
see_break(const struct rule_break *b, void *arg)
{
	struct rules_trial *t = arg;

	if (t->first.verdict == RULE_NO_VERDICT &&
	    !rules_only_warns(&t->rules, b->kind))
		t->first = (struct rule_seen){.verdict = RULE_KIND_BREACHED,
		    .kind = b->kind,
		    .at_utc_ms = b->at_utc_ms,
		    .value = b->value,
		    .level = b->level};
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
	rule_book_init(&t->book, &t->rules, STEP_MS, NULL);
	t->book.broke = see_break;
	t->book.arg = t;
	rule_book_end(&t->book, STEP_MS);
	t->days.trades = t->book.trades;
	return 0;
}

void
rules_trial_done(struct rules_trial *t)
{
	rule_book_done(&t->book);
}

/* ---- events ---- */

/* The account as it is then; the first limit that it broke is kept. */
static void
see(struct rules_trial *t, money_t balance, money_t equity, money_t low,
    money_t high)
{
	struct rule_sample s = {t->at_utc_ms, balance, equity, low, high};
	struct rule_seen seen;

	rules_sample(&t->rules, &t->st, &s, t->flow, NULL, 0, &seen);
	t->flow = 0;
	if (t->first.verdict == RULE_NO_VERDICT)
		t->first = seen;
	if (rules_target(&t->rules, &t->st, &t->days, &seen) != RULE_NO_VERDICT)
		t->at_target = true;
}

/* "low" and "high" are of equity since the event before. */
static int
sample(struct rules_trial *t, const cJSON *v)
{
	static const char *const names[] = {
	    "balance", "equity", "low", "high", NULL};
	money_t balance = 0, equity = 0, low, high;

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
	money_t balance = 0, equity = 0;

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
	money_t amount = 0;

	if (!is_money(v, &amount))
		return wrong_value(t, "", v, "an amount");
	rules_flow(&t->rules, &t->st, t->at_utc_ms, amount);
	if (amount > 0 && t->st.since_utc_ms == t->at_utc_ms)
		t->days = (struct rule_days){.trades = t->days.trades};
	t->flow += amount;
	return 0;
}

static int
payout(struct rules_trial *t, const cJSON *v)
{
	money_t amount = 0;

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
	money_t net = 0;

	if (only(t, v, names) == -1 || get_money(t, v, "net", &net) == -1)
		return -1;
	rules_days_add(&t->rules, &t->days, net);
	rules_trade_add(&t->rules, &t->days, net);
	t->days.done += rules_day_counts(&t->rules, t->st.initial, 1, 1, net);
	return 0;
}

/* The position of an event on trades; 1 where it is not said. */
static int
get_position(struct rules_trial *t, const cJSON *v, int64_t *id)
{
	*id = 1;
	if (!cJSON_HasObjectItem(v, "position") ||
	    jsonin_int64(v, "position", id))
		return 0;
	return wrong_value(t, "position",
	    cJSON_GetObjectItemCaseSensitive(v, "position"), "a number");
}

static int
get_lots(struct rules_trial *t, const cJSON *v, money_t *lots)
{
	if (get_money(t, v, "lots", lots) == -1)
		return -1;
	return *lots > 0 ? 0
			 : wrong_value(t, "lots",
			       cJSON_GetObjectItemCaseSensitive(v, "lots"),
			       "an amount above 0");
}

static int
open_trade(struct rules_trial *t, const cJSON *v)
{
	static const char *const names[] = {
	    "position", "lots", "stop_loss", NULL};
	struct rule_deal d = {.at_utc_ms = t->at_utc_ms, .entry = DEAL_IN};
	const cJSON *stop = cJSON_GetObjectItemCaseSensitive(v, "stop_loss");

	if (only(t, v, names) == -1 ||
	    get_position(t, v, &d.position_id) == -1 ||
	    get_lots(t, v, &d.lots) == -1)
		return -1;
	if (stop != NULL && !cJSON_IsBool(stop))
		return wrong_value(t, "stop_loss", stop, "true or false");
	if (stop != NULL)
		d.stop = cJSON_IsTrue(stop) ? RULE_STOP_KEPT : RULE_STOP_NONE;
	rule_book_deal(&t->book, &d);
	return 0;
}

static int
close_trade(struct rules_trial *t, const cJSON *v)
{
	static const char *const names[] = {"position", "lots", "net", NULL};
	struct rule_deal d = {.at_utc_ms = t->at_utc_ms, .entry = DEAL_OUT};

	if (only(t, v, names) == -1 ||
	    get_position(t, v, &d.position_id) == -1 ||
	    get_lots(t, v, &d.lots) == -1 ||
	    may_get_money(t, v, "net", &d.net) == -1)
		return -1;
	rule_book_deal(&t->book, &d);
	return 0;
}

/* Its stop loss is set now. */
static int
set_stop(struct rules_trial *t, const cJSON *v)
{
	static const char *const names[] = {"position", NULL};
	int64_t id;

	if (only(t, v, names) == -1 || get_position(t, v, &id) == -1)
		return -1;
	/* until now there was none */
	rule_book_stop(&t->book, id, t->at_utc_ms, false);
	rule_book_stop(&t->book, id, t->at_utc_ms, true);
	return 0;
}

/* What follows from the time that has passed. */
static void
look(struct rules_trial *t)
{
	struct rule_trades *now = &t->days.trades;

	for (size_t i = 0; i < t->book.open_len; i++)
		if (t->book.open[i].stop == RULE_STOP_NONE)
			rule_book_stop(
			    &t->book, t->book.open[i].id, t->at_utc_ms, false);
	rule_book_end(&t->book, t->at_utc_ms);
	*now = t->book.trades;
	if (now->days_utc_ms == 0 || now->days_utc_ms > t->at_utc_ms ||
	    t->at_target || t->late)
		return;
	t->late = true;
	see_break(&(struct rule_break){.kind = RULE_MAX_DAYS,
		      .at_utc_ms = now->days_utc_ms,
		      .value = t->rules.max_days.days * MONEY_ONE,
		      .level = t->rules.max_days.days * MONEY_ONE},
	    t);
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
    {"open", open_trade},
    {"close", close_trade},
    {"stop_loss", set_stop},
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
		    "day, open, close, stop_loss");
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
			look(t);
			return rc;
		}
	return wrong(t, "events[%d]: unknown: \"%.40s\"", t->events, v->string);
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
