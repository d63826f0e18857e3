/* transfer.h: all of a ledger into an empty one, from either engine to either.
 */
#ifndef LIB_LEDGER_TRANSFER_H
#define LIB_LEDGER_TRANSFER_H

#include "lib/ledger/file.h"

#define TRANSFER_WHY_SIZE 512

typedef void (*transfer_fn)(const char *table, int64_t rows, void *arg);

/*
 * In one transaction of `to`, which must have no rows yet. Each row is then
 * read again from there and compared, and so are the sums of each column of
 * numbers: what differs is undone and is LEDGER_ERROR. `from` has a
 * transaction open, which says what is copied. each may be NULL.
 */
enum ledger_result ledger_transfer(struct ledger *from, struct ledger *to,
    transfer_fn each, void *arg, char why[TRANSFER_WHY_SIZE]);

/* A view of all as it is now, until ledger_rollback; writers go on. */
enum ledger_result ledger_snapshot(struct ledger *l);

#endif
