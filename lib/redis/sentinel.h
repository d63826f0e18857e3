/*
 * sentinel.h: which Redis is the master now, by asking sentinels. hiredis knows
 * none of them; the gateway, which waits for nothing, asks by itself
 * (live/sentinel.c).
 */
#ifndef LIB_REDIS_SENTINEL_H
#define LIB_REDIS_SENTINEL_H

#include <hiredis/hiredis.h>

#include "lib/redis/cache_url.h"

#define SENTINEL_WHY_SIZE 256

struct sentinel_master {
	char host[256];
	int port;
};

/* *first is where to begin; it becomes the one that answered. 0, or -1 with
 * why: what the last of them said. */
int sentinel_ask(const struct cache_address *a, size_t *first,
    struct sentinel_master *master, char why[SENTINEL_WHY_SIZE]);

/* The answer to SENTINEL GET-MASTER-ADDR-BY-NAME. -1: it names none. */
int sentinel_read(const redisReply *r, struct sentinel_master *master);
/* The answer to ROLE: it may be written to. */
bool sentinel_is_master(const redisReply *r);

#endif
