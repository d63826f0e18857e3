/*
 * trading_edges_test.c: money, trades, deals and zones where input is odd: what
 * the recordings never have, and `make coverage` asks for.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/trading/broker_zone.h"
#include "lib/trading/deal.h"
#include "lib/trading/money.h"
#include "lib/trading/trade.h"
#include "lib/trading/zone.h"

#define HOUR INT64_C(3600000)

/* The largest that 128 bits hold. */
static money_t
top(void)
{
	money_t v;

	assert_int_equal(
	    money_from_units("170141183460469231731687303715884105727", &v), 0);
	return v;
}

/* ---- money ---- */

static void
amounts_beyond_128_bits_are_refused(void **state)
{
	money_t v = 7;

	(void)state;
	assert_int_equal(
	    money_from_units("170141183460469231731687303715884105728", &v),
	    -1);
	assert_int_equal(
	    money_from_units("-170141183460469231731687303715884105728", &v),
	    0);
	assert_true(v == -top() - 1);
	v = 7;
	assert_int_equal(
	    money_from_units("-170141183460469231731687303715884105729", &v),
	    -1);
	assert_int_equal(
	    money_from_units("1701411834604692317316873037158841057280", &v),
	    -1);
	assert_int_equal(money_from_units("", &v), -1);
	assert_int_equal(money_from_units("-", &v), -1);
	assert_int_equal(money_from_units("1.5", &v), -1);
	assert_true(v == 7);
}

/* More places behind the point than the number has digits. */
static void
small_amounts_are_rounded(void **state)
{
	money_t v = 7;

	(void)state;
	assert_int_equal(money_from_double(1.5e-8, &v), 0);
	assert_true(v == 2);
	assert_int_equal(money_from_double(4e-9, &v), 0);
	assert_true(v == 0);
	assert_int_equal(money_from_double(-5e-9, &v), 0);
	assert_true(v == -1);
	assert_int_equal(money_from_text("0.000000001", &v), -1);
	assert_int_equal(money_from_text("0.000000010", &v), 0);
	assert_true(v == 1);
}

/* ---- deals ---- */

static void
what_a_deal_is_for_decides_its_kind(void **state)
{
	struct deal d = {.type = DEAL_BALANCE};
	int kinds[DEAL_MEANINGS];

	(void)state;
	for (int m = 0; m < DEAL_MEANINGS; m++) {
		d.meaning = (enum deal_meaning)m;
		kinds[m] = deal_kind(&d);
	}
	assert_int_equal(kinds[DEAL_MEANS_NOTHING], DEAL_KIND_FLOW);
	assert_int_equal(kinds[DEAL_PAYOUT], DEAL_KIND_FLOW);
	assert_int_equal(kinds[DEAL_FEE], DEAL_KIND_COST);
	assert_int_equal(kinds[DEAL_CORRECTED_PL], DEAL_KIND_COST);
	assert_int_equal(kinds[DEAL_CAPITAL], DEAL_KIND_FLOW);
	assert_int_equal(kinds[DEAL_CREDITED], DEAL_KIND_FLOW);
	/* types that no server is known to give */
	d.meaning = DEAL_MEANS_NOTHING;
	d.type = -1;
	assert_int_equal(deal_kind(&d), DEAL_KIND_FLOW);
	d.type = 1000;
	assert_int_equal(deal_kind(&d), DEAL_KIND_FLOW);
}

/* The n-th amount of a deal is the one that cannot be added. */
static struct deal
too_much(int n, money_t first)
{
	struct deal d = {.profit = first, .volume = 1, .price = 1};
	money_t *amounts[] = {&d.profit, &d.commission, &d.swap, &d.fee};

	for (int i = 1; i <= n; i++)
		*amounts[i] = i == n ? top() : -first;
	d.symbol = "X";
	return d;
}

static void
a_net_beyond_128_bits_is_refused(void **state)
{
	money_t net = 7;

	(void)state;
	for (int n = 1; n < 4; n++) {
		struct deal d = too_much(n, n == 2 ? 0 : n == 1 ? 1 : -2);

		if (n == 3)
			d.commission = d.swap = 2;
		if (n == 2)
			d.commission = 1;
		assert_int_equal(deal_net(&d, &net), -1);
	}
	assert_true(net == 7);
}

/* ---- trades ---- */

