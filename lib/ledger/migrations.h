/*
 * migrations.h: a ledger is brought up to date, or found to be of another
 * version; the same for both engines.
 */
#ifndef LIB_LEDGER_MIGRATIONS_H
#define LIB_LEDGER_MIGRATIONS_H

#include "lib/ledger/db.h"

/* What that takes of an engine. */
struct migrations {
	const char *store;     /* "file": what the message calls it */
	const char *is_there;  /* SQL: 1 where `migration` is a table, else 0 */
	const char *create;    /* SQL: that table, where there is none */
	const char *no_ledger; /* reading: it is empty; NULL: as an old one */
	const char *const *sql; /* NULL: this engine has nothing to do */
	int64_t len;

	int64_t (*ask)(struct ledger *l, const char *sql); /* -1: error noted */
	enum ledger_result (*run)(struct ledger *l, const char *sql);
	enum ledger_result (*begin)(struct ledger *l); /* alone in writing */
	enum ledger_result (*commit)(struct ledger *l);
	void (*rollback)(struct ledger *l);
};

/* OK: of this version, by now. */
enum ledger_result migrations_settle(
    struct ledger *l, const struct migrations *m);

#endif
