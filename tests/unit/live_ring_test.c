/* live_ring_test.c: the gateway's ring: order, bounds, and what is gone. */
#include <string.h>

#include "live/ring.h"
#include "tests/unit/unit.h"

#define HEADROOM 16

static bool
add(struct ring *r, int64_t ms, const char *data)
{
	return ring_add(r, (struct event_id){ms, 0}, 0, data, strlen(data));
}

static enum ring_answer
find(const struct ring *r, int64_t ms, uint64_t *n)
{
	return ring_find(r, (struct event_id){ms, 0}, n);
}

static void
an_entry_is_rendered_with_its_id_in_front(void **state)
{
	struct ring r;
	const struct ring_entry *e;

	(void)state;
	ring_init(&r, 4, 1000, HEADROOM);
	assert_true(add(&r, 7, "{\"a\":1}"));
	assert_true(add(&r, 8, "{ }"));
	e = ring_get(&r, 1);
	assert_int_equal(e->len, strlen("{\"id\":\"7-0\",\"a\":1}"));
	assert_memory_equal(e->text, "{\"id\":\"7-0\",\"a\":1}", e->len);
	e = ring_get(&r, 2);
	assert_memory_equal(e->text, "{\"id\":\"8-0\" }", e->len);
	assert_null(ring_get(&r, 0));
	assert_null(ring_get(&r, 3));
	ring_done(&r);
}

static void
ids_rise(void **state)
{
	struct ring r;

	(void)state;
	ring_init(&r, 4, 1000, HEADROOM);
	assert_true(add(&r, 7, "{}"));
	assert_false(add(&r, 7, "{}"));
	assert_false(add(&r, 6, "{}"));
	assert_int_equal(r.next, 2);
	ring_done(&r);
}

static void
the_oldest_goes_when_there_are_too_many(void **state)
{
	struct ring r;
	uint64_t n;

	(void)state;
	ring_init(&r, 3, 1000, HEADROOM);
	for (int64_t ms = 1; ms <= 5; ms++)
		assert_true(add(&r, ms, "{}"));
	assert_int_equal(r.first, 3);
	assert_int_equal(r.next, 6);
	assert_int_equal(find(&r, 1, &n), RING_GONE);
	/* all since 2 is held, though 2 itself is not */
	assert_int_equal(find(&r, 2, &n), RING_FOUND);
	assert_int_equal(n, 3);
	ring_done(&r);
}

static void
the_oldest_goes_when_there_are_too_many_bytes(void **state)
{
	struct ring r;
	char big[200];

	(void)state;
	memset(big, ' ', sizeof(big));
	big[0] = '{';
	big[sizeof(big) - 2] = '}';
	big[sizeof(big) - 1] = '\0';
	ring_init(&r, 100, 1000, HEADROOM);
	for (int64_t ms = 1; ms <= 20; ms++)
		assert_true(add(&r, ms, big));
	assert_true(r.bytes <= 1000);
	assert_int_equal(r.next - r.first, 1000 / (199 + 11 + HEADROOM));
	ring_done(&r);
}

static void
find_tells_where_to_go_on(void **state)
{
	struct ring r;
	struct event_id zero = {0, 0};
	uint64_t n = 99;

	(void)state;
	ring_init(&r, 10, 1000, HEADROOM);
	assert_int_equal(find(&r, 5, &n), RING_GONE); /* nothing is known */
	ring_clear(&r, &zero);
	assert_int_equal(find(&r, 0, &n), RING_FOUND);
	assert_int_equal(n, 1);
	assert_int_equal(find(&r, 5, &n), RING_AHEAD);
	for (int64_t ms = 10; ms <= 50; ms += 10)
		assert_true(add(&r, ms, "{}"));
	assert_int_equal(find(&r, 0, &n), RING_FOUND);
	assert_int_equal(n, 1);
	assert_int_equal(find(&r, 10, &n), RING_FOUND);
	assert_int_equal(n, 2);
	assert_int_equal(find(&r, 50, &n), RING_FOUND);
	assert_int_equal(n, 6);
	assert_int_equal(find(&r, 51, &n), RING_AHEAD);
	n = 99;
	assert_int_equal(find(&r, 25, &n), RING_GONE);
	assert_int_equal(n, 99);
	ring_done(&r);
}

