/* rules_parse.c: a rule set's JSON -> struct rules; mistakes are quoted. */
#include <stdio.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/trading/money.h"
#include "lib/trading/rule_kinds.h"
#include "lib/trading/zone.h"

static const char *const breaches[] = {"below", "at_or_below", NULL};

enum rule_breach
rules_read_breach(struct rules_reader *rd, const char *where, const cJSON *o)
{
	if (!cJSON_HasObjectItem(o, "breach"))
		return RULE_BREACH_AS_ALL;
	return rules_word(rd, where, o, "breach", breaches, 0) == 1
		   ? RULE_BREACH_AT
		   : RULE_BREACH_BELOW;
}

static enum rule_since
since(struct rules_reader *rd, const char *where, const cJSON *o)
{
	static const char *const words[] = {"phase", "payout", NULL};

	return (enum rule_since)rules_word(rd, where, o, "since", words, 0);
}

void
rules_read_target(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"pct", "money", "basis", NULL};

	rd->r->target.size.kind = RULE_SIZE_NONE;
	if (o == NULL || !rules_only(rd, "profit_target", o, names))
		return;
	rd->r->target.size = rules_read_size(rd, "profit_target", o);
	rd->r->target.basis =
	    rules_read_tested(rd, "profit_target", o, "basis", RULE_BALANCE);
}

void
rules_read_daily(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"pct", "money", "of", "baseline",
	    "mode", "test", "effect", "breach", NULL};
	static const char *const of[] = {"initial", "baseline", NULL};
	static const char *const modes[] = {"reset", "trailing", NULL};
	static const char *const effects[] = {"fail", "pause", NULL};
	struct rules *r = rd->r;

	r->daily.size.kind = RULE_SIZE_NONE;
	if (o == NULL || !rules_only(rd, "daily_loss", o, names))
		return;
	r->daily.size = rules_read_size(rd, "daily_loss", o);
	r->daily.of_baseline =
	    rules_word(rd, "daily_loss", o, "of", of, 0) == 1;
	r->daily.baseline =
	    rules_read_metric(rd, "daily_loss", o, "baseline", RULE_BALANCE);
	r->daily.test =
	    rules_read_tested(rd, "daily_loss", o, "test", RULE_EQUITY);
	r->daily.trailing =
	    rules_word(rd, "daily_loss", o, "mode", modes, 0) == 1;
	r->daily.breach = rules_read_breach(rd, "daily_loss", o);
	r->daily.pause =
	    rules_word(rd, "daily_loss", o, "effect", effects, 0) == 1;
}

static void
read_lock(struct rules_reader *rd, const cJSON *o)
{
	const cJSON *lock = cJSON_GetObjectItemCaseSensitive(o, "lock");
	static const char *const names[] = {"money", NULL};
	static const char *const words[] = {"none", "initial", NULL};
	struct rules *r = rd->r;

	r->total.lock_initial = false;
	r->total.lock.known = false;
	if (cJSON_IsObject(lock)) {
		rules_only(rd, "max_loss.lock", lock, names);
		r->total.lock.v =
		    rules_positive(rd, "max_loss.lock", lock, "money");
		r->total.lock.known = true;
	} else {
		r->total.lock_initial =
		    rules_word(rd, "max_loss", o, "lock", words, 0) == 1;
	}
}

void
rules_read_total(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"pct", "money", "of", "mode",
	    "high", "lock", "on_payout", "test", "breach", NULL};
	static const char *const of[] = {"initial", "high", NULL};
	static const char *const payouts[] = {
	    "moves", "stays", "locks", "restarts", NULL};
	static const char *const modes[] = {
	    "static", "trailing_eod", "trailing", NULL};
	struct rules *r = rd->r;

	r->total.size.kind = RULE_SIZE_NONE;
	if (o == NULL || !rules_only(rd, "max_loss", o, names))
		return;
	r->total.size = rules_read_size(rd, "max_loss", o);
	switch (rules_word(rd, "max_loss", o, "mode", modes, 0)) {
	case 1:
		r->total.mode = RULE_TRAILING_EOD;
		break;
	case 2:
		r->total.mode = RULE_TRAILING;
		break;
	default:
		r->total.mode = RULE_STATIC;
	}
	r->total.of_high = rules_word(rd, "max_loss", o, "of", of, 0) == 1;
	r->total.on_payout = (enum rule_payout)rules_word(
	    rd, "max_loss", o, "on_payout", payouts, 0);
	r->total.breach = rules_read_breach(rd, "max_loss", o);
	r->total.hwm =
	    rules_read_metric(rd, "max_loss", o, "high", RULE_BALANCE);
	r->total.test =
	    rules_read_tested(rd, "max_loss", o, "test", RULE_EQUITY);
	read_lock(rd, o);
}

