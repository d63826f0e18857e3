/* db.c: statements, transactions and results of the ledger's SQLite. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEDGER_SQL_TEXTS
#include "lib/ledger/db.h"
#include "lib/ledger/money_sql.h"

static const char *const words[] = {
    [LEDGER_OK] = "ok",
    [LEDGER_NOT_FOUND] = "not found",
    [LEDGER_CONFLICT] = "conflict",
    [LEDGER_BUSY] = "busy",
    [LEDGER_FULL] = "disk full",
    [LEDGER_READONLY] = "read-only",
    [LEDGER_ERROR] = "error",
    [LEDGER_REJECTED] = "rejected",
};

const char *
ledger_result_word(enum ledger_result r)
{
	return words[r];
}

/* A write that the kernel refused for want of room. SQLite does not keep the
 * error of every path, so that errno of just now counts, too. */
static bool
no_room(const struct ledger *l, int error)
{
	int e = sqlite3_system_errno(l->db);

	if (e == 0)
		e = error;
	return e == ENOSPC || e == EFBIG || e == EDQUOT;
}

static enum ledger_result
result_of(const struct ledger *l, int code, int error)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return LEDGER_BUSY;
	case SQLITE_FULL:
		return LEDGER_FULL;
	case SQLITE_IOERR:
		return no_room(l, error) ? LEDGER_FULL : LEDGER_ERROR;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return LEDGER_READONLY;
	case SQLITE_TOOBIG:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return LEDGER_REJECTED;
	default:
		return LEDGER_ERROR;
	}
}

enum ledger_result
ledger_failed(struct ledger *l, int code)
{
	enum ledger_result result = result_of(l, code, errno);
	int primary = code & 0xff;

	l->damaged = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
	snprintf(l->error, sizeof(l->error), "ledger %s: %s",
	    ledger_result_word(result),
	    result == LEDGER_FULL ? "no room left on the disk"
				  : sqlite3_errmsg(l->db));
	return result;
}

enum ledger_result
ledger_refused(struct ledger *l, const char *why)
{
	snprintf(l->error, sizeof(l->error), "ledger: %s", why);
	return LEDGER_ERROR;
}

enum ledger_result
ledger_exec(struct ledger *l, const char *sql)
{
	int code = sqlite3_exec(l->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? LEDGER_OK : ledger_failed(l, code);
}

enum ledger_result
ledger_begin(struct ledger *l)
{
	if (l->state != LEDGER_OK)
		return l->state;
	l->error[0] = '\0';
	return ledger_exec(l, "BEGIN IMMEDIATE");
}

enum ledger_result
ledger_commit(struct ledger *l)
{
	struct query q;
	enum ledger_result r;

	query_init(&q, l, SQL_REVISION_BUMP);
	r = query_run(&q);
	if (r == LEDGER_OK)
		r = ledger_exec(l, "COMMIT");
	if (r != LEDGER_OK)
		ledger_rollback(l);
	return r;
}

/* The error of what went before stays. */
void
ledger_rollback(struct ledger *l)
{
	if (l->state == LEDGER_OK && !sqlite3_get_autocommit(l->db))
		sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
}

enum ledger_result
ledger_rejected(struct ledger *l, const char *why)
{
	(void)ledger_refused(l, why);
	return LEDGER_REJECTED;
}

enum ledger_result
ledger_own_begin(struct ledger *l, bool *own)
{
	*own = false;
	if (l->state != LEDGER_OK)
		return l->state;
	if (!sqlite3_get_autocommit(l->db))
		return LEDGER_OK;
	*own = true;
	return ledger_begin(l);
}

enum ledger_result
ledger_own_end(struct ledger *l, bool own, enum ledger_result result)
{
	if (!own)
		return result;
	if (result == LEDGER_OK)
		return ledger_commit(l);
	ledger_rollback(l);
	return result;
}

void
query_init(struct query *q, struct ledger *l, enum ledger_sql which)
{
	memset(q, 0, sizeof(*q));
	q->l = l;
	if (l->state != LEDGER_OK) {
		q->code = SQLITE_MISUSE;
		return;
	}
	l->error[0] = '\0';
	if (l->stmt[which] == NULL)
		q->code = sqlite3_prepare_v3(l->db, sql_texts[which], -1,
		    SQLITE_PREPARE_PERSISTENT, &l->stmt[which], NULL);
	q->stmt = l->stmt[which];
}

void
put_int(struct query *q, int64_t v)
{
	if (q->code == SQLITE_OK)
		q->code = sqlite3_bind_int64(q->stmt, ++q->put, v);
}

static void
put_null(struct query *q)
{
	if (q->code == SQLITE_OK)
		q->code = sqlite3_bind_null(q->stmt, ++q->put);
}

void
put_known(struct query *q, bool known, int64_t v)
{
	if (known)
		put_int(q, v);
	else
		put_null(q);
}

void
put_amount(struct query *q, const struct amount *a)
{
	if (a->known)
		put_money(q, a->v);
	else
		put_null(q);
}

void
put_money(struct query *q, money_t v)
{
	char text[MONEY_STORED_SIZE];

	if (v >= INT64_MIN && v <= INT64_MAX)
		put_int(q, (int64_t)v);
	else if (q->code == SQLITE_OK)
		q->code = sqlite3_bind_text(q->stmt, ++q->put,
		    money_store(v, text), -1, SQLITE_TRANSIENT);
}

void
put_real(struct query *q, double v)
{
	if (isnan(v))
		put_null(q);
	else if (q->code == SQLITE_OK)
		q->code = sqlite3_bind_double(q->stmt, ++q->put, v);
}

/* Texts are borrowed until the query is done. */
void
put_text(struct query *q, const char *s)
{
	if (s == NULL)
		put_null(q);
	else if (q->code == SQLITE_OK)
		q->code =
		    sqlite3_bind_text(q->stmt, ++q->put, s, -1, SQLITE_STATIC);
}

void
put_given(struct query *q, const char *s)
{
	put_text(q, s != NULL && *s != '\0' ? s : NULL);
}

void
put_limit(struct query *q, int rows)
{
	put_int(q, rows > 0 ? rows : INT64_MAX);
}

bool
query_next(struct query *q)
{
	if (q->code != SQLITE_OK && q->code != SQLITE_ROW)
		return false;
	q->taken = 0;
	q->code = sqlite3_step(q->stmt);
	return q->code == SQLITE_ROW;
}

enum ledger_result
query_done(struct query *q)
{
	enum ledger_result result = LEDGER_OK;

	if (q->l->state != LEDGER_OK)
		return q->l->state;
	if (q->code != SQLITE_OK && q->code != SQLITE_ROW &&
	    q->code != SQLITE_DONE)
		result = ledger_failed(q->l, q->code);
	if (q->stmt != NULL) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
	}
	return result;
}

