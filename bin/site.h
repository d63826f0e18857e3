/* site.h: what setup and check need of the site. */
#ifndef BIN_SITE_H
#define BIN_SITE_H

#include <stdbool.h>

#include "lib/base/config.h"

#ifndef PREFIX /* the Makefile's */
#define PREFIX "/usr"
#endif
#define SITE_SCRIPT PREFIX "/lib/mt5fleet/site"
#define SITE_REDIS_SOCKET "/run/mt5fleet/redis.sock"
#define SITE_REDIS_USERS "/etc/mt5fleet/redis"

/* Is it the Redis that mt5fleet-redis.service runs? */
bool site_redis_is_private(const struct config *c);

/* The script's environment; -1: it was said what is wrong. */
int site_environment(const struct config *c);

#endif
