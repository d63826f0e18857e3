/* init.h: mt5fleet-agent --init: makes what the coordinator has to know. */
#ifndef AGENT_INIT_H
#define AGENT_INIT_H

/*
 * Makes the certificate, its key and the token where they are not there yet,
 * and prints the entry for nodes.json. addresses: what the coordinator
 * reaches this machine by, the first one goes into the url. The exit code.
 */
int init_run(const char *config, char *const *addresses, int len);

#endif
