/*
 * db.h: the store under the ledger, for the files of lib/ledger only: SQLite or
 * PostgreSQL (engine.h), which are the same from here.
 *
 * A query is one statement of ledger.sql. Values are put and taken in the
 * order of the statement; errors are sticky and returned by query_run or
 * query_next.
 */
#ifndef LIB_LEDGER_DB_H
#define LIB_LEDGER_DB_H

#include "ledger_sql.h"
#include "lib/ledger/file.h"

#define LEDGER_ERROR_SIZE 512

struct engine;

struct ledger {
	const struct engine *engine;
	void *db; /* the engine's */
	enum ledger_mode mode;
	enum ledger_result state; /* of the opening; UNREACHABLE: since lost */
	char error[LEDGER_ERROR_SIZE];
	bool damaged; /* that says so */
};

/* LEDGER_ERROR for what is no fault of the engine's. */
enum ledger_result ledger_refused(struct ledger *l, const char *why);

/* LEDGER_REJECTED: what was given cannot be stored, other things can. */
enum ledger_result ledger_rejected(struct ledger *l, const char *why);

/*
 * A transaction unless one is open already: begin, work, end. `end` commits
 * an OK and undoes anything else.
 */
enum ledger_result ledger_own_begin(struct ledger *l, bool *own);
enum ledger_result ledger_own_end(
    struct ledger *l, bool own, enum ledger_result result);

#define QUERY_VALUES_MAX 48
#define QUERY_NUMBER_SIZE 48
#define QUERY_UNUSABLE (-1)

/* Room for a minute's sample: PostgreSQL has a partition for each day. */
enum ledger_result ledger_equity_room(struct ledger *l, int64_t slot);

struct query {
	struct ledger *l;
	enum ledger_sql which;
	int put, taken;
	int code; /* the engine's; 0 at first, QUERY_UNUSABLE: no ledger */
	bool row; /* there is one to take from */
	void *at; /* the engine's: statement, rows */

	/* PostgreSQL's: the row, and the values as texts */
	int at_row;
	int64_t touched;
	const char *text; /* of no statement of ledger.sql */
	const char *value[QUERY_VALUES_MAX];
	char number[QUERY_VALUES_MAX][QUERY_NUMBER_SIZE];
	unsigned type[QUERY_VALUES_MAX]; /* 0: what stands around it says */
};

void query_init(struct query *q, struct ledger *l, enum ledger_sql which);
/* One that is made at run time (transfer.c), without values. Its rows are not
 * held in memory: until it is done nothing else is asked. */
void query_init_text(struct query *q, struct ledger *l, const char *sql);
void put_int(struct query *q, int64_t v);
void put_known(struct query *q, bool known, int64_t v); /* else NULL */
void put_amount(struct query *q, const struct amount *a);
void put_money(struct query *q, money_t v);
void put_real(struct query *q, double v);       /* NAN: NULL */
void put_text(struct query *q, const char *s);  /* NULL: NULL */
void put_given(struct query *q, const char *s); /* "" and NULL: NULL */

void put_limit(struct query *q, int rows); /* 0: no limit */

/* For what gives no rows. */
enum ledger_result query_run(struct query *q);
/* The same, as a transaction of its own unless one is open. */
enum ledger_result query_write(struct query *q);
/* query_run, and LEDGER_NOT_FOUND where it touched no row. */
enum ledger_result query_touch(struct query *q);

/* True with a row to take from; false at the end or on an error. */
bool query_next(struct query *q);
/* Ends a query early or late; what went wrong on the way. */
enum ledger_result query_done(struct query *q);

/* query_run of an INSERT that returns the id it gave. */
enum ledger_result query_id(struct query *q, int64_t *id);

/* query_done after query_next; NOT_FOUND where that gave no row. */
enum ledger_result query_found(struct query *q);

int64_t take_int(struct query *q);
money_t take_money(struct query *q); /* NULL: 0 */
int take_small(struct query *q);     /* NULL: -1 */
struct amount take_amount(struct query *q);
double take_real(struct query *q);
const char *take_text(struct query *q); /* NULL where it is */

#endif
