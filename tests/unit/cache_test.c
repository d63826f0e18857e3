/* cache_test.c: the cache, against a real Redis. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/redis/cache.h"
#include "lib/redis/cache_url.h"
#include "lib/redis/keys.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "tests/unit/redis.h"

static struct redis redis;

static struct cache *
open_url(const char *url)
{
	struct config config = {.redis_url = mem_strdup(url)};
	char *error = NULL;
	struct cache *c = cache_open(&config, &error);

	assert_non_null(c);
	free(config.redis_url);
	return c;
}

static int
set_up(void **state)
{
	signal(SIGPIPE, SIG_IGN);
	(void)state;
	return redis_new(&redis);
}

static int
tear_down(void **state)
{
	(void)state;
	redis_done(&redis);
	return 0;
}

static void
assert_key(struct cache *c, const char *key, const char *want)
{
	char *got;

	assert_int_equal(cache_get(c, key, &got, NULL), 0);
	if (want == NULL)
		assert_null(got);
	else {
		assert_non_null(got);
		assert_string_equal(got, want);
	}
	free(got);
}

static void
values_go_in_and_out(void **state)
{
	struct cache *c = open_url(redis.url);
	const char *keys[] = {"a", "nothing", "b"};
	struct cache_values v;
	char id[CACHE_ID_SIZE];

	(void)state;
	assert_int_equal(cache_ping(c), 0);
	assert_int_equal(cache_set_ttl(c, "a", "1\r\n$x", 5, 0), 0);
	assert_int_equal(cache_set_ttl(c, "b", "", 0, 60), 0);
	assert_int_equal(cache_mget(c, keys, 3, id, &v), 0);
	assert_string_equal(id, "0-0");
	assert_int_equal(v.len, 3);
	assert_string_equal(v.list[0].data, "1\r\n$x");
	assert_int_equal(v.list[0].len, 5);
	assert_null(v.list[1].data);
	assert_non_null(v.list[2].data);
	assert_int_equal(v.list[2].len, 0);
	cache_values_done(&v);
	assert_int_equal(cache_del(c, "a"), 0);
	assert_key(c, "a", NULL);
	cache_close(c);
}

static void
five_thousand_keys_in_one_question(void **state)
{
	enum { N = 5000 };
	struct cache *c = open_url(redis.url);
	struct cache_batch b;
	struct cache_values v;
	const char *keys[N];
	char text[N][16];

	(void)state;
	cache_batch_init(&b);
	for (int i = 0; i < N; i++) {
		snprintf(text[i], sizeof(text[i]), "many:%d", i);
		keys[i] = text[i];
		if (i % 7 != 0)
			cache_batch_set(
			    &b, text[i], text[i], strlen(text[i]), 60);
	}
	assert_int_equal(cache_batch_run(c, &b), 0);
	assert_int_equal(cache_mget(c, keys, N, NULL, &v), 0);
	assert_int_equal(v.len, N);
	for (int i = 0; i < N; i++)
		if (i % 7 != 0)
			assert_string_equal(v.list[i].data, text[i]);
		else
			assert_null(v.list[i].data);
	cache_values_done(&v);
	cache_batch_done(&b);
	cache_close(c);
}

static void
a_transaction_writes_and_says_so(void **state)
{
	struct cache *c = open_url(redis.url);
	struct cache_batch b;
	struct cache_values v;
	char id[CACHE_ID_SIZE];

	(void)state;
	cache_batch_init(&b);
	cache_batch_begin(&b);
	cache_batch_set(&b, "snapshot:n1", "{}", 2, 60);
	cache_batch_set(&b, "last:n1", "{}", 2, 0);
	cache_batch_event(&b, "account", "{\"x\":1}", 7);
	cache_batch_end(&b);
	cache_batch_begin(&b);
	cache_batch_del(&b, "snapshot:n1");
	cache_batch_end(&b);
	assert_int_equal(cache_batch_run(c, &b), 0);
	assert_int_equal(b.len, 0);
	assert_key(c, "last:n1", "{}");
	assert_key(c, "snapshot:n1", NULL);
	assert_int_equal(cache_mget(c, NULL, 0, id, &v), 0);
	assert_string_not_equal(id, "0-0");
	assert_true(atoll(id) > 1000000000000);
	cache_values_done(&v);
	cache_batch_done(&b);
	cache_close(c);
}

static void
count_one(void *arg, const char *id, const char *data, size_t len)
{
	(void)id, (void)data, (void)len;
	++*(int *)arg;
}

/* Some minutes of a busy fleet push everything out of `live`. */
static void
no_change_of_equity_pushes_an_alert_out(void **state)
{
	struct cache *c = open_url(redis.url);
	char id[CACHE_ID_SIZE] = "0-0";
	struct cache_batch b;
	int n = 0;

	(void)state;
	cache_batch_init(&b);
	cache_batch_begin(&b);
	cache_batch_event(&b, "alert", "{\"x\":1}", 7);
	for (int i = 0; i < 20000; i++)
		cache_batch_event(&b, "account", "{\"x\":2}", 7);
	cache_batch_end(&b);
	assert_int_equal(cache_batch_run(c, &b), 0);
	assert_int_equal(
	    cache_events(c, KEY_ALERT_STREAM, id, count_one, &n), 0);
	assert_int_equal(n, 1);
	n = 0;
	assert_int_equal(
	    cache_events(c, KEY_ALERT_STREAM, id, count_one, &n), 0);
	assert_int_equal(n, 0);
	cache_batch_done(&b);
	cache_close(c);
}

