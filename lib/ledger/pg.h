/* pg.h: between the files of the PostgreSQL engine. */
#ifndef LIB_LEDGER_PG_H
#define LIB_LEDGER_PG_H

#include <sys/types.h>

#include "lib/ledger/engine.h"
#include "lib/ledger/pq.h"

#define PG_WHY_SIZE 256

struct pg {
	char *url;
	PGconn *conn; /* NULL: lost */
	pid_t pid;    /* whose it is: no forked process uses it */
	bool in_transaction;
	/* no pooler between, which might give each transaction another server
	 * process: statements are prepared once */
	bool direct;
	bool prepared[SQL_COUNT];
	int64_t room_from[2]; /* days that have a partition */
	int limit_ms;         /* how long an answer may take */
	char why[PG_WHY_SIZE];
};

/* pg_conn.c */

bool pg_is_error(const PGresult *r);
/* A connection by the URL, names resolved again; -1: p->why. */
int pg_connect(struct pg *p);
/* The same again, for what was lost between two transactions. */
int pg_reconnect(struct pg *p);
/* Closes it without a word to the server. */
void pg_lose(struct pg *p);

/*
 * Waits for the answer to what was sent: its last result, or its first
 * error. NULL: the connection is lost, p->why says how.
 */
PGresult *pg_answer(struct pg *p);
/* The next row of what was sent in single-row mode, as a result; one without
 * rows is the end. NULL as above. */
PGresult *pg_row(struct pg *p);
/* One or several statements without values. NULL as above. */
PGresult *pg_exec(struct pg *p, const char *sql);

/* pg_run.c */

/* What an error, or a lost connection (NULL), is; noted in the ledger. */
enum ledger_result pg_failed(struct ledger *l, const PGresult *r);
/* pg_exec for what gives no rows. */
enum ledger_result pg_run(struct ledger *l, const char *sql);
enum ledger_result pg_begin(struct ledger *l);
/* The same whoever does this job now: for what writes nothing of its own. */
enum ledger_result pg_begin_unfenced(struct ledger *l);
void pg_rollback(struct ledger *l);
const char *pg_text_of(enum ledger_sql which);

/* pg_fill.c */
enum ledger_result pg_fill_begin(struct ledger *l, const char *insert);
enum ledger_result pg_fill_row(
    struct ledger *l, const struct cell *cells, int n);
enum ledger_result pg_fill_end(struct ledger *l);

/* pg_commit.c: COMMIT, also where the answer to it is lost */
enum ledger_result pg_commit(struct ledger *l);

/* pg_open.c */
void pg_open(struct ledger *l, const char *url);
void pg_close(struct ledger *l);
enum ledger_result pg_check(struct ledger *l);

#endif