/* Two deals whose amount `which` cannot be held together. */
static int
fold_twice(int which, int entry)
{
	struct trade_fold f;
	struct trade done;
	struct deal d = {.type = DEAL_BUY,
	    .entry = DEAL_IN,
	    .volume = 1,
	    .price = 1,
	    .symbol = "X"};
	money_t *amounts[] = {&d.profit, &d.commission, &d.swap, &d.fee};

	*amounts[which] = top();
	trade_fold_init(&f, 1);
	assert_int_equal(trade_fold_add(&f, &d, 0, &done), 0);
	d.entry = entry;
	d.type = entry == DEAL_IN ? DEAL_BUY : DEAL_SELL;
	d.volume = entry == DEAL_INOUT ? 2 : 1;
	return trade_fold_add(&f, &d, 0, &done);
}

static void
a_trade_beyond_128_bits_is_refused(void **state)
{
	(void)state;
	for (int which = 0; which < 4; which++) {
		assert_int_equal(fold_twice(which, DEAL_OUT), -1);
		assert_int_equal(fold_twice(which, DEAL_INOUT), -1);
	}
	/* all of it is of the part that a reversal begins */
	{
		struct trade_fold f;
		struct trade done;
		struct deal d = {.entry = DEAL_INOUT,
		    .volume = 1,
		    .price = 1,
		    .commission = top(),
		    .fee = top(),
		    .symbol = "X"};

		trade_fold_init(&f, 1);
		assert_int_equal(trade_fold_add(&f, &d, 0, &done), -1);
	}
	/* each fits by itself, and their net does not */
	for (int n = 1; n < 4; n++) {
		struct trade_fold f;
		struct trade done;
		struct deal d = too_much(n, 0);

		d.profit = 1;
		trade_fold_init(&f, 1);
		assert_int_equal(trade_fold_add(&f, &d, 0, &done), -1);
	}
}

static void
volumes_that_cannot_be_make_an_orphan(void **state)
{
	static const double volumes[] = {1e11, NAN, INFINITY};

	(void)state;
	for (size_t i = 0; i < sizeof(volumes) / sizeof(volumes[0]); i++) {
		struct trade_fold f;
		struct trade t;
		struct deal d = {.type = DEAL_BUY,
		    .entry = DEAL_IN,
		    .volume = volumes[i],
		    .price = 1,
		    .profit = 5,
		    .symbol = "X"};

		trade_fold_init(&f, 1);
		assert_int_equal(trade_fold_add(&f, &d, 0, &t), 0);
		assert_true(trade_fold_end(&f, &t));
		assert_int_equal(t.state, TRADE_ORPHAN);
		assert_true(t.net == 5 && t.volume_in == 0);
		assert_true(trade_later_volume(&d, 1) == 0);
		d.price = NAN;
		trade_fold_init(&f, 1);
		assert_int_equal(trade_fold_add(&f, &d, 0, &t), 0);
		assert_true(trade_fold_end(&f, &t) && isnan(t.price_open));
	}
}

/* The money of an entry that nobody knows is kept; it opens and closes none. */
static void
an_unknown_entry_moves_no_volume(void **state)
{
	struct deal d = {.type = DEAL_BUY,
	    .entry = 9,
	    .volume = 1,
	    .price = 1,
	    .profit = 5,
	    .symbol = "X"};
	struct trade_fold f;
	struct trade t;

	(void)state;
	trade_fold_init(&f, 1);
	assert_false(trade_fold_end(&f, &t));
	assert_int_equal(trade_fold_add(&f, &d, 0, &t), 0);
	assert_true(trade_fold_end(&f, &t));
	assert_int_equal(t.state, TRADE_ORPHAN);
	assert_int_equal(t.type, DEAL_BUY);
	assert_true(t.net == 5);
	assert_true(t.volume_in == 0 && t.volume_out == 0);
}

/* ---- zones ---- */

static void
names_that_are_no_zone(void **state)
{
	char name[80];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(zone_check(name), -1);
	assert_int_equal(zone_check("-UTC"), -1);
	assert_int_equal(zone_check("Europe/Prague "), -1);
}

/* "server" with no clock is UTC. */
static void
a_server_whose_clock_was_never_seen(void **state)
{
	struct zone_spans none = {NULL, 0};
	struct zone_day a, b;

	(void)state;
	zone_day("server", 0, NULL, 36 * HOUR, &a);
	zone_day("server", 0, &none, 36 * HOUR, &b);
	assert_int_equal(a.from_utc_ms, 24 * HOUR);
	assert_int_equal(a.to_utc_ms, 48 * HOUR);
	assert_int_equal(b.from_utc_ms, a.from_utc_ms);
	assert_string_equal(b.date, "1970-01-02");
}

