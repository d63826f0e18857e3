/* cache_batch.c: writes to Redis, gathered as the text it reads, then sent. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/redis/cache_redis.h"
#include "lib/redis/keys.h"
#include "lib/base/mem.h"

#define BATCH_MAX ((size_t)1 << 30)
#define ARGS_MAX 12
/* Commands sent before their answers are read: with more of them hiredis moves
 * what is left to send or to read again and again. */
#define PIPELINE 200

/* The words of one command. */
struct words {
	const char *text[ARGS_MAX];
	size_t len[ARGS_MAX];
	int n;
};

static void
add(struct words *w, const void *text, size_t len)
{
	assert(w->n < ARGS_MAX);
	w->text[w->n] = text;
	w->len[w->n++] = len;
}

static void
add_text(struct words *w, const char *text)
{
	add(w, text, strlen(text));
}

static void
put_word(struct buf *out, const void *text, size_t len)
{
	buf_printf(out, "$%zu\r\n", len);
	buf_add(out, text, len);
	buf_puts(out, "\r\n");
}

static void
end_command(struct cache_batch *b)
{
	b->ends = mem_room(b->ends, b->len, &b->size, sizeof(*b->ends));
	b->ends[b->len++] = b->out.len;
}

/*
 * The commands are in ARGV, each behind the number of its words. One that fails
 * does not end the others, as in a transaction.
 */
static const char fenced_script[] =
    "local held = redis.call('GET', KEYS[1]) "
    "if held and tonumber(held) > tonumber(ARGV[1]) then "
    "return redis.error_reply('" CACHE_FENCED " a later token is ' .. held) "
    "end "
    "if held ~= ARGV[1] then redis.call('SET', KEYS[1], ARGV[1]) end "
    "local at, bad = 2, nil "
    "while at <= #ARGV do "
    "local n = tonumber(ARGV[at]) "
    "local r = redis.pcall(unpack(ARGV, at + 1, at + n)) "
    "if type(r) == 'table' and r.err and not bad then bad = r end "
    "at = at + n + 1 "
    "end "
    "return bad or redis.status_reply('OK')";

/* The group as one command. */
static void
put_group(struct cache_batch *b)
{
	char number[24];

	buf_printf(&b->out, "*%d\r\n", 5 + b->words);
	put_word(&b->out, "EVAL", 4);
	put_word(&b->out, fenced_script, sizeof(fenced_script) - 1);
	put_word(&b->out, "1", 1);
	put_word(&b->out, b->fence, strlen(b->fence));
	snprintf(number, sizeof(number), "%" PRId64, b->token);
	put_word(&b->out, number, strlen(number));
	buf_add(&b->out, b->group.data, b->group.len);
	b->out.overflow = b->out.overflow || b->group.overflow;
	buf_reset(&b->group);
	b->words = 0;
	end_command(b);
}

static void
put_fenced(struct cache_batch *b, const struct words *w)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", w->n);
	put_word(&b->group, number, strlen(number));
	for (int i = 0; i < w->n; i++)
		put_word(&b->group, w->text[i], w->len[i]);
	b->words += 1 + w->n;
	if (!b->open)
		put_group(b);
}

/* "*3\r\n$3\r\nSET\r\n..." */
static void
put(struct cache_batch *b, const struct words *w)
{
	if (b->fence != NULL) {
		put_fenced(b, w);
		return;
	}
	buf_printf(&b->out, "*%d\r\n", w->n);
	for (int i = 0; i < w->n; i++)
		put_word(&b->out, w->text[i], w->len[i]);
	end_command(b);
}

void
redis_batch_put(struct cache_batch *b, int n, const char *const *words)
{
	struct words w = {.n = 0};

	for (int i = 0; i < n; i++)
		add_text(&w, words[i]);
	put(b, &w);
}

static void
put_words(struct cache_batch *b, const char *a1, const char *a2, const char *a3)
{
	struct words w = {.n = 0};

	add_text(&w, a1);
	if (a2 != NULL)
		add_text(&w, a2);
	if (a3 != NULL)
		add_text(&w, a3);
	put(b, &w);
}