enum ledger_result
query_found(struct query *q)
{
	bool row = q->code == SQLITE_ROW;
	enum ledger_result r = query_done(q);

	return r == LEDGER_OK && !row ? LEDGER_NOT_FOUND : r;
}

enum ledger_result
query_run(struct query *q)
{
	query_next(q);
	return query_done(q);
}

enum ledger_result
query_write(struct query *q)
{
	bool own;
	enum ledger_result r = ledger_own_begin(q->l, &own);

	if (r != LEDGER_OK) {
		q->code = SQLITE_OK;
		query_done(q);
		return r;
	}
	return ledger_own_end(q->l, own, query_run(q));
}

enum ledger_result
query_touch(struct query *q)
{
	enum ledger_result result = query_run(q);

	if (result == LEDGER_OK && sqlite3_changes(q->l->db) == 0)
		return LEDGER_NOT_FOUND;
	return result;
}

enum ledger_result
query_id(struct query *q, int64_t *id)
{
	if (query_next(q))
		*id = take_int(q);
	return query_done(q);
}

int64_t
take_int(struct query *q)
{
	return sqlite3_column_int64(q->stmt, q->taken++);
}

money_t
take_money(struct query *q)
{
	int column = q->taken++;

	if (sqlite3_column_type(q->stmt, column) != SQLITE_TEXT)
		return sqlite3_column_int64(q->stmt, column);
	return money_of_stored(
	    (const char *)sqlite3_column_text(q->stmt, column));
}

int
take_small(struct query *q)
{
	int column = q->taken++;

	if (sqlite3_column_type(q->stmt, column) == SQLITE_NULL)
		return -1;
	return sqlite3_column_int(q->stmt, column);
}

struct amount
take_amount(struct query *q)
{
	struct amount a = {false, 0};

	a.known = sqlite3_column_type(q->stmt, q->taken) != SQLITE_NULL;
	a.v = take_money(q);
	return a;
}

double
take_real(struct query *q)
{
	int column = q->taken++;

	if (sqlite3_column_type(q->stmt, column) == SQLITE_NULL)
		return NAN;
	return sqlite3_column_double(q->stmt, column);
}

const char *
take_text(struct query *q)
{
	return (const char *)sqlite3_column_text(q->stmt, q->taken++);
}
