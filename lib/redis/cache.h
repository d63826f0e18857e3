/*
 * cache.h: Redis, by typed calls. What lies there: docs/redis.md.
 *
 * The connection is made by the first call that needs one, dropped by any
 * error, and made anew by the next call; so a Redis that was away costs no
 * restart. No call takes longer than CACHE_TIMEOUT_MS to connect and as
 * long again for each answer. Every call gives 0, or -1 with the reason in
 * cache_error(); then nothing is known about what was written, except that
 * a begin..end of a batch was done as a whole or not at all. The program
 * must ignore SIGPIPE.
 */
#ifndef LIB_REDIS_CACHE_H
#define LIB_REDIS_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/config.h"

#define CACHE_TIMEOUT_MS 1000
#define CACHE_ID_SIZE 48 /* a stream id, "1782154438950-0" */
#define CACHE_STREAM_LENGTH "10000"

struct cache;

/*
 * Does not connect yet. NULL where REDIS_URL cannot be understood: *error
 * says why, without the password, and is the caller's.
 */
struct cache *cache_open(const struct config *config, char **error);
void cache_close(struct cache *c);
/* Why the last call that failed did; "" where none has yet. */
const char *cache_error(const struct cache *c);

int cache_ping(struct cache *c);

/* What Redis says of itself; -1: it does not say that one. */
struct cache_usage {
	int64_t memory, memory_max; /* bytes; max 0: no limit */
	int64_t live_entries;       /* in the stream `live` */
};
int cache_usage(struct cache *c, struct cache_usage *out);

/* What keys hold; data NULL: no such key. Both borrowed from the set. */
struct cache_value {
	const char *data;
	size_t len;
};

struct cache_values {
	struct cache_value *list;
	size_t len;
	void **replies; /* that own the text */
	size_t replies_len;
};

/* Keys of one such group, counted from the first, are read at one moment. */
#define CACHE_GROUP 60

/*
 * n keys in one round trip, *out in their order. With last_id, the id of the
 * newest entry of the stream `live` (or "0-0") from a moment before the keys
 * were read: no change is missed by who reads on from there.
 * cache_values_done after 0 only.
 */
int cache_mget(struct cache *c, const char *const keys[], size_t n,
    char last_id[CACHE_ID_SIZE], struct cache_values *out);
void cache_values_done(struct cache_values *v);

/* *data is the caller's, zero-terminated; NULL: no such key. len may be NULL.
 */
int cache_get(struct cache *c, const char *key, char **data, size_t *len);

/* ttl_s 0: for good. */
int cache_set_ttl(
    struct cache *c, const char *key, const void *data, size_t len, int ttl_s);
/* As SET NX: *set says whether the key was not there and is now. ttl_s > 0. */
int cache_claim(struct cache *c, const char *key, const void *data, size_t len,
    int ttl_s, bool *set);
/* As SET XX: nothing where the key is not there. */
int cache_replace(
    struct cache *c, const char *key, const void *data, size_t len, int ttl_s);
int cache_del(struct cache *c, const char *key); /* 0 too without the key */
int cache_exists(struct cache *c, const char *key, bool *exists);

/* Counts one more under a key that ends ttl_s after its first count. */
int cache_count(struct cache *c, const char *key, int ttl_s, int64_t *n);

int cache_publish(struct cache *c, const char *channel, const char *text);

/*
 * Was something published on the channel since the last call? Does not wait.
 * The handle listens from the first call on and is good for nothing else;
 * after a failure the next call listens anew.
 */
int cache_heard(struct cache *c, const char *channel, bool *heard);

/*
 * The entries of that stream newer than id, oldest first; fn is given each, and
 * id becomes the last one's. What was trimmed is skipped.
 */
typedef void cache_event_fn(
    void *arg, const char *id, const char *data, size_t len);
int cache_events(struct cache *c, const char *stream, char id[CACHE_ID_SIZE],
    cache_event_fn *fn, void *arg);

/*
 * Which nodes were written since one asked last, in fn, perhaps more than once.
 * *all is set where that is not known (the first time, or too long ago, or
 * Redis was emptied, or is another one), else left alone. last is where one
 * asked last, "" at first.
 */
typedef void cache_change_fn(void *arg, const char *node);
int cache_changes(struct cache *c, char last[CACHE_ID_SIZE], bool *all,
    cache_change_fn *fn, void *arg);

/*
 * Writes gathered, then sent as one pipeline. Between begin and end they
 * are one transaction (MULTI..EXEC); end adds the nudge on the channel `live`
 * where an event was added. A batch may hold many transactions.
 *
 *	cache_batch_init(&b);
 *	cache_batch_begin(&b);
 *	cache_batch_set(&b, key, text, len, ttl_s);
 *	cache_batch_event(&b, "account", json, json_len);
 *	cache_batch_end(&b);
 *	if (cache_batch_run(cache, &b) == -1)
 *		log_warnx("redis: %s", cache_error(cache));
 *	cache_batch_done(&b);
 */
struct cache_batch {
	struct buf out;   /* the commands as Redis reads them */
	size_t *ends;     /* where each of them ends in out */
	size_t len, size; /* of ends */
	bool open, event;

	/* a fencing token is checked with each transaction: */
	const char *fence; /* its key; NULL: none */
	int64_t token;
	struct buf group; /* what is in the transaction that is open */
	int words;        /* in group */
};

void cache_batch_init(struct cache_batch *b);
void cache_batch_done(struct cache_batch *b);
void cache_batch_reset(struct cache_batch *b);
/*
 * From now on all it holds is written only while Redis knows no greater token
 * under that key (borrowed), and Redis knows this one then. Where it does the
 * error begins with CACHE_FENCED.
 */
#define CACHE_FENCED "FENCED"
void cache_batch_fence(struct cache_batch *b, const char *key, int64_t token);
void cache_batch_begin(struct cache_batch *b);
void cache_batch_end(struct cache_batch *b);
void cache_batch_set(struct cache_batch *b, const char *key, const void *data,
    size_t len, int ttl_s);
void cache_batch_del(struct cache_batch *b, const char *key);
void cache_batch_expire(struct cache_batch *b, const char *key, int ttl_s);
/*
 * XADD live MAXLEN ~ 10000 * type <type> data <data>; an alert goes to a stream
 * of its own besides, as changes of equity push all else out in minutes.
 */
void cache_batch_event(
    struct cache_batch *b, const char *type, const char *data, size_t len);

/* That node's keys are written: readers are told by cache_changes. */
void cache_batch_changed(struct cache_batch *b, const char *node);

/* Sends all of it and empties the batch, whatever came of it. */
int cache_batch_run(struct cache *c, struct cache_batch *b);

#endif
