/* view_test.c: what is shown as live, whatever Redis' own clock says. */
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/fleet/view.h"
#include "lib/redis/keys.h"
#include "tests/unit/redis.h"
#include "tests/unit/unit.h"

#define TTL 60
#define S INT64_C(1000)

static struct redis redis;
static struct node node = {.id = (char *)"vps01", .enabled = true};
static char *keys[] = {(char *)(KEY_SNAPSHOT "vps01"),
    (char *)(KEY_NODE "vps01"), (char *)KEY_COLLECTOR};
static const struct fleet fleet = {
    .nodes = {.list = &node, .len = 1}, .keys = keys, .keys_len = 3};

static int
start(void **state)
{
	struct config config = {0};
	char *error;

	if (redis_new(&redis) == -1)
		return -1;
	config.redis_url = redis.url;
	*state = cache_open(&config, &error);
	return *state != NULL ? 0 : -1;
}

static int
stop(void **state)
{
	cache_close(*state);
	redis_done(&redis);
	return 0;
}

/* The collector stored this at that moment, and polled then. */
static void
store(struct cache *cache, enum status status, int64_t at_utc_ms,
    int64_t entry_at_utc_ms)
{
	const struct snapshot_head head = {.node = "vps01",
	    .rev = "r",
	    .agent = "{}",
	    .at_utc_ms = at_utc_ms,
	    .status = STATUS_OK};
	const struct snapshot_entry entry = {.server = "S",
	    .login = 1,
	    .status = status,
	    .since_utc_ms = entry_at_utc_ms,
	    .at_utc_ms = entry_at_utc_ms,
	    .currency = "USD",
	    .balance = 100,
	    .equity = 101,
	    .profit = 1,
	    .terminal_id = "t"};
	const struct node_record record = {.node = "vps01",
	    .link = LINK_UNREACHABLE,
	    .since_utc_ms = at_utc_ms,
	    .polled_utc_ms = at_utc_ms};
	struct json j;
	size_t len;
	const char *text;

	json_init(&j, 1 << 20);
	snapshot_put_head(&j, &head);
	snapshot_put_entry(&j, &entry);
	snapshot_end_head(&j);
	snapshot_put_lines(&j, "{\"positions\":0}", "{}", "[]", "[]");
	text = json_text(&j, &len);
	assert_non_null(text);
	/* Redis keeps it, as where its clock was set back */
	assert_int_equal(
	    cache_set_ttl(cache, KEY_SNAPSHOT "vps01", text, len, 0), 0);
	json_reset(&j);
	node_record_put(&j, &record);
	text = json_text(&j, &len);
	assert_int_equal(
	    cache_set_ttl(cache, KEY_NODE "vps01", text, len, 0), 0);
	json_done(&j);
}

static void
look(struct cache *cache, struct view *v)
{
	assert_int_equal(view_read(v, &fleet, cache, TTL), 0);
	assert_int_equal(v->rows_len, 1);
	assert_string_equal(v->rows[0].server, "S");
	assert_true(v->rows[0].money_known);
}

static void
a_fresh_row_is_live(void **state)
{
	int64_t now = clock_utc_ms();
	struct view v;

	store(*state, STATUS_OK, now, now);
	look(*state, &v);
	assert_int_equal(v.rows[0].status, STATUS_OK);
	assert_true(v.nodes[0].live);
	assert_true(v.rows[0].at_utc_ms == now);
	view_done(&v);
}

/* The key outlived its time: the row is not live for that. */
static void
a_key_that_lives_on_makes_no_row_live(void **state)
{
	int64_t then = clock_utc_ms() - 61 * S;
	struct view v;

	store(*state, STATUS_OK, then, then);
	look(*state, &v);
	assert_int_equal(v.rows[0].status, STATUS_STALE);
	assert_false(v.nodes[0].live);
	assert_true(v.rows[0].since_utc_ms == then + 60 * S);
	assert_true(v.rows[0].at_utc_ms == then);
	view_done(&v);
}

/* The clock was set back by an hour and nobody polls. */
static void
what_lies_ahead_is_not_live(void **state)
{
	int64_t ahead = clock_utc_ms() + 3600 * S;
	struct view v;

	store(*state, STATUS_OK, ahead, ahead);
	look(*state, &v);
	assert_int_equal(v.rows[0].status, STATUS_STALE);
	assert_true(v.rows[0].since_utc_ms == 0);
	assert_true(v.rows[0].at_utc_ms == 0); /* its age cannot be told */
	view_done(&v);
}

/* The clock was set back by less than the TTL, and nobody polls: what was seen
 * for that long is not live, though its age is small. */
static void
what_was_seen_for_long_is_not_live(void **state)
{
	struct fleet_seen seen = {0};
	struct fleet remembers = fleet;
	int64_t ahead = clock_utc_ms() + 4 * S, before;
	bool live = true;
	struct view v;

	remembers.seen = &seen;
	store(*state, STATUS_OK, ahead, ahead);
	while (live) {
		before = clock_mono_ms();
		assert_int_equal(view_read(&v, &remembers, *state, 1), 0);
		live = v.rows[0].status == STATUS_OK;
		assert_true(!live || seen.since_mono_ms + 1 * S >= before);
		view_done(&v);
	}
	/* of another moment it is again */
	store(
	    *state, STATUS_OK, clock_utc_ms() + 4 * S, clock_utc_ms() + 4 * S);
	assert_int_equal(view_read(&v, &remembers, *state, 1), 0);
	assert_int_equal(v.rows[0].status, STATUS_OK);
	view_done(&v);
}

/* One terminal of a node that is polled is silent. */
static void
each_account_by_its_own_age(void **state)
{
	int64_t now = clock_utc_ms();
	struct view v;

	store(*state, STATUS_OK, now, now - 61 * S);
	look(*state, &v);
	assert_int_equal(v.rows[0].status, STATUS_STALE);
	view_done(&v);
	store(*state, STATUS_BRIDGE_SILENT, now, now - 61 * S);
	look(*state, &v);
	assert_int_equal(v.rows[0].status, STATUS_BRIDGE_SILENT);
	view_done(&v);
}

/* What a collector says of a node counts while it is there to say so. */
static void
an_unreachable_node_is_said_while_it_is_polled(void **state)
{
	int64_t now = clock_utc_ms();
	struct view v;

	store(*state, STATUS_OK, now, now);
	assert_int_equal(cache_del(*state, KEY_SNAPSHOT "vps01"), 0);
	assert_int_equal(view_read(&v, &fleet, *state, TTL), 0);
	assert_int_equal(v.rows[0].status, STATUS_UNREACHABLE);
	view_done(&v);
	store(*state, STATUS_OK, now + 3600 * S, now + 3600 * S);
	assert_int_equal(cache_del(*state, KEY_SNAPSHOT "vps01"), 0);
	assert_int_equal(view_read(&v, &fleet, *state, TTL), 0);
	assert_int_equal(v.rows[0].status, STATUS_STALE);
	view_done(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_fresh_row_is_live),
	    cmocka_unit_test(a_key_that_lives_on_makes_no_row_live),
	    cmocka_unit_test(what_lies_ahead_is_not_live),
	    cmocka_unit_test(what_was_seen_for_long_is_not_live),
	    cmocka_unit_test(each_account_by_its_own_age),
	    cmocka_unit_test(an_unreachable_node_is_said_while_it_is_polled),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
