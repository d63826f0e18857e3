/* ledger_trades.h: between the ledger's own files: trades made from deals. */
#ifndef LIB_LEDGER_TRADES_H
#define LIB_LEDGER_TRADES_H

#include "lib/ledger_history.h"

/* The trade rows of one position, made anew from all of its deals. */
enum ledger_result ledger_trade_make(
    struct ledger *l, int64_t account, int64_t position_id, int64_t now_msc);

enum ledger_result ledger_trade_put(struct ledger *l, int64_t account,
    const struct trade *t, bool imported, int64_t now_msc);

#endif
