/* broker_zone.c: a broker's time zone, from the offsets and hours seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/trading/broker_zone.h"
#include "lib/trading/zone.h"

#define DAY_MS (INT64_C(86400) * 1000)
#define WEEK_MIN (7 * 24 * 60)
#define HALF_HOUR_S 1800
/* Over a weekend terminals report the offset they knew last. */
#define STALE_MS (3 * DAY_MS)
/* Friday and Sunday 17:00 New York, in minutes since Sunday 00:00 */
#define CLOSES_MIN (5 * 24 * 60 + 17 * 60)
#define OPENS_MIN (17 * 60)
/* A dealer corrects a deal on a Saturday now and then. */
#define PROVES 3   /* half hours at least */
#define OF_THEM 20 /* a zone may leave this share of them unexplained */

/* By how many brokers use them: the first that fits is proposed. */
static const char *const candidates[] = {ZONE_NEW_YORK_CLOSE, "Europe/Athens",
    "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago",
    "Australia/Sydney"};
#define CANDIDATES (sizeof(candidates) / sizeof(candidates[0]))

bool
broker_zone_symbol_rests(const char *symbol)
{
	static const char codes[] = "USDEURGBPJPYCHFAUDNZDCADXAUXAG";

	for (int half = 0; half < 2; half++) {
		const char *at = codes;

		if (strlen(symbol) < 6)
			return false;
		while (*at != '\0' && strncmp(at, symbol + 3 * half, 3) != 0)
			at += 3;
		if (*at == '\0')
			return false;
	}
	return true;
}

/* Both were resting at that moment, all of the half hour. */
static bool
rests(const struct zone_spans *new_york, int64_t utc_s)
{
	int64_t minute =
	    (utc_s + zone_offset(new_york, utc_s)) / 60 + 4 * 24 * 60;

	minute %= WEEK_MIN; /* 1 January 1970 was a Thursday */
	return minute >= CLOSES_MIN || minute + HALF_HOUR_S / 60 <= OPENS_MIN;
}

/* In how many half hours the market would have rested by that clock. */
static size_t
unexplained(const struct broker_seen *seen, const struct zone_spans *zone,
    const struct zone_spans *new_york)
{
	size_t n = 0;
	int64_t second;

	for (size_t i = 0; i < seen->half_hours_len; i++)
		n += rests(new_york,
		    zone_utc(zone, seen->half_hours[i] * HALF_HOUR_S, &second));
	return n;
}

static bool
agrees(const struct broker_seen *seen, const struct zone_spans *zone)
{
	for (size_t i = 0; i < seen->offsets_len; i++) {
		const struct broker_offset *o = &seen->offsets[i];
		int64_t last = o->last_utc_ms - STALE_MS;

		if (last < o->first_utc_ms)
			last = o->first_utc_ms;
		if (zone_offset(zone, o->first_utc_ms / 1000) != o->offset_s ||
		    zone_offset(zone, last / 1000) != o->offset_s)
			return false;
	}
	return true;
}

static void
hours_word(int offset_s, char text[16])
{
	int minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;

	if (minutes % 60 == 0)
		snprintf(text, 16, "UTC%c%d", offset_s < 0 ? '-' : '+',
		    minutes / 60);
	else
		snprintf(text, 16, "UTC%c%d:%02d", offset_s < 0 ? '-' : '+',
		    minutes / 60, minutes % 60);
}

/* From the earliest to the latest moment that plays a part, and a week more. */
static void
bounds(const struct broker_seen *seen, int64_t *from_s, int64_t *to_s)
{
	*from_s = seen->offsets[0].first_utc_ms / 1000;
	*to_s = *from_s;
	for (size_t i = 0; i < seen->offsets_len; i++) {
		int64_t first = seen->offsets[i].first_utc_ms / 1000;
		int64_t last = seen->offsets[i].last_utc_ms / 1000;

		*from_s = first < *from_s ? first : *from_s;
		*to_s = last > *to_s ? last : *to_s;
	}
	for (size_t i = 0; i < seen->half_hours_len; i++) {
		int64_t at = seen->half_hours[i] * HALF_HOUR_S;

		*from_s = at < *from_s ? at : *from_s;
		*to_s = at > *to_s ? at : *to_s;
	}
	*from_s -= 7 * DAY_MS / 1000;
	*to_s += 7 * DAY_MS / 1000;
}

/* The offset reported last. */
static int
offset_now(const struct broker_seen *seen)
{
	size_t last = 0;

	for (size_t i = 1; i < seen->offsets_len; i++)
		if (seen->offsets[i].last_utc_ms >
		    seen->offsets[last].last_utc_ms)
			last = i;
	return seen->offsets[last].offset_s;
}

