/*
 * flows.h: what deals that are no trades are for (lib/trading/flow.h): guessed
 * when they are stored, and whenever what the guess was made from has changed;
 * what a person said stays.
 */
#ifndef LIB_LEDGER_FLOWS_H
#define LIB_LEDGER_FLOWS_H

#include "lib/ledger/people.h"
#include "lib/trading/flow.h"

/*
 * Guesses again what was not said by a person, of the deals from a moment of
 * the broker's clock on. Where a meaning changes, so do the sums, the days and
 * the trades; the limits are unknown until the period is folded again.
 */
enum ledger_result ledger_flows_guess(
    struct ledger *l, int64_t account, int64_t from_broker_ms);

/* The same later, by ledger_flows_renew: of one account, or (0) of all. */
enum ledger_result ledger_flows_stale(struct ledger *l, int64_t account);
enum ledger_result ledger_flows_renew(struct ledger *l, int64_t account);

/* The common rules in the place of etc/flows.json's, a JSON list; NULL: those
 * again. All is guessed again where they differ from what is stored. */
enum ledger_result ledger_flow_rules_put(struct ledger *l, const char *json);

/* What a person says of a deal; MEANS_NOTHING: let it be guessed again. */
struct ledger_flow_edit {
	int64_t ticket;
	enum deal_meaning meaning;
	const char *note; /* NULL */
	int64_t cancels;  /* of a correction; 0: looked for */
};

/* NOT_FOUND: no such deal. REJECTED: ledger_error says why. CONFLICT as every
 * edit. Audited, and can be undone. */
enum ledger_result ledger_flow_set(struct ledger *l, int64_t account,
    int64_t version, const struct ledger_flow_edit *edit,
    const struct ledger_actor *actor);

/* For undo.c: is that audit field one of ours, and its undoing. */
struct edit;
bool flow_field_is(const char *field);
enum ledger_result flow_undo(
    const struct edit *e, const char *field, const char *from, const char *to);

#endif
