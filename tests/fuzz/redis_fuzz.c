/*
 * redis_fuzz.c: the bytes that Redis or a sentinel answers. The first one says
 * which question they answer; the rest is what comes back, from a socket that
 * then has nothing more.
 */
#include <fcntl.h>
#include <sys/socket.h>

#include "lib/redis/cache_redis.h"
#include "tests/fuzz/fuzz.h"

static void
must(bool good)
{
	if (!good)
		abort();
}

static void
entry(void *arg, const char *id, const char *data, size_t len)
{
	(void)arg;
	must(strlen(id) < CACHE_ID_SIZE && strlen(data) <= len);
}

static void
node(void *arg, const char *id)
{
	(void)arg;
	must(id != NULL);
}

static int
values(struct cache *c)
{
	static const char *const keys[] = {"a", "b", "c"};
	char last[CACHE_ID_SIZE];
	struct cache_values v;

	if (cache_mget(c, keys, 3, last, &v) == -1)
		return -1;
	must(v.len == 3 && memchr(last, '\0', sizeof(last)) != NULL);
	for (size_t i = 0; i < v.len; i++)
		must(v.list[i].data == NULL ||
		     strlen(v.list[i].data) <= v.list[i].len);
	cache_values_done(&v);
	return 0;
}

static int
batch(struct cache *c)
{
	struct cache_batch b;
	int rc;

	cache_batch_init(&b);
	cache_batch_begin(&b);
	cache_batch_set(&b, "a", "1", 1, 10);
	cache_batch_event(&b, "account", "{}", 2);
	cache_batch_changed(&b, "vps01");
	cache_batch_end(&b);
	rc = cache_batch_run(c, &b);
	cache_batch_done(&b);
	return rc;
}

static int
ask(struct cache *c, unsigned char which)
{
	char id[CACHE_ID_SIZE] = "1-1", *data = NULL;
	int64_t n;
	bool flag = false;
	int rc;

	switch (which % 11) {
	case 0:
		return cache_ping(c);
	case 1:
		return values(c);
	case 2:
		rc = cache_get(c, "a", &data, NULL);
		must(rc == 0 || data == NULL);
		free(data);
		return rc;
	case 3:
		return cache_claim(c, "a", "1", 1, 10, &flag);
	case 4:
		return cache_exists(c, "a", &flag);
	case 5:
		return cache_count(c, "a", 10, &n);
	case 6:
		return cache_heard(c, "refresh", &flag);
	case 7:
		return cache_events(c, "live", id, entry, NULL);
	case 8:
		return cache_changes(c, id, &flag, node, NULL);
	case 9:
		return cache_replace(c, "a", "1", 1, 10);
	default:
		return batch(c);
	}
}

/* A sentinel's answer names a master, or it does not. */
static void
sentinel(const char *text, size_t len)
{
	redisReader *reader = redisReaderCreate();
	struct sentinel_master m;
	void *reply = NULL;

	redisReaderFeed(reader, text, len);
	if (redisReaderGetReply(reader, &reply) == REDIS_OK && reply != NULL) {
		if (sentinel_read(reply, &m) == 0)
			must(*m.host != '\0' && m.port > 0 && m.port < 65536);
		(void)sentinel_is_master(reply);
	}
	freeReplyObject(reply);
	redisReaderFree(reader);
}

static void
fuzz_one(const char *text, size_t len)
{
	struct cache *c = mem_new(1, sizeof(*c));
	int pair[2];

	if (len == 0) {
		free(c);
		return;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == -1)
		abort();
	c->redis = redisConnectFd(pair[0]);
	c->address.path = mem_strdup("/nonexistent");
	redisReaderFeed(c->redis->reader, text + 1, len - 1);
	(void)ask(c, (unsigned char)*text);
	cache_close(c);
	close(pair[1]);
	sentinel(text + 1, len - 1);
}
