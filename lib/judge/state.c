/* state.c: the state of a period as JSON, between two runs. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/judge/subject.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"

#define STATE_MAX 32768

/* Whole numbers only: amounts are in 1e-8, and none is ever a double. */
struct state_field {
	const char *name;
	size_t at;
};

static const struct state_field amounts[] = {
    {"initial", offsetof(struct saved, st.initial)},
    {"base", offsetof(struct saved, st.base)},
    {"balance", offsetof(struct saved, st.balance)},
    {"equity", offsetof(struct saved, st.equity)},
    {"peak_balance", offsetof(struct saved, st.peak_balance)},
    {"peak_equity", offsetof(struct saved, st.peak_equity)},
    {"eod_balance", offsetof(struct saved, st.eod_balance)},
    {"eod_equity", offsetof(struct saved, st.eod_equity)},
    {"day_balance", offsetof(struct saved, st.day_balance)},
    {"day_equity", offsetof(struct saved, st.day_equity)},
    {"day_low", offsetof(struct saved, st.day_low)},
    {"day_high", offsetof(struct saved, st.day_high)},
    {"day_peak_balance", offsetof(struct saved, st.day_peak_balance)},
    {"day_peak_equity", offsetof(struct saved, st.day_peak_equity)},
    {"lock_level", offsetof(struct saved, st.lock_level)},
    {"low_daily", offsetof(struct saved, st.low_daily.v)},
    {"low_total", offsetof(struct saved, st.low_total.v)},
    {"first_balance", offsetof(struct saved, first_balance)},
    {"first_equity", offsetof(struct saved, first_equity)},
    {"credit", offsetof(struct saved, credit)},
};
#define AMOUNTS (sizeof(amounts) / sizeof(amounts[0]))

static const struct state_field moments[] = {
    {"at_msc", offsetof(struct saved, st.at_utc_ms)},
    {"sampled_msc", offsetof(struct saved, st.sampled_utc_ms)},
    {"since_msc", offsetof(struct saved, st.since_utc_ms)},
    {"day_msc", offsetof(struct saved, st.day_utc_ms)},
    {"payout_msc", offsetof(struct saved, st.payout_utc_ms)},
    {"started_msc", offsetof(struct saved, st.started_utc_ms)},
    {"traded_msc", offsetof(struct saved, st.traded_utc_ms)},
    {"next_msc", offsetof(struct saved, next_utc_ms)},
    {"sync_msc", offsetof(struct saved, sync_utc_ms)},
    {"full_msc", offsetof(struct saved, full_utc_ms)},
    {"resumed_msc", offsetof(struct saved, resumed_utc_ms)},
    {"excused", offsetof(struct saved, excused)},
    {"annul_utc_ms", offsetof(struct saved, annul_utc_ms)},
};
#define MOMENTS (sizeof(moments) / sizeof(moments[0]))

static int64_t *
moment_of(struct saved *saved, size_t i)
{
	return (int64_t *)(void *)((char *)saved + moments[i].at);
}

static money_t *
amount_of(struct saved *saved, size_t i)
{
	return (money_t *)(void *)((char *)saved + amounts[i].at);
}

/* Moments are ids, which never are doubles. */
static void
put_notes(struct json *j, const struct trade_notes *n)
{
	json_id(j, "trades_utc_ms", n->judged_utc_ms);
	json_id(j, "trades_synced_utc_ms", n->synced_utc_ms);
	json_array(j, "stops");
	for (int i = 0; i < n->len; i++) {
		json_object(j, NULL);
		json_id(j, "id", n->stops[i].id);
		json_id(j, "seen", n->stops[i].seen_utc_ms);
		json_id(j, "with", n->stops[i].with_utc_ms);
		json_id(j, "without", n->stops[i].without_utc_ms);
		json_end(j);
	}
	json_end(j);
}

/* A state of an older version has none. */
static void
read_notes(const cJSON *doc, struct trade_notes *n)
{
	const cJSON *o;

	(void)jsonin_int64(doc, "trades_utc_ms", &n->judged_utc_ms);
	(void)jsonin_int64(doc, "trades_synced_utc_ms", &n->synced_utc_ms);
	cJSON_ArrayForEach(o, jsonin_array(doc, "stops")) {
		struct stop_note *s = &n->stops[n->len];

		if (n->len < STOP_NOTES_MAX && jsonin_int64(o, "id", &s->id) &&
		    jsonin_int64(o, "seen", &s->seen_utc_ms) &&
		    jsonin_int64(o, "with", &s->with_utc_ms) &&
		    jsonin_int64(o, "without", &s->without_utc_ms))
			n->len++;
	}
}

