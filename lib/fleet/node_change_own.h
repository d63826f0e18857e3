/* node_change_own.h: between node_change.c, node_join.c and node_rotate.c. */
#ifndef LIB_FLEET_NODE_CHANGE_OWN_H
#define LIB_FLEET_NODE_CHANGE_OWN_H

#include <stdarg.h>

#include "lib/fleet/node_change.h"
#include "lib/fleet/nodes_edit.h"

#define NODE_CERT_MAX ((size_t)64 * 1024)

/* -1 with that error. */
int node_change_refuse(struct node_change *c, bool wrong, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int node_change_ledger(struct node_change *c, enum ledger_result r);
int node_change_audit(struct node_change *c, const char *field, const char *to);

int node_change_open(struct node_change *c, struct nodes_edit *e);
cJSON *node_change_find(
    struct node_change *c, struct nodes_edit *e, const char *id);
/* Checks, audits (field NULL: it is already), writes. */
int node_change_save(struct node_change *c, struct nodes_edit *e,
    const char *field, const char *to);

/* A file in nodes.json's folder; the caller's. */
char *node_change_beside(const struct node_change *c, const char *name);

#endif
