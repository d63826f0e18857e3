/* rule_trading.c: the rules of trading: days, inactivity, lots, holding, stop
 * loss, being flat; what each reads, and its line. */
#include "lib/trading/money.h"
#include "lib/trading/rule_kinds.h"

#define DAY_MS (INT64_C(86400) * 1000)
/* So long before it has to be flat the use of the time is counted. */
#define FLAT_AHEAD_MS (4 * INT64_C(3600) * 1000)
#define DAYS_MAX 3660
#define SECONDS_MAX (30 * 86400)

/* "fail" or "warn"; first: what it is where it is not said. */
static bool
read_warns(
    struct rules_reader *rd, const char *where, const cJSON *o, bool otherwise)
{
	static const char *const words[] = {"fail", "warn", NULL};

	return rules_word(rd, where, o, "effect", words, otherwise) == 1;
}

/* The member is a number of days, or an object with one. 0: it is neither,
 * which was said. */
static int
read_days_or(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *const names[])
{
	if (cJSON_IsNumber(o)) {
		if (o->valuedouble >= 1 && o->valuedouble <= DAYS_MAX &&
		    o->valuedouble == (int)o->valuedouble)
			return (int)o->valuedouble;
		rules_wrong(rd, "%s: not a number of days: %.15g", where,
		    o->valuedouble);
		return 0;
	}
	if (!rules_only(rd, where, o, names))
		return 0;
	return rules_whole(
	    rd, where, o, "days", 1, DAYS_MAX, "a number of days");
}

void
rules_read_max_days(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"days", "from", "effect", NULL};
	static const char *const from[] = {"start", "first_trade", NULL};

	rd->r->max_days.days = 0;
	if (o == NULL)
		return;
	rd->r->max_days.days = read_days_or(rd, "max_days", o, names);
	rd->r->max_days.from_trade =
	    rules_word(rd, "max_days", o, "from", from, 0) == 1;
	rd->r->max_days.warns = read_warns(rd, "max_days", o, false);
}

void
rules_read_inactivity(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"days", "effect", NULL};

	rd->r->inactivity.days = 0;
	if (o == NULL)
		return;
	rd->r->inactivity.days = read_days_or(rd, "inactivity_days", o, names);
	rd->r->inactivity.warns = read_warns(rd, "inactivity_days", o, false);
}

void
rules_read_lots(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"position", "all", "effect", NULL};
	struct rules *r = rd->r;
	bool one, all;

	r->lots.position = r->lots.all = 0;
	if (o == NULL || !rules_only(rd, "max_lots", o, names))
		return;
	one = cJSON_HasObjectItem(o, "position");
	all = cJSON_HasObjectItem(o, "all");
	if (!one && !all)
		rules_wrong(rd, "max_lots: position or all, or both");
	if (one)
		r->lots.position =
		    rules_positive(rd, "max_lots", o, "position");
	if (all)
		r->lots.all = rules_positive(rd, "max_lots", o, "all");
	r->lots.warns = read_warns(rd, "max_lots", o, true);
}

void
rules_read_min_hold(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {
	    "seconds", "pct", "of", "effect", NULL};
	static const char *const of[] = {"trades", "profit", NULL};
	struct rules *r = rd->r;

	r->min_hold.s = 0;
	if (o == NULL || !rules_only(rd, "min_hold", o, names))
		return;
	r->min_hold.s = rules_whole(rd, "min_hold", o, "seconds", 1,
	    SECONDS_MAX, "a number of seconds");
	r->min_hold.pct = cJSON_HasObjectItem(o, "pct")
			      ? rules_positive(rd, "min_hold", o, "pct")
			      : 0;
	r->min_hold.of_profit = rules_word(rd, "min_hold", o, "of", of, 0) == 1;
	r->min_hold.warns = read_warns(rd, "min_hold", o, true);
	if (r->min_hold.of_profit && r->min_hold.pct == 0)
		rules_wrong(rd, "min_hold.of: profit needs a pct");
	if (!r->min_hold.warns && r->min_hold.pct != 0)
		rules_wrong(rd, "min_hold.effect: a share goes up and down, it "
				"cannot fail: \"fail\"");
}

