/* sentinel.c: asks the sentinels, one after the other, in lws' loop. */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "live/sentinel.h"
#include "live/watch.h"

/* Each has that long, its connection included. */
#define ANSWER_US (500 * LWS_US_PER_MS)

struct sentinel {
	struct lws_context *context;
	struct lws_vhost *vhost;
	const struct cache_address *address;
	sentinel_fn *fn;
	void *arg;

	bool asking, answered, leaving;
	size_t at, left; /* which is asked, how many are to be asked yet */
	struct sentinel_master master;
	redisAsyncContext *redis;
	struct watch *watch;
	lws_sorted_usec_list_t timer; /* what is under way is over */
};

static void ask_next(struct sentinel *s);

/* Ends the connection outside of its own callbacks. */
static void
leave(struct sentinel *s)
{
	s->leaving = true;
	if (s->redis != NULL)
		redisAsyncFree(s->redis);
	s->leaving = false;
}

static void
on_timer(lws_sorted_usec_list_t *timer)
{
	struct sentinel *s = lws_container_of(timer, struct sentinel, timer);

	leave(s);
	if (s->answered) {
		s->asking = false;
		s->fn(s->arg, &s->master);
		return;
	}
	s->at = (s->at + 1) % s->address->sentinels_len;
	ask_next(s);
}

static void
over_in(struct sentinel *s, lws_usec_t us)
{
	lws_sul_schedule(s->context, 0, &s->timer, on_timer, us);
}

static void
on_cleanup(void *arg)
{
	struct sentinel *s = arg;

	watch_free(s->watch);
	s->watch = NULL;
	s->redis = NULL;
	if (!s->leaving)
		over_in(s, 1);
}

static void
on_answer(redisAsyncContext *redis, void *answer, void *arg)
{
	struct sentinel *s = redis->data;

	(void)arg;
	if (answer != NULL && !s->leaving)
		s->answered = sentinel_read(answer, &s->master) == 0;
	if (!s->leaving)
		over_in(s, 1);
}

static void
on_ready(void *arg, enum watch_event event)
{
	struct sentinel *s = arg;

	if (s->redis == NULL)
		return;
	switch (event) {
	case WATCH_READ:
		redisAsyncHandleRead(s->redis);
		break;
	case WATCH_WRITE:
		redisAsyncHandleWrite(s->redis);
		break;
	case WATCH_GONE:
		over_in(s, 1);
		break;
	}
}

static void
on_want_write(void *arg)
{
	struct sentinel *s = arg;

	watch_want_write(s->watch);
}

static void
on_nothing(void *arg)
{
	(void)arg; /* reading is always on; writing is once */
}

static void
send_question(struct sentinel *s)
{
	const struct cache_address *a = s->address;
	const char *auth[] = {"AUTH", a->sentinel_user, a->sentinel_password};

	if (a->sentinel_password != NULL && a->sentinel_user != NULL)
		redisAsyncCommandArgv(s->redis, NULL, NULL, 3, auth, NULL);
	else if (a->sentinel_password != NULL)
		redisAsyncCommandArgv(s->redis, NULL, NULL, 2,
		    (const char *[]){"AUTH", a->sentinel_password}, NULL);
	redisAsyncCommandArgv(s->redis, on_answer, NULL, 3,
	    (const char *[]){"SENTINEL", "GET-MASTER-ADDR-BY-NAME", a->master},
	    NULL);
}

static void
ask_next(struct sentinel *s)
{
	const struct cache_host *h = &s->address->sentinels[s->at];
	redisAsyncContext *redis;

	if (s->left == 0) {
		s->asking = false;
		s->fn(s->arg, NULL);
		return;
	}
	s->left--;
	over_in(s, ANSWER_US);
	redis = redisAsyncConnect(h->host, h->port);
	if (redis != NULL && redis->err == 0)
		s->watch = watch_new(s->vhost, redis->c.fd, on_ready, s);
	if (redis == NULL || s->watch == NULL) {
		if (redis != NULL)
			redisAsyncFree(redis);
		over_in(s, 1);
		return;
	}
	s->redis = redis;
	redis->data = s;
	redis->ev.data = s;
	redis->ev.addRead = redis->ev.delRead = on_nothing;
	redis->ev.delWrite = on_nothing;
	redis->ev.addWrite = on_want_write;
	redis->ev.cleanup = on_cleanup;
	send_question(s);
}

void
sentinel_question(struct sentinel *s)
{
	if (s->asking)
		return;
	s->asking = true;
	s->answered = false;
	s->left = s->address->sentinels_len;
	ask_next(s);
}

struct sentinel *
sentinel_new(struct lws_context *context, struct lws_vhost *vhost,
    const struct cache_address *address, sentinel_fn *fn, void *arg)
{
	struct sentinel *s = mem_new(1, sizeof(*s));

	s->context = context;
	s->vhost = vhost;
	s->address = address;
	s->fn = fn;
	s->arg = arg;
	return s;
}

void
sentinel_free(struct sentinel *s)
{
	if (s == NULL)
		return;
	lws_sul_cancel(&s->timer);
	leave(s);
	free(s);
}
