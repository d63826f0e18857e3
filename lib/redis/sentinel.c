/* sentinel.c: which Redis is the master now, by asking sentinels. */
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "lib/base/num.h"
#include "lib/redis/sentinel.h"

/* Of each of them, to connect and for each answer. */
#define ANSWER_MS 500

int
sentinel_read(const redisReply *r, struct sentinel_master *master)
{
	int port;

	if (r->type != REDIS_REPLY_ARRAY || r->elements != 2 ||
	    r->element[0]->type != REDIS_REPLY_STRING ||
	    r->element[1]->type != REDIS_REPLY_STRING ||
	    *r->element[0]->str == '\0' ||
	    strlen(r->element[0]->str) >= sizeof(master->host) ||
	    num_int(r->element[1]->str, 1, 65535, &port) == -1)
		return -1;
	snprintf(master->host, sizeof(master->host), "%s", r->element[0]->str);
	master->port = port;
	return 0;
}

bool
sentinel_is_master(const redisReply *r)
{
	return r->type == REDIS_REPLY_ARRAY && r->elements > 0 &&
	       r->element[0]->type == REDIS_REPLY_STRING &&
	       strcmp(r->element[0]->str, "master") == 0;
}

static redisReply *
command(redisContext *redis, int n, const char *words[])
{
	return redisCommandArgv(redis, n, words, NULL);
}

static int
fail(char why[SENTINEL_WHY_SIZE], const struct cache_host *h, const char *text)
{
	snprintf(why, SENTINEL_WHY_SIZE, "sentinel %.100s:%d: %.100s", h->host,
	    h->port, text);
	return -1;
}

static int
log_in(redisContext *redis, const struct cache_address *a,
    const struct cache_host *h, char why[SENTINEL_WHY_SIZE])
{
	const char *words[3] = {"AUTH", a->sentinel_user, a->sentinel_password};
	redisReply *r;
	int rc = 0;

	if (a->sentinel_password == NULL)
		return 0;
	if (a->sentinel_user == NULL)
		words[1] = a->sentinel_password;
	r = command(redis, a->sentinel_user != NULL ? 3 : 2, words);
	if (r == NULL || r->type == REDIS_REPLY_ERROR)
		rc = fail(why, h, r != NULL ? r->str : redis->errstr);
	freeReplyObject(r);
	return rc;
}

static int
ask_for_master(redisContext *redis, const struct cache_address *a,
    const struct cache_host *h, struct sentinel_master *master,
    char why[SENTINEL_WHY_SIZE])
{
	redisReply *r = command(redis, 3,
	    (const char *[]){"SENTINEL", "GET-MASTER-ADDR-BY-NAME", a->master});
	int rc = 0;

	if (r == NULL || r->type == REDIS_REPLY_ERROR)
		rc = fail(why, h, r != NULL ? r->str : redis->errstr);
	else if (sentinel_read(r, master) == -1) {
		fail(why, h, "it knows no master of the name ");
		rc = -1;
		strncat(why, a->master, 60);
	}
	freeReplyObject(r);
	return rc;
}

static int
ask_one(const struct cache_address *a, const struct cache_host *h,
    struct sentinel_master *master, char why[SENTINEL_WHY_SIZE])
{
	const struct timeval limit = {0, ANSWER_MS * 1000};
	redisContext *redis = redisConnectWithTimeout(h->host, h->port, limit);
	int rc;

	if (redis == NULL)
		return fail(why, h, "out of memory");
	if (redis->err != 0 || redisSetTimeout(redis, limit) != REDIS_OK)
		rc = fail(why, h, redis->errstr);
	else if ((rc = log_in(redis, a, h, why)) == 0)
		rc = ask_for_master(redis, a, h, master, why);
	redisFree(redis);
	return rc;
}

int
sentinel_ask(const struct cache_address *a, size_t *first,
    struct sentinel_master *master, char why[SENTINEL_WHY_SIZE])
{
	for (size_t i = 0; i < a->sentinels_len; i++) {
		size_t at = (*first + i) % a->sentinels_len;

		if (ask_one(a, &a->sentinels[at], master, why) == 0) {
			*first = at;
			return 0;
		}
	}
	return -1;
}
