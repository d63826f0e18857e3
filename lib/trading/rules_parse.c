/* rules_parse.c: a rule set's JSON, read for one phase (docs/rules.md). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/json/jsonin.h"
#include "lib/base/num.h"
#include "lib/trading/money.h"
#include "lib/trading/rules.h"
#include "lib/trading/zone.h"

/* The place that is read, and the first mistake. */
struct reading {
	struct rules *r;
	char *why;
	size_t why_size;
	bool failed;
};

static void wrong(struct reading *rd, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
wrong(struct reading *rd, const char *fmt, ...)
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
static void
only(struct reading *rd, const char *where, const cJSON *o,
    const char *const names[])
{
	const cJSON *m;
	int i;

	if (!cJSON_IsObject(o)) {
		wrong(rd, "%s: not an object", where);
		return;
	}
	cJSON_ArrayForEach(m, o)
	{
		for (i = 0; names[i] != NULL; i++)
			if (strcmp(names[i], m->string) == 0)
				break;
		if (names[i] == NULL)
			wrong(rd, "%s: unknown: \"%s\"", where, m->string);
	}
}

/* The index of the member's word; fallback where it is not there. */
static int
word(struct reading *rd, const char *where, const cJSON *o, const char *key,
    const char *const words[], int fallback)
{
	const char *s;

	if (!cJSON_HasObjectItem(o, key))
		return fallback;
	if (!jsonin_string(o, key, &s)) {
		wrong(rd, "%s.%s: not a word", where, key);
		return fallback;
	}
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], s) == 0)
			return i;
	wrong(rd, "%s.%s: unknown: \"%s\"", where, key, s);
	return fallback;
}

static int64_t
positive(struct reading *rd, const char *where, const cJSON *o, const char *key)
{
	double v;
	int64_t m = 0;

	if (!jsonin_number(o, key, &v) || v <= 0 ||
	    money_from_double(v, &m) == -1)
		wrong(rd, "%s.%s: not a number above 0", where, key);
	return m;
}

static struct rule_size
size(struct reading *rd, const char *where, const cJSON *o)
{
	struct rule_size s = {RULE_SIZE_NONE, 0};
	bool pct = cJSON_HasObjectItem(o, "pct");

	if (pct == cJSON_HasObjectItem(o, "money"))
		wrong(rd, "%s: either pct or money", where);
	s.kind = pct ? RULE_SIZE_PCT : RULE_SIZE_MONEY;
	s.v = positive(rd, where, o, pct ? "pct" : "money");
	return s;
}

static const char *const metrics[] = {"balance", "equity", "higher", NULL};

static enum rule_metric
metric(struct reading *rd, const char *where, const cJSON *o, const char *key,
    enum rule_metric fallback)
{
	return (enum rule_metric)word(
	    rd, where, o, key, metrics, (int)fallback);
}

/* What is tested is one of the two. */
static enum rule_metric
tested(struct reading *rd, const char *where, const cJSON *o, const char *key,
    enum rule_metric fallback)
{
	enum rule_metric m = metric(rd, where, o, key, fallback);

	if (m == RULE_HIGHER)
		wrong(
		    rd, "%s.%s: balance or equity, not \"higher\"", where, key);
	return m;
}

static void
read_target(struct reading *rd, const cJSON *o)
{
	static const char *const names[] = {"pct", "money", "basis", NULL};

	only(rd, "profit_target", o, names);
	rd->r->target.size = size(rd, "profit_target", o);
	rd->r->target.basis =
	    tested(rd, "profit_target", o, "basis", RULE_BALANCE);
}

