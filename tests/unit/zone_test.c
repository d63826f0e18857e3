/* zone_test.c: where a trading day begins, on DST switch days too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/trading/zone.h"

static int64_t
utc(const char *iso)
{
	struct tm tm = {0};

	assert_non_null(strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm));
	return (int64_t)timegm(&tm) * 1000;
}

struct row {
	const char *zone;
	int minute, offset_s;
	const char *at;
	const char *from, *to, *date;
};

static const struct row rows[] = {
    /* winter and summer in Prague: UTC+1, UTC+2 */
    {"Europe/Prague", 0, 0, "2026-01-15T12:00:00", "2026-01-14T23:00:00",
	"2026-01-15T23:00:00", "2026-01-15"},
    {"Europe/Prague", 0, 0, "2026-07-15T21:59:59", "2026-07-14T22:00:00",
	"2026-07-15T22:00:00", "2026-07-15"},
    {"Europe/Prague", 0, 0, "2026-07-15T22:00:00", "2026-07-15T22:00:00",
	"2026-07-16T22:00:00", "2026-07-16"},
    /* 29 March 2026: a day of 23 hours */
    {"Europe/Prague", 0, 0, "2026-03-29T12:00:00", "2026-03-28T23:00:00",
	"2026-03-29T22:00:00", "2026-03-29"},
    /* 25 October 2026: a day of 25 hours */
    {"Europe/Prague", 0, 0, "2026-10-25T12:00:00", "2026-10-24T22:00:00",
	"2026-10-25T23:00:00", "2026-10-25"},
    /* 02:30 does not come on 29 March: as if the clock had not moved */
    {"Europe/Prague", 150, 0, "2026-03-29T12:00:00", "2026-03-29T01:30:00",
	"2026-03-30T00:30:00", "2026-03-29"},
    /* 02:30 comes twice on 25 October: the first */
    {"Europe/Prague", 150, 0, "2026-10-25T12:00:00", "2026-10-25T00:30:00",
	"2026-10-26T01:30:00", "2026-10-25"},
    {"Europe/Prague", 150, 0, "2026-10-25T01:00:00", "2026-10-25T00:30:00",
	"2026-10-26T01:30:00", "2026-10-25"},
    /* the American switch is another day: 8 March 2026 */
    {"America/New_York", 17 * 60, 0, "2026-03-08T12:00:00",
	"2026-03-07T22:00:00", "2026-03-08T21:00:00", "2026-03-07"},
    {"America/New_York", 17 * 60, 0, "2026-11-01T12:00:00",
	"2026-10-31T21:00:00", "2026-11-01T22:00:00", "2026-10-31"},
    {"Asia/Kathmandu", 0, 0, "2026-05-01T00:00:00", "2026-04-30T18:15:00",
	"2026-05-01T18:15:00", "2026-05-01"},
    {"UTC", 30, 0, "2026-05-01T00:29:59", "2026-04-30T00:30:00",
	"2026-05-01T00:30:00", "2026-04-30"},
    /* the broker's own midnight, UTC+3 and UTC-5 */
    {"server", 0, 10800, "2026-05-01T20:59:59", "2026-04-30T21:00:00",
	"2026-05-01T21:00:00", "2026-05-01"},
    {"server", 0, 10800, "2026-05-01T21:00:00", "2026-05-01T21:00:00",
	"2026-05-02T21:00:00", "2026-05-02"},
    {"server", 0, -18000, "2026-05-01T04:59:59", "2026-04-30T05:00:00",
	"2026-05-01T05:00:00", "2026-04-30"},
};

static void
days_begin_where_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct zone_day d;
		char text[CLOCK_ISO_SIZE];
		struct zone_span span = {INT64_MIN, r->offset_s};
		struct zone_spans server = {&span, 1};

		zone_day(r->zone, r->minute, &server, utc(r->at), &d);
		if (d.from_utc_ms != utc(r->from))
			fail_msg("%s at %s: from %s, not %s", r->zone, r->at,
			    clock_iso(d.from_utc_ms, text), r->from);
		if (d.to_utc_ms != utc(r->to))
			fail_msg("%s at %s: to %s, not %s", r->zone, r->at,
			    clock_iso(d.to_utc_ms, text), r->to);
		assert_string_equal(d.date, r->date);
	}
}

/* Hour by hour over two years: days touch, and hold their moment. */
static void
days_follow_one_another(void **state)
{
	(void)state;
	static const char *const zones[] = {"Europe/Prague", "America/New_York",
	    "Australia/Lord_Howe", "server"};
	struct zone_span span = {INT64_MIN, 7200};
	struct zone_spans server = {&span, 1};

	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
		struct zone_day before = {0};

		for (int64_t at = utc("2026-01-01T00:30:00");
		     at < utc("2028-01-01T00:00:00"); at += 3600 * 1000) {
			struct zone_day d;

			zone_day(zones[z], 150, &server, at, &d);
			assert_true(d.from_utc_ms <= at && at < d.to_utc_ms);
			if (before.to_utc_ms != 0 &&
			    before.from_utc_ms != d.from_utc_ms) {
				assert_int_equal(
				    before.to_utc_ms, d.from_utc_ms);
				assert_true(strcmp(before.date, d.date) < 0);
			}
			before = d;
		}
	}
}

static void
unknown_zones_are_refused(void **state)
{
	(void)state;
	assert_int_equal(zone_check("Europe/Prague"), 0);
	assert_int_equal(zone_check("UTC"), 0);
	assert_int_equal(zone_check("Europe/Atlantis"), -1);
	assert_int_equal(zone_check("Europe"), -1);
	assert_int_equal(zone_check(""), -1);
	assert_int_equal(zone_check("../../../etc/passwd"), -1);
	assert_int_equal(zone_check("/etc/passwd"), -1);
}

static void
tz_is_put_back(void **state)
{
	(void)state;
	struct zone_day d;

	setenv("TZ", "Asia/Tokyo", 1);
	zone_day("Europe/Prague", 0, NULL, 0, &d);
	assert_string_equal(getenv("TZ"), "Asia/Tokyo");
	unsetenv("TZ");
	zone_day("Europe/Prague", 0, NULL, 0, &d);
	assert_null(getenv("TZ"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(days_begin_where_they_should),
	    cmocka_unit_test(days_follow_one_another),
	    cmocka_unit_test(unknown_zones_are_refused),
	    cmocka_unit_test(tz_is_put_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