static void
a_transaction_with_a_bad_command_writes_nothing(void **state)
{
	struct cache *c = open_url(redis.url);
	struct cache_batch b;

	(void)state;
	cache_batch_init(&b);
	cache_batch_begin(&b);
	cache_batch_set(&b, "half", "1", 1, 0);
	cache_batch_expire(&b, "half", 60);
	memcpy(strstr(b.out.data, "EXPIRE"), "WRONG!", 6);
	cache_batch_end(&b);
	assert_int_equal(cache_batch_run(c, &b), -1);
	assert_non_null(strstr(cache_error(c), "unknown command"));
	assert_key(c, "half", NULL);
	cache_batch_done(&b);
	cache_close(c);
}

static void
an_open_transaction_is_not_sent(void **state)
{
	struct cache *c = open_url(redis.url);
	struct cache_batch b;

	(void)state;
	cache_batch_init(&b);
	cache_batch_begin(&b);
	cache_batch_set(&b, "open", "1", 1, 0);
	assert_int_equal(cache_batch_run(c, &b), -1);
	assert_key(c, "open", NULL);
	cache_batch_done(&b);
	cache_close(c);
}

static void
counts_and_claims(void **state)
{
	struct cache *c = open_url(redis.url);
	int64_t n;
	bool set;

	(void)state;
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(cache_count(c, "tries", 60, &n), 0);
		assert_int_equal(n, i);
	}
	assert_int_equal(cache_claim(c, "lock", "a", 1, 60, &set), 0);
	assert_true(set);
	assert_int_equal(cache_claim(c, "lock", "b", 1, 60, &set), 0);
	assert_false(set);
	assert_key(c, "lock", "a");
	cache_close(c);
}

static void
a_restarted_redis_costs_no_failed_call(void **state)
{
	struct cache *c = open_url(redis.url);

	(void)state;
	assert_int_equal(cache_ping(c), 0);
	redis_stop(&redis);
	assert_int_equal(cache_ping(c), -1);
	assert_non_null(strstr(cache_error(c), "refused"));
	assert_int_equal(redis_start(&redis), 0);
	assert_int_equal(cache_ping(c), 0);
	redis_stop(&redis);
	assert_int_equal(redis_start(&redis), 0);
	assert_int_equal(cache_ping(c), 0);
	cache_close(c);
}

static void
a_hung_redis_costs_a_second_and_its_late_answer_nothing(void **state)
{
	struct cache *c = open_url(redis.url);
	int64_t start;

	(void)state;
	assert_int_equal(cache_set_ttl(c, "k", "right", 5, 0), 0);
	kill(redis.pid, SIGSTOP);
	start = clock_mono_ms();
	assert_int_equal(cache_ping(c), -1);
	assert_in_range(clock_mono_ms() - start, 900, 1900);
	assert_string_equal(cache_error(c), "no answer in time");
	kill(redis.pid, SIGCONT);
	assert_key(c, "k", "right");
	cache_close(c);
}

