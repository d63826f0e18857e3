/* rules_json.c: what the rules leave, in the ledger and in an account's row. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/jsonin.h"
#include "lib/trading/json_amount.h"
#include "lib/trading/money.h"
#include "lib/trading/rules_json.h"

#define LIMITS_MAX ((size_t)64 << 10)

/* ---- in the ledger: whole 1e-8, so that nothing is ever a double ---- */

static const struct {
	const char *name;
	size_t at;
} amounts[] = {
    {"level", offsetof(struct rule_line, level)},
    {"size", offsetof(struct rule_line, size)},
    {"value", offsetof(struct rule_line, value)},
    {"top", offsetof(struct rule_line, top)},
    {"pct", offsetof(struct rule_line, pct)},
};
#define AMOUNTS (sizeof(amounts) / sizeof(amounts[0]))

static struct amount *
amount_of(struct rule_line *line, size_t i)
{
	return (struct amount *)(void *)((char *)line + amounts[i].at);
}

static void
put_stored(struct json *j, enum rule_kind kind, struct rule_line line)
{
	char units[MONEY_SIZE];

	json_object(j, NULL);
	json_string(j, "kind", rule_kind_word(kind));
	for (size_t i = 0; i < AMOUNTS; i++)
		if (amount_of(&line, i)->known)
			json_string(j, amounts[i].name,
			    money_to_units(amount_of(&line, i)->v, units));
	json_string(j, "test", rule_metric_word(line.test));
	json_string(j, "mode", rule_mode_word(line.mode));
	json_string(j, "high", rule_metric_word(line.high));
	json_bool(j, "at_limit", line.at_limit);
	json_bool(j, "unjudged", line.unjudged);
	if (line.due_utc_ms != 0)
		json_id(j, "due_msc", line.due_utc_ms);
	if (line.seconds != 0)
		json_id(j, "seconds", line.seconds);
	json_bool(j, "warns", line.warns);
	json_bool(j, "broken", line.broken);
	json_bool(j, "estimated", line.estimated);
	json_end(j);
}

char *
rules_limits_json(const struct rule_limits *limits)
{
	struct json j;
	char *text;

	json_init(&j, LIMITS_MAX);
	json_object(&j, NULL);
	json_id(&j, "at_msc", limits->at_utc_ms);
	json_id(&j, "resets_msc", limits->resets_utc_ms);
	json_int(&j, "days_done", limits->days_done);
	json_array(&j, "lines");
	for (int k = 0; k < RULE_KINDS; k++)
		if (limits->line[k].is_set)
			put_stored(&j, (enum rule_kind)k, limits->line[k]);
	json_end(&j);
	json_end(&j);
	text = json_take(&j);
	json_done(&j);
	return text;
}

static bool
take_line(const cJSON *o, struct rule_line *line)
{
	const char *test, *mode, *high, *units;

	for (size_t i = 0; i < AMOUNTS; i++) {
		struct amount *a = amount_of(line, i);

		a->known = jsonin_string(o, amounts[i].name, &units) &&
			   money_from_units(units, &a->v) == 0;
	}
	line->is_set = true;
	/* not in what a migration made */
	(void)jsonin_bool(o, "at_limit", &line->at_limit);
	(void)jsonin_bool(o, "unjudged", &line->unjudged);
	(void)jsonin_bool(o, "warns", &line->warns);
	(void)jsonin_int64(o, "seconds", &line->seconds);
	(void)jsonin_int64(o, "due_msc", &line->due_utc_ms);
	return jsonin_string(o, "test", &test) &&
	       rule_metric_from(test, &line->test) &&
	       jsonin_string(o, "mode", &mode) &&
	       rule_mode_from(mode, &line->mode) &&
	       jsonin_string(o, "high", &high) &&
	       rule_metric_from(high, &line->high) &&
	       jsonin_bool(o, "broken", &line->broken) &&
	       jsonin_bool(o, "estimated", &line->estimated);
}

/* A kind of a later version is left out. */
static bool
take_lines(const cJSON *lines, struct rule_limits *out)
{
	enum rule_kind kind;
	const char *word;
	const cJSON *o;

	cJSON_ArrayForEach(o, lines) {
		if (!jsonin_string(o, "kind", &word))
			return false;
		if (rule_kind_from(word, &kind) &&
		    !take_line(o, &out->line[kind]))
			return false;
	}
	return lines != NULL;
}

