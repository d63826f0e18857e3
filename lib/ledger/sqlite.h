/* sqlite.h: between the files of the SQLite engine. */
#ifndef LIB_LEDGER_SQLITE_H
#define LIB_LEDGER_SQLITE_H

#include <sqlite3.h>

#include "lib/ledger/engine.h"

struct sqlite {
	sqlite3 *db;
	sqlite3_stmt *stmt[SQL_COUNT + 1];
	sqlite3_stmt *fill; /* while another ledger's rows come in */
};

/* sqlite_run.c */

/* Notes the failure of the last SQLite call: error and result. */
enum ledger_result sqlite_failed(struct ledger *l, int code);

/* Runs SQL without values or rows. */
enum ledger_result sqlite_run(struct ledger *l, const char *sql);

/* sqlite_file.c */
void sqlite_open(struct ledger *l, const char *path);
void sqlite_close(struct ledger *l);
enum ledger_result sqlite_copy(struct ledger *l, const char *path);
enum ledger_result sqlite_replace(struct ledger *l, const char *path);
enum ledger_result sqlite_check(struct ledger *l);

#endif
