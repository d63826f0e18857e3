/* phase_start.h: a phase that began in the past: may it, and what the stored
 * deals say of it. */
#ifndef LIB_LEDGER_PHASE_START_H
#define LIB_LEDGER_PHASE_START_H

#include "lib/ledger/people.h"

/* What the deals say of a phase that began at a moment. */
struct ledger_proposal {
	int64_t started_utc_ms;
	int64_t first_deal_utc_ms;     /* the first one that is known */
	const char *why;               /* that moment */
	struct amount initial_balance; /* just after it */
	struct amount high; /* of the balance since, with what flowed */
	int days_opened;    /* broker's days on which a trade was opened */
	int64_t trades;     /* positions opened */
	bool has_samples;   /* the equity was seen at that moment */
};

/* started_utc_ms 0: the last reset of the account, or the first deal, but not
 * before the end of an earlier phase. NOT_FOUND: no deal is known. */
enum ledger_result ledger_phase_propose(struct ledger *l, int64_t account,
    int64_t started_utc_ms, struct ledger_proposal *out);

/* The account's own balance behind a moment, by the deals. */
enum ledger_result ledger_balance_at(
    struct ledger *l, int64_t account, int64_t utc_ms, struct amount *balance);

/* Each counting deal with from < UTC <= to, in its order. */
struct ledger_step {
	int64_t utc_ms;
	money_t net;
	bool is_flow;
};
typedef int (*ledger_step_fn)(const struct ledger_step *s, void *arg);
enum ledger_result ledger_balance_steps(struct ledger *l, int64_t account,
    int64_t from_utc_ms, int64_t to_utc_ms, ledger_step_fn fn, void *arg);

/* For people.c: may a period (0: a new one) begin then? REJECTED with the
 * reason, which quotes. */
struct edit;
enum ledger_result phase_start_check(
    const struct edit *e, int64_t started_utc_ms, int64_t period);

#endif
