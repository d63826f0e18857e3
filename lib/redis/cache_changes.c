/*
 * cache_changes.c: which nodes were written since one looked last.
 *
 * A stream, an entry a write. As long as the entry that was read last is still
 * in it, what follows is all there is; where it is gone (trimmed, Redis
 * emptied, a replica that had not got it) nobody can say.
 */
#include <stdio.h>
#include <string.h>

#include "lib/redis/cache_redis.h"
#include "lib/redis/keys.h"

/* Half a minute of 20,000 nodes that are polled every 10 s. */
#define ENTRIES_MAX "65536"

void
cache_batch_changed(struct cache_batch *b, const char *node)
{
	redis_batch_put(b, 8,
	    (const char *[]){"XADD", KEY_CHANGES, "MAXLEN", "~", ENTRIES_MAX,
		"*", "node", node});
}

/* An entry: [id, [field, value]]. NULL: anything else. */
static const char *
entry_id(const redisReply *r, size_t i, const char **node)
{
	const redisReply *e, *fields;

	if (r->type != REDIS_REPLY_ARRAY || i >= r->elements)
		return NULL;
	e = r->element[i];
	if (e->type != REDIS_REPLY_ARRAY || e->elements != 2 ||
	    e->element[0]->type != REDIS_REPLY_STRING)
		return NULL;
	fields = e->element[1];
	if (fields->type != REDIS_REPLY_ARRAY || fields->elements != 2 ||
	    fields->element[1]->type != REDIS_REPLY_STRING)
		return NULL;
	*node = fields->element[1]->str;
	return e->element[0]->str;
}

/* Where the stream ends now; empty where there is none. */
static int
begin(struct cache *c, char last[CACHE_ID_SIZE])
{
	const char *words[] = {
	    "XREVRANGE", KEY_CHANGES, "+", "-", "COUNT", "1"};
	redisReply *r = redis_ask(c, 6, words, NULL);
	const char *id, *node;

	if (r == NULL)
		return -1;
	id = entry_id(r, 0, &node);
	snprintf(last, CACHE_ID_SIZE, "%.40s", id != NULL ? id : "");
	freeReplyObject(r);
	return 0;
}

int
cache_changes(struct cache *c, char last[CACHE_ID_SIZE], bool *all,
    cache_change_fn *fn, void *arg)
{
	const char *words[] = {"XRANGE", KEY_CHANGES, last, "+"};
	const char *id, *node;
	redisReply *r;

	if (*last != '\0') {
		if ((r = redis_ask(c, 4, words, NULL)) == NULL)
			return -1;
		id = entry_id(r, 0, &node);
		if (id != NULL && strcmp(id, last) == 0) {
			for (size_t i = 1; (id = entry_id(r, i, &node)) != NULL;
			     i++) {
				fn(arg, node);
				snprintf(last, CACHE_ID_SIZE, "%.40s", id);
			}
			freeReplyObject(r);
			return 0;
		}
		freeReplyObject(r);
	}
	*all = true;
	return begin(c, last);
}
