/*
 * engine.h: what a ledger stands on. SQLite (sqlite.c) where it is a file,
 * PostgreSQL (pg.c) where it is a URL; db.c is the same for both.
 *
 * An engine's functions are called with a ledger whose state is LEDGER_OK,
 * `open` and `close` apart. One that fails leaves its reason in l->error.
 */
#ifndef LIB_LEDGER_ENGINE_H
#define LIB_LEDGER_ENGINE_H

#include "lib/ledger/db.h"

/* A value as text, the same from either engine; NULL: NULL. */
enum cell_kind { CELL_WHOLE, CELL_REAL, CELL_TEXT };
struct cell {
	enum cell_kind kind;
	const char *text;
};

struct engine {
	bool lists; /* a value may be a list: statements that take many rows */

	void (*open)(struct ledger *l, const char *where); /* sets the state */
	void (*close)(struct ledger *l);

	bool (*in_transaction)(const struct ledger *l);
	enum ledger_result (*begin)(struct ledger *l);
	enum ledger_result (*commit)(struct ledger *l);
	void (*rollback)(struct ledger *l); /* keeps the error of before */

	/* file.h; copy NULL: by its rows (copy.c) */
	enum ledger_result (*copy)(struct ledger *l, const char *path);
	enum ledger_result (*replace)(struct ledger *l, const char *path);
	enum ledger_result (*check)(struct ledger *l);
	/* There is room for a sample of that second. */
	enum ledger_result (*equity_room)(struct ledger *l, int64_t slot);

	/* A view of it that stays as it is until it is rolled back. */
	enum ledger_result (*snapshot)(struct ledger *l);
	/* In a transaction: it may take long. NULL: it always may. */
	enum ledger_result (*stay)(struct ledger *l);
	/* Rows as another ledger has them (transfer.c), in a transaction.
	 * insert: "INSERT INTO t (a, b) VALUES (?, ?)"; PostgreSQL takes the
	 * first half. Between begin and end nothing else is asked. */
	enum ledger_result (*fill_begin)(struct ledger *l, const char *insert);
	enum ledger_result (*fill_row)(
	    struct ledger *l, const struct cell *cells, int n);
	enum ledger_result (*fill_end)(struct ledger *l);

	/* What fails sets q->code and is told by done. */
	void (*prepare)(struct query *q);
	void (*put_null)(struct query *q);
	void (*put_no_int)(struct query *q); /* NULL where an integer may be */
	void (*put_int)(struct query *q, int64_t v);
	void (*put_real)(struct query *q, double v);
	void (*put_money)(struct query *q, money_t v);
	void (*put_text)(struct query *q, const char *s);
	bool (*next)(struct query *q);
	enum ledger_result (*done)(struct query *q);
	void (*drop)(struct query *q);             /* of one that is not run */
	int64_t (*touched)(const struct query *q); /* rows, by what was run */

	bool (*is_null)(const struct query *q, int column);
	int64_t (*take_int)(const struct query *q, int column);
	double (*take_real)(const struct query *q, int column);
	money_t (*take_money)(const struct query *q, int column);
	const char *(*take_text)(const struct query *q, int column);
};

extern const struct engine engine_sqlite, engine_postgresql;

#endif
