/* collect_node_test.c: what answers and failures make of a node; the pace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/mem.h"

#define TTL 60

/* A terminal as an agent tells it; login 0: nobody is logged in. */
struct told {
	const char *id;
	int login;
	int age_ms;
	double balance;
	const char *process; /* JSON */
};

static struct account_key pin = {(char *)"S", 1};

static void
put_told(struct buf *b, const struct told *t)
{
	buf_printf(b,
	    "{\"terminal_id\":\"%s\",\"age_ms\":%d,\"bridge\":\"ok\","
	    "\"process\":%s,\"snapshot\":{\"account\":",
	    t->id, t->age_ms, t->process != NULL ? t->process : "null");
	if (t->login == 0)
		buf_puts(b, "null}}");
	else
		buf_printf(b,
		    "{\"login\":\"%d\",\"server\":\"S\",\"balance\":%g,"
		    "\"trade_allowed\":true,\"trade_expert\":true},"
		    "\"terminal\":{\"connected\":true,\"trade_allowed\":true},"
		    "\"history\":{\"complete\":true},\"positions\":[],"
		    "\"orders\":[]}}",
		    t->login, t->balance);
}

static void
take_text(struct node_state *n, const char *text, int64_t now)
{
	struct answer a;
	char why[WHY_SIZE];

	assert_int_equal(answer_read(&a, text, strlen(text), now, why), 0);
	assert_int_equal(node_take(n, &a, now, TTL, why), 0);
	answer_done(&a);
}

static void
take(struct node_state *n, const char *rev, int64_t now,
    const struct told *told, size_t len)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_printf(&b,
	    "{\"rev\":\"%s\",\"agent\":{\"name\":\"a\"},\"terminals\":[", rev);
	for (size_t i = 0; i < len; i++) {
		if (i > 0)
			buf_putc(&b, ',');
		put_told(&b, &told[i]);
	}
	buf_puts(&b, "]}");
	take_text(n, b.data, now);
	buf_done(&b);
}

static void
unchanged(struct node_state *n, const char *rev, int64_t now, const char *id,
    int age_ms)
{
	char text[256];

	snprintf(text, sizeof(text),
	    "{\"rev\":\"%s\",\"unchanged\":true,\"terminals\":[{"
	    "\"terminal_id\":\"%s\",\"age_ms\":%d}]}",
	    rev, id, age_ms);
	take_text(n, text, now);
}

static struct node_state *
new_node(struct node *conf)
{
	struct node_state *n = node_new(NULL, "vps");

	conf->id = (char *)"vps";
	n->conf = conf;
	return n;
}

static void
ages_are_taken_off(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	const struct told t = {.id = "t1", .login = 1, .age_ms = 40};

	(void)state;
	take(n, "r1", 100000, &t, 1);
	assert_int_equal(n->link, LINK_OK);
	assert_int_equal(n->accounts_len, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_OK);
	assert_int_equal(n->accounts[0]->since_utc_ms, 100000);
	assert_int_equal(n->accounts[0]->at_utc_ms, 100000 - 40);
	assert_true(n->accounts[0]->content_moved);
	unchanged(n, "r1", 105000, "t1", 310);
	assert_int_equal(n->accounts[0]->at_utc_ms, 105000 - 310);
	assert_int_equal(n->accounts[0]->since_utc_ms, 100000);
	/* of a terminal that was not told of, nothing is known to be new */
	unchanged(n, "r1", 110000, "t2", 1);
	assert_int_equal(n->accounts[0]->at_utc_ms, 105000 - 310);
	node_free(n);
}

/* Pinned to another node: what this one says of it is not believed. */
static void
an_account_that_is_pinned_elsewhere(void **state)
{
	static struct app app;
	struct node list[2] = {{.id = (char *)"liar"},
	    {.id = (char *)"honest", .pins = &pin, .pins_len = 1}};
	struct node_state *n = node_new(&app, "liar");
	struct node_state *honest = node_new(&app, "honest");
	const struct told t[] = {{.id = "t1", .login = 1, .balance = 1000000},
	    {.id = "t2", .login = 2}};

	(void)state;
	app.roster.list = list;
	app.roster.len = 2;
	n->conf = &list[0];
	honest->conf = &list[1];
	take(n, "r1", 100000, t, 2);
	assert_int_equal(
	    node_find_account(n, "S", 1)->status, STATUS_WRONG_ACCOUNT);
	assert_int_equal(node_find_account(n, "S", 2)->status, STATUS_OK);
	assert_true(node_is_foreign(n, node_find_account(n, "S", 1)));
	assert_false(node_is_foreign(n, node_find_account(n, "S", 2)));
	take(honest, "r1", 100000, t, 1);
	assert_int_equal(node_find_account(honest, "S", 1)->status, STATUS_OK);
	node_free(n);
	node_free(honest);
	app.roster.list = NULL;
}

