/*
 * rules_trial.h: a rule set tried on a few events, with no ledger: the worked
 * examples that firms publish, and a path that somebody types.
 *
 * {"name", "phase", "initial", "rules", "events": […], "expect": {…}}, as in
 * docs/rules.md. The period begins with balance = equity = initial; an hour
 * passes between two events, where after_s says nothing else.
 */
#ifndef LIB_TRADING_RULES_TRIAL_H
#define LIB_TRADING_RULES_TRIAL_H

#include <cjson/cJSON.h>

#include "lib/base/buf.h"
#include "lib/json/json.h"
#include "lib/trading/rule_book.h"

#define RULES_TRIAL_WHY 320

struct rules_trial {
	struct rules rules;
	struct rule_state st;
	struct rule_days days;
	struct rule_seen first; /* the first verdict: a limit that was broken */
	struct rule_book book;
	bool at_target, late; /* it was reached; the time is over */
	int64_t at_utc_ms;
	money_t flow;   /* moved since the last sample */
	int events;     /* so far */
	char where[64]; /* the member that is read, for why */
	char why[RULES_TRIAL_WHY];
};

/* The period at its beginning; -1: why. rules_trial_done in both cases. */
int rules_trial_begin(struct rules_trial *t, const char *rules, size_t len,
    const char *phase, money_t initial);

void rules_trial_done(struct rules_trial *t);

/* One event; -1: why, with its place. */
int rules_trial_event(struct rules_trial *t, const cJSON *event);

/* All of an example's, after each of them (and before the first, event NULL)
 * step is called; rules NULL: its own. It is begun here. */
typedef void (*rules_trial_fn)(
    const struct rules_trial *t, const cJSON *event, void *arg);
int rules_trial_run(struct rules_trial *t, const cJSON *example,
    const cJSON *rules, rules_trial_fn step, void *arg);

/* The kind of an event: "sample". */
const char *rules_trial_kind(const cJSON *event);

/* The state now, by a word of `expect`: "total_floor" 94000. Appended as text;
 * false: no such word. */
bool rules_trial_value(
    const struct rules_trial *t, const char *word, struct buf *out);
/* Has the set such a rule of trading? */
bool rules_trial_has(const struct rules_trial *t, enum rule_kind kind);
/* All words as members of the object that is open. */
void rules_trial_json(const struct rules_trial *t, struct json *j);

/*
 * A whole example; rules NULL: its own. True where all that is expected came
 * out; "expected … got …", or what is wrong with it, is appended to out.
 */
bool rules_trial_example(
    const cJSON *example, const cJSON *rules, struct buf *out);

/*
 * A path as a person types it: a line each event, "sample 100000 99500",
 * "reset 104000 104000", "payout 2000", "flow -500", "day 300", "open 1.5",
 * "+60 close 1.5" (60 s behind the line before); or the JSON list itself. The
 * events, the caller's; NULL: why, with the line.
 */
cJSON *rules_trial_path(const char *text, char why[RULES_TRIAL_WHY]);

#endif
