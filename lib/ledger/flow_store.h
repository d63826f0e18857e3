/* flow_store.h: between the ledger's own files: a deal's meaning, stored. */
#ifndef LIB_LEDGER_FLOW_STORE_H
#define LIB_LEDGER_FLOW_STORE_H

#include "lib/ledger/file.h"
#include "lib/trading/deal.h"

/* Meaning, reason, person and the deal that it cancels; the sums and the days
 * follow. *changed becomes true where another meaning is stored. */
enum ledger_result flow_store(struct ledger *l, int64_t account,
    const struct deal *was, const struct deal *is, bool *changed);
/* The trades and the limits, once after it. */
enum ledger_result flow_followed(
    struct ledger *l, int64_t account, int64_t now_utc_ms);

/* An earlier deal of the opposite amount that no other one takes back: the
 * newest, or the one that the comment names. */
bool flow_find_cancelled(struct ledger *l, int64_t account,
    const struct deal *d, int64_t *ticket, enum deal_kind *kind);

#endif
