/* listen.h: may the agent listen where it is told to? */
#ifndef AGENT_LISTEN_H
#define AGENT_LISTEN_H

#include "lib/base/config.h"

/* NULL, or what is wrong, one mistake a line, for the caller to free. */
char *listen_check(const struct config *c);

#endif
