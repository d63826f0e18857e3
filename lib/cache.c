/* cache.c: Redis, by typed calls; the only file that knows hiredis. */
#include <errno.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "lib/cache.h"
#include "lib/cache_url.h"
#include "lib/mem.h"

/* Commands sent before their answers are read (web-facts: O(n) shifts). */
#define PIPELINE 200
#define EVENTS_AT_ONCE 500
#define KEYS_PER_MGET (8 * CACHE_GROUP)

struct cache {
	struct cache_address address;
	redisContext *redis; /* NULL: not connected */
	char error[256];
};

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

/* -1, the reason kept, the connection gone: a late answer must find no one. */
static int __attribute__((format(printf, 2, 3)))
fail(struct cache *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, ap);
	va_end(ap);
	disconnect(c);
	return -1;
}

static int
fail_connection(struct cache *c)
{
	bool late = c->redis->err == REDIS_ERR_IO &&
		    (errno == EAGAIN || errno == EWOULDBLOCK);

	return fail(c, "%s", late ? "no answer in time" : c->redis->errstr);
}

/* NULL after a failure; freeReplyObject otherwise. */
static redisReply *
next_reply(struct cache *c)
{
	void *reply = NULL;

	if (redisGetReply(c->redis, &reply) != REDIS_OK) {
		fail_connection(c);
		return NULL;
	}
	return reply;
}

/* An answer looked at for nothing but its being no error. */
static int
expect_good(struct cache *c)
{
	redisReply *r = next_reply(c);
	const redisReply *bad = NULL;

	if (r == NULL)
		return -1;
	if (r->type == REDIS_REPLY_ERROR)
		bad = r;
	for (size_t i = 0; r->type == REDIS_REPLY_ARRAY && i < r->elements; i++)
		if (r->element[i]->type == REDIS_REPLY_ERROR)
			bad = r->element[i];
	if (bad != NULL)
		fail(c, "%.200s", bad->str);
	freeReplyObject(r);
	return bad != NULL ? -1 : 0;
}

static int
send_words(struct cache *c, int n, const char **words, const size_t *lens)
{
	if (redisAppendCommandArgv(c->redis, n, words, lens) != REDIS_OK)
		return fail_connection(c);
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
		if (send_words(c, a->user != NULL ? 3 : 2, words, NULL) == -1 ||
		    expect_good(c) == -1)
			return -1;
	}
	if (a->db == 0)
		return 0;
	snprintf(db, sizeof(db), "%d", a->db);
	words[0] = "SELECT";
	words[1] = db;
	return send_words(c, 2, words, NULL) == -1 ? -1 : expect_good(c);
}

static int
connect_anew(struct cache *c)
{
	const struct timeval limit = {
	    CACHE_TIMEOUT_MS / 1000, CACHE_TIMEOUT_MS % 1000 * 1000};
	const struct cache_address *a = &c->address;

	c->redis = a->path != NULL
		       ? redisConnectUnixWithTimeout(a->path, limit)
		       : redisConnectWithTimeout(a->host, a->port, limit);
	if (c->redis == NULL)
		return fail(c, "out of memory");
	if (c->redis->err != 0)
		return fail_connection(c);
	if (redisSetTimeout(c->redis, limit) != REDIS_OK)
		return fail_connection(c);
	return introduce(c);
}

/*
 * An idle connection has nothing to read; where there is something, it is
 * the end of it (Redis was restarted) or an answer that nobody wants.
 */
static int
ready(struct cache *c)
{
	struct pollfd p;

	if (c->redis != NULL) {
		p = (struct pollfd){.fd = c->redis->fd, .events = POLLIN};
		if (poll(&p, 1, 0) != 0)
			disconnect(c);
	}
	return c->redis != NULL ? 0 : connect_anew(c);
}

/* One command, one answer that is no error; NULL after a failure. */
static redisReply *
ask(struct cache *c, int n, const char **words, const size_t *lens)
{
	redisReply *r;

	if (ready(c) == -1 || send_words(c, n, words, lens) == -1 ||
	    (r = next_reply(c)) == NULL)
		return NULL;
	if (r->type == REDIS_REPLY_ERROR) {
		fail(c, "%.200s", r->str);
		freeReplyObject(r);
		return NULL;
	}
	return r;
}

static int
tell(struct cache *c, int n, const char **words)
{
	redisReply *r = ask(c, n, words, NULL);

	if (r == NULL)
		return -1;
	freeReplyObject(r);
	return 0;
}

int
cache_ping(struct cache *c)
{
	return tell(c, 1, (const char *[]){"PING"});
}

