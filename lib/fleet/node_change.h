/*
 * node_change.h: what people do to the list of nodes, by page or by command
 * (docs/nodes.md). Each is one change of nodes.json, and an entry of the audit,
 * which is written first: without it nothing changes.
 *
 * 0, or -1 with c->error set; c->wrong says whose fault it is.
 */
#ifndef LIB_FLEET_NODE_CHANGE_H
#define LIB_FLEET_NODE_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/config.h"
#include "lib/ledger/ledger.h"

struct node_change {
	const struct config *config;
	struct ledger *ledger;
	struct ledger_actor actor;
	char error[1200];
	bool wrong; /* what was asked for, not the machine, is at fault */
};

/* What an agent is reached by; NULL: not given. */
struct node_entry {
	const char *id, *url, *token, *ca, *note;
};
int node_change_add(struct node_change *c, const struct node_entry *n);

/* "enable", "disable", "maintenance", "ready". */
int node_change_state(struct node_change *c, const char *id, const char *what);
/* Its certificate goes, too, where that was put beside nodes.json for it. */
int node_change_remove(struct node_change *c, const char *id);
/* The accounts seen on it, and so their history, are the new name's. */
int node_change_rename(struct node_change *c, const char *from, const char *to);

/*
 * The account is gone from its node on purpose: its row and its alerts end, and
 * it is expected no more. What a terminal still reports is shown all the same.
 * back: it is expected again.
 */
int node_change_retire(
    struct node_change *c, const char *server, int64_t login, bool back);

/*
 * Another token and another certificate for its agent, which accepts the old
 * ones meanwhile. Broken off anywhere, it is finished by doing it again.
 */
int node_change_rotate(struct node_change *c, const char *id);

/* ---- machines that join ---- */

#define NODE_JOIN_TOKEN_SIZE 65
#define NODE_JOIN_S 3600

/* A token by which a machine may come as that node, once, for an hour. */
int node_change_invite(struct node_change *c, const char *name,
    const char *note, char token[NODE_JOIN_TOKEN_SIZE]);

/* The machine that came becomes a node. fingerprint: of its certificate, as
 * the one who decides has seen it. */
int node_change_approve(
    struct node_change *c, const char *name, const char *fingerprint);
/* It does not; an invitation that nobody used goes, too. */
int node_change_reject(struct node_change *c, const char *name);

#endif
