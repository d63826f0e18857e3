/*
 * nodes_edit.h: changes nodes.json: one at a time, as a whole, and only to what
 * can be read afterwards. All that is not touched stays, in its order.
 *
 *	if (nodes_edit_open(&e, config) == 0) {
 *		... e.doc ...
 *		if (nodes_edit_check(&e) == 0)
 *			nodes_edit_write(&e);
 *	}
 *	nodes_edit_close(&e);
 *
 * Every call gives 0, or -1 with the reason in e.error.
 */
#ifndef LIB_FLEET_NODES_EDIT_H
#define LIB_FLEET_NODES_EDIT_H

#include "lib/base/config.h"
#include "lib/base/lock.h"
#include "lib/json/jsonin.h"

struct nodes_edit {
	const char *path;
	struct lock lock; /* nobody else changes it until close */
	cJSON *doc;       /* the list */
	char *text;       /* as it will be, once checked */
	char error[1024];
	bool wrong; /* what was asked for is at fault, not the machine */
};

int nodes_edit_open(struct nodes_edit *e, const struct config *c);
int nodes_edit_check(struct nodes_edit *e);
int nodes_edit_write(struct nodes_edit *e);
void nodes_edit_close(struct nodes_edit *e);

/* NULL: there is none of that id, and error says so. */
cJSON *nodes_edit_find(struct nodes_edit *e, const char *id);

/* A member in place of that one, or at the end; text NULL: without it. */
void nodes_edit_text(cJSON *node, const char *name, const char *text);
void nodes_edit_flag(cJSON *node, const char *name, bool on);

#endif