const char *
broker_zone_propose(
    const struct broker_seen *seen, char reason[BROKER_ZONE_REASON])
{
	struct zone_span fixed_span = {INT64_MIN, 0};
	struct zone_spans fixed = {&fixed_span, 1}, new_york, zone;
	const char *found = NULL;
	int64_t from_s, to_s;
	size_t by_fixed, least = SIZE_MAX;
	bool switched = false;
	char hours[16], others[96] = "";

	if (seen->offsets_len == 0) {
		snprintf(reason, BROKER_ZONE_REASON,
		    "no terminal has reported the broker's offset yet");
		return NULL;
	}
	for (size_t i = 1; i < seen->offsets_len; i++)
		switched |=
		    seen->offsets[i].offset_s != seen->offsets[0].offset_s;
	bounds(seen, &from_s, &to_s);
	fixed_span.offset_s = offset_now(seen);
	hours_word(fixed_span.offset_s, hours);
	zone_spans("America/New_York", from_s, to_s, &new_york);
	by_fixed = unexplained(seen, &fixed, &new_york);
	if (!switched && by_fixed < PROVES) {
		snprintf(reason, BROKER_ZONE_REASON,
		    "%s is all that was seen; no deal shows a clock change",
		    hours);
		zone_spans_done(&new_york);
		return NULL;
	}
	for (size_t i = 0; i < CANDIDATES; i++) {
		size_t n;

		zone_spans(candidates[i], from_s, to_s, &zone);
		n = unexplained(seen, &zone, &new_york);
		if (agrees(seen, &zone) && n <= by_fixed / OF_THEM) {
			if (n < least) {
				least = n;
				found = candidates[i];
				*others = '\0';
			} else if (n == least) {
				size_t used = strlen(others);

				snprintf(others + used, sizeof(others) - used,
				    "; %s would fit, too", candidates[i]);
			}
		}
		zone_spans_done(&zone);
	}
	zone_spans_done(&new_york);
	if (found == NULL)
		snprintf(reason, BROKER_ZONE_REASON,
		    "no known zone agrees with what was seen (%s now)", hours);
	else if (switched)
		snprintf(reason, BROKER_ZONE_REASON,
		    "the offsets seen change as this zone's (%s now)%s", hours,
		    others);
	else
		snprintf(reason, BROKER_ZONE_REASON,
		    "%s now; with that all year %zu half hours of trading "
		    "would lie in weekends%s",
		    hours, by_fixed, others);
	return found;
}

/* ---- the clock by the offsets alone ---- */

/* What is reported is noted once an hour at least. */
#define NOTED_MS (2 * INT64_C(3600) * 1000)

static bool
was_seen(const struct broker_offset *o, int64_t utc_ms)
{
	return o->first_utc_ms <= utc_ms && utc_ms <= o->last_utc_ms + NOTED_MS;
}

/* In force then; utc_ms is not before the first. */
static int
offset_then(const struct broker_offset *list, size_t len, int64_t utc_ms)
{
	const struct broker_offset *best = NULL;
	bool best_seen = false;

	for (size_t i = 0; i < len; i++) {
		const struct broker_offset *o = &list[i];
		bool seen = was_seen(o, utc_ms);

		if (o->first_utc_ms > utc_ms)
			continue;
		if (best == NULL || (seen && !best_seen) ||
		    (seen == best_seen &&
			(seen ? o->first_utc_ms >= best->first_utc_ms
			      : o->last_utc_ms >= best->last_utc_ms))) {
			best = o;
			best_seen = seen;
		}
	}
	return best != NULL ? best->offset_s : list[0].offset_s;
}

static int
by_moment(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
broker_zone_seen(
    const struct broker_offset *offsets, size_t len, struct zone_spans *z)
{
	int64_t *at;
	size_t size = 0;

	memset(z, 0, sizeof(*z));
	if (len == 0)
		return;
	at = mem_new(2 * len, sizeof(*at));
	for (size_t i = 0; i < len; i++) {
		at[2 * i] = offsets[i].first_utc_ms;
		at[2 * i + 1] = offsets[i].last_utc_ms + NOTED_MS + 1000;
	}
	qsort(at, 2 * len, sizeof(*at), by_moment);
	for (size_t i = 0; i < 2 * len; i++) {
		int is = offset_then(offsets, len, at[i]);

		if (z->len > 0 && z->list[z->len - 1].offset_s == is)
			continue;
		z->list = mem_room(z->list, z->len, &size, sizeof(*z->list));
		z->list[z->len++] =
		    (struct zone_span){i == 0 ? INT64_MIN : at[i] / 1000, is};
	}
	free(at);
}