static void
a_past_that_is_not_known_is_gone(void **state)
{
	struct ring r;
	struct event_id id;
	uint64_t n;

	(void)state;
	ring_init(&r, 10, 1000, HEADROOM);
	assert_true(add(&r, 10, "{}"));
	assert_int_equal(find(&r, 0, &n), RING_GONE);
	assert_int_equal(find(&r, 9, &n), RING_GONE);
	assert_false(ring_id_before(&r, 1, &id));
	assert_true(ring_id_before(&r, 2, &id));
	assert_int_equal(id.ms, 10);
	ring_done(&r);
}

static void
numbers_go_on_after_a_clear(void **state)
{
	struct ring r;
	struct event_id id;

	(void)state;
	ring_init(&r, 10, 1000, HEADROOM);
	assert_true(add(&r, 10, "{}"));
	assert_true(add(&r, 20, "{}"));
	ring_clear(&r, NULL);
	assert_int_equal(r.first, 3);
	assert_int_equal(r.next, 3);
	assert_int_equal(r.bytes, 0);
	assert_false(ring_last_id(&r, &id));
	/* another Redis may begin with smaller ids */
	assert_true(add(&r, 5, "{}"));
	assert_non_null(ring_get(&r, 3));
	ring_done(&r);
}

static void
a_newer_row_replaces_one_that_is_held(void **state)
{
	struct ring r;
	uint64_t newest = 0, other = 0;

	(void)state;
	ring_init(&r, 3, 1000, 0);
	assert_true(add(&r, 10, "{}"));
	ring_describe(&r, 4, &newest);
	assert_true(add(&r, 20, "{}"));
	ring_describe(&r, 4, &other);
	assert_false(ring_get(&r, 1)->replaced);
	assert_true(add(&r, 30, "{}"));
	ring_describe(&r, 2, NULL);
	assert_true(add(&r, 40, "{}")); /* entry 1 is gone */
	ring_describe(&r, 4, &newest);
	assert_int_equal(newest, 4);
	assert_false(ring_get(&r, 2)->replaced);
	assert_int_equal(ring_get(&r, 3)->type, 2);
	assert_true(add(&r, 50, "{}"));
	ring_describe(&r, 4, &newest);
	assert_true(ring_get(&r, 4)->replaced);
	assert_false(ring_get(&r, 5)->replaced);
	/* its place is taken by another, which says nothing of that */
	assert_true(add(&r, 60, "{}"));
	assert_true(add(&r, 70, "{}"));
	assert_false(ring_get(&r, 7)->replaced);
	assert_int_equal(ring_get(&r, 7)->type, 0);
	ring_done(&r);
}

static void
ids_are_read_and_written(void **state)
{
	static const char *const bad[] = {"", "-", "x", "1-", "-1", "1-x",
	    "1-2-3", "1.0", " 1", "99999999999999999999",
	    "00000000000000000000000000000000000000000000000000000001"};
	struct event_id id;
	char text[EVENT_ID_SIZE];

	(void)state;
	assert_true(event_id_from("1782154438950-12", &id));
	assert_int_equal(id.ms, 1782154438950);
	assert_int_equal(id.seq, 12);
	assert_string_equal(event_id_text(id, text), "1782154438950-12");
	assert_true(event_id_from("7", &id));
	assert_int_equal(id.seq, 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(event_id_from(bad[i], &id));
	assert_int_equal(id.ms, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_entry_is_rendered_with_its_id_in_front),
	    cmocka_unit_test(ids_rise),
	    cmocka_unit_test(the_oldest_goes_when_there_are_too_many),
	    cmocka_unit_test(the_oldest_goes_when_there_are_too_many_bytes),
	    cmocka_unit_test(find_tells_where_to_go_on),
	    cmocka_unit_test(a_past_that_is_not_known_is_gone),
	    cmocka_unit_test(numbers_go_on_after_a_clear),
	    cmocka_unit_test(a_newer_row_replaces_one_that_is_held),
	    cmocka_unit_test(ids_are_read_and_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
