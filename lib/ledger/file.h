/*
 * file.h: the ledger's file, its results and its transactions.
 *
 * One handle a process and thread. Text in a row given to a callback lives
 * until the callback returns. A callback that answers other than 0 ends the
 * list, which is then LEDGER_OK all the same.
 *
 * A write outside of ledger_begin/ledger_commit is a transaction of its own,
 * and is on the disk when the function returns. Money is money.h's.
 */
#ifndef LIB_LEDGER_FILE_H
#define LIB_LEDGER_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/trading/amount.h"

struct ledger;

enum ledger_mode {
	LEDGER_READ,  /* what is there, never changed */
	LEDGER_CHECK, /* the same, also of an older version: for ledger_check */
	LEDGER_WRITE, /* made and migrated where needed */
};

enum ledger_result {
	LEDGER_OK,
	LEDGER_NOT_FOUND,
	LEDGER_CONFLICT,    /* somebody changed it meanwhile: 409 */
	LEDGER_BUSY,        /* another writer held it for 5 s: 503, try again */
	LEDGER_FULL,        /* no room on the disk; nothing was written */
	LEDGER_READONLY,    /* the file or its folder cannot be written */
	LEDGER_ERROR,       /* damaged, or of another version */
	LEDGER_REJECTED,    /* what was given cannot be stored; the rest can */
	LEDGER_UNREACHABLE, /* PostgreSQL: no connection; nothing was written */
	LEDGER_UNKNOWN,     /* lost in the COMMIT: written, or not */
	LEDGER_FENCED,      /* another coordinator does this job now (lease.h);
			       nothing was written */
};

/* "postgresql://…" or "postgres://…": no path of a file. */
bool ledger_is_url(const char *where);

/*
 * Bytes that are left on the disk of the ledger's file to who is not root;
 * -1 with a server, or where the file is not there.
 */
int64_t ledger_disk_free(const char *where);
/* Bytes of the file and its write-ahead log; -1 as above. */
int64_t ledger_size(const char *where);
/* With less a large write may already fail. */
#define LEDGER_DISK_LOW (INT64_C(16) << 20)

/* Where a ledger is, for a message: without a password. The caller's. */
char *ledger_shown(const char *where);

/*
 * where is the path of an SQLite file, or PostgreSQL's connection URL.
 *
 * Never NULL; ask ledger_error(): NULL when all is well. With an error every
 * other function answers the result ledger_state() names: NOT_FOUND where
 * there is no file to read, ERROR where it is of another version and is not
 * to be migrated, or whatever else went wrong.
 */
struct ledger *ledger_open(const char *where, enum ledger_mode mode);
void ledger_close(struct ledger *l); /* ends an open transaction: undone */

enum ledger_result ledger_state(const struct ledger *l);

/* Why the last call failed, for the log; NULL when it did not. */
const char *ledger_error(const struct ledger *l);

/* The same as a sentence for who gave what was REJECTED. Never NULL. */
const char *ledger_reason(const struct ledger *l);

/* "ok", "not found", "conflict", "busy", "disk full", "read-only", "error",
 * "rejected", "unreachable", "unknown", "fenced". */
const char *ledger_result_word(enum ledger_result r);

enum ledger_result ledger_begin(struct ledger *l);
enum ledger_result ledger_commit(struct ledger *l);
void ledger_rollback(struct ledger *l);

/* A number that moved when anything in the ledger did (for ETags). */
enum ledger_result ledger_revision(struct ledger *l, int64_t *revision);

/* A consistent copy of a ledger in use, written to path (not there yet). */
enum ledger_result ledger_copy(struct ledger *l, const char *path);

/* The content of that ledger becomes this one's, in one transaction. */
enum ledger_result ledger_replace(struct ledger *l, const char *path);

/* Of what failed last: the file itself is broken, or is no ledger. */
bool ledger_is_damaged(const struct ledger *l);

/* Reads every page and every index: LEDGER_ERROR with what is damaged. */
enum ledger_result ledger_check(struct ledger *l);

#endif
