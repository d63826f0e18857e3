/* broker_zone_test.c: a broker's zone from what was seen of its clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "lib/trading/broker_zone.h"
#include "lib/trading/zone.h"

static int64_t
at(const char *iso)
{
	struct tm tm = {0};

	assert_non_null(strptime(iso, "%Y-%m-%dT%H:%M", &tm));
	return (int64_t)timegm(&tm);
}

/* ---- wall clock to UTC ---- */

struct wall {
	const char *zone, *wall, *first, *second;
};

static const struct wall walls[] = {
    /* midnight is 17:00 in New York, in summer and in winter */
    {"New York close", "2026-07-01T00:00", "2026-06-30T21:00", NULL},
    {"New York close", "2026-01-15T00:00", "2026-01-14T22:00", NULL},
    /* 1 November 2026, 09:00 becomes 08:00 */
    {"New York close", "2026-11-01T07:59", "2026-11-01T04:59", NULL},
    {"New York close", "2026-11-01T08:10", "2026-11-01T05:10",
	"2026-11-01T06:10"},
    {"New York close", "2026-11-01T09:00", "2026-11-01T07:00", NULL},
    /* 8 March 2026, 09:00 becomes 10:00: 09:30 never was */
    {"New York close", "2026-03-08T08:59", "2026-03-08T06:59", NULL},
    {"New York close", "2026-03-08T09:30", "2026-03-08T07:30", NULL},
    {"New York close", "2026-03-08T10:00", "2026-03-08T07:00", NULL},
    {"Europe/Athens", "2026-10-25T03:30", "2026-10-25T00:30",
	"2026-10-25T01:30"},
    {"Europe/Athens", "2026-03-29T03:30", "2026-03-29T01:30", NULL},
    {"Europe/London", "2026-10-25T01:30", "2026-10-25T00:30",
	"2026-10-25T01:30"},
    /* half an hour of summer time */
    {"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45",
	"2026-04-04T15:15"},
    {"Asia/Kathmandu", "2026-05-01T05:45", "2026-05-01T00:00", NULL},
    {"Etc/GMT-3", "2026-11-01T08:10", "2026-11-01T05:10", NULL},
    {"UTC", "2026-11-01T08:10", "2026-11-01T08:10", NULL},
};

static void
wall_times_have_their_utc(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
		const struct wall *w = &walls[i];
		int64_t first, second, wall = at(w->wall);
		struct zone_spans z;

		/* whatever the span looked at */
		for (int days = 1; days < 4000; days *= 10) {
			zone_spans(w->zone, wall - days * 86400,
			    wall + days * 86400, &z);
			first = zone_utc(&z, wall, &second);
			if (first != at(w->first) ||
			    second !=
				at(w->second != NULL ? w->second : w->first))
				fail_msg("%s %s: %lld %lld", w->zone, w->wall,
				    (long long)first, (long long)second);
			zone_spans_done(&z);
		}
	}
}

/* By a simpler way: each hour of 20 years, forth and back. */
static void
every_hour_comes_back(void **state)
{
	static const char *const zones[] = {ZONE_NEW_YORK_CLOSE,
	    "Europe/Athens", "Australia/Sydney", "America/Sao_Paulo",
	    "Asia/Tehran", "Africa/Casablanca"};

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		int64_t from = at("2010-01-01T00:00");
		int64_t to = at("2030-01-01T00:00"), second;
		struct zone_spans z;

		zone_spans(zones[i], from, to, &z);
		for (int64_t utc = from; utc < to; utc += 1800) {
			int64_t wall = utc + zone_offset(&z, utc);
			int64_t first = zone_utc(&z, wall, &second);

			assert_true(first == utc || second == utc);
			assert_true(first <= second);
		}
		zone_spans_done(&z);
	}
}

/* ---- proposals ---- */

static struct broker_offset
offset(int hours, const char *first, const char *last)
{
	return (struct broker_offset){
	    hours * 3600, at(first) * 1000, at(last) * 1000};
}

static const char *
propose(const struct broker_offset *o, size_t n, const int64_t *half_hours,
    size_t m, char reason[BROKER_ZONE_REASON])
{
	const struct broker_seen seen = {o, n, half_hours, m};

	return broker_zone_propose(&seen, reason);
}

static void
two_offsets_tell_a_zone(void **state)
{
	char why[BROKER_ZONE_REASON];
	struct broker_offset o[2];

	(void)state;
	/* the American switch of 2026 is on 1 November, Europe's a week before;
	 * a terminal says the old offset until its clock moves on Monday */
	o[0] = offset(3, "2026-08-01T00:00", "2026-11-01T21:30");
	o[1] = offset(2, "2026-11-01T22:05", "2026-11-20T00:00");
	assert_string_equal(propose(o, 2, NULL, 0, why), ZONE_NEW_YORK_CLOSE);
	assert_non_null(strstr(why, "change as this zone's"));
	o[0] = offset(3, "2026-08-01T00:00", "2026-10-24T21:30");
	o[1] = offset(2, "2026-10-25T22:05", "2026-11-20T00:00");
	assert_string_equal(propose(o, 2, NULL, 0, why), "Europe/Athens");
	o[0] = offset(1, "2026-08-01T00:00", "2026-10-24T21:30");
	o[1] = offset(0, "2026-10-25T22:05", "2026-11-20T00:00");
	assert_string_equal(propose(o, 2, NULL, 0, why), "Europe/London");
	/* seen in winter and in summer, not between: two would fit */
	o[0] = offset(3, "2026-07-01T00:00", "2026-07-02T00:00");
	o[1] = offset(2, "2026-12-01T00:00", "2026-12-02T00:00");
	assert_string_equal(propose(o, 2, NULL, 0, why), ZONE_NEW_YORK_CLOSE);
	assert_non_null(strstr(why, "Europe/Athens would fit, too"));
}

