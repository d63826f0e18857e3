/*
 * exposure.h: what is open over all accounts: long and short lots and floating
 * P/L by symbol, accounts that hold opposite positions, pairs.
 *
 * Only what is known now counts: an account that is not live, or whose open
 * positions cannot be read whole, is left out and counted. Lots are the
 * broker's own; what a lot is may differ from one broker to the next.
 */
#ifndef LIB_FLEET_EXPOSURE_H
#define LIB_FLEET_EXPOSURE_H

#include "lib/fleet/facts.h"
#include "lib/fleet/view.h"

/* One account of those looked at. */
struct exposure_account {
	const struct view_row *row;
	const struct account_facts *facts; /* NULL: the ledger has none */
	bool counted;
	size_t positions;
};

/* What one account holds of one symbol. Lots and P/L are money.h's. */
struct exposure_holding {
	size_t account, symbol; /* of the lists below */
	char *name;             /* as its broker writes it */
	size_t positions;
	money_t long_lots, short_lots;
	struct amount profit; /* floating, with swap; of its currency */
	bool opposite;        /* stands against another account's */
};

struct exposure_symbol {
	char *name;       /* without a broker's prefix and suffix */
	size_t from, len; /* of the holdings */
	size_t positions;
	money_t long_lots, short_lots;
};

/* Who forbids positions against each other. */
enum exposure_of { EXPOSURE_OF_FIRM, EXPOSURE_OF_HOLDER };
const char *exposure_of_word(enum exposure_of of);
/* Whose an account is; NULL: not said. */
struct exposure_account;
const char *exposure_owner(
    const struct exposure_account *a, enum exposure_of of);

/* Accounts of one firm or one holder, some long and some short of a symbol. */
struct exposure_opposite {
	size_t symbol;
	enum exposure_of of;
	const char *name; /* of the firm or holder */
	size_t *holdings;
	size_t len;
};

/* Two accounts without a VS group that look like a pair. */
struct exposure_proposal {
	size_t long_side, short_side; /* holdings */
	bool same_lots;
};

struct exposure {
	struct exposure_account *accounts;
	size_t accounts_len, accounts_size;
	size_t counted;                  /* the others are left out */
	struct exposure_symbol *symbols; /* the largest gross lots first */
	size_t symbols_len, symbols_size;
	struct exposure_holding *holdings; /* by symbol, then by account */
	size_t holdings_len, holdings_size;
	struct exposure_opposite *opposites;
	size_t opposites_len, opposites_size;
	struct exposure_proposal *proposals;
	size_t proposals_len, proposals_size;
};

/* {0}, then each account, then exposure_find. Borrows from view and facts. */
void exposure_add(struct exposure *e, const struct view_row *row,
    const struct account_facts *facts);
void exposure_find(struct exposure *e);
void exposure_done(struct exposure *e);

/* "#EURUSD.pro" is "EURUSD"; the caller's. */
char *exposure_symbol_name(const char *broker_name);

#endif
