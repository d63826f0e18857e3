/* rules_trial_values.c: what a trial came to, word by word, and whether that is
 * what was expected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/trading/money.h"
#include "lib/trading/rules_trial.h"

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

/* Seconds from now until something has to happen. */
static struct amount
due_in(const struct rules_trial *t, const struct rule_line *line)
{
	return (struct amount){line->due_utc_ms != 0,
	    (line->due_utc_ms - t->at_utc_ms) / 1000 * MONEY_ONE};
}

/* "max_lots_left": what the line of a rule of trading says. */
static bool
line_value(const struct rules_trial *t, const char *word, struct buf *out)
{
	static const char *const parts[] = {
	    "level", "value", "left", "due_s", "broken", "judged"};
	const struct amount synced = {true, t->st.balance};
	struct rule_limits limits;
	struct rule_left left_now;
	char name[64], text[MONEY_SIZE];

	rules_limits(&t->rules, &t->st, &t->days, 0, &limits);
	rules_left(&limits, t->st.balance, t->st.equity, &synced, t->at_utc_ms,
	    &left_now);
	for (int k = RULE_MAX_DAYS; k < RULE_KINDS; k++)
		for (int i = 0; i < 6; i++) {
			const struct rule_line *line = &limits.line[k];
			struct amount a[] = {line->level, line->value,
			    left_now.line[k].left, due_in(t, line)};

			snprintf(name, sizeof(name), "%s_%s",
			    rule_kind_word((enum rule_kind)k), parts[i]);
			if (strcmp(name, word) != 0)
				continue;
			if (i == 4)
				buf_puts(out, line->broken ? "true" : "false");
			else if (i == 5)
				buf_puts(
				    out, line->unjudged ? "false" : "true");
			else
				buf_puts(out,
				    a[i].known ? money_format(a[i].v, -1, text)
					       : "null");
			return true;
		}
	return false;
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
		return line_value(t, word, out);
	return true;
}

bool
rules_trial_has(const struct rules_trial *t, enum rule_kind kind)
{
	struct rule_limits limits;

	rules_limits(&t->rules, &t->st, &t->days, 0, &limits);
	return limits.line[kind].is_set;
}

/* A number as it is written, with no double between. */
static void
put_value(const struct rules_trial *t, struct json *j, const char *key,
    const char *of)
{
	struct buf text;
	char *word = mem_printf("%s_%s", of, key);

	buf_init(&text, MONEY_SIZE);
	(void)rules_trial_value(t, word, &text);
	json_raw(j, key, text.data, text.len);
	buf_done(&text);
	free(word);
}

static void
put_lines(const struct rules_trial *t, struct json *j)
{
	static const char *const parts[] = {
	    "level", "value", "left", "due_s", "broken", "judged"};

	json_array(j, "lines");
	for (int k = RULE_MAX_DAYS; k < RULE_KINDS; k++) {
		const char *word = rule_kind_word((enum rule_kind)k);

		if (!rules_trial_has(t, (enum rule_kind)k))
			continue;
		json_object(j, NULL);
		json_string(j, "kind", word);
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			put_value(t, j, parts[i], word);
		json_end(j);
	}
	json_end(j);
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
	put_lines(t, j);
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

bool
rules_trial_example(const cJSON *example, const cJSON *rules, struct buf *out)
{
	struct rules_trial t;
	bool good = false;

	if (rules_trial_run(&t, example, rules, NULL, NULL) == 0)
		good = compare(&t,
		    cJSON_GetObjectItemCaseSensitive(example, "expect"), out);
	else
		buf_printf(out, "expected an example got %s", t.why);
	rules_trial_done(&t);
	return good;
}
