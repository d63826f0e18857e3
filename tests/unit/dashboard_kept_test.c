/* dashboard_kept_test.c: the answer to GET /api/accounts that is kept says the
 * same as one that is made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/app.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"
#include "tests/unit/redis.h"
#include "tests/unit/unit.h"

#define TTL 60
#define S INT64_C(1000)

static struct redis redis;
static struct node nodes[] = {{.id = (char *)"vps01", .enabled = true},
    {.id = (char *)"vps02", .enabled = true}};

static int
start(void **state)
{
	static char *keys[] = {(char *)(KEY_SNAPSHOT "vps01"),
	    (char *)(KEY_NODE "vps01"), (char *)(KEY_SNAPSHOT "vps02"),
	    (char *)(KEY_NODE "vps02"), (char *)KEY_COLLECTOR};
	struct app *app = mem_new(1, sizeof(*app));
	char *error;

	if (redis_new(&redis) == -1)
		return -1;
	app->config.redis_url = redis.url;
	app->config.cache_ttl_s = TTL;
	app->config.nodes_file = (char *)"";
	app->source.path = "/nonexistent/ledger.db";
	app->cache = cache_open(&app->config, &error);
	app->fleet.nodes.list = nodes;
	app->fleet.nodes.len = 2;
	app->fleet.keys = keys;
	app->fleet.keys_len = 5;
	app->fleet.loaded = app->fleet.listed = true;
	*state = app;
	return app->cache != NULL ? 0 : -1;
}

static int
stop(void **state)
{
	struct app *app = *state;

	kept_done(&app->kept);
	replica_done(&app->replica);
	facts_done(&app->facts);
	facts_source_done(&app->source);
	cache_close(app->cache);
	free(app);
	redis_done(&redis);
	return 0;
}

static void
store(struct app *app, double balance, int64_t at_utc_ms)
{
	/* a name that looks like what is cut out of the text */
	const struct snapshot_entry entry = {.server = "S,\"age_s\":7",
	    .login = 1,
	    .status = STATUS_OK,
	    .since_utc_ms = at_utc_ms,
	    .at_utc_ms = at_utc_ms,
	    .currency = "USD",
	    .balance = balance,
	    .equity = balance,
	    .terminal_id = "t"};
	const struct snapshot_head head = {.node = "vps01",
	    .rev = "r",
	    .agent = "{}",
	    .at_utc_ms = at_utc_ms,
	    .status = STATUS_OK};
	const char *text;
	struct json j;
	size_t len;

	json_init(&j, 1 << 20);
	snapshot_put_head(&j, &head);
	snapshot_put_entry(&j, &entry);
	snapshot_end_head(&j);
	snapshot_put_lines(&j, "{\"positions\":0}", "{}", "[]", "[]");
	text = json_text(&j, &len);
	assert_int_equal(
	    cache_set_ttl(app->cache, KEY_SNAPSHOT "vps01", text, len, 0), 0);
	json_done(&j);
}

static void
change(struct app *app, const char *value)
{
	assert_int_equal(
	    cache_set_ttl(app->cache, KEY_CHANGED, value, strlen(value), 0), 0);
}

/* The body, for the caller to free. */
static char *
get(struct app *app, char etag[WEB_ETAG_SIZE])
{
	struct request req = {.authorization = ""};
	struct response res;
	const char *body;
	char *copy;
	size_t len;

	response_init(&res);
	accounts_get(app, &req, &res);
	assert_int_equal(res.status, 200);
	assert_true(res.cacheable);
	body = response_body(&res, &len);
	assert_non_null(body);
	copy = mem_strndup(body, len);
	memcpy(etag, res.etag, WEB_ETAG_SIZE);
	response_done(&res);
	return copy;
}

/* It is JSON, with the age of the first row; -1: null. */
static double
age_of(const char *body)
{
	cJSON *doc = jsonin_parse(body, strlen(body));
	const cJSON *row = cJSON_GetArrayItem(jsonin_array(doc, "accounts"), 0);
	double age = -1;

	assert_non_null(row);
	jsonin_number(row, "age_s", &age);
	cJSON_Delete(doc);
	return age;
}

static bool
has(const char *body, const char *part)
{
	return strstr(body, part) != NULL;
}

