/* bridge_copy.h: the bridge's sources into every terminal of this machine. */
#ifndef AGENT_BRIDGE_COPY_H
#define AGENT_BRIDGE_COPY_H

#include "lib/base/config.h"

/*
 * From that folder into MQL5/Services/mt5fleet of each terminal whose data
 * folder is beside the common one. How many terminals have it now; -1: one of
 * them could not be given it, and the error is logged.
 */
int bridge_copy(const struct config *c, const char *from);

/* The same, said on the standard output; the exit code. */
int bridge_run(const struct config *c, const char *from);

#endif