static void
addresses_that_cannot_be_understood(void **state)
{
	static const char *const bad[] = {"http://x", "unix:relative",
	    "redis://", "redis://h:99999", "redis://h:0", "redis://h/x",
	    "redis://h/-1", "unix:/s?db=x", "redis://[::1",
	    "redis+sentinel://h", "redis+sentinel://h/", "redis+sentinel:///n",
	    "redis+sentinel://h,/n", "redis+sentinel://h:0,i/n",
	    "redis+sentinel://h:/n", "redis+sentinel://[::1/n",
	    "redis+sentinel://[::1]x/n", "redis+sentinel://h/n/x",
	    "redis+sentinel://h/n?x=1", "redis+sentinel://h/n?sentinel_user=a",
	    "rediss+sentinel://h/n"};
	struct config config = {0};
	char *error, url[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		config.redis_url = strcpy(url, bad[i]);
		error = NULL;
		assert_null(cache_open(&config, &error));
		assert_non_null(strstr(error, bad[i]));
		free(error);
	}
}

static void
sentinels_are_named_by_a_url(void **state)
{
	char url[] = "redis+sentinel://u%40x:p%2Fw@[fe80::1]:1,s2,10.0.0.3:7/my"
		     "%20name/3?sentinel_password=a%26b&sentinel_user=w",
	     all[] = "redis+sentinel://s/n";
	struct config config = {.redis_url = url, .redis_password = all};
	struct cache_address a;
	char *error = NULL;

	(void)state;
	assert_int_equal(cache_address_from(&a, &config, &error), 0);
	assert_int_equal(a.sentinels_len, 3);
	assert_string_equal(a.sentinels[0].host, "fe80::1");
	assert_int_equal(a.sentinels[0].port, 1);
	assert_string_equal(a.sentinels[1].host, "s2");
	assert_int_equal(a.sentinels[1].port, 26379);
	assert_string_equal(a.sentinels[2].host, "10.0.0.3");
	assert_int_equal(a.sentinels[2].port, 7);
	assert_string_equal(a.master, "my name");
	assert_int_equal(a.db, 3);
	assert_string_equal(a.user, "u@x");
	assert_string_equal(a.password, "p/w");
	assert_string_equal(a.sentinel_user, "w");
	assert_string_equal(a.sentinel_password, "a&b");
	cache_address_done(&a);
	/* REDIS_PASSWORD is the master's */
	config.redis_url = all;
	assert_int_equal(cache_address_from(&a, &config, &error), 0);
	assert_string_equal(a.password, all);
	assert_null(a.sentinel_password);
	cache_address_done(&a);
}

static void
a_sentinel_password_is_never_quoted(void **state)
{
	char url[] = "redis+sentinel://h/n?sentinel_password=geheim&x=1";
	struct config config = {.redis_url = url};
	char *error = NULL;

	(void)state;
	assert_null(cache_open(&config, &error));
	assert_null(strstr(error, "geheim"));
	free(error);
}

static void
a_password_is_never_quoted(void **state)
{
	char url[] = "redis://:geheim@host:x", *error = NULL;
	struct config config = {.redis_url = url};

	(void)state;
	assert_null(cache_open(&config, &error));
	assert_null(strstr(error, "geheim"));
	free(error);
}

static void
another_database_is_another_one(void **state)
{
	char url[128];
	struct cache *zero = open_url(redis.url), *two;

	(void)state;
	snprintf(url, sizeof(url), "unix://%s?db=2", redis.socket);
	two = open_url(url);
	assert_int_equal(cache_set_ttl(two, "only", "2", 1, 0), 0);
	assert_key(zero, "only", NULL);
	assert_key(two, "only", "2");
	cache_close(zero);
	cache_close(two);
}

/* ---- fencing tokens ---- */

static void
count_event(void *arg, const char *id, const char *data, size_t len)
{
	int64_t *n = arg;

	(void)id;
	(void)data;
	(void)len;
	(*n)++;
}