static void
read_daily(struct reading *rd, const cJSON *o)
{
	static const char *const names[] = {
	    "pct", "money", "of", "baseline", "test", "effect", NULL};
	static const char *const of[] = {"initial", "baseline", NULL};
	static const char *const effects[] = {"fail", "pause", NULL};
	struct rules *r = rd->r;

	only(rd, "daily_loss", o, names);
	r->daily.size = size(rd, "daily_loss", o);
	r->daily.of_baseline = word(rd, "daily_loss", o, "of", of, 0) == 1;
	r->daily.baseline =
	    metric(rd, "daily_loss", o, "baseline", RULE_BALANCE);
	r->daily.test = tested(rd, "daily_loss", o, "test", RULE_EQUITY);
	r->daily.pause = word(rd, "daily_loss", o, "effect", effects, 0) == 1;
}

static void
read_lock(struct reading *rd, const cJSON *o)
{
	const cJSON *lock = cJSON_GetObjectItemCaseSensitive(o, "lock");
	static const char *const names[] = {"money", NULL};
	static const char *const words[] = {"none", "initial", NULL};
	struct rules *r = rd->r;

	r->total.lock_initial = false;
	r->total.lock.known = false;
	if (cJSON_IsObject(lock)) {
		only(rd, "max_loss.lock", lock, names);
		r->total.lock.v = positive(rd, "max_loss.lock", lock, "money");
		r->total.lock.known = true;
	} else {
		r->total.lock_initial =
		    word(rd, "max_loss", o, "lock", words, 0) == 1;
	}
}

static void
read_total(struct reading *rd, const cJSON *o)
{
	static const char *const names[] = {
	    "pct", "money", "mode", "high", "lock", "test", NULL};
	static const char *const modes[] = {
	    "static", "trailing_eod", "trailing", NULL};
	struct rules *r = rd->r;

	only(rd, "max_loss", o, names);
	r->total.size = size(rd, "max_loss", o);
	switch (word(rd, "max_loss", o, "mode", modes, 0)) {
	case 1:
		r->total.mode = RULE_TRAILING_EOD;
		break;
	case 2:
		r->total.mode = RULE_TRAILING;
		break;
	default:
		r->total.mode = RULE_STATIC;
	}
	r->total.hwm = metric(rd, "max_loss", o, "high", RULE_BALANCE);
	r->total.test = tested(rd, "max_loss", o, "test", RULE_EQUITY);
	read_lock(rd, o);
}

