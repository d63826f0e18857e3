/*
 * verdicts.h: what the rules found of an account, kept for good with what was
 * seen then; an admin can annul one, with a reason.
 */
#ifndef LIB_LEDGER_VERDICTS_H
#define LIB_LEDGER_VERDICTS_H

#include "lib/ledger/people.h"

/* As it fell, never changed; and whether it was annulled since. */
struct ledger_verdict {
	int64_t id, account, period, at_utc_ms;
	const char *word;   /* rule_seen_word */
	const char *status; /* what the account's status became */
	struct rule_seen seen;
	const char *rules;       /* the rule set's JSON at that moment */
	const char *evidence;    /* lib/judge/evidence.c; NULL: an old one */
	int64_t annulled_utc_ms; /* 0 */
	const char *annulled_by, *annulled_why;
};
enum ledger_result ledger_verdict_add(
    struct ledger *l, const struct ledger_verdict *v);
typedef int (*ledger_verdict_fn)(const struct ledger_verdict *v, void *arg);
/* Newest first. */
enum ledger_result ledger_verdicts(
    struct ledger *l, int64_t account, ledger_verdict_fn fn, void *arg);

/* The annulled ones of a period, oldest first. */
struct ledger_annulled {
	int64_t verdict, at_utc_ms;
	const char *word;
	int64_t annulled_utc_ms;
};
typedef int (*ledger_annulled_fn)(const struct ledger_annulled *a, void *arg);
enum ledger_result ledger_annulled(struct ledger *l, int64_t account,
    int64_t period, ledger_annulled_fn fn, void *arg);

/*
 * It is marked, the status that it gave is taken back where nobody gave another
 * one since, and the period is judged on from behind it. reason NULL: it stands
 * again. NOT_FOUND: the account has no such verdict. REJECTED: ledger_reason.
 * Audited, and can be undone.
 */
enum ledger_result ledger_verdict_annul(struct ledger *l, int64_t account,
    int64_t version, int64_t id, const char *reason,
    const struct ledger_actor *actor);

/* For undo.c. */
struct edit;
bool verdict_field_is(const char *field);
enum ledger_result verdict_undo(
    const struct edit *e, const char *field, const char *from, const char *to);

#endif
