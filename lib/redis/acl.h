/*
 * acl.h: which program may do what in Redis. Each has a user there of its own,
 * named as acl_user_name says; docs/redis.md has the table in words.
 */
#ifndef LIB_REDIS_ACL_H
#define LIB_REDIS_ACL_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/redis/cache.h"

#define ACL_KEYS_MAX 16
#define ACL_NAME_SIZE 64

struct acl_key {
	const char *pattern; /* a key, or a prefix and "*" */
	bool writes;
};

struct acl_user {
	const char *program;   /* as its struct program names it */
	const char *unix_user; /* who alone reads the password's file */
	struct acl_key keys[ACL_KEYS_MAX];
	const char *publishes[2], *hears;
	bool fences; /* writes by a script (cache_batch_fence) */
};

extern const struct acl_user acl_users[];
extern const size_t acl_users_len;

/* "mt5fleet-live"; of a person's command "mt5fleet". */
const char *acl_user_name(const char *program, char name[ACL_NAME_SIZE]);

/* What stands behind "user NAME on #HASH" in an aclfile. */
void acl_rules(const struct acl_user *u, struct buf *out);

/* ACL SETUSER with that line, as it stands behind the word "user". */
int acl_set(struct cache *c, const char *line);

/*
 * Does Redis let who is logged in do what the table says? Asked by commands
 * that change nothing; ear is a second handle of the same user, good for
 * nothing else afterwards. 0, or -1 with the reason in cache_error(c).
 */
int acl_try(struct cache *c, struct cache *ear, const struct acl_user *u);

/* What Redis says of its memory; max 0: no limit. */
struct acl_memory {
	int64_t max, used;
	char policy[32];
};
int acl_memory(struct cache *c, struct acl_memory *m);

/* That many bytes, and what is in them stays. */
int acl_set_memory(struct cache *c, int64_t bytes);

/* Bytes for a fleet of so many nodes: what must not be evicted. */
int64_t acl_memory_wanted(size_t nodes);

#endif
