/*
 * keys.h: what every key and channel in Redis is called (docs/redis.md).
 *
 * Nobody else spells one: tests/unit/rooms.sh looks. Those that end in a colon
 * are followed by a name.
 */
#ifndef LIB_REDIS_KEYS_H
#define LIB_REDIS_KEYS_H

/* of a node: its id follows */
#define KEY_SNAPSHOT "snapshot:"
#define KEY_LAST "last:"
#define KEY_NODE "node:"

/* of a collector; of a shard ":<i>" and ":<i>/<n>" follow */
#define KEY_COLLECTOR "collector"
#define KEY_POLLED "polled"
#define KEY_CLAIMS "claims"

/* another value with each change of the keys of any node */
#define KEY_CHANGED "changed"
/* a stream: a node with each write, field `node` (cache_changes) */
#define KEY_CHANGES "changes"

/* the greatest fencing token that wrote ":<i>/<n>" */
#define KEY_FENCE "fence"

/* streams: entries have the fields `type` and `data` */
#define KEY_LIVE "live"
#define KEY_ALERT_STREAM "alert-stream"

#define KEY_ALERTS "alerts"
/* an alert's key follows; of a mute also "<server>/<login>" or "all" */
#define KEY_ALERT_MUTE "alert-mute:"

#define KEY_SESSION "session:" /* + SHA-256 of its id */
#define KEY_LOGIN "login:"     /* + "<kind>:<name>", failed log-ins */

#define CHANNEL_LIVE "live" /* read the stream */
#define CHANNEL_REFRESH "refresh"

/* Room for a key of a node, whose id has at most 64 bytes. */
#define KEY_SIZE 80

/* prefix and name put together; gives key. */
const char *key_of(const char *prefix, const char *name, char key[KEY_SIZE]);

/* The same for one of the shards; the first of all has the bare prefix. */
const char *key_of_collector(int shard, char key[KEY_SIZE]);
const char *key_of_polled(int shard, int shards, char key[KEY_SIZE]);
const char *key_of_claims(int shard, int shards, char key[KEY_SIZE]);
const char *key_of_fence(int shard, int shards, char key[KEY_SIZE]);

#endif
