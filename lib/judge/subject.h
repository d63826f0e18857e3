/* subject.h: one account in one run; for lib/judge's own files. */
#ifndef LIB_JUDGE_SUBJECT_H
#define LIB_JUDGE_SUBJECT_H

#include "lib/judge/judge.h"
#include "lib/ledger/phase_start.h"
#include "lib/ledger/verdicts.h"
#include "lib/ledger/zones.h"
#include "lib/trading/rule_book.h"
#include "lib/trading/zone.h"

/* Nothing is warned of by a sample older than that. */
#define FRESH_MS (180 * INT64_C(1000))

/* An open position of which was seen whether it has a stop loss. */
struct stop_note {
	int64_t id, seen_utc_ms;
	int64_t with_utc_ms;    /* first seen with one; 0 */
	int64_t without_utc_ms; /* last seen without; 0 */
};
#define STOP_NOTES_MAX 64

/* What is kept of the trades, also where all else is folded anew. */
struct trade_notes {
	int64_t judged_utc_ms; /* the rules of trading were, up to that */
	int64_t synced_utc_ms; /* by the deals that had been read by then; 0 */
	struct stop_note stops[STOP_NOTES_MAX];
	int len;
};

/* What is kept of a period between two runs. */
struct saved {
	struct rule_state st;
	int64_t next_utc_ms;                 /* the reset to come */
	char date[ZONE_DATE_SIZE];           /* of the day under way */
	money_t first_balance, first_equity; /* of the day, without flows */
	uint64_t rules_hash;                 /* of the rules it was folded by */
	uint64_t flows_hash;                 /* of the flows folded */
	money_t credit;                      /* of the last sample */
	int64_t resumed_utc_ms;              /* when the last pause ended; 0 */
	int64_t sync_utc_ms,
	    full_utc_ms; /* of the deals the days were counted by */
	struct trade_notes notes;
	/* Verdicts of that word were annulled and its rule is broken since
	 * without a break: as in annulled_between. */
	int64_t excused;
	uint64_t annul_hash;  /* of the annulled ones it was folded by */
	int64_t annul_utc_ms; /* the last annulment among them */
};

/* What the deals moved between a reset and a sample, both UTC. */
struct moved {
	int64_t from_utc_ms, until_utc_ms;
	money_t net, flows;
};

struct subject {
	struct moved moved; /* the last that was asked for */
	struct judge *judge;
	struct ledger_account a; /* its texts are copies */
	char *server, *phase, *status;
	struct rules rules;
	struct ledger_clock clock; /* of its broker */
	char *rules_json;          /* NULL: no rule set */
	bool has_rules;            /* and an initial balance to judge by */
	uint64_t rules_hash;
	struct saved saved;
	int64_t judged_utc_ms;    /* samples up to that were judged before */
	struct trade_notes notes; /* saved in the end */
	struct {
		int count;
		struct rule_break last;
	} breaks[RULE_KINDS]; /* new ones, that are only told */
	struct rule_days days;
	struct rule_sample last;    /* folded in this run; at_utc_ms 0: none */
	struct rule_seen seen;      /* the verdict, if any */
	struct rule_days seen_days; /* by then */
	struct {
		int64_t at_utc_ms;
		struct rule_seen seen; /* its verdict and kind alone */
	} * annulled; /* verdicts of the period, oldest first */
	size_t annulled_len, annulled_size;
	uint64_t annul_hash;
	int64_t annul_utc_ms;
	bool flows_unknown; /* when there was a flow is not known */
	/* no sample was there yet: by the deals alone, up to that moment */
	bool by_deals;
	int64_t climbed_utc_ms;
	int64_t met_utc_ms; /* the balance is of then: a flow behind the last
			       sample */
	enum ledger_result result;
};

/* fold.c */
void fold_new(struct subject *s);

/* days.c */
void days_end(struct subject *s); /* the day under way is over: stored */
/* Late deals belong to days that are over: their rows are made anew. */
void days_recount(struct subject *s);
/* The days that count, by the deals up to a moment. */
void days_count(struct subject *s, int64_t until_utc_ms, struct rule_days *out);

/* trades.c */
void trades_look(struct subject *s); /* behind days_count */

/* state.c */
char *state_json(const struct saved *saved); /* the caller's */
/* -1: it cannot be read but for st.at_utc_ms, up to which was judged; 0 else.
 */
int state_parse(const char *json, struct saved *saved);

/* evidence.c */
char *evidence_json(struct subject *s); /* the caller's; NULL: too much */

/* annulled.c */
/* With the state as it was kept; what was annulled since is judged again from
 * behind it. */
void annulled_load(struct subject *s);
/* The rules whose annulled verdicts fell at before < UTC <= at: RULE_BIT each,
 * and that of the target. */
#define ANNULLED_TARGET (INT64_C(1) << 62)
int64_t annulled_between(
    const struct subject *s, int64_t before_utc_ms, int64_t at_utc_ms);

/* outcome.c */
/* A verdict that changes something, as the status is now. */
bool outcome_matters(const struct subject *s, const struct rule_seen *seen);
void outcome_verdict(struct subject *s);
void outcome_warn(struct subject *s);
void outcome_breaks(struct subject *s); /* tells those that are only told */
void outcome_resume(struct subject *s);

#endif
