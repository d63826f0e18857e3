/*
 * judge.h: an account held against its rules, from what the ledger has of it.
 *
 *	account.c   one account: what is new, and what follows from it
 *	fold.c      samples, flows and resets in their order -> the state
 *	days.c      the day table, and the days that count
 *	trades.c    the rules of trading, by deals and open positions
 *	evidence.c  what was seen when a verdict fell
 *	state.c     the state of a period as JSON
 *	outcome.c   verdicts, warnings, and the ends of pauses
 *
 * A sample counts when the ledger knows every deal up to it: it is from
 * before the last sync, or shows the very balance of that sync. A withdrawal
 * not yet seen as a deal can so never look like a loss. Only collect writes
 * samples, and only of live accounts: from stale data nothing follows.
 */
#ifndef LIB_JUDGE_JUDGE_H
#define LIB_JUDGE_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/ledger/flows.h"
#include "lib/ledger/ledger.h"

struct judge_tally {
	int judged, verdicts, warnings, resumed, bad_rules;
};

/* Of an account, for whoever is to be told. */
struct judge_alert {
	int64_t account;
	const char *server;
	int64_t login;
	const char *level; /* info, warn, critical */
	const char *what;  /* daily_loss, max_loss, target_reached… */
	const char *text;
	bool is_verdict; /* else a warning */
};

/* An open position, with or without a stop loss at that moment. */
typedef void (*judge_position_fn)(
    int64_t position_id, int64_t at_utc_ms, bool has_stop, void *arg);

struct judge {
	struct ledger *ledger;
	int64_t now_utc_ms;
	struct judge_tally tally;
	/* Its phase or status is another one now. */
	void (*phase_changed)(void *arg, int64_t account);
	void (*alert)(void *arg, const struct judge_alert *a);
	/* Its rule set cannot be read. */
	void (*bad_rules)(void *arg, const struct ledger_account *a,
	    const char *server, const char *why);
	/* The open positions as its terminal shows them now; false: nobody
	 * can say. NULL: never. */
	bool (*positions)(void *arg, const char *server, int64_t login,
	    judge_position_fn fn, void *fn_arg);
	/* The same as the JSON list it is, and its moment; NULL: nobody can
	 * say. The caller frees it. */
	char *(*snapshot)(
	    void *arg, const char *server, int64_t login, int64_t *at_utc_ms);
	void *arg;
};

/* Within a transaction of the caller's. */
enum ledger_result judge_account(struct judge *judge, int64_t account);

#endif
