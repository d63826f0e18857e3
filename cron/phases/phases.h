/*
 * phases.h: the map of the phases job.
 *
 *	main.c      options, lock, accounts in batches, phases.json, summary
 *	presets.c   etc/rules.json -> rule sets nobody edited
 *	account.c   one account: what is new, and what follows from it
 *	fold.c      samples, flows and resets in their order -> the state
 *	days.c      the day table, and the days that count
 *	state.c     the state of a period as JSON
 *	outcome.c   verdicts, warnings, and the ends of pauses
 *	events.c    what is told to the pages, once it is committed
 *	untold.c    alerts that Redis does not have yet
 *
 * A sample counts when the ledger knows every deal up to it: it is from
 * before the last sync, or shows the very balance of that sync. A withdrawal
 * not yet seen as a deal can so never look like a loss. Only collect writes
 * samples, and only of live accounts: from stale data nothing follows.
 */
#ifndef PHASES_PHASES_H
#define PHASES_PHASES_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/config.h"
#include "lib/ledger/ledger.h"
#include "lib/redis/cache.h"
#include "lib/trading/rules.h"
#include "lib/trading/zone.h"

/* Nothing is warned of by a sample older than that. */
#define FRESH_MSC (180 * INT64_C(1000))

struct tally {
	int accounts, judged, verdicts, warnings, resumed, bad_rules;
};

struct event {
	const char *type; /* phase, alert */
	int64_t account;
	char *json; /* of an alert */
};

struct app {
	const volatile sig_atomic_t *stop;
	struct config config;
	struct cache *cache;
	struct ledger *ledger;
	int64_t started_msc, now_msc;
	int64_t *ids; /* the accounts */
	int ids_len, ids_size;
	struct event *events; /* of the batch under way */
	int events_len, events_size;
	struct buf untold; /* alerts, one a line */
	struct tally tally;
};

/* What is kept of a period between two runs. */
struct saved {
	struct rule_state st;
	int64_t next_msc;                    /* the reset to come */
	char date[ZONE_DATE_SIZE];           /* of the day under way */
	int64_t first_balance, first_equity; /* of the day, without flows */
	uint64_t rules_hash;                 /* of the rules it was folded by */
	uint64_t flows_hash;                 /* of the flows folded */
	int64_t credit;                      /* of the last sample */
	int64_t resumed_msc;                 /* when the last pause ended; 0 */
	int64_t sync_msc, full_msc; /* of the deals the days were counted by */
};

/* One account in one run. */
struct subject {
	struct app *app;
	struct ledger_account a; /* its texts are copies */
	char *server, *phase, *status;
	struct rules rules;
	char *rules_json; /* NULL: no rule set */
	bool has_rules;   /* and an initial balance to judge by */
	uint64_t rules_hash;
	struct saved saved;
	int64_t judged_msc; /* samples up to that were judged before */
	struct rule_days days;
	struct rule_sample last; /* folded in this run; at_msc 0: none */
	struct rule_seen seen;   /* the verdict, if any */
	bool flows_unknown;      /* when there was a flow is not known */
	enum ledger_result result;
};

/* presets.c: bad ones are logged and left out. */
enum ledger_result presets_load(struct app *app);

/* account.c */
enum ledger_result account_judge(struct app *app, int64_t id);

/* fold.c */
void fold_new(struct subject *s);

/* days.c */
void days_end(struct subject *s); /* the day under way is over: stored */
void days_count(struct subject *s);

/* state.c */
char *state_json(const struct saved *saved); /* the caller's */
/* -1: it cannot be read but for st.at_msc, up to which was judged; 0 else. */
int state_parse(const char *json, struct saved *saved);

/* outcome.c */
/* A verdict that changes something, as the status is now. */
bool outcome_matters(const struct subject *s, const struct rule_seen *seen);
void outcome_verdict(struct subject *s);
void outcome_warn(struct subject *s);
void outcome_resume(struct subject *s);

/* events.c */
void event_phase(struct app *app, int64_t account);
void event_alert(struct app *app, const struct subject *s, const char *level,
    const char *what, char *text); /* takes text */
void events_send(struct app *app);
void events_drop(struct app *app);

/* untold.c: keep before the ledger has it, cut where it then has it not,
 * forget when Redis has it. */
void untold_load(struct app *app);
void untold_keep(struct app *app);
void untold_put(const struct app *app, struct cache_batch *b);
void untold_cut(struct app *app, size_t len);
void untold_forget(struct app *app);

#endif