static void
unchanged_since_what(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	const char *text = "{\"rev\":\"r9\",\"unchanged\":true,"
			   "\"terminals\":[]}";
	struct answer a;
	char why[WHY_SIZE];

	(void)state;
	assert_int_equal(answer_read(&a, text, strlen(text), 1, why), 0);
	assert_int_equal(node_take(n, &a, 1, TTL, why), -1);
	assert_string_equal(
	    why, "bad answer: unchanged since \"r9\", which was not asked");
	assert_int_equal(n->link, LINK_UNKNOWN);
	answer_done(&a);
	node_free(n);
}

static void
moved_only_when_it_did(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	struct told t = {.id = "t1", .login = 1, .balance = 5};
	struct account *a;

	(void)state;
	take(n, "r1", 1000, &t, 1);
	n->accounts[0]->content_moved = n->accounts[0]->status_moved = false;
	t.age_ms = 10;
	take(n, "r2", 2000, &t, 1);
	a = n->accounts[0];
	assert_false(a->content_moved || a->status_moved);
	assert_int_equal(a->at_utc_ms, 1990);
	t.balance = 6;
	take(n, "r3", 3000, &t, 1);
	a = n->accounts[0];
	assert_true(a->content_moved);
	assert_false(a->status_moved);
	node_free(n);
}

static void
failure_and_return(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	const struct told t = {.id = "t1", .login = 1, .process = "\"down\""};

	(void)state;
	take(n, "r1", 1000, &t, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_TERMINAL_DOWN);
	node_fail(n, LINK_UNREACHABLE, "connection refused", 2000);
	node_fail(n, LINK_UNREACHABLE, "connection refused", 3000);
	assert_int_equal(n->failures, 2);
	assert_int_equal(n->link_since_utc_ms, 2000);
	assert_int_equal(n->accounts[0]->status, STATUS_UNREACHABLE);
	assert_int_equal(n->accounts[0]->since_utc_ms, 2000);
	assert_int_equal(n->accounts[0]->at_utc_ms, 1000);
	node_fail(n, LINK_UNAUTHORIZED, "HTTP 401", 4000);
	assert_int_equal(n->accounts[0]->status, STATUS_UNAUTHORIZED);
	assert_int_equal(n->accounts[0]->since_utc_ms, 4000);
	/* nothing changed there meanwhile: what it said counts again */
	unchanged(n, "r1", 5000, "t1", 0);
	assert_int_equal(n->accounts[0]->status, STATUS_TERMINAL_DOWN);
	assert_int_equal(n->accounts[0]->since_utc_ms, 5000);
	assert_int_equal(n->head, STATUS_TERMINAL_DOWN);
	assert_int_equal(n->failures, 0);
	assert_string_equal(n->error, "");
	node_free(n);
}

static void
never_reached(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);

	(void)state;
	node_fail(n, LINK_UNREACHABLE, "connection refused", 2000);
	assert_int_equal(n->head, STATUS_UNREACHABLE);
	assert_int_equal(n->head_since_utc_ms, 2000);
	assert_true(n->head_moved);
	assert_int_equal(n->accounts_len, 0);
	node_free(n);
}

static void
what_left_is_kept(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	const struct told first[] = {
	    {.id = "t1", .login = 1, .balance = 5}, {.id = "t2", .login = 2}};
	struct told then = {.id = "t1", .login = 3};

	(void)state;
	take(n, "r1", 1000, first, 2);
	take(n, "r2", 2000, &then, 1);
	assert_int_equal(n->accounts_len, 3);
	for (int i = 0; i < 2; i++) {
		assert_true(n->accounts[i]->carried);
		assert_int_equal(n->accounts[i]->status, STATUS_STALE);
		assert_int_equal(n->accounts[i]->at_utc_ms, 1000);
	}
	assert_int_equal(n->accounts[2]->status, STATUS_OK);
	/* an "unchanged" of its terminal is not about it */
	unchanged(n, "r2", 3000, "t1", 0);
	assert_int_equal(n->accounts[0]->at_utc_ms, 1000);
	assert_int_equal(n->accounts[2]->at_utc_ms, 3000);
	/* where nobody is logged in that is said of who was */
	then.login = 0;
	take(n, "r3", 4000, &then, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_NOT_LOGGED_IN);
	assert_int_equal(n->accounts[1]->status, STATUS_STALE);
	assert_int_equal(n->accounts[2]->status, STATUS_NOT_LOGGED_IN);
	assert_int_equal(n->head, STATUS_NOT_LOGGED_IN);
	/* and it returns */
	take(n, "r4", 5000, first, 1);
	assert_false(n->accounts[0]->carried);
	assert_int_equal(n->accounts[0]->status, STATUS_OK);
	node_free(n);
}