void
rules_read_stop_loss(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {"within_s", "effect", NULL};

	rd->r->stop_loss.within_s = 0;
	if (o == NULL || !rules_only(rd, "stop_loss", o, names))
		return;
	rd->r->stop_loss.within_s = rules_whole(rd, "stop_loss", o, "within_s",
	    1, SECONDS_MAX, "a number of seconds");
	rd->r->stop_loss.warns = read_warns(rd, "stop_loss", o, true);
}

void
rules_read_flat(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {
	    "at", "on", "for_hours", "effect", NULL};
	static const char *const on[] = {"sunday", "monday", "tuesday",
	    "wednesday", "thursday", "friday", "saturday", "every_day", NULL};
	enum { FRIDAY = 5, EVERY_DAY = 7, WEEKEND_HOURS = 48 };
	struct rules *r = rd->r;
	int day;

	r->flat.is_set = false;
	if (o == NULL || !rules_only(rd, "flat", o, names))
		return;
	r->flat.is_set = true;
	r->flat.minute = rules_read_minute(rd, "flat", o, "at");
	day = rules_word(rd, "flat", o, "on", on, FRIDAY);
	r->flat.every_day = day == EVERY_DAY;
	r->flat.weekday = r->flat.every_day ? 0 : day;
	r->flat.hours = r->flat.every_day ? 0 : WEEKEND_HOURS;
	if (cJSON_HasObjectItem(o, "for_hours"))
		r->flat.hours = rules_whole(rd, "flat", o, "for_hours", 0,
		    r->flat.every_day ? 23 : 120, "a number of hours");
	r->flat.warns = read_warns(rd, "flat", o, true);
}

bool
rules_of_trading(const struct rules *r)
{
	return r->max_days.days > 0 || r->inactivity.days > 0 ||
	       r->lots.position > 0 || r->lots.all > 0 || r->min_hold.s > 0 ||
	       r->stop_loss.within_s > 0 || r->flat.is_set;
}

/* ---- lines ---- */

static struct amount
known(bool yes, money_t v)
{
	return (struct amount){yes, yes ? v : 0};
}

/* What all of them have: by what was seen, and since when nothing was. */
static void
begin_line(const struct rule_basis *b, enum rule_kind kind, bool warns,
    struct rule_line *out)
{
	out->is_set = true;
	out->warns = warns;
	out->unjudged = !b->days->trades.known;
	out->broken = b->days->trades.broken[kind] > 0;
}

void
rules_limit_max_days(const struct rule_basis *b, struct rule_line *out)
{
	const struct rules *r = b->rules;

	if (r->max_days.days == 0)
		return;
	begin_line(b, RULE_MAX_DAYS, r->max_days.warns, out);
	out->level = known(true, r->max_days.days * MONEY_ONE);
	out->due_utc_ms = b->days->trades.days_utc_ms;
}

void
rules_limit_inactivity(const struct rule_basis *b, struct rule_line *out)
{
	const struct rules *r = b->rules;

	if (r->inactivity.days == 0)
		return;
	begin_line(b, RULE_INACTIVITY, r->inactivity.warns, out);
	out->level = known(true, r->inactivity.days * MONEY_ONE);
	out->due_utc_ms = b->days->trades.inactive_utc_ms;
}

void
rules_limit_lots(const struct rule_basis *b, struct rule_line *out)
{
	const struct rule_trades *t = &b->days->trades;

	if (b->rules->lots.all == 0)
		return;
	begin_line(b, RULE_MAX_LOTS, b->rules->lots.warns, out);
	out->level = known(true, b->rules->lots.all);
	out->value = known(t->known, t->lots_all);
}

