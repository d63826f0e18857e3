/* link.c: one connection to Redis in lws' loop, made anew when it is lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "live/link.h"
#include "live/sentinel.h"
#include "live/watch.h"

#define RETRY_US (250 * LWS_US_PER_MS)
#define UP_US (5 * LWS_US_PER_SEC)        /* it is up by then */
#define ASK_AGAIN_US (5 * LWS_US_PER_SEC) /* whether it is still the master */

struct link {
	struct lws_context *context;
	struct lws_vhost *vhost;
	const struct cache_address *address;
	redisAsyncContext *redis; /* NULL: waits for the next try */
	struct watch *watch;
	struct sentinel *sentinel; /* NULL: it is at that address */
	struct sentinel_master master;
	bool up, closing, complained;
	lws_sorted_usec_list_t retry;
	link_fn *fn;
	void *arg;
};

static void try_connect(struct link *l);

/* Once for each time it is away. */
static void
complain(struct link *l, const char *why)
{
	if (!l->complained)
		log_warnx("redis: %s", why);
	l->complained = true;
}

static void
on_retry(lws_sorted_usec_list_t *retry)
{
	struct link *l = lws_container_of(retry, struct link, retry);

	if (l->redis != NULL && !l->up) {
		complain(l, "no answer in time");
		link_drop(l);
	} else if (l->sentinel != NULL)
		sentinel_question(l->sentinel);
	else if (l->redis == NULL)
		try_connect(l);
}

static void
look_in(struct link *l, lws_usec_t us)
{
	lws_sul_schedule(l->context, 0, &l->retry, on_retry, us);
}

static void
retry_later(struct link *l)
{
	look_in(l, RETRY_US);
}

/* hiredis is done with the connection, for whatever reason. */
static void
on_cleanup(void *arg)
{
	struct link *l = arg;
	bool was_up = l->up;

	watch_free(l->watch);
	l->watch = NULL;
	l->redis = NULL;
	l->up = false;
	if (l->closing)
		return;
	retry_later(l);
	if (was_up)
		l->fn(l->arg, false);
}

static void
on_connect(const redisAsyncContext *redis, int status)
{
	struct link *l = redis->data;

	if (status != REDIS_OK)
		complain(l, redis->errstr);
}

static void
on_disconnect(const redisAsyncContext *redis, int status)
{
	struct link *l = redis->data;

	if (status != REDIS_OK && !l->closing)
		complain(l, redis->errstr);
}

static void
on_ready(void *arg, enum watch_event event)
{
	struct link *l = arg;

	if (l->redis == NULL)
		return;
	switch (event) {
	case WATCH_READ:
		redisAsyncHandleRead(l->redis);
		break;
	case WATCH_WRITE:
		redisAsyncHandleWrite(l->redis);
		break;
	case WATCH_GONE:
		link_drop(l);
		break;
	}
}

static void
on_want_write(void *arg)
{
	struct link *l = arg;

	watch_want_write(l->watch);
}

static void
on_nothing(void *arg)
{
	(void)arg; /* reading is always on; writing is once */
}

/* To AUTH, SELECT and PING; the last of them says that all is well. */
static void
on_introduced(redisAsyncContext *redis, void *answer, void *is_last)
{
	struct link *l = redis->data;
	const redisReply *r = answer;

	if (r == NULL)
		return;
	if (r->type == REDIS_REPLY_ERROR) {
		complain(l, r->str);
		link_drop(l);
	} else if (is_last != NULL) {
		if (l->complained)
			log_info("redis: reconnected");
		l->complained = false;
		l->up = true;
		look_in(l, ASK_AGAIN_US);
		l->fn(l->arg, true);
	}
}

/* One that was a master, and does not know yet that it is none. */
static void
on_role(redisAsyncContext *redis, void *answer, void *arg)
{
	struct link *l = redis->data;

	(void)arg;
	if (answer == NULL || sentinel_is_master(answer))
		return;
	complain(l, "the sentinel named one that is no master");
	link_drop(l);
}