static int
send_mget(struct cache *c, const char *const keys[], size_t n)
{
	const char *words[1 + KEYS_PER_MGET] = {"MGET"};

	memcpy(words + 1, keys, n * sizeof(*keys));
	return send_words(c, (int)n + 1, words, NULL);
}

static int
take_last_id(struct cache *c, char last_id[CACHE_ID_SIZE])
{
	redisReply *r = next_reply(c), *entry;
	int rc = 0;

	if (r == NULL)
		return -1;
	snprintf(last_id, CACHE_ID_SIZE, "0-0");
	if (r->type != REDIS_REPLY_ARRAY)
		rc = fail(c, "%.200s", r->str != NULL ? r->str : "not a list");
	else if (r->elements > 0) {
		entry = r->element[0];
		snprintf(
		    last_id, CACHE_ID_SIZE, "%.40s", entry->element[0]->str);
	}
	freeReplyObject(r);
	return rc;
}

static int
take_values(struct cache *c, size_t n, struct cache_values *out)
{
	redisReply *r = next_reply(c);

	if (r == NULL)
		return -1;
	out->replies[out->replies_len++] = r;
	if (r->type != REDIS_REPLY_ARRAY || r->elements != n)
		return fail(
		    c, "%.200s", r->str != NULL ? r->str : "not a list");
	for (size_t i = 0; i < n; i++) {
		const redisReply *e = r->element[i];
		struct cache_value *v = &out->list[out->len++];

		if (e->type == REDIS_REPLY_STRING)
			*v = (struct cache_value){e->str, (size_t)e->len};
	}
	return 0;
}

static size_t
part(size_t n, size_t done)
{
	return n - done < KEYS_PER_MGET ? n - done : KEYS_PER_MGET;
}

static int
send_question(struct cache *c, const char *const keys[], size_t n, bool last_id)
{
	const char *newest[] = {
	    "XREVRANGE", CACHE_STREAM, "+", "-", "COUNT", "1"};

	if (ready(c) == -1 || (last_id && send_words(c, 6, newest, NULL) == -1))
		return -1;
	for (size_t at = 0; at < n; at += KEYS_PER_MGET)
		if (send_mget(c, keys + at, part(n, at)) == -1)
			return -1;
	return 0;
}

int
cache_mget(struct cache *c, const char *const keys[], size_t n,
    char last_id[CACHE_ID_SIZE], struct cache_values *out)
{
	struct cache_values v = {0};
	char id[CACHE_ID_SIZE];

	v.list = mem_new(n, sizeof(*v.list));
	v.replies = mem_new(n / KEYS_PER_MGET + 1, sizeof(*v.replies));
	if (send_question(c, keys, n, last_id != NULL) == -1 ||
	    (last_id != NULL && take_last_id(c, id) == -1))
		goto failed;
	for (size_t at = 0; at < n; at += KEYS_PER_MGET)
		if (take_values(c, part(n, at), &v) == -1)
			goto failed;
	if (last_id != NULL)
		memcpy(last_id, id, CACHE_ID_SIZE);
	*out = v;
	return 0;
failed:
	cache_values_done(&v);
	return -1;
}

void
cache_values_done(struct cache_values *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->replies_len; i++)
		freeReplyObject(v->replies[i]);
	free(v->replies);
	free(v->list);
	memset(v, 0, sizeof(*v));
}

int
cache_get(struct cache *c, const char *key, char **data, size_t *len)
{
	redisReply *r = ask(c, 2, (const char *[]){"GET", key}, NULL);

	if (r == NULL)
		return -1;
	*data = r->type == REDIS_REPLY_STRING
		    ? mem_strndup(r->str, (size_t)r->len)
		    : NULL;
	if (len != NULL)
		*len = r->type == REDIS_REPLY_STRING ? (size_t)r->len : 0;
	freeReplyObject(r);
	return 0;
}

int
cache_set_ttl(
    struct cache *c, const char *key, const void *data, size_t len, int ttl_s)
{
	struct cache_batch b;
	int rc;

	cache_batch_init(&b);
	cache_batch_set(&b, key, data, len, ttl_s);
	rc = cache_batch_run(c, &b);
	cache_batch_done(&b);
	return rc;
}

int
cache_claim(struct cache *c, const char *key, const void *data, size_t len,
    int ttl_s, bool *set)
{
	char ttl[16];
	const char *words[] = {"SET", key, data, "EX", ttl, "NX"};
	const size_t lens[] = {3, strlen(key), len, 2,
	    (size_t)snprintf(ttl, sizeof(ttl), "%d", ttl_s), 2};
	redisReply *r = ask(c, 6, words, lens);

	if (r == NULL)
		return -1;
	*set = r->type == REDIS_REPLY_STATUS;
	freeReplyObject(r);
	return 0;
}

