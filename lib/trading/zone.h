/*
 * zone.h: when a trading day begins, in an IANA time zone, over DST switches.
 *
 * zone "server" is the broker's own clock, as far as it was seen. The C library
 * knows zones only by the process's TZ, so that these functions set it and
 * put it back: for single-threaded jobs only.
 */
#ifndef LIB_TRADING_ZONE_H
#define LIB_TRADING_ZONE_H

#include <stddef.h>
#include <stdint.h>

#define ZONE_DATE_SIZE 11

/*
 * The clock of most brokers: 17:00 in New York, when the day's trading ends,
 * is their midnight in summer and in winter.
 */
#define ZONE_NEW_YORK_CLOSE "New York close"

/* 0 for "New York close" and what the system's time-zone files have; -1. Not
 * for "server". */
int zone_check(const char *zone);

/*
 * What a zone's clock was ahead of UTC over time. Each span lasts from from_s
 * (UTC) to the next one's; the first is of before, too.
 */
struct zone_span {
	int64_t from_s;
	int offset_s;
};
struct zone_spans {
	struct zone_span *list;
	size_t len;
};

struct zone_day {
	int64_t from_utc_ms, to_utc_ms; /* UTC: its reset, and the next one */
	char date[ZONE_DATE_SIZE];      /* of its beginning, in the zone */
};

/*
 * The day that utc_ms lies in, where days begin at `minute` (0 to 1439) of
 * the wall clock. A wall time that comes twice counts the first time; one
 * that a switch leaves out counts as if the clock had not been moved yet.
 * server: the clock of the zone "server"; NULL, or without a span, it is UTC.
 */
void zone_day(const char *zone, int minute, const struct zone_spans *server,
    int64_t utc_ms, struct zone_day *day);

/* Between two moments in UTC; at least one span. zone_spans_done afterwards. */
void zone_spans(
    const char *zone, int64_t from_s, int64_t to_s, struct zone_spans *z);
void zone_spans_done(struct zone_spans *z);

/* What was added to UTC then. */
int zone_offset(const struct zone_spans *z, int64_t utc_s);

/*
 * The UTC of a wall time (s, as if it were UTC). One that comes twice: the
 * first, and *second_s; else both are the same. One that a switch leaves out
 * counts as if the clock had not been moved yet.
 */
int64_t zone_utc(const struct zone_spans *z, int64_t wall_s, int64_t *second_s);

#endif