void
cache_batch_init(struct cache_batch *b)
{
	memset(b, 0, sizeof(*b));
	buf_init(&b->out, BATCH_MAX);
	buf_init(&b->group, BATCH_MAX);
}

void
cache_batch_done(struct cache_batch *b)
{
	if (b == NULL)
		return;
	buf_done(&b->out);
	buf_done(&b->group);
	free(b->ends);
	memset(b, 0, sizeof(*b));
}

void
cache_batch_reset(struct cache_batch *b)
{
	buf_reset(&b->out);
	buf_reset(&b->group);
	b->words = 0;
	b->len = 0;
	b->open = b->event = false;
}

void
cache_batch_fence(struct cache_batch *b, const char *key, int64_t token)
{
	b->fence = key;
	b->token = token;
}

void
cache_batch_begin(struct cache_batch *b)
{
	assert(!b->open);
	b->open = true;
	b->event = false;
	if (b->fence == NULL)
		put_words(b, "MULTI", NULL, NULL);
}

void
cache_batch_end(struct cache_batch *b)
{
	assert(b->open);
	if (b->event)
		put_words(b, "PUBLISH", CHANNEL_LIVE, "");
	if (b->fence == NULL)
		put_words(b, "EXEC", NULL, NULL);
	else if (b->words > 0)
		put_group(b);
	b->open = b->event = false;
}

void
cache_batch_set(struct cache_batch *b, const char *key, const void *data,
    size_t len, int ttl_s)
{
	struct words w = {.n = 0};
	char ttl[16];

	add_text(&w, "SET");
	add_text(&w, key);
	add(&w, data, len);
	if (ttl_s > 0) {
		snprintf(ttl, sizeof(ttl), "%d", ttl_s);
		add_text(&w, "EX");
		add_text(&w, ttl);
	}
	put(b, &w);
}

void
cache_batch_del(struct cache_batch *b, const char *key)
{
	put_words(b, "DEL", key, NULL);
}

void
cache_batch_expire(struct cache_batch *b, const char *key, int ttl_s)
{
	char ttl[16];

	snprintf(ttl, sizeof(ttl), "%d", ttl_s);
	put_words(b, "EXPIRE", key, ttl);
}

static void
put_entry(struct cache_batch *b, const char *stream, const char *type,
    const char *data, size_t len)
{
	struct words w = {.n = 0};

	add_text(&w, "XADD");
	add_text(&w, stream);
	add_text(&w, "MAXLEN");
	add_text(&w, "~");
	add_text(&w, CACHE_STREAM_LENGTH);
	add_text(&w, "*");
	add_text(&w, "type");
	add_text(&w, type);
	add_text(&w, "data");
	add(&w, data, len);
	put(b, &w);
}

void
cache_batch_event(
    struct cache_batch *b, const char *type, const char *data, size_t len)
{
	put_entry(b, KEY_LIVE, type, data, len);
	if (strcmp(type, "alert") == 0)
		put_entry(b, KEY_ALERT_STREAM, type, data, len);
	b->event = true;
}

static int
run_part(struct cache *c, const struct cache_batch *b, size_t from, size_t to)
{
	size_t start = from > 0 ? b->ends[from - 1] : 0;

	for (size_t i = from; i < to; start = b->ends[i++])
		if (redisAppendFormattedCommand(c->redis, b->out.data + start,
			b->ends[i] - start) != REDIS_OK)
			return redis_fail_io(c);
	for (size_t i = from; i < to; i++)
		if (redis_expect_good(c) == -1)
			return -1;
	return 0;
}

int
cache_batch_run(struct cache *c, struct cache_batch *b)
{
	int rc = 0;

	if (b->open || b->out.overflow)
		rc = redis_fail(c, b->open ? "a transaction was left open"
					   : "the batch is too large");
	else if (b->len > 0)
		rc = redis_ready(c);
	for (size_t at = 0; rc == 0 && at < b->len; at += PIPELINE)
		rc = run_part(
		    c, b, at, b->len - at < PIPELINE ? b->len : at + PIPELINE);
	cache_batch_reset(b);
	return rc;
}
