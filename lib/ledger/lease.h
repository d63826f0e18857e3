/*
 * lease.h: which of several coordinators does a job, where they share a ledger
 * in PostgreSQL. A lease ends LEASE_MS after its last renewal, by the
 * database's clock; whoever takes it gets a greater token, and what was begun
 * under an earlier one is written no more.
 *
 * With SQLite there are none: a lock file does (lib/base/lock.h).
 */
#ifndef LIB_LEDGER_LEASE_H
#define LIB_LEDGER_LEASE_H

#include "lib/ledger/file.h"

#define LEASE_MS                                                     \
	7000 /* with a look each half second: taken over within 10 s \
	      */
#define LEASE_HOLDER_SIZE 384

struct lease_name {
	const char *job, *shard; /* "trades", "1/1" */
};

/*
 * OK: it is the holder's, *token its fencing token: the same as long as nobody
 * else had it in between. CONFLICT: somebody else has it.
 */
enum ledger_result lease_take(struct ledger *l, const struct lease_name *name,
    const char *holder, int64_t *token);

/* NOT_FOUND: it was taken over. */
enum ledger_result lease_renew(
    struct ledger *l, const struct lease_name *name, int64_t token);

/* It is free at once; what another has is left alone. */
enum ledger_result lease_end(
    struct ledger *l, const struct lease_name *name, int64_t token);

/* Who had it last; *ended: he ended it himself. */
enum ledger_result lease_find(struct ledger *l, const struct lease_name *name,
    char holder[LEASE_HOLDER_SIZE], bool *ended);

/* Those that are held now. */
struct lease_row {
	const char *job, *shard, *holder;
	int64_t left_ms;
};
enum ledger_result lease_list(struct ledger *l,
    int (*fn)(const struct lease_row *row, void *arg), void *arg);

/*
 * From now on every transaction of this process writes only while it has that
 * lease: else LEDGER_FENCED. Called before its threads begin. NULL: none.
 */
void lease_fence(const struct lease_name *name, int64_t token);

/* For pg_run.c, in a transaction that has begun. */
enum ledger_result lease_check(struct ledger *l);

#endif
