/*
 * business.h: what the accounts cost and brought in: fees, resets, payouts, as
 * people say it; and the payouts that the deals say by themselves.
 */
#ifndef LIB_LEDGER_BUSINESS_H
#define LIB_LEDGER_BUSINESS_H

#include "lib/ledger/people.h"

/* split: amount is the share in percent that is paid of each payout of that
 * account or firm from then on. */
#define LEDGER_BUSINESS_KINDS "fee, reset, cost, refund, payout or split"
bool ledger_business_is_kind(const char *word);

struct ledger_business {
	int64_t id;           /* 0: of a deal */
	int64_t ticket;       /* of that deal; 0 */
	int64_t at_utc_ms;    /* 0: of a deal whose UTC nobody knows */
	int64_t at_broker_ms; /* of a deal, by the broker's clock; 0 */
	const char *kind;
	money_t amount;       /* money.h; above 0 */
	const char *currency; /* NULL: of a split; or not told */
	int64_t account;      /* 0: of none */
	const char *server;
	int64_t login;
	const char *firm, *holder; /* NULL: as the account, or not said */
	const char *note, *who;
	int64_t entered_utc_ms;
};
typedef int (*ledger_business_fn)(const struct ledger_business *b, void *arg);

/* What people entered, the oldest first; then the deals that are payouts. */
enum ledger_result ledger_business_list(
    struct ledger *l, ledger_business_fn fn, void *arg);
enum ledger_result ledger_business_flows(
    struct ledger *l, ledger_business_fn fn, void *arg);

/* Both are audited, and can be undone. NOT_FOUND: none, or it is removed. */
enum ledger_result ledger_business_add(struct ledger *l,
    const struct ledger_business *b, const struct ledger_actor *actor,
    int64_t *id);
enum ledger_result ledger_business_remove(
    struct ledger *l, int64_t id, const struct ledger_actor *actor);

/* For undo.c: is that audit field one of ours, and its undoing. CONFLICT: it
 * is so already. */
bool business_field_is(const char *field);
enum ledger_result business_undo(struct ledger *l, const char *field,
    const char *to, const struct ledger_actor *actor);

#endif