static void
pins(void **state)
{
	struct node conf = {.pins = &pin, .pins_len = 1};
	struct node_state *n = new_node(&conf);
	struct told t = {.id = "t1", .login = 1};

	(void)state;
	take(n, "r1", 1000, &t, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_OK);
	t.login = 2;
	take(n, "r2", 2000, &t, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_WRONG_ACCOUNT);
	assert_int_equal(n->accounts[1]->status, STATUS_WRONG_ACCOUNT);
	t.login = 1;
	take(n, "r3", 3000, &t, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_OK);
	assert_int_equal(n->accounts[1]->status, STATUS_STALE);
	node_free(n);
}

static void
one_account_in_two_terminals(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	const struct told both[] = {
	    {.id = "t1", .login = 1, .balance = 1, .process = "\"down\""},
	    {.id = "t2", .login = 1, .balance = 2},
	    {.id = "t3", .login = 1, .balance = 3, .age_ms = 900}};

	(void)state;
	take(n, "r1", 1000, both, 3);
	assert_int_equal(n->accounts_len, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_OK);
	assert_string_equal(n->accounts[0]->terminal_id, "t2");
	node_free(n);
}

static void
old_values_are_stale(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	const struct told t = {.id = "t1", .login = 1, .age_ms = 61000};

	(void)state;
	take(n, "r1", 100000, &t, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_STALE);
	assert_int_equal(n->accounts[0]->minute.utc_ms, 0);
	unchanged(n, "r1", 101000, "t1", 10);
	assert_int_equal(n->accounts[0]->status, STATUS_OK);
	node_free(n);
}

/* No moment that is told lies ahead. */
static void
a_clock_that_was_set_back_moves_since(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	const struct told t = {.id = "t1", .login = 1};

	(void)state;
	take(n, "r1", 10000000, &t, 1);
	n->accounts[0]->status_moved = false;
	take(n, "r2", 9996000, &t, 1); /* by less than clocks may differ */
	assert_int_equal(n->accounts[0]->since_utc_ms, 10000000);
	assert_false(n->accounts[0]->status_moved);
	take(n, "r3", 6400000, &t, 1);
	assert_int_equal(n->accounts[0]->status, STATUS_OK);
	assert_int_equal(n->accounts[0]->since_utc_ms, 6400000);
	assert_int_equal(n->accounts[0]->at_utc_ms, 6400000);
	assert_true(n->accounts[0]->status_moved);
	node_free(n);
}

static void
those_who_left_are_bounded(void **state)
{
	struct node conf = {0};
	struct node_state *n = new_node(&conf);
	struct told t = {.id = "t1"};
	char rev[16];

	(void)state;
	for (int i = 1; i <= 600; i++) {
		t.login = i;
		snprintf(rev, sizeof(rev), "r%d", i);
		take(n, rev, i * 1000, &t, 1);
	}
	assert_int_equal(n->accounts_len, 512);
	for (size_t i = 0; i < n->accounts_len; i++)
		assert_true(n->accounts[i]->login > 600 - 512);
	node_free(n);
}

static void
pace(void **state)
{
	static const struct {
		size_t nodes;
		int parallel, wait_s; /* given */
		struct pace expected;
	} cases[] = {
	    {0, 1000, 0, {5, 50, 0}},
	    {23, 1000, 0, {5, 50, 0}},
	    {23, 1000, 20, {20, 50, 0}},
	    {1000, 1000, 0, {5, 500, 0}},
	    {5000, 1000, 0, {0, 5000, 1500}},
	    {5000, 10000, 0, {25, 2500, 1500}},
	    {10000, 1000, 0, {0, 5000, 3000}},
	    {10000, 10000, 0, {25, 5000, 3000}},
	    {30000, 1000, 0, {0, 15000, 3000}},
	    {23, 10, 20, {0, 5000, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pace p = poll_pace(
		    cases[i].nodes, cases[i].parallel, cases[i].wait_s);

		assert_int_equal(p.wait_s, cases[i].expected.wait_s);
		assert_int_equal(p.pause_ms, cases[i].expected.pause_ms);
		assert_int_equal(p.spread_ms, cases[i].expected.spread_ms);
	}
}

static void
backoff(void **state)
{
	static const int expected[] = {0, 1000, 2000, 4000, 5000, 5000};

	(void)state;
	for (int i = 0; i < 6; i++)
		assert_int_equal(poll_backoff_ms(i), expected[i]);
	assert_int_equal(poll_backoff_ms(1000000), 5000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ages_are_taken_off),
	    cmocka_unit_test(an_account_that_is_pinned_elsewhere),
	    cmocka_unit_test(unchanged_since_what),
	    cmocka_unit_test(moved_only_when_it_did),
	    cmocka_unit_test(failure_and_return),
	    cmocka_unit_test(never_reached),
	    cmocka_unit_test(what_left_is_kept),
	    cmocka_unit_test(pins),
	    cmocka_unit_test(one_account_in_two_terminals),
	    cmocka_unit_test(old_values_are_stale),
	    cmocka_unit_test(a_clock_that_was_set_back_moves_since),
	    cmocka_unit_test(those_who_left_are_bounded),
	    cmocka_unit_test(pace),
	    cmocka_unit_test(backoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