void
rules_read_days(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {
	    "days", "counts", "profit_pct", "profit_money", "since", NULL};
	static const char *const counts[] = {
	    "opened", "closed", "profitable", NULL};
	struct rules *r = rd->r;

	r->days.needed = 0;
	if (o == NULL || !rules_only(rd, "min_trading_days", o, names))
		return;
	r->days.needed = rules_whole(
	    rd, "min_trading_days", o, "days", 0, 366, "a number of days");
	switch (rules_word(rd, "min_trading_days", o, "counts", counts, 0)) {
	case 1:
		r->days.counts = RULE_DAY_CLOSED;
		break;
	case 2:
		r->days.counts = RULE_DAY_PROFITABLE;
		break;
	default:
		r->days.counts = RULE_DAY_OPENED;
	}
	r->days.since = since(rd, "min_trading_days", o);
	r->days.profit.kind = RULE_SIZE_NONE;
	if (cJSON_HasObjectItem(o, "profit_pct")) {
		r->days.profit.kind = RULE_SIZE_PCT;
		r->days.profit.v =
		    rules_positive(rd, "min_trading_days", o, "profit_pct");
	} else if (cJSON_HasObjectItem(o, "profit_money")) {
		r->days.profit.kind = RULE_SIZE_MONEY;
		r->days.profit.v =
		    rules_positive(rd, "min_trading_days", o, "profit_money");
	}
}

/* "08:30" is 510. */
static bool
minute_of_day(const char *s, int *minute)
{
	char hh[3] = {0}, mm[3] = {0};
	int h, m;

	if (strlen(s) != 5 || s[2] != ':')
		return false;
	memcpy(hh, s, 2);
	memcpy(mm, s + 3, 2);
	if (num_int(hh, 0, 23, &h) == -1 || num_int(mm, 0, 59, &m) == -1)
		return false;
	*minute = h * 60 + m;
	return true;
}

void
rules_read_best_day(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"pct", "of", "per", "since", NULL};
	static const char *const of[] = {"winning_days", "total", NULL};
	static const char *const per[] = {"day", "trade", NULL};
	struct rules *r = rd->r;

	r->best_day.pct = 0;
	if (o == NULL || !rules_only(rd, "best_day", o, names))
		return;
	r->best_day.pct = rules_positive(rd, "best_day", o, "pct");
	r->best_day.of_total = rules_word(rd, "best_day", o, "of", of, 0) == 1;
	r->best_day.per_trade =
	    rules_word(rd, "best_day", o, "per", per, 0) == 1;
	r->best_day.since = since(rd, "best_day", o);
}

static void
read_breach(struct rules_reader *rd, const cJSON *v)
{
	rd->r->breach = RULE_BREACH_AS_ALL;
	if (v == NULL)
		return;
	if (cJSON_IsString(v))
		for (int i = 0; breaches[i] != NULL; i++)
			if (strcmp(breaches[i], v->valuestring) == 0) {
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
	const char *zone = "server", *at = "00:00";

	if (o == NULL || !rules_only(rd, "reset", o, names))
		return;
	(void)jsonin_string(o, "zone", &zone);
	(void)jsonin_string(o, "at", &at);
	if (strcmp(zone, "server") != 0 && zone_check(zone) == -1)
		rules_wrong(
		    rd, "reset.zone: no such time zone: \"%.60s\"", zone);
	if (!minute_of_day(at, &rd->r->reset_minute))
		rules_wrong(rd, "reset.at: not HH:MM: \"%.20s\"", at);
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

/* What is no rule of its own. */
static const struct {
	const char *name;
	void (*read)(struct rules_reader *rd, const cJSON *o);
} settings[] = {
    {"reset", read_reset},
    {"warn_at", read_warn},
    {"breach", read_breach},
    {"best_day_max_pct", read_best_day_max},
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
		if (strcmp(rule_kinds[i].word, m->string) == 0) {
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
		if (cJSON_HasObjectItem(m, "phases"))
			rules_wrong(rd, "%s: unknown: \"phases\"", where);
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