static void
what_is_kept_says_the_same(void **state)
{
	struct app *app = *state;
	int64_t at = clock_utc_ms() - 2 * S;
	char etag[WEB_ETAG_SIZE], again[WEB_ETAG_SIZE], *made, *kept, *cut;
	double age;

	store(app, 100.5, at);
	change(app, "1");
	made = get(app, etag);
	assert_true(app->kept.good);
	assert_int_equal(app->kept.len, 1); /* the other row has no age */
	kept = get(app, again);
	assert_string_equal(etag, again);
	age = age_of(kept);
	assert_true(age >= 2 && age < 60);
	assert_true(age_of(made) >= 2 && age_of(made) <= age);
	/* all but the time and the age is the same, byte for byte */
	cut = strstr(made, "\"live_id\"");
	assert_memory_equal(cut, strstr(kept, "\"live_id\""),
	    (size_t)(strstr(cut, ",\"age_s\":") - cut));
	assert_string_equal(
	    strstr(made, "\"at_utc\""), strstr(kept, "\"at_utc\""));
	free(made);
	free(kept);
}

static void
each_change_is_seen(void **state)
{
	struct app *app = *state;
	char etag[WEB_ETAG_SIZE], again[WEB_ETAG_SIZE], *body;
	char balance[40];

	for (int i = 0; i < 20; i++) {
		store(app, 200 + i, clock_utc_ms());
		snprintf(balance, sizeof(balance), "%d", 10 + i);
		change(app, balance);
		body = get(app, etag);
		snprintf(balance, sizeof(balance), "\"balance\":%d,", 200 + i);
		assert_true(has(body, balance));
		free(body);
		body = get(app, again);
		assert_true(has(body, balance));
		assert_string_equal(etag, again);
		free(body);
	}
}

/* No key, as where Redis was emptied: nothing is kept. */
static void
without_the_key_each_is_made(void **state)
{
	struct app *app = *state;
	char etag[WEB_ETAG_SIZE], *body;

	store(app, 300, clock_utc_ms());
	assert_int_equal(cache_del(app->cache, KEY_CHANGED), 0);
	free(get(app, etag));
	assert_false(app->kept.good);
	store(app, 301, clock_utc_ms());
	body = get(app, etag);
	assert_true(has(body, "\"balance\":301,"));
	free(body);
}

/* Nobody writes any more: the row is stale at its time, kept or not. */
static void
what_is_kept_becomes_stale_in_time(void **state)
{
	struct app *app = *state;
	int64_t end = clock_utc_ms() + 300;
	char etag[WEB_ETAG_SIZE], *body;
	bool stale = false;

	store(app, 400, end - TTL * S);
	change(app, "stale");
	while (!stale) {
		int64_t before = clock_utc_ms();

		body = get(app, etag);
		stale = has(body, "\"status\":\"stale\"") &&
			!has(body, "\"status\":\"ok\"");
		/* it was live until then, and not a moment longer */
		assert_true(stale || before <= end);
		assert_true(!stale || clock_utc_ms() > end);
		free(body);
	}
}

/* A row that knows nothing but whose it is: that alone makes another answer. */
static void
another_server_of_a_pin_is_another_answer(void **state)
{
	struct app *app = *state;
	struct account_key pin = {.server = (char *)"Old-Live", .login = 7};
	char etag[WEB_ETAG_SIZE], again[WEB_ETAG_SIZE], *body;

	nodes[1].pins = &pin;
	nodes[1].pins_len = 1;
	change(app, "pin");
	body = get(app, etag);
	assert_true(has(body, "\"server\":\"Old-Live\""));
	free(body);
	pin.server = (char *)"New-Live";
	change(app, "pin again");
	body = get(app, again);
	assert_true(has(body, "\"server\":\"New-Live\""));
	free(body);
	assert_string_not_equal(etag, again);
	nodes[1].pins = NULL;
	nodes[1].pins_len = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_kept_says_the_same),
	    cmocka_unit_test(each_change_is_seen),
	    cmocka_unit_test(without_the_key_each_is_made),
	    cmocka_unit_test(what_is_kept_becomes_stale_in_time),
	    cmocka_unit_test(another_server_of_a_pin_is_another_answer),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