static int
write_by(struct cache *c, int64_t token, const char *value)
{
	struct cache_batch b;
	int rc;

	cache_batch_init(&b);
	cache_batch_fence(&b, "fence:1/1", token);
	cache_batch_begin(&b);
	cache_batch_set(&b, "fenced", value, strlen(value), 60);
	cache_batch_event(&b, "status", "{}", 2);
	cache_batch_end(&b);
	cache_batch_set(&b, "fenced2", value, strlen(value), 0);
	rc = cache_batch_run(c, &b);
	cache_batch_done(&b);
	return rc;
}

static int64_t
entries(struct cache *c)
{
	char id[CACHE_ID_SIZE] = "0-0";
	int64_t n = 0;

	assert_int_equal(cache_events(c, KEY_LIVE, id, count_event, &n), 0);
	return n;
}

static void
an_earlier_token_writes_nothing(void **state)
{
	struct cache *a = open_url(redis.url), *b = open_url(redis.url);
	int64_t before = entries(a);
	bool there;

	(void)state;
	assert_int_equal(write_by(a, INT64_C(1790000000000), "a"), 0);
	assert_key(a, "fenced", "a");
	assert_int_equal(write_by(b, INT64_C(1790000000001), "b"), 0);
	assert_int_equal(entries(a), before + 2);
	assert_int_equal(write_by(a, INT64_C(1790000000000), "old"), -1);
	assert_memory_equal(cache_error(a), CACHE_FENCED, strlen(CACHE_FENCED));
	assert_key(b, "fenced", "b");
	assert_key(b, "fenced2", "b");
	assert_int_equal(entries(a), before + 2);
	/* and as often as it likes; the later one goes on */
	assert_int_equal(write_by(a, INT64_C(1790000000000), "old"), -1);
	assert_int_equal(write_by(b, INT64_C(1790000000001), "b2"), 0);
	assert_key(b, "fenced2", "b2");
	/* where Redis forgot it, whoever writes is known again */
	assert_int_equal(cache_del(b, "fence:1/1"), 0);
	assert_int_equal(write_by(b, INT64_C(1790000000001), "b3"), 0);
	assert_int_equal(cache_exists(b, "fence:1/1", &there), 0);
	assert_true(there);
	cache_close(a);
	cache_close(b);
}

static void
a_bad_command_under_a_fence_is_told(void **state)
{
	struct cache *c = open_url(redis.url);
	struct cache_batch b;

	(void)state;
	cache_batch_init(&b);
	cache_batch_fence(&b, "fence:2/2", 7);
	cache_batch_begin(&b);
	cache_batch_set(&b, "fine", "1", 1, 0);
	cache_batch_expire(&b, "fine", 60);
	cache_batch_set(&b, "bad", "1", 1, 0);
	cache_batch_end(&b);
	assert_int_equal(cache_batch_run(c, &b), 0);
	cache_batch_set(&b, KEY_LIVE, "no stream", 9, 0);
	cache_batch_event(&b, "status", "{}", 2);
	assert_int_equal(cache_batch_run(c, &b), -1);
	assert_non_null(strstr(cache_error(c), "WRONGTYPE"));
	assert_int_equal(cache_del(c, KEY_LIVE), 0);
	cache_batch_done(&b);
	cache_close(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_go_in_and_out),
	    cmocka_unit_test(five_thousand_keys_in_one_question),
	    cmocka_unit_test(a_transaction_writes_and_says_so),
	    cmocka_unit_test(no_change_of_equity_pushes_an_alert_out),
	    cmocka_unit_test(a_transaction_with_a_bad_command_writes_nothing),
	    cmocka_unit_test(an_open_transaction_is_not_sent),
	    cmocka_unit_test(an_earlier_token_writes_nothing),
	    cmocka_unit_test(a_bad_command_under_a_fence_is_told),
	    cmocka_unit_test(counts_and_claims),
	    cmocka_unit_test(another_database_is_another_one),
	    cmocka_unit_test(addresses_that_cannot_be_understood),
	    cmocka_unit_test(sentinels_are_named_by_a_url),
	    cmocka_unit_test(a_sentinel_password_is_never_quoted),
	    cmocka_unit_test(a_password_is_never_quoted),
	    cmocka_unit_test(
		a_hung_redis_costs_a_second_and_its_late_answer_nothing),
	    cmocka_unit_test(a_restarted_redis_costs_no_failed_call),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
