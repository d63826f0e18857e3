/*
 * hooks.h: what a web hook is sent of the ledger's own events, and how far it
 * has been told: changes (the audit), verdicts, payouts. docs/webhooks.md
 */
#ifndef LIB_LEDGER_HOOKS_H
#define LIB_LEDGER_HOOKS_H

#include "lib/ledger/people.h"

/* How far a target was told. */
struct ledger_hook {
	const char *target;
	int64_t audit_id, verdict_id;
	const char *live_id; /* of the stream `live` in Redis */
};
typedef int (*ledger_hook_fn)(const struct ledger_hook *h, void *arg);
/* NOT_FOUND, fn not called: it was never told anything. */
enum ledger_result ledger_hook_get(
    struct ledger *l, const char *target, ledger_hook_fn fn, void *arg);
/* From now on: what there is already is not told. */
enum ledger_result ledger_hook_begin(
    struct ledger *l, const char *target, const char *live_id);
enum ledger_result ledger_hook_put(
    struct ledger *l, const struct ledger_hook *h);

/* Changes of accounts behind that row and made before that moment, oldest
 * first. */
enum ledger_result ledger_audits_after(struct ledger *l, int64_t after_id,
    int64_t before_utc_ms, int limit, ledger_audit_fn fn, void *arg);

struct ledger_hook_verdict {
	int64_t id, at_utc_ms, login;
	const char *server, *word, *status;
	money_t value, level, balance, equity;
	bool is_annulled;
};
typedef int (*ledger_hook_verdict_fn)(
    const struct ledger_hook_verdict *v, void *arg);
enum ledger_result ledger_verdicts_after(struct ledger *l, int64_t after_id,
    int limit, ledger_hook_verdict_fn fn, void *arg);

struct ledger_payout {
	int64_t account, ticket, login;
	const char *server, *currency, *comment;
	money_t amount;        /* as the deal has it: below 0 */
	int64_t counts_utc_ms; /* 0: not known */
	int64_t seen_utc_ms;   /* 0 */
};
typedef int (*ledger_payout_fn)(const struct ledger_payout *p, void *arg);
/* Those that the target was not told of. */
enum ledger_result ledger_payouts_untold(struct ledger *l, const char *target,
    int limit, ledger_payout_fn fn, void *arg);
enum ledger_result ledger_payout_told(
    struct ledger *l, const char *target, int64_t account, int64_t ticket);

#endif