static void
introduce(struct link *l)
{
	const struct cache_address *a = l->address;
	const char *auth[] = {"AUTH", a->user, a->password};
	char db[16];

	if (a->password != NULL && a->user != NULL)
		redisAsyncCommandArgv(
		    l->redis, on_introduced, NULL, 3, auth, NULL);
	else if (a->password != NULL)
		redisAsyncCommandArgv(l->redis, on_introduced, NULL, 2,
		    (const char *[]){"AUTH", a->password}, NULL);
	snprintf(db, sizeof(db), "%d", a->db);
	redisAsyncCommandArgv(l->redis, on_introduced, NULL, 2,
	    (const char *[]){"SELECT", db}, NULL);
	if (l->sentinel != NULL)
		redisAsyncCommandArgv(
		    l->redis, on_role, NULL, 1, (const char *[]){"ROLE"}, NULL);
	redisAsyncCommandArgv(
	    l->redis, on_introduced, l, 1, (const char *[]){"PING"}, NULL);
}

static void
try_connect(struct link *l)
{
	const struct cache_address *a = l->address;
	redisAsyncContext *redis =
	    a->path != NULL ? redisAsyncConnectUnix(a->path)
	    : l->sentinel != NULL
		? redisAsyncConnect(l->master.host, l->master.port)
		: redisAsyncConnect(a->host, a->port);

	if (redis != NULL && redis->err == 0)
		l->watch = watch_new(l->vhost, redis->c.fd, on_ready, l);
	if (redis == NULL || l->watch == NULL) {
		complain(l, redis != NULL && redis->err != 0
				? redis->errstr
				: "no memory or descriptor left");
		if (redis != NULL)
			redisAsyncFree(redis);
		retry_later(l);
		return;
	}
	l->redis = redis;
	redis->data = l;
	redis->ev.data = l;
	redis->ev.addRead = redis->ev.delRead = on_nothing;
	redis->ev.delWrite = on_nothing;
	redis->ev.addWrite = on_want_write;
	redis->ev.cleanup = on_cleanup;
	redisAsyncSetConnectCallback(redis, on_connect);
	redisAsyncSetDisconnectCallback(redis, on_disconnect);
	look_in(l, UP_US);
	introduce(l);
}

static void
on_master(void *arg, const struct sentinel_master *master)
{
	struct link *l = arg;

	if (l->redis == NULL && master == NULL) {
		complain(l, "no sentinel names a master");
		retry_later(l);
	} else if (l->redis == NULL) {
		l->master = *master;
		try_connect(l);
	} else if (master != NULL &&
		   (strcmp(master->host, l->master.host) != 0 ||
		       master->port != l->master.port))
		link_drop(l); /* it was, once */
	else
		look_in(l, ASK_AGAIN_US);
}

struct link *
link_new(struct lws_context *context, struct lws_vhost *vhost,
    const struct cache_address *address, link_fn *fn, void *arg)
{
	struct link *l = mem_new(1, sizeof(*l));

	l->context = context;
	l->vhost = vhost;
	l->address = address;
	l->fn = fn;
	l->arg = arg;
	if (address->sentinels_len > 0) {
		l->sentinel =
		    sentinel_new(context, vhost, address, on_master, l);
		sentinel_question(l->sentinel);
	} else
		try_connect(l);
	return l;
}

void
link_free(struct link *l)
{
	if (l == NULL)
		return;
	l->closing = true;
	lws_sul_cancel(&l->retry);
	link_drop(l);
	sentinel_free(l->sentinel);
	free(l);
}

int
link_send(
    struct link *l, redisCallbackFn *fn, void *arg, int n, const char *words[])
{
	if (!l->up || redisAsyncCommandArgv(
			  l->redis, fn, arg, n, words, NULL) != REDIS_OK)
		return -1;
	return 0;
}

void
link_drop(struct link *l)
{
	if (l->redis != NULL)
		redisAsyncFree(l->redis);
}