int
rules_limits_parse(const char *json, struct rule_limits *out)
{
	cJSON *doc = jsonin_parse(json, strlen(json));
	bool good;

	memset(out, 0, sizeof(*out));
	good = jsonin_int64(doc, "at_msc", &out->at_utc_ms) &&
	       jsonin_int64(doc, "resets_msc", &out->resets_utc_ms) &&
	       jsonin_int(doc, "days_done", &out->days_done) &&
	       take_lines(jsonin_array(doc, "lines"), out);
	cJSON_Delete(doc);
	if (good)
		return 0;
	memset(out, 0, sizeof(*out));
	return -1;
}

/* ---- in a row ---- */

static void
put_used(struct json *j, const char *key, const struct rule_line_left *left)
{
	json_number(
	    j, key, left->used_known ? round(left->used * 1e4) / 1e4 : NAN);
}

static void
put_line(struct json *j, enum rule_kind kind, const struct rule_line *line,
    const struct rule_line_left *left)
{
	json_object(j, NULL);
	json_string(j, "kind", rule_kind_word(kind));
	json_string(j, "unit", rule_kind_unit(kind));
	json_amount(j, "level", &line->level);
	json_amount(j, "size", &line->size);
	json_amount(j, "value", &line->value);
	json_amount(j, "left", &left->left);
	put_used(j, "used", left);
	json_string(j, "test", rule_metric_word(line->test));
	json_string(j, "mode", rule_mode_word(line->mode));
	json_string(j, "high", rule_metric_word(line->high));
	json_string(j, "breach", line->at_limit ? "at_or_below" : "below");
	json_amount(j, "room", &left->room);
	json_amount(j, "rise", &left->rise);
	json_utc(j, "due_utc", line->due_utc_ms);
	json_string(j, "needs", line->unjudged ? rule_kind_needs(kind) : NULL);
	if (line->seconds != 0)
		json_int(j, "seconds", line->seconds);
	else
		json_null(j, "seconds");
	json_bool(j, "warns", line->warns);
	json_bool(j, "broken", line->broken);
	json_bool(j, "estimated", left->estimated);
	json_end(j);
}

static void
put_lines(struct json *j, const struct rule_limits *limits,
    const struct rule_left *left)
{
	json_array(j, "rule_lines");
	for (int k = 0; k < RULE_KINDS; k++)
		if (limits->line[k].is_set)
			put_line(j, (enum rule_kind)k, &limits->line[k],
			    &left->line[k]);
	json_end(j);
}

/* The five rules that there were first, each by its own names. */
static void
put_rules(struct json *j, const struct rule_limits *limits,
    const struct rule_left *left)
{
	const struct rule_line *daily = &limits->line[RULE_DAILY_LOSS];
	const struct rule_line *total = &limits->line[RULE_MAX_LOSS];
	const struct rule_line *target = &limits->line[RULE_PROFIT_TARGET];
	const struct rule_line_left *today = &left->line[RULE_DAILY_LOSS];
	const struct rule_line_left *all = &left->line[RULE_MAX_LOSS];

	json_object(j, "rules");
	json_amount(j, "today_left", &today->left);
	json_amount(j, "total_left", &all->left);
	json_amount(j, "target_left", &left->line[RULE_PROFIT_TARGET].left);
	put_used(j, "used_today", today);
	put_used(j, "used_total", all);
	json_string(j, "today_test", rule_metric_word(daily->test));
	json_string(j, "total_test", rule_metric_word(total->test));
	json_string(j, "target_test", rule_metric_word(target->test));
	json_string(j, "total_mode", rule_mode_word(total->mode));
	json_string(j, "total_high", rule_metric_word(total->high));
	json_amount(j, "total_room", &all->room);
	json_amount(j, "total_rise", &all->rise);
	json_int(j, "days_done", limits->days_done);
	json_int(j, "days_needed",
	    (int64_t)(limits->line[RULE_MIN_DAYS].level.v / MONEY_ONE));
	json_bool(j, "best_day_passed", limits->line[RULE_BEST_DAY].broken);
	json_utc(j, "resets_utc", limits->resets_utc_ms);
	json_bool(j, "estimated", left->estimated);
	json_end(j);
}

void
rules_json(struct json *j, const struct rule_limits *limits,
    const struct rule_left *left)
{
	if (left != NULL) {
		put_rules(j, limits, left);
		put_lines(j, limits, left);
	} else {
		json_null(j, "rules");
		json_null(j, "rule_lines");
	}
}
