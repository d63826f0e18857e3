/*
 * fresh.h: what is live, decided here alone.
 *
 * A moment counts while it is not older than CACHE_TTL by our own clock, and
 * not ahead of it: Redis ends a key by the wall clock, too, and where that is
 * set back the key of a node that nobody polls lives on for hours.
 */
#ifndef LIB_FLEET_FRESH_H
#define LIB_FLEET_FRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/trading/status.h"

/* Clocks of two of our machines differ by less. */
#define FRESH_AHEAD_MS INT64_C(5000)

/* -5 s < now - at <= TTL. */
bool fresh_is(int64_t at_utc_ms, int64_t now_utc_ms, int ttl_s);

/* Which status counts: a live one of values that are not fresh is stale. */
enum status fresh_status(
    enum status said, int64_t at_utc_ms, int64_t now_utc_ms, int ttl_s);

/* Since when what was true at that moment is stale. 0: not known. */
int64_t fresh_until(int64_t at_utc_ms, int ttl_s);

/* A moment as it may be shown: 0, unknown, where it lies ahead of now by more
 * than clocks differ, and never later than now. */
int64_t fresh_moment(int64_t utc_ms, int64_t now_utc_ms);

#endif
