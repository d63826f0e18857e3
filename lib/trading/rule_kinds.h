/*
 * rule_kinds.h: one row for each kind of rule; for the rules' own files.
 *
 * A new kind is a value of enum rule_kind, a member of struct rules, and a row
 * in rule_kinds.c with these functions.
 */
#ifndef LIB_TRADING_RULE_KINDS_H
#define LIB_TRADING_RULE_KINDS_H

#include "lib/trading/rules.h"
#include "lib/trading/rules_reader.h"

/* What a line is made from. */
struct rule_basis {
	const struct rules *rules;
	const struct rule_state *st;
	const struct rule_days *days;
};

struct rule_kind_row {
	const char *word; /* the member of a rule set, and kind of its line */
	const char *unit;
	/* The member; o is NULL where null takes the rule away. NULL: another
	 * kind's member says it. */
	void (*read)(struct rules_reader *rd, const cJSON *o);
	/* The line; is_set stays false where the set has no such rule. */
	void (*limit)(const struct rule_basis *b, struct rule_line *out);
	void (*left)(const struct rule_line *line, const struct rule_now *now,
	    struct rule_line_left *out);
	/* Is it broken by a sample that the state has taken in? Fills value,
	 * level and pauses. NULL: never, or rules.c does it. */
	bool (*is_broken)(const struct rule_basis *b,
	    const struct rule_sample *s, struct rule_seen *seen);
	const char *title; /* in a warning; NULL: nobody is warned */
	const char *needs; /* of one that cannot be judged */
	bool of_trading;   /* judged by the deals (rule_book.h) */
};

extern const struct rule_kind_row rule_kinds[RULE_KINDS];

/* -- rules_read.c -- */
extern const char *const rule_breach_words[]; /* below, at; NULL */
void rules_read_daily(struct rules_reader *rd, const cJSON *o);
void rules_read_total(struct rules_reader *rd, const cJSON *o);
void rules_read_target(struct rules_reader *rd, const cJSON *o);
void rules_read_days(struct rules_reader *rd, const cJSON *o);
void rules_read_best_day(struct rules_reader *rd, const cJSON *o);

/* -- rules_limits.c -- */
void rules_limit_daily(const struct rule_basis *b, struct rule_line *out);
void rules_limit_total(const struct rule_basis *b, struct rule_line *out);
void rules_limit_target(const struct rule_basis *b, struct rule_line *out);
void rules_limit_days(const struct rule_basis *b, struct rule_line *out);
void rules_limit_best_day(const struct rule_basis *b, struct rule_line *out);

/* -- rules_left.c -- */
void rules_left_daily(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out);
void rules_left_total(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out);
void rules_left_target(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out);
/* Of something that is counted: level less value. */
void rules_left_count(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out);

/* -- rule_floating.c -- */
void rules_read_floating(struct rules_reader *rd, const cJSON *o);
void rules_limit_floating(const struct rule_basis *b, struct rule_line *out);
void rules_left_floating(const struct rule_line *line,
    const struct rule_now *now, struct rule_line_left *out);
bool rules_floating_is_broken(const struct rule_basis *b,
    const struct rule_sample *s, struct rule_seen *seen);

/* -- rule_trading.c -- */
void rules_read_max_days(struct rules_reader *rd, const cJSON *o);
void rules_read_inactivity(struct rules_reader *rd, const cJSON *o);
void rules_read_lots(struct rules_reader *rd, const cJSON *o);
void rules_read_min_hold(struct rules_reader *rd, const cJSON *o);
void rules_read_stop_loss(struct rules_reader *rd, const cJSON *o);
void rules_read_flat(struct rules_reader *rd, const cJSON *o);
void rules_limit_max_days(const struct rule_basis *b, struct rule_line *out);
void rules_limit_inactivity(const struct rule_basis *b, struct rule_line *out);
void rules_limit_lots(const struct rule_basis *b, struct rule_line *out);
void rules_limit_lots_position(
    const struct rule_basis *b, struct rule_line *out);
void rules_limit_min_hold(const struct rule_basis *b, struct rule_line *out);
void rules_limit_stop_loss(const struct rule_basis *b, struct rule_line *out);
void rules_limit_flat(const struct rule_basis *b, struct rule_line *out);
void rules_left_days(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out);
void rules_left_flat(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out);
void rules_left_share(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out);
void rules_left_none(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out);

#endif
