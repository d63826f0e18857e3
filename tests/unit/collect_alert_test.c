/* collect_alert_test.c: what is called an alert, when, and when it is over. */
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/mem.h"
#include "tests/unit/unit.h"

#define T0 INT64_C(1782154438950)
#define S INT64_C(1000)

struct rig {
	struct app app;
	struct node conf;
	struct node_state *n;
	struct account *a;
};

static void
rig_init(struct rig *r)
{
	memset(r, 0, sizeof(*r));
	r->app.config.alert_after_s = 30;
	cache_batch_init(&r->app.batch);
	json_init(&r->app.text, 1 << 16);
	r->conf.id = (char *)"vps01";
	for (int k = 0; k < ALERT_KINDS; k++)
		r->app.wanted[k] = true;
	r->n = node_new(&r->app, "vps01");
	r->n->conf = &r->conf;
	r->n->link = LINK_OK;
	r->n->link_since_utc_ms = T0;
	r->a = mem_new(1, sizeof(*r->a));
	r->a->server = mem_strdup("S");
	r->a->login = 1;
	node_add_account(r->n, r->a);
}

static void
rig_done(struct rig *r)
{
	node_free(r->n);
	cache_batch_done(&r->app.batch);
	json_done(&r->app.text);
}

/* How many alerts are said at that moment; text: part of what they say. */
static int
said(struct rig *r, int64_t now_utc_ms, const char *text)
{
	struct cache_batch *b = &r->app.batch;
	int64_t before = r->app.tally.events;

	cache_batch_reset(b);
	alert_check(&r->app, r->n, now_utc_ms);
	buf_putc(&b->out, '\0');
	if (text != NULL)
		assert_non_null(strstr(b->out.data, text));
	return (int)(r->app.tally.events - before);
}

static void
is(struct rig *r, enum status status, int64_t at_utc_ms)
{
	account_set_status(r->a, status, at_utc_ms);
}

static void
what_stays_bad_is_said_once_and_its_end(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	is(&r, STATUS_BRIDGE_SILENT, T0);
	assert_int_equal(said(&r, T0 + 29 * S, NULL), 0);
	assert_int_equal(said(&r, T0 + 30 * S, "\"critical\""), 1);
	assert_int_equal(said(&r, T0 + 90 * S, NULL), 0);
	is(&r, STATUS_OK, T0 + 91 * S);
	assert_int_equal(said(&r, T0 + 91 * S, "\"info\""), 1);
	assert_int_equal(said(&r, T0 + 92 * S, NULL), 0);
	rig_done(&r);
}

/* A terminal that crashes as often as it is started is never down for long. */
static void
from_one_bad_word_to_the_next_is_bad_all_along(void **state)
{
	static const enum status words[] = {STATUS_TERMINAL_DOWN,
	    STATUS_BRIDGE_SILENT, STATUS_NOT_LOGGED_IN,
	    STATUS_BROKER_DISCONNECTED};
	struct rig r;
	int n = 0;

	(void)state;
	rig_init(&r);
	for (int i = 0; i < 12; i++) {
		is(&r, words[i % 4], T0 + i * 10 * S);
		n += said(&r, T0 + i * 10 * S, NULL);
	}
	assert_int_equal(n, 1);
	assert_int_equal(r.a->alerts[ALERT_STATUS].sent, ALERT_WARN);
	rig_done(&r);
}

static void
what_gets_worse_is_said_again(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	is(&r, STATUS_BROKER_DISCONNECTED, T0);
	assert_int_equal(said(&r, T0, NULL), 0);
	assert_int_equal(said(&r, T0 + 30 * S, "\"warn\""), 1);
	is(&r, STATUS_TERMINAL_DOWN, T0 + 60 * S);
	assert_int_equal(said(&r, T0 + 60 * S, NULL), 0);
	is(&r, STATUS_BRIDGE_SILENT, T0 + 80 * S);
	assert_int_equal(said(&r, T0 + 80 * S, NULL), 0);
	assert_int_equal(said(&r, T0 + 90 * S, "\"critical\""), 1);
	/* better, and still bad: it is not over */
	is(&r, STATUS_BROKER_DISCONNECTED, T0 + 95 * S);
	assert_int_equal(said(&r, T0 + 200 * S, NULL), 0);
	is(&r, STATUS_READ_ONLY, T0 + 201 * S);
	assert_int_equal(said(&r, T0 + 201 * S, "\"info\""), 1);
	rig_done(&r);
}

static void
an_agent_that_is_away_hides_nothing(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	is(&r, STATUS_TERMINAL_DOWN, T0);
	assert_int_equal(said(&r, T0 + 20 * S, NULL), 0);
	node_fail(r.n, LINK_UNREACHABLE, "refused", T0 + 21 * S);
	assert_int_equal(said(&r, T0 + 35 * S, NULL), 0);
	assert_int_equal(said(&r, T0 + 51 * S, "node/vps01"), 1);
	r.n->link = LINK_OK;
	is(&r, STATUS_TERMINAL_DOWN, T0 + 60 * S);
	assert_int_equal(said(&r, T0 + 60 * S, "status/S/1"), 2);
	rig_done(&r);
}

/* The account goes on at another node: nobody is called for the old one, and
 * one call comes when the new one dies. */