int
cache_expire(struct cache *c, const char *key, int ttl_s)
{
	char ttl[16];

	snprintf(ttl, sizeof(ttl), "%d", ttl_s);
	return tell(c, 3, (const char *[]){"EXPIRE", key, ttl});
}

int
cache_del(struct cache *c, const char *key)
{
	return tell(c, 2, (const char *[]){"DEL", key});
}

int
cache_count(struct cache *c, const char *key, int ttl_s, int64_t *n)
{
	bool fresh;
	redisReply *r;

	/* the first of them sets the end; a count alone would have none */
	if (cache_claim(c, key, "0", 1, ttl_s, &fresh) == -1 ||
	    (r = ask(c, 2, (const char *[]){"INCR", key}, NULL)) == NULL)
		return -1;
	*n = r->integer;
	freeReplyObject(r);
	/* where it ended between the two, it is without one */
	return *n == 1 ? cache_expire(c, key, ttl_s) : 0;
}

int
cache_publish(struct cache *c, const char *channel, const char *text)
{
	return tell(c, 3, (const char *[]){"PUBLISH", channel, text});
}

/* How many have arrived; nothing is waited for. */
static int
count_messages(struct cache *c, int *messages)
{
	struct pollfd p = {.fd = c->redis->fd, .events = POLLIN};
	void *reply;

	while (poll(&p, 1, 0) > 0)
		if (redisBufferRead(c->redis) != REDIS_OK)
			return fail_connection(c);
	for (;;) {
		if (redisReaderGetReply(c->redis->reader, &reply) != REDIS_OK)
			return fail(c, "%s", c->redis->reader->errstr);
		if (reply == NULL)
			return 0;
		freeReplyObject(reply);
		(*messages)++;
	}
}

int
cache_heard(struct cache *c, const char *channel, bool *heard)
{
	const char *words[] = {"SUBSCRIBE", channel};
	int messages = 0;

	if (c->redis == NULL &&
	    (connect_anew(c) == -1 || send_words(c, 2, words, NULL) == -1 ||
		expect_good(c) == -1))
		return -1;
	if (count_messages(c, &messages) == -1)
		return -1;
	*heard = messages > 0;
	return 0;
}

/* [id, [field, text, …]] to fn; the field is `data`. */
static void
give_event(
    const redisReply *e, char id[CACHE_ID_SIZE], cache_event_fn *fn, void *arg)
{
	const redisReply *fields;

	if (e->type != REDIS_REPLY_ARRAY || e->elements != 2)
		return;
	fields = e->element[1];
	snprintf(id, CACHE_ID_SIZE, "%.40s", e->element[0]->str);
	for (size_t i = 0; i + 1 < fields->elements; i += 2)
		if (strcmp(fields->element[i]->str, "data") == 0)
			fn(arg, id, fields->element[i + 1]->str,
			    (size_t)fields->element[i + 1]->len);
}

int
cache_events(
    struct cache *c, char id[CACHE_ID_SIZE], cache_event_fn *fn, void *arg)
{
	char from[CACHE_ID_SIZE + 1], count[16];
	const char *words[] = {
	    "XRANGE", CACHE_STREAM, from, "+", "COUNT", count};
	redisReply *r;
	size_t n;

	snprintf(count, sizeof(count), "%d", EVENTS_AT_ONCE);
	do {
		snprintf(from, sizeof(from), "(%s", id);
		if ((r = ask(c, 6, words, NULL)) == NULL)
			return -1;
		n = r->type == REDIS_REPLY_ARRAY ? r->elements : 0;
		for (size_t i = 0; i < n; i++)
			give_event(r->element[i], id, fn, arg);
		freeReplyObject(r);
	} while (n == EVENTS_AT_ONCE);
	return 0;
}

static int
run_part(struct cache *c, const struct cache_batch *b, size_t from, size_t to)
{
	size_t start = from > 0 ? b->ends[from - 1] : 0;

	for (size_t i = from; i < to; start = b->ends[i++])
		if (redisAppendFormattedCommand(c->redis, b->out.data + start,
			b->ends[i] - start) != REDIS_OK)
			return fail_connection(c);
	for (size_t i = from; i < to; i++)
		if (expect_good(c) == -1)
			return -1;
	return 0;
}

int
cache_batch_run(struct cache *c, struct cache_batch *b)
{
	int rc = 0;

	if (b->open || b->out.overflow)
		rc = fail(c, b->open ? "a transaction was left open"
				     : "the batch is too large");
	else if (b->len > 0)
		rc = ready(c);
	for (size_t at = 0; rc == 0 && at < b->len; at += PIPELINE)
		rc = run_part(
		    c, b, at, b->len - at < PIPELINE ? b->len : at + PIPELINE);
	cache_batch_reset(b);
	return rc;
}
