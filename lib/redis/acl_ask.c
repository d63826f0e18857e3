/* acl_ask.c: a Redis told of the users, and asked what it lets one do. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/redis/acl.h"
#include "lib/redis/cache_redis.h"
#include "lib/redis/keys.h"

/* the streams, sessions and log-ins; then a node's snapshot and its last one:
 * some accounts with a hundred positions together */
#define LEAST_BYTES ((int64_t)256 << 20)
#define BASE_BYTES ((int64_t)128 << 20)
#define NODE_BYTES ((int64_t)64 << 10)

int
acl_set(struct cache *c, const char *line)
{
	const char *words[64] = {"ACL", "SETUSER"};
	char *text = mem_strdup(line), *rest = text, *word;
	int n = 2, rc;

	while (n < 64 && (word = strsep(&rest, " \n")) != NULL)
		if (*word != '\0')
			words[n++] = word;
	rc = redis_tell(c, n, words);
	free(text);
	return rc;
}

/* 0 where Redis refuses it for any other reason than who asks, or not at all.
 */
static int
is_let(struct cache *c, int n, const char **words)
{
	redisReply *r;
	int rc = 0;

	if (redis_ready(c) == -1 || redis_send(c, n, words, NULL) == -1 ||
	    (r = redis_next(c)) == NULL)
		return -1;
	if (r->type == REDIS_REPLY_ERROR && strncmp(r->str, "NOPERM", 6) == 0)
		rc = redis_fail(c, "%s %s: %.200s", words[0], words[1], r->str);
	freeReplyObject(r);
	return rc;
}

static bool
is_stream(const char *key)
{
	return strcmp(key, KEY_LIVE) == 0 || strcmp(key, KEY_ALERT_STREAM) == 0;
}

/* SET with an end that is none, and XADD with an id that is none, change
 * nothing; but who may not is told so first. */
static int
try_key(struct cache *c, const struct acl_key *k)
{
	size_t len = strcspn(k->pattern, "*");
	char *key = mem_printf("%.*s%s", (int)len, k->pattern,
	    k->pattern[len] == '*' ? "-check" : "");
	int rc;

	if (is_stream(key))
		rc = is_let(c, 5,
		    (const char *[]){"XREVRANGE", key, "-", "+", "COUNT"});
	else
		rc = is_let(c, 2, (const char *[]){"GET", key});
	if (rc == 0 && k->writes && is_stream(key))
		rc = is_let(
		    c, 5, (const char *[]){"XADD", key, "none", "-", "-"});
	else if (rc == 0 && k->writes)
		rc = is_let(c, 5, (const char *[]){"SET", key, "-", "EX", "0"});
	free(key);
	return rc;
}

int
acl_try(struct cache *c, struct cache *ear, const struct acl_user *u)
{
	bool heard;

	if (cache_ping(c) == -1)
		return -1;
	if (u->hears != NULL && cache_heard(ear, u->hears, &heard) == -1)
		return redis_fail(
		    c, "channel \"%s\": %.200s", u->hears, cache_error(ear));
	for (size_t i = 0; i < ACL_KEYS_MAX && u->keys[i].pattern != NULL; i++)
		if (try_key(c, &u->keys[i]) == -1)
			return -1;
	for (size_t i = 0; i < 2 && u->publishes[i] != NULL; i++)
		if (is_let(c, 3,
			(const char *[]){"PUBLISH", u->publishes[i], ""}) == -1)
			return -1;
	return 0;
}

int
acl_memory(struct cache *c, struct acl_memory *m)
{
	redisReply *r =
	    redis_ask(c, 2, (const char *[]){"INFO", "memory"}, NULL);
	const char *at;

	memset(m, 0, sizeof(*m));
	if (r == NULL)
		return -1;
	if (r->type == REDIS_REPLY_STRING &&
	    (at = strstr(r->str, "\nmaxmemory:")) != NULL)
		m->max = strtoll(at + 11, NULL, 10);
	if (r->type == REDIS_REPLY_STRING &&
	    (at = strstr(r->str, "\nused_memory:")) != NULL)
		m->used = strtoll(at + 13, NULL, 10);
	if (r->type == REDIS_REPLY_STRING &&
	    (at = strstr(r->str, "\nmaxmemory_policy:")) != NULL)
		snprintf(m->policy, sizeof(m->policy), "%.*s",
		    (int)strcspn(at + 18, "\r\n"), at + 18);
	freeReplyObject(r);
	return 0;
}

int
acl_set_memory(struct cache *c, int64_t bytes)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, bytes);
	if (redis_tell(c, 4,
		(const char *[]){"CONFIG", "SET", "maxmemory", text}) == -1)
		return -1;
	return redis_tell(c, 4,
	    (const char *[]){
		"CONFIG", "SET", "maxmemory-policy", "noeviction"});
}

int64_t
acl_memory_wanted(size_t nodes)
{
	int64_t bytes = BASE_BYTES + (int64_t)nodes * NODE_BYTES;

	return bytes > LEAST_BYTES ? bytes : LEAST_BYTES;
}