/* Before the first span and in no gap of any. */
static void
one_span_holds_all_wall_times(void **state)
{
	struct zone_span list[] = {{1000, 0}, {2000, 3600}};
	struct zone_spans z = {list, 2};
	int64_t second = 0;

	(void)state;
	assert_int_equal(zone_offset(&z, 0), 0);
	assert_int_equal(zone_offset(&z, 2000), 3600);
	/* 2000 to 5599 never came */
	assert_int_equal(zone_utc(&z, 3000, &second), 3000);
	assert_int_equal(second, 3000);
	/* what no span has, and no switch left out */
	assert_int_equal(zone_utc(&z, 500, &second), 500);
}

/* "0:7200 100:10800", from in hours; the first is of before, too. */
static const char *
clock_of(const struct broker_offset *offsets, size_t len)
{
	static char text[256];
	struct zone_spans z;
	size_t used = 0;

	broker_zone_seen(offsets, len, &z);
	*text = '\0';
	for (size_t i = 0; i < z.len; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s%lld:%d", i > 0 ? " " : "",
		    i > 0 ? (long long)(z.list[i].from_s / 3600) : 0LL,
		    z.list[i].offset_s);
	zone_spans_done(&z);
	return text;
}

static void
the_clock_by_the_offsets_seen(void **state)
{
	static const struct broker_offset
	    one[] = {{7200, 0, 10 * HOUR}},
	    changed[] = {{7200, 0, 100 * HOUR},
		{10800, 100 * HOUR, 200 * HOUR}},
	    /* over a weekend nothing was seen: the old one till the new one */
	    apart[] = {{7200, 0, 50 * HOUR}, {10800, 100 * HOUR, 200 * HOUR}},
	    /* terminals that did not reconnect yet say what was before */
	    stale[] = {{7200, 0, 150 * HOUR}, {10800, 100 * HOUR, 200 * HOUR}},
	    /* one machine's clock was wrong for an hour */
	    wrong[] = {{7200, 0, 300 * HOUR}, {28800, 100 * HOUR, 101 * HOUR}},
	    /* and after that nothing was seen for long */
	    silent[] = {{7200, 0, 120 * HOUR}, {28800, 100 * HOUR, 101 * HOUR},
		{7200, 400 * HOUR, 500 * HOUR}},
	    /* it changed back */
	    back[] = {{7200, 0, 100 * HOUR}, {10800, 100 * HOUR, 200 * HOUR},
		{7200, 200 * HOUR, 300 * HOUR}},
	    /* two at once: the one that is told last */
	    both[] = {{7200, 0, 10 * HOUR}, {10800, 0, 10 * HOUR}};

	(void)state;
	assert_string_equal(clock_of(one, 0), "");
	assert_string_equal(clock_of(one, 1), "0:7200");
	assert_string_equal(clock_of(changed, 2), "0:7200 100:10800");
	assert_string_equal(clock_of(apart, 2), "0:7200 100:10800");
	assert_string_equal(clock_of(stale, 2), "0:7200 100:10800");
	assert_string_equal(clock_of(wrong, 2), "0:7200 100:28800 103:7200");
	assert_string_equal(clock_of(silent, 3), "0:7200 100:28800 103:7200");
	assert_string_equal(clock_of(back, 3), "0:7200 100:10800 200:7200");
	assert_string_equal(clock_of(both, 2), "0:10800");
}

static void
an_offset_of_half_an_hour_is_named(void **state)
{
	static const struct broker_offset offsets[] = {
	    {-12600, 200 * HOUR, 300 * HOUR}, {-12600, 0, 100 * HOUR}};
	struct broker_seen seen = {.offsets = offsets, .offsets_len = 2};
	char reason[BROKER_ZONE_REASON];

	(void)state;
	assert_null(broker_zone_propose(&seen, reason));
	assert_non_null(strstr(reason, "UTC-3:30 is all that was seen"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(amounts_beyond_128_bits_are_refused),
	    cmocka_unit_test(small_amounts_are_rounded),
	    cmocka_unit_test(what_a_deal_is_for_decides_its_kind),
	    cmocka_unit_test(a_net_beyond_128_bits_is_refused),
	    cmocka_unit_test(a_trade_beyond_128_bits_is_refused),
	    cmocka_unit_test(volumes_that_cannot_be_make_an_orphan),
	    cmocka_unit_test(an_unknown_entry_moves_no_volume),
	    cmocka_unit_test(names_that_are_no_zone),
	    cmocka_unit_test(a_server_whose_clock_was_never_seen),
	    cmocka_unit_test(one_span_holds_all_wall_times),
	    cmocka_unit_test(the_clock_by_the_offsets_seen),
	    cmocka_unit_test(an_offset_of_half_an_hour_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
