/*
 * status.h: what state an account is in, worst first.
 *
 * Decided in one place, from facts; the words go to JSON as they are.
 */
#ifndef LIB_TRADING_STATUS_H
#define LIB_TRADING_STATUS_H

#include <stdbool.h>

enum status {
	STATUS_UNREACHABLE,         /* the agent does not answer */
	STATUS_UNAUTHORIZED,        /* the agent refuses us */
	STATUS_TERMINAL_DOWN,       /* the terminal's process is not there */
	STATUS_BRIDGE_SILENT,       /* the terminal's bridge writes no more */
	STATUS_WRONG_ACCOUNT,       /* another login than the one pinned */
	STATUS_CONFLICT,            /* two nodes show it, none is pinned */
	STATUS_BAD_DATA,            /* it says what cannot be: see the error */
	STATUS_NOT_LOGGED_IN,       /* no account in the terminal */
	STATUS_BROKER_DISCONNECTED, /* terminal has no trade server */
	STATUS_STALE,               /* older than the cache's TTL */
	STATUS_HISTORY_SYNCING,     /* the terminal still loads its deals */
	STATUS_TRADING_DISABLED,    /* AutoTrading button or server says no */
	STATUS_READ_ONLY,           /* investor password: normal */
	STATUS_OK,
};
#define STATUS_COUNT (STATUS_OK + 1)

/*
 * What one terminal of an agent shows. The worst fact wins, but for one: with
 * the investor password it is no wonder that trading is off, and the status is
 * READ_ONLY.
 */
struct status_facts {
	bool process_down;
	bool bridge_silent;
	bool wrong_account;
	bool bad_data; /* what was told of it cannot be true */
	bool logged_in;
	bool connected;
	bool history_complete;
	bool terminal_trade_allowed; /* the AutoTrading button */
	bool account_trade_allowed;  /* false: investor password */
	bool account_trade_expert;   /* the server allows programs */
};

/* Never UNREACHABLE, UNAUTHORIZED, STALE or CONFLICT: no fact of one terminal
 * tells those. */
enum status status_decide(const struct status_facts *f);

/* "unreachable", "unauthorized", … "read_only", "ok". */
const char *status_word(enum status s);
bool status_from(const char *word, enum status *out);

/* Its numbers are of now, and may stand in a total: from HISTORY_SYNCING on. */
bool status_is_live(enum status s);

#endif