static void
what_agrees_with_no_zone_is_none(void **state)
{
	char why[BROKER_ZONE_REASON];
	struct broker_offset o[2];

	(void)state;
	assert_null(propose(NULL, 0, NULL, 0, why));
	o[0] = offset(2, "2026-11-20T00:00", "2026-11-28T00:00");
	assert_null(propose(o, 1, NULL, 0, why));
	assert_non_null(strstr(why, "UTC+2 is all that was seen"));
	/* moved by hand, in the middle of November */
	o[0] = offset(3, "2026-11-20T00:00", "2026-11-27T00:00");
	o[1] = offset(2, "2026-11-27T00:05", "2026-11-28T00:00");
	assert_null(propose(o, 2, NULL, 0, why));
	assert_non_null(strstr(why, "no known zone agrees"));
	/* half hours are said as such */
	o[0].offset_s = 19800;
	assert_null(propose(o, 1, NULL, 0, why));
	assert_non_null(strstr(why, "UTC+5:30"));
}

/* Half hours of a year in which an account trades from Monday's first to
 * Friday's last, by a zone; every `every`-th of them. */
static size_t
year_of(const char *zone, int64_t *list, int every)
{
	int64_t from = at("2025-11-02T00:00"), to = at("2026-11-20T00:00");
	struct zone_spans z, new_york;
	size_t n = 0;

	zone_spans(zone, from, to, &z);
	zone_spans("America/New_York", from, to, &new_york);
	for (int64_t utc = from; utc < to; utc += 1800) {
		int64_t minute =
		    (utc + zone_offset(&new_york, utc)) / 60 + 4 * 1440;

		minute %= 7 * 1440;
		if (minute < 1020 || minute >= 5 * 1440 + 1020)
			continue;
		if ((utc / 1800) % every == 0)
			list[n++] = (utc + zone_offset(&z, utc)) / 1800;
	}
	zone_spans_done(&z);
	zone_spans_done(&new_york);
	return n;
}

static void
trading_hours_tell_a_zone(void **state)
{
	static const struct {
		const char *zone;
		int hours_now;
	} brokers[] = {{ZONE_NEW_YORK_CLOSE, 2}, {"Europe/Athens", 2},
	    {"Europe/London", 0}, {"America/New_York", -5}};
	static int64_t list[20000];
	char why[BROKER_ZONE_REASON];

	(void)state;
	for (size_t i = 0; i < sizeof(brokers) / sizeof(brokers[0]); i++) {
		size_t n = year_of(brokers[i].zone, list, 1);
		struct broker_offset o = offset(brokers[i].hours_now,
		    "2026-11-19T00:00", "2026-11-20T00:00");
		const char *found = propose(&o, 1, list, n, why);

		if (found == NULL || strcmp(found, brokers[i].zone) != 0)
			fail_msg("%s: %s: %s", brokers[i].zone,
			    found != NULL ? found : "none", why);
	}
	/* a clock that never moves: nothing speaks against it */
	for (int hours = 0; hours <= 3; hours += 3) {
		static const char *const fixed[] = {"UTC", "Etc/GMT-3"};
		struct broker_offset o =
		    offset(hours, "2026-11-19T00:00", "2026-11-20T00:00");
		size_t n = year_of(fixed[hours / 3], list, 1);

		assert_null(propose(&o, 1, list, n, why));
	}
}

static void
symbols_that_rest_on_weekends(void **state)
{
	(void)state;
	assert_true(broker_zone_symbol_rests("EURUSD"));
	assert_true(broker_zone_symbol_rests("XAUUSD.m"));
	assert_true(broker_zone_symbol_rests("CADCHF"));
	assert_false(broker_zone_symbol_rests("BTCUSD"));
	assert_false(broker_zone_symbol_rests("US30"));
	assert_false(broker_zone_symbol_rests("EUR"));
	assert_false(broker_zone_symbol_rests("EURUS"));
	assert_false(broker_zone_symbol_rests(""));
	/* the codes are not read across their borders */
	assert_false(broker_zone_symbol_rests("SDEEUR"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wall_times_have_their_utc),
	    cmocka_unit_test(every_hour_comes_back),
	    cmocka_unit_test(two_offsets_tell_a_zone),
	    cmocka_unit_test(what_agrees_with_no_zone_is_none),
	    cmocka_unit_test(trading_hours_tell_a_zone),
	    cmocka_unit_test(symbols_that_rest_on_weekends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
