/*
 * row.h: an account's row, as /api/accounts and the gateway's messages say it.
 *
 * What the terminal says comes from collect as it is (the fragment); what the
 * ledger knows is added here, by one writer for both.
 */
#ifndef LIB_FLEET_ROW_H
#define LIB_FLEET_ROW_H

#include "lib/fleet/facts.h"
#include "lib/fleet/view.h"
#include "lib/json/json.h"

/* server, login, node, status, since_utc, age_s, at_utc, error, claims, within
 * an object. */
void row_json_identity(
    struct json *j, const struct view_row *row, int64_t now_ms);

/* What a terminal says of an account's money. */
struct row_money {
	bool known; /* all of it; else nothing of it is used */
	money_t profit;
	struct pl_money money;
};

/*
 * "pl" and "rules", within an object: what follows from the money and from
 * what the ledger knows; facts NULL: it knows nothing.
 */
void row_json_ledger(struct json *j, const struct row_money *m,
    const struct account_facts *facts, int64_t now_ms);

/* All members of a row, within an object. */
void row_json(struct json *j, const struct view_row *row,
    const struct account_facts *facts, int64_t now_ms);

/* false: nothing is known of the account's money, or by the ledger. */
bool row_pl(const struct view_row *row, const struct account_facts *facts,
    int64_t now_ms, struct pl *out);

/* The same of its rules; false too where it has none. */
bool row_left(const struct view_row *row, const struct account_facts *facts,
    int64_t now_ms, struct rule_left *out);

/* row_json_ledger of what the row says of its money. */
void row_json_of_ledger(struct json *j, const struct view_row *row,
    const struct account_facts *facts, int64_t now_ms);

/* Seconds with at most three decimals, as age_s is written. */
void row_put_age(struct buf *b, int64_t age_ms);

#endif
