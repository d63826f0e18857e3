/* cache.c: Redis, by typed calls: keys, counts, what was published. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/redis/cache_redis.h"
#include "lib/redis/keys.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

#define EVENTS_AT_ONCE 500
#define KEYS_PER_MGET (8 * CACHE_GROUP)

int
cache_ping(struct cache *c)
{
	return redis_tell(c, 1, (const char *[]){"PING"});
}

/* "name:123\r\n" among the lines of INFO; -1: it is not there. */
static int64_t
info_number(const char *info, const char *name)
{
	size_t len = strlen(name);
	int64_t v;

	for (const char *line = info; line != NULL;
	     line = (line = strchr(line, '\n')) != NULL ? line + 1 : NULL)
		if (strncmp(line, name, len) == 0 && line[len] == ':') {
			const char *text = line + len + 1;
			char digits[24];

			snprintf(digits, sizeof(digits), "%.*s",
			    (int)strcspn(text, "\r\n"), text);
			return num_int64(digits, 0, INT64_MAX, &v) == 0 ? v
									: -1;
		}
	return -1;
}

int
cache_usage(struct cache *c, struct cache_usage *out)
{
	redisReply *info =
	    redis_ask(c, 2, (const char *[]){"INFO", "memory"}, NULL);
	redisReply *entries;

	if (info == NULL)
		return -1;
	out->memory = info_number(info->str, "used_memory");
	out->memory_max = info_number(info->str, "maxmemory");
	freeReplyObject(info);
	entries = redis_ask(c, 2, (const char *[]){"XLEN", KEY_LIVE}, NULL);
	if (entries == NULL)
		return -1;
	out->live_entries =
	    entries->type == REDIS_REPLY_INTEGER ? entries->integer : -1;
	freeReplyObject(entries);
	return 0;
}

/* ---- many keys ---- */

static int
send_mget(struct cache *c, const char *const keys[], size_t n)
{
	const char *words[1 + KEYS_PER_MGET] = {"MGET"};

	memcpy(words + 1, keys, n * sizeof(*keys));
	return redis_send(c, (int)n + 1, words, NULL);
}

/* An entry of a stream: [id, [field, text, …]], or NULL: anything else. */
static const redisReply *
entry_fields(const redisReply *e, const char **id)
{
	const redisReply *fields;

	if (e->type != REDIS_REPLY_ARRAY || e->elements != 2 ||
	    e->element[0]->type != REDIS_REPLY_STRING)
		return NULL;
	fields = e->element[1];
	if (fields->type != REDIS_REPLY_ARRAY)
		return NULL;
	for (size_t i = 0; i < fields->elements; i++)
		if (fields->element[i]->type != REDIS_REPLY_STRING)
			return NULL;
	*id = e->element[0]->str;
	return fields;
}

static int
take_last_id(struct cache *c, char last_id[CACHE_ID_SIZE])
{
	redisReply *r = redis_next(c);
	const char *id;
	int rc = 0;

	if (r == NULL)
		return -1;
	snprintf(last_id, CACHE_ID_SIZE, "0-0");
	if (r->type != REDIS_REPLY_ARRAY)
		rc = redis_fail(
		    c, "%.200s", r->str != NULL ? r->str : "not a list");
	else if (r->elements > 0) {
		if (entry_fields(r->element[0], &id) == NULL)
			rc = redis_fail(c, "not an entry of a stream");
		else
			snprintf(last_id, CACHE_ID_SIZE, "%.40s", id);
	}
	freeReplyObject(r);
	return rc;
}

