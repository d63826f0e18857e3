/* rules_reader.c: a rule set's JSON, member by member. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/trading/money.h"
#include "lib/trading/rules_reader.h"

void
rules_wrong(struct rules_reader *rd, const char *fmt, ...)
{
	va_list ap;

	if (rd->failed)
		return;
	rd->failed = true;
	va_start(ap, fmt);
	vsnprintf(rd->why, rd->why_size, fmt, ap);
	va_end(ap);
}

/* Only these members may stand in o; the list ends with NULL. */
bool
rules_only(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *const names[])
{
	const cJSON *m;
	int i;

	if (!cJSON_IsObject(o)) {
		rules_wrong(rd, "%s: not an object", where);
		return false;
	}
	cJSON_ArrayForEach(m, o) {
		for (i = 0; names[i] != NULL; i++)
			if (strcmp(names[i], m->string) == 0)
				break;
		if (names[i] == NULL)
			rules_wrong(
			    rd, "%s: unknown: \"%s\"", where, m->string);
	}
	return true;
}

/* The index of the member's word; fallback where it is not there. */
int
rules_word(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *key, const char *const words[], int fallback)
{
	const char *s;

	if (!cJSON_HasObjectItem(o, key))
		return fallback;
	if (!jsonin_string(o, key, &s)) {
		rules_wrong(rd, "%s.%s: not a word", where, key);
		return fallback;
	}
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], s) == 0)
			return i;
	rules_wrong(rd, "%s.%s: unknown: \"%s\"", where, key, s);
	return fallback;
}

money_t
rules_positive(
    struct rules_reader *rd, const char *where, const cJSON *o, const char *key)
{
	double v;
	money_t m = 0;

	if (!jsonin_number(o, key, &v) || v <= 0 ||
	    money_from_double(v, &m) == -1)
		rules_wrong(rd, "%s.%s: not a number above 0", where, key);
	return m;
}

int
rules_whole(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *key, int least, int most, const char *what)
{
	int n = least;

	if (!jsonin_int(o, key, &n) || n < least || n > most) {
		rules_wrong(rd, "%s.%s: not %s", where, key, what);
		return least;
	}
	return n;
}

int
rules_read_minute(
    struct rules_reader *rd, const char *where, const cJSON *o, const char *key)
{
	char hh[3] = {0}, mm[3] = {0};
	const char *s = "";
	int h, m;

	(void)jsonin_string(o, key, &s);
	if (strlen(s) == 5 && s[2] == ':') {
		memcpy(hh, s, 2);
		memcpy(mm, s + 3, 2);
		if (num_int(hh, 0, 23, &h) == 0 && num_int(mm, 0, 59, &m) == 0)
			return h * 60 + m;
	}
	rules_wrong(rd, "%s.%s: not HH:MM: \"%.20s\"", where, key, s);
	return 0;
}

struct rule_size
rules_read_size(struct rules_reader *rd, const char *where, const cJSON *o)
{
	struct rule_size s = {RULE_SIZE_NONE, 0};
	bool pct = cJSON_HasObjectItem(o, "pct");

	if (pct == cJSON_HasObjectItem(o, "money"))
		rules_wrong(rd, "%s: either pct or money", where);
	s.kind = pct ? RULE_SIZE_PCT : RULE_SIZE_MONEY;
	s.v = rules_positive(rd, where, o, pct ? "pct" : "money");
	return s;
}

static const char *const metrics[] = {
    "balance", "equity", "higher", "lower", NULL};

static enum rule_metric
any_metric(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *key, enum rule_metric fallback)
{
	return (enum rule_metric)rules_word(
	    rd, where, o, key, metrics, (int)fallback);
}

enum rule_metric
rules_read_metric(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *key, enum rule_metric fallback)
{
	enum rule_metric m = any_metric(rd, where, o, key, fallback);

	if (m == RULE_LOWER)
		rules_wrong(rd, "%s.%s: unknown: \"lower\"", where, key);
	return m;
}

/* What is tested is one of the two. */
enum rule_metric
rules_read_tested(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *key, enum rule_metric fallback)
{
	enum rule_metric m = any_metric(rd, where, o, key, fallback);

	if (m == RULE_HIGHER)
		rules_wrong(
		    rd, "%s.%s: balance or equity, not \"higher\"", where, key);
	return m;
}
