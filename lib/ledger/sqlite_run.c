/* sqlite_run.c: what SQLite's errors are. */
#include <errno.h>
#include <stdio.h>

#include "lib/ledger/sqlite.h"

static sqlite3 *
file_of(const struct ledger *l)
{
	return ((const struct sqlite *)l->db)->db;
}

/* A write that the kernel refused for want of room. SQLite does not keep the
 * error of every path, so that errno of just now counts, too. */
static bool
no_room(const struct ledger *l, int error)
{
	int e = sqlite3_system_errno(file_of(l));

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
sqlite_failed(struct ledger *l, int code)
{
	enum ledger_result result = result_of(l, code, errno);
	int primary = code & 0xff;

	l->damaged = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
	snprintf(l->error, sizeof(l->error), "ledger %s: %s",
	    ledger_result_word(result),
	    result == LEDGER_FULL ? "no room left on the disk"
				  : sqlite3_errmsg(file_of(l)));
	return result;
}

enum ledger_result
sqlite_run(struct ledger *l, const char *sql)
{
	int code = sqlite3_exec(file_of(l), sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? LEDGER_OK : sqlite_failed(l, code);
}
