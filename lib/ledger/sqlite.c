/* sqlite.c: SQLite as an engine: statements, transactions, rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEDGER_SQL_TEXTS
#include "lib/ledger/money_sql.h"
#include "lib/ledger/sqlite.h"

static sqlite3 *
file_of(const struct ledger *l)
{
	return ((const struct sqlite *)l->db)->db;
}

static bool
in_transaction(const struct ledger *l)
{
	return !sqlite3_get_autocommit(file_of(l));
}

static enum ledger_result
begin(struct ledger *l)
{
	return sqlite_run(l, "BEGIN IMMEDIATE");
}

static enum ledger_result
commit(struct ledger *l)
{
	struct query q;
	enum ledger_result r;

	query_init(&q, l, SQL_REVISION_BUMP);
	r = query_run(&q);
	return r == LEDGER_OK ? sqlite_run(l, "COMMIT") : r;
}

static void
undo(struct ledger *l)
{
	if (in_transaction(l))
		sqlite3_exec(file_of(l), "ROLLBACK", NULL, NULL, NULL);
}

static enum ledger_result
equity_room(struct ledger *l, int64_t slot)
{
	(void)l;
	(void)slot;
	return LEDGER_OK;
}

/* ---- statements ---- */

static void
prepare(struct query *q)
{
	struct sqlite *s = q->l->db;
	sqlite3_stmt **stmt = &s->stmt[q->which];

	if (q->text != NULL) {
		sqlite3_stmt *once = NULL;

		q->code = sqlite3_prepare_v2(s->db, q->text, -1, &once, NULL);
		q->at = once;
		return;
	}
	if (*stmt == NULL)
		q->code = sqlite3_prepare_v3(s->db, sql_texts[q->which], -1,
		    SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	q->at = *stmt;
}

static void
bind_null(struct query *q)
{
	q->code = sqlite3_bind_null(q->at, q->put);
}

static void
bind_int(struct query *q, int64_t v)
{
	q->code = sqlite3_bind_int64(q->at, q->put, v);
}

static void
bind_real(struct query *q, double v)
{
	q->code = sqlite3_bind_double(q->at, q->put, v);
}

static void
bind_money(struct query *q, money_t v)
{
	char text[MONEY_STORED_SIZE];

	if (v >= INT64_MIN && v <= INT64_MAX)
		q->code = sqlite3_bind_int64(q->at, q->put, (int64_t)v);
	else
		q->code = sqlite3_bind_text(
		    q->at, q->put, money_store(v, text), -1, SQLITE_TRANSIENT);
}

static void
bind_text(struct query *q, const char *s)
{
	q->code = sqlite3_bind_text(q->at, q->put, s, -1, SQLITE_STATIC);
}

static bool
next(struct query *q)
{
	if (q->code != SQLITE_OK && q->code != SQLITE_ROW)
		return false;
	q->code = sqlite3_step(q->at);
	return q->code == SQLITE_ROW;
}

static void
drop(struct query *q)
{
	if (q->text != NULL) {
		sqlite3_finalize(q->at);
		q->at = NULL;
	} else if (q->at != NULL) {
		sqlite3_reset(q->at);
		sqlite3_clear_bindings(q->at);
	}
}

static enum ledger_result
done(struct query *q)
{
	enum ledger_result result = LEDGER_OK;

	if (q->code != SQLITE_OK && q->code != SQLITE_ROW &&
	    q->code != SQLITE_DONE)
		result = sqlite_failed(q->l, q->code);
	drop(q);
	return result;
}

static int64_t
touched(const struct query *q)
{
	return sqlite3_changes(file_of(q->l));
}

/* ---- what a row has ---- */

static bool
is_null(const struct query *q, int column)
{
	return sqlite3_column_type(q->at, column) == SQLITE_NULL;
}

static int64_t
whole(const struct query *q, int column)
{
	return sqlite3_column_int64(q->at, column);
}

static double
real(const struct query *q, int column)
{
	return sqlite3_column_double(q->at, column);
}

static money_t
amount(const struct query *q, int column)
{
	if (sqlite3_column_type(q->at, column) != SQLITE_TEXT)
		return sqlite3_column_int64(q->at, column);
	return money_of_stored(
	    (const char *)sqlite3_column_text(q->at, column));
}

static const char *
string(const struct query *q, int column)
{
	return (const char *)sqlite3_column_text(q->at, column);
}

/* ---- rows as they come from another ledger ---- */

static enum ledger_result
fill_begin(struct ledger *l, const char *insert)
{
	struct sqlite *s = l->db;
	int code = sqlite3_prepare_v2(s->db, insert, -1, &s->fill, NULL);

	return code == SQLITE_OK ? LEDGER_OK : sqlite_failed(l, code);
}

static int
bind_cell(sqlite3_stmt *stmt, int at, const struct cell *c)
{
	char text[MONEY_STORED_SIZE];
	money_t v;

	if (c->text == NULL)
		return sqlite3_bind_null(stmt, at);
	if (c->kind == CELL_TEXT)
		return sqlite3_bind_text(
		    stmt, at, c->text, -1, SQLITE_TRANSIENT);
	if (c->kind == CELL_REAL)
		return sqlite3_bind_double(stmt, at, strtod(c->text, NULL));
	if (money_from_units(c->text, &v) == -1)
		return SQLITE_MISMATCH;
	if (v >= INT64_MIN && v <= INT64_MAX)
		return sqlite3_bind_int64(stmt, at, (int64_t)v);
	return sqlite3_bind_text(
	    stmt, at, money_store(v, text), -1, SQLITE_TRANSIENT);
}

static enum ledger_result
fill_row(struct ledger *l, const struct cell *cells, int n)
{
	struct sqlite *s = l->db;
	int code = SQLITE_OK;

	for (int i = 0; code == SQLITE_OK && i < n; i++)
		code = bind_cell(s->fill, i + 1, &cells[i]);
	if (code == SQLITE_OK)
		code = sqlite3_step(s->fill);
	sqlite3_reset(s->fill);
	return code == SQLITE_DONE ? LEDGER_OK : sqlite_failed(l, code);
}

static enum ledger_result
fill_end(struct ledger *l)
{
	struct sqlite *s = l->db;

	sqlite3_finalize(s->fill);
	s->fill = NULL;
	return LEDGER_OK;
}

static enum ledger_result
snapshot(struct ledger *l)
{
	return sqlite_run(l, "BEGIN");
}

const struct engine engine_sqlite = {
    .snapshot = snapshot,
    .fill_begin = fill_begin,
    .fill_row = fill_row,
    .fill_end = fill_end,
    .open = sqlite_open,
    .close = sqlite_close,
    .in_transaction = in_transaction,
    .begin = begin,
    .commit = commit,
    .rollback = undo,
    .copy = sqlite_copy,
    .replace = sqlite_replace,
    .check = sqlite_check,
    .equity_room = equity_room,
    .prepare = prepare,
    .put_null = bind_null,
    .put_no_int = bind_null,
    .put_int = bind_int,
    .put_real = bind_real,
    .put_money = bind_money,
    .put_text = bind_text,
    .next = next,
    .done = done,
    .drop = drop,
    .touched = touched,
    .is_null = is_null,
    .take_int = whole,
    .take_real = real,
    .take_money = amount,
    .take_text = string,
};
