/*
 * joins.h: machines on their way into nodes.json (docs/nodes.md).
 *
 * An admin asks for one by its name; a token, good once and until
 * expires_utc_ms, is all that the machine needs. By it the machine comes and
 * says how it is reached; an admin looks at its fingerprint and takes it or
 * not.
 */
#ifndef LIB_LEDGER_JOINS_H
#define LIB_LEDGER_JOINS_H

#include "lib/ledger/people.h"

struct ledger_join {
	const char *name;   /* the node's id */
	const char *digest; /* of the token; that is not stored */
	const char *note;   /* NULL: none */
	const char *who;    /* asked for it */
	int64_t created_utc_ms, expires_utc_ms;
	int64_t came_utc_ms; /* 0: not yet; then these are NULL */
	const char *address; /* it came from */
	const char *url, *certificate;
	const char *token; /* its agent's own */
};
typedef int (*ledger_join_fn)(const struct ledger_join *j, void *arg);

/* By name. */
enum ledger_result ledger_joins(struct ledger *l, ledger_join_fn fn, void *arg);
/* NOT_FOUND, fn not called. By name, or by the token's digest. */
enum ledger_result ledger_join_get(
    struct ledger *l, const char *name, ledger_join_fn fn, void *arg);
enum ledger_result ledger_join_find(
    struct ledger *l, const char *digest, ledger_join_fn fn, void *arg);

/*
 * Replaces one of that name that did not come yet; CONFLICT: it came, and
 * waits for an admin. Audited without the digest.
 */
enum ledger_result ledger_join_add(struct ledger *l,
    const struct ledger_join *j, const struct ledger_actor *actor);

/*
 * The machine with that digest came: address, url, certificate and token are
 * j's. NOT_FOUND: no such token, or it was used, or is over. what is for the
 * audit.
 */
enum ledger_result ledger_join_come(struct ledger *l,
    const struct ledger_join *j, const char *what,
    const struct ledger_actor *actor);

/* It was taken, or is not wanted. NOT_FOUND. Not audited: why is the caller's
 * to say. */
enum ledger_result ledger_join_remove(struct ledger *l, const char *name);

/* The accounts that were seen on that node are the other one's. */
enum ledger_result ledger_node_renamed(
    struct ledger *l, const char *from, const char *to);

#endif