static void
read_days(struct reading *rd, const cJSON *o)
{
	static const char *const names[] = {
	    "days", "counts", "profit_pct", "profit_money", NULL};
	static const char *const counts[] = {
	    "opened", "closed", "profitable", NULL};
	struct rules *r = rd->r;

	only(rd, "min_trading_days", o, names);
	if (!jsonin_int(o, "days", &r->days.needed) || r->days.needed < 0 ||
	    r->days.needed > 366)
		wrong(rd, "min_trading_days.days: not a number of days");
	switch (word(rd, "min_trading_days", o, "counts", counts, 0)) {
	case 1:
		r->days.counts = RULE_DAY_CLOSED;
		break;
	case 2:
		r->days.counts = RULE_DAY_PROFITABLE;
		break;
	default:
		r->days.counts = RULE_DAY_OPENED;
	}
	r->days.profit.kind = RULE_SIZE_NONE;
	if (cJSON_HasObjectItem(o, "profit_pct")) {
		r->days.profit.kind = RULE_SIZE_PCT;
		r->days.profit.v =
		    positive(rd, "min_trading_days", o, "profit_pct");
	} else if (cJSON_HasObjectItem(o, "profit_money")) {
		r->days.profit.kind = RULE_SIZE_MONEY;
		r->days.profit.v =
		    positive(rd, "min_trading_days", o, "profit_money");
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

static void
read_reset(struct reading *rd, const cJSON *o)
{
	static const char *const names[] = {"zone", "at", NULL};
	const char *zone = "server", *at = "00:00";
	only(rd, "reset", o, names);
	(void)jsonin_string(o, "zone", &zone);
	(void)jsonin_string(o, "at", &at);
	if (strcmp(zone, "server") != 0 && zone_check(zone) == -1)
		wrong(rd, "reset.zone: no such time zone: \"%.60s\"", zone);
	if (!minute_of_day(at, &rd->r->reset_minute))
		wrong(rd, "reset.at: not HH:MM: \"%.20s\"", at);
	snprintf(rd->r->zone, sizeof(rd->r->zone), "%s", zone);
}

static void
read_warn(struct reading *rd, const cJSON *a)
{
	const cJSON *v;
	int n = 0;

	cJSON_ArrayForEach(v, a)
	{
		int64_t at = 0;

		if (!cJSON_IsNumber(v) || n == RULES_WARN_MAX ||
		    money_from_double(v->valuedouble, &at) == -1 || at <= 0 ||
		    at > MONEY_ONE || (n > 0 && at <= rd->r->warn_at[n - 1])) {
			wrong(rd, "warn_at: at most %d rising shares up to 1",
			    RULES_WARN_MAX);
			return;
		}
		rd->r->warn_at[n++] = at;
	}
	if (!cJSON_IsArray(a))
		wrong(rd, "warn_at: not a list");
	rd->r->warn_len = n;
}

/* null takes away what stood for all phases. */
static void
read_null(struct rules *r, const char *name)
{
	if (strcmp(name, "profit_target") == 0)
		r->target.size.kind = RULE_SIZE_NONE;
	else if (strcmp(name, "daily_loss") == 0)
		r->daily.size.kind = RULE_SIZE_NONE;
	else if (strcmp(name, "max_loss") == 0)
		r->total.size.kind = RULE_SIZE_NONE;
	else if (strcmp(name, "min_trading_days") == 0)
		r->days.needed = 0;
	else if (strcmp(name, "best_day_max_pct") == 0)
		r->best_day_pct = 0;
	else if (strcmp(name, "warn_at") == 0)
		r->warn_len = 0;
}

static void
read_member(struct reading *rd, const cJSON *o, const cJSON *m)
{
	static const struct {
		const char *name;
		void (*read)(struct reading *rd, const cJSON *o);
	} readers[] = {
	    {"profit_target", read_target},
	    {"daily_loss", read_daily},
	    {"max_loss", read_total},
	    {"min_trading_days", read_days},
	    {"reset", read_reset},
	    {"warn_at", read_warn},
	};

	if (cJSON_IsNull(m)) {
		read_null(rd->r, m->string);
		return;
	}
	if (strcmp(m->string, "best_day_max_pct") == 0) {
		rd->r->best_day_pct =
		    positive(rd, "rules", o, "best_day_max_pct");
		return;
	}
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (strcmp(readers[i].name, m->string) == 0)
			readers[i].read(rd, m);
}

static void
read_rules(struct reading *rd, const char *where, const cJSON *o)
{
	static const char *const names[] = {"profit_target", "daily_loss",
	    "max_loss", "min_trading_days", "best_day_max_pct", "reset",
	    "warn_at", "phases", NULL};
	const cJSON *m;

	only(rd, where, o, names);
	cJSON_ArrayForEach(m, o) read_member(rd, o, m);
}

/* Every phase is read, so that a mistake in another one is found, too. */
static void
read_phases(struct reading *rd, const cJSON *phases, const char *phase)
{
	struct rules common = *rd->r, mine = common;
	const cJSON *m;

	cJSON_ArrayForEach(m, phases)
	{
		*rd->r = common;
		read_rules(rd, m->string, m);
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
	struct reading rd = {&made, why, why_size, false};
	cJSON *doc = jsonin_parse(json, len);

	made.warn_len = 3;
	made.warn_at[0] = MONEY_ONE / 100 * 70;
	made.warn_at[1] = MONEY_ONE / 100 * 85;
	made.warn_at[2] = MONEY_ONE / 100 * 95;
	if (doc == NULL)
		wrong(&rd, "not JSON: \"%.40s\"", json);
	else {
		read_rules(&rd, "rules", doc);
		read_phases(&rd, jsonin_object(doc, "phases"), phase);
	}
	cJSON_Delete(doc);
	if (rd.failed)
		return -1;
	*r = made;
	return 0;
}
