/* sqlite_file.c: the ledger as a file: opening, migrations, copies, checks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEDGER_SQL_MIGRATIONS
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/ledger/migrations.h"
#include "lib/ledger/money_sql.h"
#include "lib/ledger/sqlite.h"

#define BUSY_TIMEOUT_MS 5000

static sqlite3 *
file_of(const struct ledger *l)
{
	return ((const struct sqlite *)l->db)->db;
}

/* One number, or -1 with the error noted. */
static int64_t
ask(struct ledger *l, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t v = -1;
	int code = sqlite3_prepare_v2(file_of(l), sql, -1, &stmt, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		v = sqlite3_column_int64(stmt, 0);
	else
		sqlite_failed(l, code);
	sqlite3_finalize(stmt);
	return v;
}

static enum ledger_result
begin(struct ledger *l)
{
	return sqlite_run(l, "BEGIN IMMEDIATE");
}

static enum ledger_result
commit(struct ledger *l)
{
	return sqlite_run(l, "COMMIT");
}

static void
rollback(struct ledger *l)
{
	sqlite3_exec(file_of(l), "ROLLBACK", NULL, NULL, NULL);
}

static const struct migrations migrations = {
    .store = "file",
    .is_there = "SELECT count(*) FROM sqlite_schema WHERE name = 'migration'",
    .create = "CREATE TABLE IF NOT EXISTS migration ("
	      "number INTEGER PRIMARY KEY, applied_msc INTEGER NOT NULL)",
    .sql = sql_migrations,
    .len = sizeof(sql_migrations) / sizeof(sql_migrations[0]),
    .ask = ask,
    .run = sqlite_run,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
};

static enum ledger_result
settle(struct ledger *l)
{
	enum ledger_result r;
	int code;

	sqlite3_busy_timeout(file_of(l), BUSY_TIMEOUT_MS);
	sqlite3_extended_result_codes(file_of(l), 1);
	sqlite3_db_config(file_of(l), SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if ((code = money_sql_add(file_of(l))) != SQLITE_OK)
		return sqlite_failed(l, code);
	r = sqlite_run(l,
	    "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;"
	    "PRAGMA cache_size = -8000; PRAGMA synchronous = FULL");
	if (r == LEDGER_OK && l->mode == LEDGER_WRITE)
		r = sqlite_run(l, "PRAGMA journal_mode = WAL;"
				  "PRAGMA journal_size_limit = 16777216");
	return r == LEDGER_OK ? migrations_settle(l, &migrations) : r;
}

/* A new file has password hashes and money in it: not for everybody. */
static void
make_private(const char *path)
{
	int fd = file_open_shared(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);

	/* SQLite will say what is wrong */
	if (fd != -1)
		close(fd);
}

void
sqlite_open(struct ledger *l, const char *path)
{
	struct sqlite *s = mem_new(1, sizeof(*s));
	int flags = l->mode == LEDGER_WRITE
			? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
			: SQLITE_OPEN_READONLY;
	int code;

	l->db = s;
	if (l->mode != LEDGER_WRITE && access(path, F_OK) == -1) {
		snprintf(l->error, sizeof(l->error), "ledger %s: %s", path,
		    strerror(errno));
		l->state = LEDGER_NOT_FOUND;
		return;
	}
	if (l->mode == LEDGER_WRITE)
		make_private(path);
	code = sqlite3_open_v2(path, &s->db, flags, NULL);
	l->state = code == SQLITE_OK ? settle(l) : sqlite_failed(l, code);
	if (l->state != LEDGER_OK) {
		size_t used = strlen(l->error);

		snprintf(
		    l->error + used, sizeof(l->error) - used, " (%s)", path);
	}
}

static void
forget_statements(struct sqlite *s)
{
	for (int i = 0; i < SQL_COUNT; i++) {
		sqlite3_finalize(s->stmt[i]);
		s->stmt[i] = NULL;
	}
}

void
sqlite_close(struct ledger *l)
{
	struct sqlite *s = l->db;

	forget_statements(s);
	sqlite3_close(s->db);
	free(s);
}

static enum ledger_result
copy_pages(struct ledger *l, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", file_of(l), "main");
	int code;

	if (b == NULL)
		return sqlite_failed(l, sqlite3_errcode(to));
	do {
		code = sqlite3_backup_step(b, 1000);
		if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
			sqlite3_sleep(50);
	} while (
	    code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
	sqlite3_backup_finish(b);
	return code == SQLITE_DONE ? LEDGER_OK : sqlite_failed(l, code);
}

/*
 * One read transaction spans the copy, so that a busy writer cannot make it
 * begin anew for ever; the copy is a plain file without a WAL.
 */
enum ledger_result
sqlite_copy(struct ledger *l, const char *path)
{
	enum ledger_result r;
	sqlite3 *to = NULL;
	int code;

	code = sqlite3_open_v2(
	    path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	r = code == SQLITE_OK ? sqlite_run(l, "BEGIN") : sqlite_failed(l, code);
	if (r == LEDGER_OK && ask(l, "SELECT n FROM revision") == -1)
		r = LEDGER_ERROR;
	if (r == LEDGER_OK)
		r = copy_pages(l, to);
	ledger_rollback(l);
	if (r == LEDGER_OK)
		sqlite3_exec(
		    to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	sqlite3_close(to);
	return r;
}

/*
 * Its revision is higher than both: who keeps what he read must see that it
 * is another. What it says of the spreadsheets may have been overwritten
 * since the backup was made, and sessions of then have ended.
 */
static enum ledger_result
mark_replaced(struct ledger *l, int64_t before)
{
	enum ledger_result r;
	char sql[128];
	struct query q;

	query_init(&q, l, SQL_SHEET_UNKNOWN);
	r = query_write(&q);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_SESSION_END_ALL);
	r = query_write(&q);
	if (r != LEDGER_OK)
		return r;

	snprintf(sql, sizeof(sql), "UPDATE revision SET n = max(n, %lld) + 1",
	    (long long)before);
	return sqlite_run(l, sql);
}

/* All at one go: the write lock is held and nobody sees a half of it. */
enum ledger_result
sqlite_replace(struct ledger *l, const char *path)
{
	enum ledger_result r;
	int64_t revision;
	sqlite3 *from = NULL;
	sqlite3_backup *b;
	int code;

	revision = ask(l, "SELECT n FROM revision");
	if (revision == -1)
		return LEDGER_ERROR;
	forget_statements(l->db);
	code = sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY, NULL);
	b = code == SQLITE_OK
		? sqlite3_backup_init(file_of(l), "main", from, "main")
		: NULL;
	if (b != NULL) {
		sqlite3_backup_step(b, -1);
		code = sqlite3_backup_finish(b);
	} else
		code = sqlite3_errcode(code == SQLITE_OK ? file_of(l) : from);
	r = code == SQLITE_OK ? LEDGER_OK : sqlite_failed(l, code);
	sqlite3_close(from);
	if (r != LEDGER_OK)
		return r;
	/* the backup is no WAL file, and may be of an older version */
	l->state = settle(l);
	return l->state == LEDGER_OK ? mark_replaced(l, revision) : l->state;
}

enum ledger_result
sqlite_check(struct ledger *l)
{
	sqlite3_stmt *stmt = NULL;
	enum ledger_result r = LEDGER_OK;
	int code;

	code = sqlite3_prepare_v2(
	    file_of(l), "PRAGMA integrity_check(1)", -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code != SQLITE_ROW) {
		r = sqlite_failed(l, code);
	} else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") !=
		   0) {
		snprintf(l->error, sizeof(l->error), "ledger damaged: %s",
		    sqlite3_column_text(stmt, 0));
		l->damaged = true;
		r = LEDGER_ERROR;
	}
	sqlite3_finalize(stmt);
	return r;
}
