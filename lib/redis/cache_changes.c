/*
 * cache_changes.c: which nodes were written since one looked last.
 *
 * A sorted set: each node with the number of its last write. The numbers go on
 * from the moment at which the set was made, by the clock of who wrote first;
 * that one is kept in it, too, and says whether it is still the same set. A Lua
 * script since what was added last is only known there.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/redis/cache_redis.h"
#include "lib/redis/keys.h"

/* No node is called so. */
#define FIRST "/first"

static const char script[] =
    "local n = redis.call('ZSCORE', KEYS[1], '" FIRST "') "
    "if not n then redis.call('ZADD', KEYS[1], ARGV[2], '" FIRST "') end "
    "local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES') "
    "redis.call('ZADD', KEYS[1], last[2] + 1, ARGV[1])";

void
cache_batch_changed(struct cache_batch *b, const char *node)
{
	char first[24];

	snprintf(first, sizeof(first), "%" PRId64, clock_utc_ms() * 1000);
	redis_batch_put(b, 6,
	    (const char *[]){"EVAL", script, "1", KEY_CHANGES, node, first});
}

static int
take_first(struct cache *c, char first[CACHE_ID_SIZE])
{
	redisReply *r = redis_next(c);

	if (r == NULL)
		return -1;
	snprintf(first, CACHE_ID_SIZE, "%.40s",
	    r->type == REDIS_REPLY_STRING ? r->str : "");
	freeReplyObject(r);
	return 0;
}

int
cache_changes(struct cache *c, struct cache_changes_at *at, bool *all,
    cache_change_fn *fn, void *arg)
{
	char from[CACHE_ID_SIZE + 1], first[CACHE_ID_SIZE];
	const char *which[] = {"ZSCORE", KEY_CHANGES, FIRST};
	const char *changed[] = {
	    "ZRANGEBYSCORE", KEY_CHANGES, from, "+inf", "WITHSCORES"};
	const char *newest[] = {
	    "ZREVRANGE", KEY_CHANGES, "0", "0", "WITHSCORES"};
	redisReply *r;

	snprintf(from, sizeof(from), "(%s", at->last);
	if (redis_ready(c) == -1 || redis_send(c, 3, which, NULL) == -1 ||
	    redis_send(c, 5, *at->last != '\0' ? changed : newest, NULL) ==
		-1 ||
	    take_first(c, first) == -1 || (r = redis_next(c)) == NULL)
		return -1;
	if (*at->last == '\0' || strcmp(first, at->first) != 0) {
		*all = true;
		/* of another set: where that is will be asked next time */
		if (*at->last != '\0' || *first == '\0') {
			memset(at, 0, sizeof(*at));
			freeReplyObject(r);
			return 0;
		}
	}
	memcpy(at->first, first, sizeof(at->first));
	for (size_t i = 0; r->type == REDIS_REPLY_ARRAY && i + 1 < r->elements;
	     i += 2) {
		fn(arg, r->element[i]->str);
		snprintf(at->last, sizeof(at->last), "%.40s",
		    r->element[i + 1]->str);
	}
	freeReplyObject(r);
	return 0;
}
