/* rules_read.c: the members of a rule set, one for each kind of rule. */
#include "lib/trading/money.h"
#include "lib/trading/rule_kinds.h"

const char *const rule_breach_words[] = {"below", "at_or_below", NULL};

enum rule_breach
rules_read_breach(struct rules_reader *rd, const char *where, const cJSON *o)
{
	if (!cJSON_HasObjectItem(o, "breach"))
		return RULE_BREACH_AS_ALL;
	return rules_word(rd, where, o, "breach", rule_breach_words, 0) == 1
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

void
rules_read_best_day(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {
	    "pct", "of", "per", "since", "breach", NULL};
	static const char *const breach[] = {"above", "at_or_above", NULL};
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
	r->best_day.at_limit =
	    rules_word(rd, "best_day", o, "breach", breach, 0) == 1;
}
