/* trades.h: between the ledger's own files: deals and their trades. */
#ifndef LIB_LEDGER_TRADES_H
#define LIB_LEDGER_TRADES_H

#include "lib/ledger/history.h"
#include "lib/ledger/samples.h"

/* A row of any list of deals; its texts live as long as the query's row. */
struct query;
void ledger_take_deal(struct query *q, struct deal *d);

/* The columns of a day, in the order of day_list. */
void ledger_take_day(struct query *q, struct ledger_day *d);

/* The time and the id that a page of any list begins behind. */
void ledger_put_after(struct query *q, const struct ledger_page *page);

/* The trade rows of one position, made anew from all of its deals. */
enum ledger_result ledger_trade_make(
    struct ledger *l, int64_t account, int64_t position_id, int64_t now_utc_ms);

/* That position's trades are to be made again, and then: those of an account
 * that are. Within a transaction. */
enum ledger_result ledger_trade_stale(
    struct ledger *l, int64_t account, int64_t position_id);
enum ledger_result ledger_trades_renew(
    struct ledger *l, int64_t account, int64_t now_utc_ms);

/* It was joined into another one: nothing is stored of it any more. */
enum ledger_result ledger_account_is_merged(
    struct ledger *l, int64_t account, bool *merged);

enum ledger_result ledger_trade_put(struct ledger *l, int64_t account,
    const struct trade *t, bool imported, int64_t now_utc_ms);

/* A stored deal counts no more, or again: the sums follow, its position is
 * stale. Within a transaction. */
enum ledger_result ledger_deal_exclude(struct ledger *l, int64_t account,
    const struct deal *d, enum deal_excluded excluded);

#endif
