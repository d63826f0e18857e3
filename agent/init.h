/* init.h: mt5fleet-agent --init: makes what the coordinator has to know. */
#ifndef AGENT_INIT_H
#define AGENT_INIT_H

#include <stdbool.h>

#include "lib/base/config.h"

/*
 * Makes the certificate, its key and the token where they are not there yet.
 * addresses: what the coordinator reaches this machine by. 0, or -1 with the
 * error logged; config_done(c) in both cases.
 */
int init_prepare(
    const char *config, char *const *addresses, int len, struct config *c);

/* The same, and prints the entry for nodes.json unless quiet; the first address
 * goes into its url. The exit code. */
int init_run(const char *config, char *const *addresses, int len, bool quiet);

#endif
