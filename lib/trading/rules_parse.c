/* rules_parse.c: a rule set's JSON -> struct rules; mistakes are quoted. */
#include <stdio.h>
#include <string.h>

#include "lib/trading/flow.h"
#include "lib/trading/money.h"
#include "lib/trading/rule_kinds.h"
#include "lib/trading/zone.h"

static void
read_breach(struct rules_reader *rd, const cJSON *v)
{
	rd->r->breach = RULE_BREACH_AS_ALL;
	if (v == NULL)
		return;
	if (cJSON_IsString(v))
		for (int i = 0; rule_breach_words[i] != NULL; i++)
			if (strcmp(rule_breach_words[i], v->valuestring) == 0) {
				rd->r->breach =
				    i == 1 ? RULE_BREACH_AT : RULE_BREACH_BELOW;
				return;
			}
	rules_wrong(rd, "breach: \"below\" or \"at_or_below\"");
}

static void
read_reset(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"zone", "at", NULL};
	const char *zone = "server";

	if (o == NULL || !rules_only(rd, "reset", o, names))
		return;
	if (cJSON_HasObjectItem(o, "zone") && !jsonin_string(o, "zone", &zone))
		rules_wrong(rd, "reset.zone: not a word");
	if (strcmp(zone, "server") != 0 && zone_check(zone) == -1)
		rules_wrong(
		    rd, "reset.zone: no such time zone: \"%.60s\"", zone);
	rd->r->reset_minute = cJSON_HasObjectItem(o, "at")
				  ? rules_read_minute(rd, "reset", o, "at")
				  : 0;
	snprintf(rd->r->zone, sizeof(rd->r->zone), "%s", zone);
}

static void
read_warn(struct rules_reader *rd, const cJSON *a)
{
	const cJSON *v;
	int n = 0;

	rd->r->warn_len = 0;
	if (a == NULL)
		return;
	if (!cJSON_IsArray(a)) {
		rules_wrong(rd, "warn_at: not a list");
		return;
	}
	cJSON_ArrayForEach(v, a) {
		money_t at = 0;

		if (!cJSON_IsNumber(v) || n == RULES_WARN_MAX ||
		    money_from_double(v->valuedouble, &at) == -1 || at <= 0 ||
		    at > MONEY_ONE || (n > 0 && at <= rd->r->warn_at[n - 1])) {
			rules_wrong(rd,
			    "warn_at: at most %d rising shares up to 1",
			    RULES_WARN_MAX);
			return;
		}
		rd->r->warn_at[n++] = at;
	}
	rd->r->warn_len = n;
}

/* The older word for a best day of the winning days. */
static void
read_best_day_max(struct rules_reader *rd, const cJSON *v)
{
	money_t pct = 0;

	if (v != NULL && (!cJSON_IsNumber(v) || v->valuedouble <= 0 ||
			     money_from_double(v->valuedouble, &pct) == -1))
		rules_wrong(rd, "rules.best_day_max_pct: not a number above 0");
	memset(&rd->r->best_day, 0, sizeof(rd->r->best_day));
	rd->r->best_day.pct = pct;
}

/* Worked examples that stand beside the rules: rules_trial.h tries them. */
static void
read_examples(struct rules_reader *rd, const cJSON *v)
{
	if (v != NULL && !cJSON_IsArray(v))
		rules_wrong(rd, "examples: not a list");
}

/* How credit and flows are meant is judged elsewhere (flow.h). */
static void
read_credit(struct rules_reader *rd, const cJSON *v)
{
	if (v == NULL ||
	    (cJSON_IsString(v) && (strcmp(v->valuestring, "guess") == 0 ||
				      strcmp(v->valuestring, "capital") == 0 ||
				      strcmp(v->valuestring, "none") == 0)))
		return;
	rules_wrong(rd, "credit: \"guess\", \"capital\" or \"none\"");
}

static void
read_flows(struct rules_reader *rd, const cJSON *list)
{
	char why[FLOW_WHY_SIZE];

	if (list != NULL && !flow_rules_check(list, why, sizeof(why)))
		rules_wrong(rd, "%s", why);
}

/* What is no rule of its own. */
static const struct {
	const char *name;
	void (*read)(struct rules_reader *rd, const cJSON *o);
} settings[] = {
    {"reset", read_reset},
    {"warn_at", read_warn},
    {"breach", read_breach},
    {"best_day_max_pct", read_best_day_max},
    {"examples", read_examples},
    {"credit", read_credit},
    {"flows", read_flows},
};

/* null takes away what stood for all phases. false: no such member. */
static bool
read_member(struct rules_reader *rd, const cJSON *m)
{
	const cJSON *o = cJSON_IsNull(m) ? NULL : m;

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (strcmp(settings[i].name, m->string) == 0) {
			settings[i].read(rd, o);
			return true;
		}
	for (size_t i = 0; i < RULE_KINDS; i++)
		if (rule_kinds[i].read != NULL &&
		    strcmp(rule_kinds[i].word, m->string) == 0) {
			rule_kinds[i].read(rd, o);
			return true;
		}
	return false;
}

static void
read_rules(struct rules_reader *rd, const char *where, const cJSON *o)
{
	const cJSON *m;

	if (!cJSON_IsObject(o)) {
		rules_wrong(rd, "%s: not an object", where);
		return;
	}
	cJSON_ArrayForEach(m, o) {
		if (strcmp(m->string, "phases") != 0 && !read_member(rd, m))
			rules_wrong(
			    rd, "%s: unknown: \"%s\"", where, m->string);
	}
}

/* Every phase is read, so that a mistake in another one is found, too. */
static void
read_phases(struct rules_reader *rd, const cJSON *doc, const char *phase)
{
	/* for all phases alike */
	static const char *const top[] = {"phases", "credit", "flows"};
	const cJSON *phases = cJSON_GetObjectItemCaseSensitive(doc, "phases");
	struct rules common = *rd->r, mine = common;
	char where[64];
	const cJSON *m;

	if (phases == NULL)
		return;
	if (!cJSON_IsObject(phases)) {
		rules_wrong(rd, "phases: not an object");
		return;
	}
	cJSON_ArrayForEach(m, phases) {
		*rd->r = common;
		snprintf(where, sizeof(where), "phases.%.40s", m->string);
		read_rules(rd, where, m);
		for (size_t i = 0; i < sizeof(top) / sizeof(top[0]); i++)
			if (cJSON_HasObjectItem(m, top[i]))
				rules_wrong(
				    rd, "%s: unknown: \"%s\"", where, top[i]);
		if (strcmp(m->string, phase) == 0)
			mine = *rd->r;
	}
	*rd->r = mine;
}

int
rules_parse(const char *json, size_t len, const char *phase, struct rules *r,
    char *why, size_t why_size)
{
	struct rules made = {.zone = "server"};
	struct rules_reader rd = {&made, why, why_size, false};
	cJSON *doc = jsonin_parse(json, len);

	made.warn_len = 3;
	made.warn_at[0] = MONEY_ONE / 100 * 70;
	made.warn_at[1] = MONEY_ONE / 100 * 85;
	made.warn_at[2] = MONEY_ONE / 100 * 95;
	if (doc == NULL)
		rules_wrong(
		    &rd, "not JSON: \"%.*s\"", len < 40 ? (int)len : 40, json);
	else {
		read_rules(&rd, "rules", doc);
		if (!rd.failed)
			read_phases(&rd, doc, phase);
	}
	cJSON_Delete(doc);
	if (rd.failed)
		return -1;
	*r = made;
	return 0;
}