char *
state_json(const struct saved *saved)
{
	struct saved copy = *saved;
	struct json j;
	char units[MONEY_SIZE], *text;

	json_init(&j, STATE_MAX);
	json_object(&j, NULL);
	for (size_t i = 0; i < AMOUNTS; i++)
		json_string(&j, amounts[i].name,
		    money_to_units(*amount_of(&copy, i), units));
	for (size_t i = 0; i < MOMENTS; i++)
		json_id(&j, moments[i].name, *moment_of(&copy, i));
	json_string(&j, "date", saved->date);
	json_id(&j, "rules_hash", (int64_t)saved->rules_hash);
	json_id(&j, "flows_hash", (int64_t)saved->flows_hash);
	json_id(&j, "annul_hash", (int64_t)saved->annul_hash);
	json_bool(&j, "day_estimated", saved->st.day_estimated);
	json_bool(&j, "eod_estimated", saved->st.eod_estimated);
	json_bool(&j, "peak_estimated", saved->st.peak_estimated);
	json_bool(&j, "locked", saved->st.locked);
	json_bool(&j, "low_known", saved->st.low_daily.known);
	put_notes(&j, &saved->notes);
	json_object(&j, "stages");
	for (int k = 0; k < RULE_KINDS; k++)
		if (saved->st.stage[k] != 0)
			json_int(&j, rule_kind_word((enum rule_kind)k),
			    saved->st.stage[k]);
	json_end(&j);
	json_end(&j);
	text = json_take(&j);
	json_done(&j);
	return text;
}

static bool
read_fields(const cJSON *doc, struct saved *s)
{
	const cJSON *stages = jsonin_object(doc, "stages");
	const char *date, *units;
	int64_t hash, flows, annulled;

	for (size_t i = 0; i < AMOUNTS; i++)
		if (!jsonin_string(doc, amounts[i].name, &units) ||
		    money_from_units(units, amount_of(s, i)) == -1)
			return false;
	for (size_t i = 0; i < MOMENTS; i++)
		if (!jsonin_int64(doc, moments[i].name, moment_of(s, i)))
			return false;
	if (!jsonin_string(doc, "date", &date) ||
	    !jsonin_int64(doc, "rules_hash", &hash) ||
	    !jsonin_int64(doc, "flows_hash", &flows) ||
	    !jsonin_int64(doc, "annul_hash", &annulled) ||
	    !jsonin_bool(doc, "day_estimated", &s->st.day_estimated) ||
	    !jsonin_bool(doc, "eod_estimated", &s->st.eod_estimated) ||
	    !jsonin_bool(doc, "peak_estimated", &s->st.peak_estimated) ||
	    !jsonin_bool(doc, "locked", &s->st.locked) ||
	    !jsonin_bool(doc, "low_known", &s->st.low_daily.known) ||
	    stages == NULL)
		return false;
	snprintf(s->date, sizeof(s->date), "%s", date);
	s->rules_hash = (uint64_t)hash;
	s->flows_hash = (uint64_t)flows;
	s->annul_hash = (uint64_t)annulled;
	for (int k = 0; k < RULE_KINDS; k++)
		(void)jsonin_int(
		    stages, rule_kind_word((enum rule_kind)k), &s->st.stage[k]);
	read_notes(doc, &s->notes);
	s->st.low_total.known = s->st.low_daily.known;
	s->st.begun = true;
	return true;
}

int
state_parse(const char *json, struct saved *saved)
{
	struct saved s = {0};
	cJSON *doc = jsonin_parse(json, strlen(json));
	bool good = read_fields(doc, &s);

	if (!good) {
		memset(&s, 0, sizeof(s));
		(void)jsonin_int64(doc, "at_msc", &s.st.at_utc_ms);
	}
	cJSON_Delete(doc);
	*saved = s;
	return good ? 0 : -1;
}
