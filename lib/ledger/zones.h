/*
 * zones.h: the time zone of each broker's clock, and the UTC of its deals.
 *
 * A zone is an IANA name or "New York close" (lib/trading/zone.h). A person
 * types it, or it is proposed from what was seen; what is typed comes first.
 * Where none is known a deal's UTC is by the offset that it came with.
 *
 * An account's deals are all by one zone: `account.utc_zone` says which, and
 * is written in one transaction with them. Readers see the old or the new.
 */
#ifndef LIB_LEDGER_ZONES_H
#define LIB_LEDGER_ZONES_H

#include "lib/ledger/people.h"
#include "lib/trading/broker_zone.h"

struct ledger_zone {
	const char *server;
	const char *zone; /* in force; NULL: none is known */
	bool typed;       /* by a person, who may have said "none" */
	const char *who;  /* typed it; NULL */
	int64_t typed_utc_ms;
	const char *proposed; /* from what was seen; NULL: nothing is */
	const char *reason;   /* of that, or why not; NULL: not looked yet */
	int64_t looked_utc_ms;
	int accounts;
	struct amount
	    offset; /* reported last, s; unknown where accounts differ */
	int64_t offset_since_utc_ms; /* a new one was seen; 0 */
};
typedef int (*ledger_zone_fn)(const struct ledger_zone *z, void *arg);

/* Of every server that has accounts, by name. */
enum ledger_result ledger_zones(struct ledger *l, ledger_zone_fn fn, void *arg);
/* NOT_FOUND, fn not called: no account is of that server. */
enum ledger_result ledger_zone_get(
    struct ledger *l, const char *server, ledger_zone_fn fn, void *arg);

/* "typed by alice on 2026-11-28", "proposed: …", "not known: …". */
#define LEDGER_ZONE_SOURCE 384
void ledger_zone_source(
    const struct ledger_zone *z, char text[LEDGER_ZONE_SOURCE]);

/* What terminals report now is not what the zone says; the two offsets. */
bool ledger_zone_disagrees(const struct ledger_zone *z, int64_t now_utc_ms,
    int *zone_s, int *reported_s);

/*
 * What a person says: a zone, or "none" (offsets as they are seen), or NULL:
 * what is proposed. Audited as "zone:<server>", to be undone by ledger_undo.
 * NOT_FOUND without an account of that server, REJECTED where the zone is not
 * one. The accounts' UTC follow by ledger_zones_apply.
 */
#define LEDGER_ZONE_NONE "none"
enum ledger_result ledger_zone_type(struct ledger *l, const char *server,
    const char *zone, const struct ledger_actor *actor);

/* An account's terminal reported this offset now. */
enum ledger_result ledger_offset_seen(
    struct ledger *l, const char *server, int offset_s, int64_t now_utc_ms);

/*
 * Looks at what was seen of a server's clock, once a day and after a new
 * offset, and proposes a zone. What a person typed stands.
 */
enum ledger_result ledger_zones_propose(struct ledger *l, int64_t now_utc_ms);

/* The UTC of one account's deals is brought to the zone in force, where it is
 * not: in one transaction. */
enum ledger_result ledger_zone_apply(struct ledger *l, int64_t account);
/* The same of all accounts, a transaction each. */
enum ledger_result ledger_zones_apply(struct ledger *l);

/*
 * The clock of an account's broker, for days that begin at the server's
 * midnight: the zone that its deals' UTC is by, or NULL and the offsets as they
 * were seen (broker_zone_seen). ledger_clock_done afterwards.
 */
struct ledger_clock {
	char *zone;
	struct zone_spans seen;
};
enum ledger_result ledger_clock_get(
    struct ledger *l, int64_t account, struct ledger_clock *c);
void ledger_clock_done(struct ledger_clock *c);

/*
 * The UTC of a broker time of an open position or an order: of the deal that
 * opened it, where that is stored, else by the zone, else by the offset
 * reported now. Takes time_msc, position_id (0: an order), the offset and
 * seen_utc_ms (now) of *d; sets utc_ms and utc_estimated. account 0: the
 * ledger does not know it.
 */
enum ledger_result ledger_utc_of(
    struct ledger *l, int64_t account, struct deal *d);

#endif