static int
take_values(struct cache *c, size_t n, struct cache_values *out)
{
	redisReply *r = redis_next(c);

	if (r == NULL)
		return -1;
	out->replies[out->replies_len++] = r;
	if (r->type != REDIS_REPLY_ARRAY || r->elements != n)
		return redis_fail(
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
	const char *newest[] = {"XREVRANGE", KEY_LIVE, "+", "-", "COUNT", "1"};

	if (redis_ready(c) == -1 ||
	    (last_id && redis_send(c, 6, newest, NULL) == -1))
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

/* ---- one key ---- */

int
cache_get(struct cache *c, const char *key, char **data, size_t *len)
{
	redisReply *r = redis_ask(c, 2, (const char *[]){"GET", key}, NULL);

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

/* when: "NX" or "XX". */
static int
set_if(struct cache *c, const char *key, const void *data, size_t len,
    int ttl_s, const char *when, bool *set)
{
	char ttl[16];
	const char *words[] = {"SET", key, data, "EX", ttl, when};
	const size_t lens[] = {3, strlen(key), len, 2,
	    (size_t)snprintf(ttl, sizeof(ttl), "%d", ttl_s), 2};
	redisReply *r = redis_ask(c, 6, words, lens);

	if (r == NULL)
		return -1;
	*set = r->type == REDIS_REPLY_STATUS;
	freeReplyObject(r);
	return 0;
}

int
cache_claim(struct cache *c, const char *key, const void *data, size_t len,
    int ttl_s, bool *set)
{
	return set_if(c, key, data, len, ttl_s, "NX", set);
}

int
cache_replace(
    struct cache *c, const char *key, const void *data, size_t len, int ttl_s)
{
	bool set;

	return set_if(c, key, data, len, ttl_s, "XX", &set);
}

static int
expire(struct cache *c, const char *key, int ttl_s)
{
	char ttl[16];

	snprintf(ttl, sizeof(ttl), "%d", ttl_s);
	return redis_tell(c, 3, (const char *[]){"EXPIRE", key, ttl});
}

int
cache_del(struct cache *c, const char *key)
{
	return redis_tell(c, 2, (const char *[]){"DEL", key});
}

int
cache_exists(struct cache *c, const char *key, bool *exists)
{
	redisReply *r = redis_ask(c, 2, (const char *[]){"EXISTS", key}, NULL);

	if (r == NULL)
		return -1;
	*exists = r->integer != 0;
	freeReplyObject(r);
	return 0;
}

int
cache_count(struct cache *c, const char *key, int ttl_s, int64_t *n)
{
	bool fresh;
	redisReply *r;

	/* the first of them sets the end; a count alone would have none */
	if (cache_claim(c, key, "0", 1, ttl_s, &fresh) == -1 ||
	    (r = redis_ask(c, 2, (const char *[]){"INCR", key}, NULL)) == NULL)
		return -1;
	*n = r->integer;
	freeReplyObject(r);
	/* where it ended between the two, it is without one */
	return *n == 1 ? expire(c, key, ttl_s) : 0;
}

/* ---- what is published ---- */

int
cache_publish(struct cache *c, const char *channel, const char *text)
{
	return redis_tell(c, 3, (const char *[]){"PUBLISH", channel, text});
}

/* How many have arrived; nothing is waited for. */
static int
count_messages(struct cache *c, int *messages)
{
	struct pollfd p = {.fd = c->redis->fd, .events = POLLIN};
	void *reply;

	while (poll(&p, 1, 0) > 0)
		if (redisBufferRead(c->redis) != REDIS_OK)
			return redis_fail_io(c);
	for (;;) {
		if (redisReaderGetReply(c->redis->reader, &reply) != REDIS_OK)
			return redis_fail(c, "%s", c->redis->reader->errstr);
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

	redis_leave_former(c);
	if (c->redis == NULL &&
	    (redis_connect(c) == -1 || redis_send(c, 2, words, NULL) == -1 ||
		redis_expect_good(c) == -1))
		return -1;
	if (count_messages(c, &messages) == -1)
		return -1;
	*heard = messages > 0;
	return 0;
}

/* The field `data` of an entry to fn. */
static void
give_event(
    const redisReply *e, char id[CACHE_ID_SIZE], cache_event_fn *fn, void *arg)
{
	const char *entry_id;
	const redisReply *fields = entry_fields(e, &entry_id);

	if (fields == NULL)
		return;
	snprintf(id, CACHE_ID_SIZE, "%.40s", entry_id);
	for (size_t i = 0; i + 1 < fields->elements; i += 2)
		if (strcmp(fields->element[i]->str, "data") == 0)
			fn(arg, id, fields->element[i + 1]->str,
			    (size_t)fields->element[i + 1]->len);
}

int
cache_events(struct cache *c, const char *stream, char id[CACHE_ID_SIZE],
    cache_event_fn *fn, void *arg)
{
	char from[CACHE_ID_SIZE + 1], count[16];
	const char *words[] = {"XRANGE", stream, from, "+", "COUNT", count};
	redisReply *r;
	size_t n;

	snprintf(count, sizeof(count), "%d", EVENTS_AT_ONCE);
	/* an answer that does not move the id on is the last one */
	do {
		snprintf(from, sizeof(from), "(%s", id);
		if ((r = redis_ask(c, 6, words, NULL)) == NULL)
			return -1;
		n = r->type == REDIS_REPLY_ARRAY ? r->elements : 0;
		for (size_t i = 0; i < n; i++)
			give_event(r->element[i], id, fn, arg);
		freeReplyObject(r);
	} while (n == EVENTS_AT_ONCE && strcmp(from + 1, id) != 0);
	return 0;
}
