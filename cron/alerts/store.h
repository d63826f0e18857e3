/* store.h: the list in Redis, one key, `alerts`. */
#ifndef ALERTS_STORE_H
#define ALERTS_STORE_H

#include "cron/alerts/list.h"
#include "lib/redis/cache.h"

#define STORE_RETRY_MAX_MS 300000 /* of the webhook */

struct store {
	struct alert_list alerts;
	char last_id[CACHE_ID_SIZE];   /* of the stream: read so far */
	int64_t collector_seen_utc_ms; /* when its key was last there */
	int64_t looked_utc_ms;         /* the last look that Redis answered */
	int64_t try_utc_ms;            /* the webhook failed: not before */
	int failures;                  /* in a row */
};

/* 0: read, or nothing there. -1: Redis is away. */
int store_read(struct store *s, struct cache *cache);

/* A clock that was set back must not make us wait until it is there again. */
void store_no_later(struct store *s, int64_t now_utc_ms);

/* Puts the list into a batch. */
void store_write(const struct store *s, struct cache_batch *b);
void store_done(struct store *s);

#endif
