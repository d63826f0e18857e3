/* utc.h: between the ledger's own files: broker time -> UTC. */
#ifndef LIB_LEDGER_UTC_H
#define LIB_LEDGER_UTC_H

#include "lib/ledger/db.h"
#include "lib/trading/deal.h"
#include "lib/trading/zone.h"

/* By what the UTC of an account's deals is made. */
struct utc_rule {
	struct zone_spans spans; /* len 0: by the offset each deal came with */
	bool typed;              /* a person vouches for the zone */
};

/* The rule in force for an account, over these broker times; its deals are
 * brought to it first, where they are by another. utc_rule_done afterwards. */
enum ledger_result utc_rule_get(struct ledger *l, int64_t account,
    int64_t from_broker_ms, int64_t to_broker_ms, struct utc_rule *rule);
void utc_rule_done(struct utc_rule *rule);

/* utc_ms and utc_estimated of a deal by itself. True: its hour came twice, and
 * only utc_settle can say which it was. */
bool utc_place(const struct utc_rule *rule, struct deal *d);

/* All deals of those broker times again, in the order of their tickets: what
 * has a higher ticket was not earlier. */
enum ledger_result utc_settle(struct ledger *l, int64_t account,
    const struct utc_rule *rule, int64_t from_broker_ms, int64_t to_broker_ms);

/* An audit row's field is this and the server's name. */
#define ZONE_AUDIT_FIELD "zone:"
/* What such a row changed, put back; CONFLICT where it is something else now.
 */
struct ledger_actor;
enum ledger_result zone_undo(struct ledger *l, const char *server,
    const char *from, const char *to, const struct ledger_actor *actor);

/* An account of `from` is one of `to` now: what is known of that clock is known
 * of this one, where nobody said anything of it. */
enum ledger_result zone_carry(struct ledger *l, const char *from,
    const char *to, const struct ledger_actor *actor);

#endif
