/*
 * zone.h: when a trading day begins, in an IANA time zone, over DST switches.
 *
 * zone "server" is the broker's own clock: UTC plus offset_s. The C library
 * knows zones only by the process's TZ, so that these functions set it and
 * put it back: for single-threaded jobs only.
 */
#ifndef LIB_TRADING_ZONE_H
#define LIB_TRADING_ZONE_H

#include <stdint.h>

#define ZONE_DATE_SIZE 11

/* 0; -1 where the system's time-zone files do not have it. Not for "server".
 */
int zone_check(const char *zone);

struct zone_day {
	int64_t from_utc_ms, to_utc_ms; /* UTC: its reset, and the next one */
	char date[ZONE_DATE_SIZE];      /* of its beginning, in the zone */
};

/*
 * The day that utc_ms lies in, where days begin at `minute` (0 to 1439) of
 * the wall clock. A wall time that comes twice counts the first time; one
 * that a switch leaves out counts as if the clock had not been moved yet.
 */
void zone_day(const char *zone, int minute, int offset_s, int64_t utc_ms,
    struct zone_day *day);

#endif