void
rules_limit_lots_position(const struct rule_basis *b, struct rule_line *out)
{
	const struct rule_trades *t = &b->days->trades;

	if (b->rules->lots.position == 0)
		return;
	begin_line(b, RULE_MAX_LOTS_POSITION, b->rules->lots.warns, out);
	out->level = known(true, b->rules->lots.position);
	out->value = known(t->known, t->lots_position);
}

/* The share of the trades that were closed early, in percent. */
static struct amount
quick_share(const struct rules *r, const struct rule_trades *t)
{
	money_t part = r->min_hold.of_profit ? t->won_quick : t->quick;
	money_t whole = r->min_hold.of_profit ? t->won : t->closed;

	return known(t->known && whole > 0,
	    whole > 0 ? part * 100 * MONEY_ONE / whole : 0);
}

void
rules_limit_min_hold(const struct rule_basis *b, struct rule_line *out)
{
	const struct rules *r = b->rules;
	const struct rule_trades *t = &b->days->trades;

	if (r->min_hold.s == 0)
		return;
	begin_line(b, RULE_MIN_HOLD, r->min_hold.warns, out);
	out->seconds = r->min_hold.s;
	out->level = known(true, r->min_hold.pct);
	out->value = quick_share(r, t);
	if (r->min_hold.pct > 0)
		out->broken = out->value.known && out->value.v > out->level.v;
	out->unjudged = out->unjudged || t->orphans > 0;
}

void
rules_limit_stop_loss(const struct rule_basis *b, struct rule_line *out)
{
	const struct rule_trades *t = &b->days->trades;

	if (b->rules->stop_loss.within_s == 0)
		return;
	begin_line(b, RULE_STOP_LOSS, b->rules->stop_loss.warns, out);
	out->seconds = b->rules->stop_loss.within_s;
	out->level = known(true, 0);
	out->value = known(t->known, t->without_stop * MONEY_ONE);
	out->due_utc_ms = t->stop_utc_ms;
	out->unjudged = out->unjudged || t->stops_unknown > 0;
}

void
rules_limit_flat(const struct rule_basis *b, struct rule_line *out)
{
	const struct rule_trades *t = &b->days->trades;

	if (!b->rules->flat.is_set)
		return;
	begin_line(b, RULE_FLAT, b->rules->flat.warns, out);
	out->level = known(true, 0);
	out->value = known(t->known, t->open * MONEY_ONE);
	out->due_utc_ms = t->flat_utc_ms;
}

/* ---- left ---- */

/* Whole days until it is due; all of them where none has begun. */
void
rules_left_days(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	int64_t left_ms = line->due_utc_ms - now->utc_ms;
	int64_t all_ms = (int64_t)(line->level.v / MONEY_ONE) * DAY_MS;

	if (line->due_utc_ms == 0) {
		out->left = known(!line->unjudged, line->level.v);
		return;
	}
	if (left_ms < 0)
		left_ms = 0;
	out->left = known(true, left_ms / DAY_MS * MONEY_ONE);
	out->used_known = true;
	out->used = 1 - (double)left_ms / (double)all_ms;
	if (out->used < 0)
		out->used = 0;
}

/* With a position open, the time until it has to be flat. */
void
rules_left_flat(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	int64_t left_ms = line->due_utc_ms - now->utc_ms;

	if (!line->value.known || line->due_utc_ms == 0)
		return;
	out->used_known = true;
	out->used = 0;
	if (line->value.v > 0 && left_ms < FLAT_AHEAD_MS)
		out->used = 1 - (double)(left_ms > 0 ? left_ms : 0) /
				    (double)FLAT_AHEAD_MS;
}

/* A share of which none is allowed is not used up by degrees. */
void
rules_left_share(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	if (line->level.v > 0)
		rules_left_count(line, now, out);
}

void
rules_left_none(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	(void)line;
	(void)now;
	(void)out;
}
