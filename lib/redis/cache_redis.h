/*
 * cache_redis.h: the connection to Redis, by hiredis, for the cache's own
 * files and for nobody else.
 *
 * What goes wrong is kept for cache_error() and ends the connection: a late
 * answer must find no one. The next redis_ready makes it anew.
 */
#ifndef LIB_REDIS_CACHE_REDIS_H
#define LIB_REDIS_CACHE_REDIS_H

#include <hiredis/hiredis.h>

#include "lib/redis/cache.h"
#include "lib/redis/cache_url.h"
#include "lib/redis/sentinel.h"

struct cache {
	struct cache_address address;
	struct sentinel_master master; /* where it is connected to */
	size_t sentinel;               /* the one that answered last */
	int64_t asked_mono_ms;
	redisContext *redis; /* NULL: not connected */
	char error[256];
};

/* -1, the reason kept; redis_fail_io takes it from hiredis. */
int redis_fail(struct cache *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int redis_fail_io(struct cache *c);

/* Connected, logged in, the database chosen: 0 or -1. */
int redis_connect(struct cache *c);
/* The same, where the connection there was is good no more. */
int redis_ready(struct cache *c);
/* Ends a connection to one that sentinels no longer name. */
void redis_leave_former(struct cache *c);

/* A command of n words; lens NULL: they are texts. Its answer is due then. */
int redis_send(struct cache *c, int n, const char **words, const size_t *lens);

/* The next answer, freeReplyObject it; NULL after a failure. An answer that
 * says error is one, too. */
redisReply *redis_next(struct cache *c);

/* The next answer: 0, or -1 where it, or one of its parts, says error. */
int redis_expect_good(struct cache *c);

/* One command and its answer, which is no error; NULL after a failure. */
redisReply *redis_ask(
    struct cache *c, int n, const char **words, const size_t *lens);
/* The same, where the answer says nothing more: 0 or -1. */
int redis_tell(struct cache *c, int n, const char **words);

/* A command of n texts into a batch. */
void redis_batch_put(struct cache_batch *b, int n, const char *const *words);

#endif
