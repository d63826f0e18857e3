/*
 * reported.h: what a terminal reports of its account, as far as C counts with
 * it; the rest goes to the page as it is.
 */
#ifndef LIB_FLEET_REPORTED_H
#define LIB_FLEET_REPORTED_H

#include "lib/json/jsonin.h"
#include "lib/ledger/history.h"

/* Time zones end there; what is beyond is a clock that stands still. */
#define REPORTED_OFFSET_MIN_S (-12 * 3600)
#define REPORTED_OFFSET_MAX_S (14 * 3600)

struct reported {
	char *currency, *company, *name; /* NULL: not told */
	int currency_digits, trade_mode, margin_mode, leverage; /* -1 */
	double balance, credit, equity, profit;                 /* NAN */
	bool offset_known;
	int offset_s;            /* broker time less UTC */
	int64_t non_trade_deals; /* in its history; -1: an old bridge */
};

/*
 * doc has "account", "broker_offset_s" and "history": a bridge's document, a
 * line of a snapshot, an entry of an agent's GET /accounts.
 */
void reported_read(struct reported *f, const cJSON *doc);
void reported_copy(struct reported *to, const struct reported *from);
void reported_done(struct reported *f);

/* For the ledger; texts are borrowed. */
struct ledger_seen reported_seen(const struct reported *f, const char *server,
    int64_t login, const char *node);

#endif