static void
an_account_that_moved_is_not_lost(void **state)
{
	struct rig old, new;
	struct node_state *both[2];

	(void)state;
	rig_init(&old);
	rig_init(&new);
	new.conf.id = (char *)"vps02";
	free(new.n->id);
	new.n->id = mem_strdup("vps02");
	both[0] = old.n;
	both[1] = new.n;
	old.app.nodes = new.app.nodes = both;
	old.app.nodes_len = new.app.nodes_len = 2;
	is(&new, STATUS_OK, T0);
	new.a->at_utc_ms = T0;
	is(&old, STATUS_TERMINAL_DOWN, T0);
	assert_int_equal(said(&old, T0 + 40 * S, NULL), 0);
	is(&new, STATUS_TERMINAL_DOWN, T0 + 45 * S);
	new.a->at_utc_ms = T0 + 45 * S;
	assert_int_equal(said(&old, T0 + 80 * S, NULL), 0);
	assert_int_equal(said(&new, T0 + 80 * S, "status/S/1/vps02"), 1);
	/* the old node is taken out: that ends nothing */
	cache_batch_reset(&old.app.batch);
	alert_end(&old.app, old.n, "not polled any more");
	assert_int_equal(old.app.tally.events, 0);
	assert_int_equal(new.a->alerts[ALERT_STATUS].sent, ALERT_CRITICAL);
	rig_done(&old);
	rig_done(&new);
}

static void
a_clock_that_was_set_back_silences_nothing(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	is(&r, STATUS_TERMINAL_DOWN, T0 + 3600 * S);
	assert_int_equal(said(&r, T0 + 3600 * S, NULL), 0);
	assert_int_equal(said(&r, T0, NULL), 0);
	assert_int_equal(said(&r, T0 + 30 * S, "\"critical\""), 1);
	r.n->link = LINK_UNREACHABLE;
	r.n->link_since_utc_ms = T0 + 3600 * S;
	assert_int_equal(said(&r, T0 + 40 * S, NULL), 0);
	assert_int_equal(said(&r, T0 + 70 * S, "node/vps01"), 1);
	rig_done(&r);
}

static void
maintenance_ends_what_is_out(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	is(&r, STATUS_TERMINAL_DOWN, T0);
	assert_int_equal(said(&r, T0 + 30 * S, "\"critical\""), 1);
	r.conf.maintenance = true;
	assert_int_equal(said(&r, T0 + 40 * S, "in maintenance"), 1);
	assert_int_equal(said(&r, T0 + 90 * S, NULL), 0);
	r.conf.maintenance = false;
	assert_int_equal(said(&r, T0 + 91 * S, "\"critical\""), 1);
	rig_done(&r);
}

/* What would be said while nobody can hear it is not taken for said. */
static void
without_redis_nothing_is_decided(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	is(&r, STATUS_TERMINAL_DOWN, T0);
	r.app.redis_down = true;
	assert_int_equal(said(&r, T0 + 60 * S, NULL), 0);
	r.app.redis_down = false;
	assert_int_equal(said(&r, T0 + 61 * S, "\"critical\""), 1);
	rig_done(&r);
}

/* The button is pressed for a moment; left off; the account moves to an
 * investor password, with which it means nothing. */
static void
autotrading_left_off_is_said(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r);
	is(&r, STATUS_TRADING_DISABLED, T0);
	assert_int_equal(said(&r, T0 + 299 * S, NULL), 0);
	is(&r, STATUS_OK, T0 + 299 * S);
	assert_int_equal(said(&r, T0 + 299 * S, NULL), 0);
	is(&r, STATUS_TRADING_DISABLED, T0 + 300 * S);
	assert_int_equal(said(&r, T0 + 310 * S, NULL), 0);
	assert_int_equal(said(&r, T0 + 600 * S, "\"trading/S/1/vps01\""), 1);
	assert_int_equal(said(&r, T0 + 900 * S, NULL), 0);
	/* a terminal that is away does not tell that it is on */
	is(&r, STATUS_HISTORY_SYNCING, T0 + 901 * S);
	assert_int_equal(said(&r, T0 + 901 * S, NULL), 0);
	is(&r, STATUS_READ_ONLY, T0 + 902 * S);
	assert_int_equal(said(&r, T0 + 902 * S, "\"info\""), 1);
	assert_int_equal(said(&r, T0 + 2000 * S, NULL), 0);
	rig_done(&r);
}

/* Who trades by hand has it off all day. */
static void
an_option_that_nobody_named_is_off(void **state)
{
	struct rig r;
	const char *bad;
	int len;

	(void)state;
	rig_init(&r);
	assert_true(alert_wanted("", r.app.wanted, &bad, &len));
	is(&r, STATUS_TRADING_DISABLED, T0);
	assert_int_equal(said(&r, T0 + 600 * S, NULL), 0);
	assert_true(alert_wanted(" trading,", r.app.wanted, &bad, &len));
	assert_int_equal(said(&r, T0 + 601 * S, "AutoTrading is off"), 1);
	/* named no more: what is out is over */
	assert_true(alert_wanted("", r.app.wanted, &bad, &len));
	assert_int_equal(said(&r, T0 + 602 * S, "\"info\""), 1);
	assert_false(alert_wanted("trading, dance", r.app.wanted, &bad, &len));
	assert_memory_equal(bad, "dance", (size_t)len);
	assert_false(alert_wanted("status", r.app.wanted, &bad, &len));
	rig_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_stays_bad_is_said_once_and_its_end),
	    cmocka_unit_test(from_one_bad_word_to_the_next_is_bad_all_along),
	    cmocka_unit_test(what_gets_worse_is_said_again),
	    cmocka_unit_test(an_agent_that_is_away_hides_nothing),
	    cmocka_unit_test(an_account_that_moved_is_not_lost),
	    cmocka_unit_test(a_clock_that_was_set_back_silences_nothing),
	    cmocka_unit_test(maintenance_ends_what_is_out),
	    cmocka_unit_test(without_redis_nothing_is_decided),
	    cmocka_unit_test(autotrading_left_off_is_said),
	    cmocka_unit_test(an_option_that_nobody_named_is_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
