/* fleet.h: the nodes that there are, from nodes.json as it is now. */
#ifndef LIB_FLEET_FLEET_H
#define LIB_FLEET_FLEET_H

#include <sys/stat.h>

#include "lib/base/config.h"
#include "lib/fleet/nodes.h"

/* Which moment a node's text had when this process looked last, and since when
 * it has been that one, by the clock that is never set. */
struct fleet_seen {
	int64_t at_utc_ms, since_mono_ms;
};

struct fleet {
	struct nodes nodes;
	char **keys; /* snapshot:<id>, node:<id> of each node, "collector" */
	size_t keys_len;
	struct fleet_seen *seen; /* of each node; NULL: not remembered */
	char *error;    /* why the file could not be read; the old list stays */
	int error_line; /* in it; 0: not known */
	struct stat stamp; /* of the file that was read */
	bool loaded;       /* a first look was taken; */
	bool listed;       /* and once it was good */
};

/*
 * Reads the file where it changed; a broken one leaves the list as it was and
 * is said in the log, too. NODES_FILE, or VPS_AGENTS_JSON without one.
 */
void fleet_refresh(struct fleet *f, const struct config *config);
void fleet_done(struct fleet *f);

#endif
