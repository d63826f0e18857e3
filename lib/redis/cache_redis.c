/* cache_redis.c: the connection to Redis: made, dropped, asked. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "lib/redis/cache_redis.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"

/* As long as a connection may outlive its master, beyond what it notices. */
#define ASK_AGAIN_MS 5000

struct cache *
cache_open(const struct config *config, char **error)
{
	struct cache *c = mem_new(1, sizeof(*c));

	if (cache_address_from(&c->address, config, error) == -1) {
		cache_close(c);
		return NULL;
	}
	return c;
}

static void
disconnect(struct cache *c)
{
	if (c->redis != NULL)
		redisFree(c->redis);
	c->redis = NULL;
}

void
cache_close(struct cache *c)
{
	if (c == NULL)
		return;
	disconnect(c);
	cache_address_done(&c->address);
	free(c);
}

const char *
cache_error(const struct cache *c)
{
	return c->error;
}

int __attribute__((format(printf, 2, 3)))
redis_fail(struct cache *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, ap);
	va_end(ap);
	disconnect(c);
	return -1;
}

int
redis_fail_io(struct cache *c)
{
	bool late = c->redis->err == REDIS_ERR_IO &&
		    (errno == EAGAIN || errno == EWOULDBLOCK);

	return redis_fail(
	    c, "%s", late ? "no answer in time" : c->redis->errstr);
}

redisReply *
redis_next(struct cache *c)
{
	void *reply = NULL;

	if (redisGetReply(c->redis, &reply) != REDIS_OK) {
		redis_fail_io(c);
		return NULL;
	}
	return reply;
}

int
redis_expect_good(struct cache *c)
{
	redisReply *r = redis_next(c);
	const redisReply *bad = NULL;

	if (r == NULL)
		return -1;
	if (r->type == REDIS_REPLY_ERROR)
		bad = r;
	for (size_t i = 0; r->type == REDIS_REPLY_ARRAY && i < r->elements; i++)
		if (r->element[i]->type == REDIS_REPLY_ERROR)
			bad = r->element[i];
	if (bad != NULL)
		redis_fail(c, "%.200s", bad->str);
	freeReplyObject(r);
	return bad != NULL ? -1 : 0;
}

int
redis_send(struct cache *c, int n, const char **words, const size_t *lens)
{
	if (redisAppendCommandArgv(c->redis, n, words, lens) != REDIS_OK)
		return redis_fail_io(c);
	return 0;
}

static int
introduce(struct cache *c)
{
	const struct cache_address *a = &c->address;
	const char *words[3] = {"AUTH", a->user, a->password};
	char db[16];

	if (a->password != NULL) {
		if (a->user == NULL)
			words[1] = a->password;
		if (redis_send(c, a->user != NULL ? 3 : 2, words, NULL) == -1 ||
		    redis_expect_good(c) == -1)
			return -1;
	}
	if (a->db == 0)
		return 0;
	snprintf(db, sizeof(db), "%d", a->db);
	words[0] = "SELECT";
	words[1] = db;
	return redis_send(c, 2, words, NULL) == -1 ? -1 : redis_expect_good(c);
}

/* One that was a master, and does not know yet that it is none. */
static int
expect_master(struct cache *c)
{
	redisReply *r;
	int rc = 0;

	if (redis_send(c, 1, (const char *[]){"ROLE"}, NULL) == -1 ||
	    (r = redis_next(c)) == NULL)
		return -1;
	if (!sentinel_is_master(r))
		rc = redis_fail(c,
		    "%.100s:%d: named by the sentinel, but %.100s",
		    c->master.host, c->master.port,
		    r->type == REDIS_REPLY_ERROR ? r->str : "no master");
	freeReplyObject(r);
	return rc;
}

static redisContext *
connect_to(struct cache *c, const struct timeval limit)
{
	const struct cache_address *a = &c->address;

	if (a->path != NULL)
		return redisConnectUnixWithTimeout(a->path, limit);
	if (a->sentinels_len > 0)
		return redisConnectWithTimeout(
		    c->master.host, c->master.port, limit);
	return redisConnectWithTimeout(a->host, a->port, limit);
}

/* Who the master is may change while a connection to the one before lives on.
 */
static bool
is_still_master(struct cache *c)
{
	struct sentinel_master now;
	char why[SENTINEL_WHY_SIZE];

	if (c->address.sentinels_len == 0 ||
	    clock_mono_ms() - c->asked_mono_ms < ASK_AGAIN_MS)
		return true;
	c->asked_mono_ms = clock_mono_ms();
	return sentinel_ask(&c->address, &c->sentinel, &now, why) == -1 ||
	       (strcmp(now.host, c->master.host) == 0 &&
		   now.port == c->master.port);
}

int
redis_connect(struct cache *c)
{
	const struct timeval limit = {
	    CACHE_TIMEOUT_MS / 1000, CACHE_TIMEOUT_MS % 1000 * 1000};
	bool asks = c->address.sentinels_len > 0;
	char why[SENTINEL_WHY_SIZE];

	if (asks &&
	    sentinel_ask(&c->address, &c->sentinel, &c->master, why) == -1)
		return redis_fail(c, "%s", why);
	c->asked_mono_ms = asks ? clock_mono_ms() : 0;
	c->redis = connect_to(c, limit);
	if (c->redis == NULL)
		return redis_fail(c, "out of memory");
	if (c->redis->err != 0)
		return redis_fail_io(c);
	if (redisSetTimeout(c->redis, limit) != REDIS_OK)
		return redis_fail_io(c);
	if (introduce(c) == -1)
		return -1;
	return asks ? expect_master(c) : 0;
}

void
redis_leave_former(struct cache *c)
{
	if (c->redis != NULL && !is_still_master(c))
		disconnect(c);
}

/*
 * An idle connection has nothing to read; where there is something, it is
 * the end of it (Redis was restarted) or an answer that nobody wants.
 */
int
redis_ready(struct cache *c)
{
	struct pollfd p;

	if (c->redis != NULL) {
		p = (struct pollfd){.fd = c->redis->fd, .events = POLLIN};
		if (poll(&p, 1, 0) != 0)
			disconnect(c);
		redis_leave_former(c);
	}
	return c->redis != NULL ? 0 : redis_connect(c);
}

redisReply *
redis_ask(struct cache *c, int n, const char **words, const size_t *lens)
{
	redisReply *r;

	if (redis_ready(c) == -1 || redis_send(c, n, words, lens) == -1 ||
	    (r = redis_next(c)) == NULL)
		return NULL;
	if (r->type == REDIS_REPLY_ERROR) {
		redis_fail(c, "%.200s", r->str);
		freeReplyObject(r);
		return NULL;
	}
	return r;
}

int
redis_tell(struct cache *c, int n, const char **words)
{
	redisReply *r = redis_ask(c, n, words, NULL);

	if (r == NULL)
		return -1;
	freeReplyObject(r);
	return 0;
}
