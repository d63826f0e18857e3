/*
 * money_sql.h: money in SQLite, exactly.
 *
 * An amount that fits in 64 bits is an INTEGER, as in every older ledger; one
 * that does not is a TEXT: its whole 1e-8 in decimal and a final "u", so that
 * no column affinity makes a REAL of it. SQL's own sum, min and max would be
 * wrong for such texts: the statements use money_sum(x), money_add(x, …),
 * money_min and money_max (of one argument over rows, of two on one row),
 * which every connection has.
 */
#ifndef LIB_LEDGER_MONEY_SQL_H
#define LIB_LEDGER_MONEY_SQL_H

#include <sqlite3.h>

#include "lib/trading/money.h"

#define MONEY_STORED_SIZE 48

const char *money_store(money_t v, char text[MONEY_STORED_SIZE]);

/* A TEXT that money_store made; 0 for NULL, and for any other. */
money_t money_of_stored(const char *stored);

/* SQLITE_OK, or why not. */
int money_sql_add(sqlite3 *db);

#endif
