/* zone.c: when a trading day begins, in an IANA time zone. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/base/mem.h"
#include "lib/trading/zone.h"

#define ZONES "/usr/share/zoneinfo"
#define DAY_S 86400
#define STEP_S (7 * DAY_S)          /* no zone keeps an offset for less */
#define NEW_YORK_CLOSE_S (7 * 3600) /* 17:00 is midnight */

int
zone_check(const char *zone)
{
	char path[256];
	struct stat st;

	if (strcmp(zone, ZONE_NEW_YORK_CLOSE) == 0)
		return 0;
	for (const char *s = zone; *s != '\0'; s++)
		if (!isalnum((unsigned char)*s) && strchr("_+-/", *s) == NULL)
			return -1;
	if (!isalpha((unsigned char)*zone) || strlen(zone) > 60)
		return -1;
	snprintf(path, sizeof(path), ZONES "/%s", zone);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? 0 : -1;
}

/* A clock: the broker's, or the C library's with TZ set meanwhile. */
struct clock {
	bool server;
	const struct zone_spans *spans; /* the server's */
	int offset_s;                   /* comes on top of TZ's */
	char *tz_before;                /* NULL: was not set */
};

static void
clock_set(struct clock *c, const char *zone, const struct zone_spans *server)
{
	const char *tz = getenv("TZ");
	char name[128];

	c->server = strcmp(zone, "server") == 0;
	c->spans = server;
	c->offset_s = 0;
	c->tz_before = tz != NULL ? mem_strdup(tz) : NULL;
	if (c->server)
		return;
	if (strcmp(zone, ZONE_NEW_YORK_CLOSE) == 0) {
		zone = "America/New_York";
		c->offset_s = NEW_YORK_CLOSE_S;
	}
	snprintf(name, sizeof(name), ":" ZONES "/%.60s", zone);
	setenv("TZ", name, 1);
	tzset();
}

static void
clock_restore(struct clock *c)
{
	if (!c->server) {
		if (c->tz_before != NULL)
			setenv("TZ", c->tz_before, 1);
		else
			unsetenv("TZ");
		tzset();
	}
	free(c->tz_before);
}

/* What must be added to UTC to get the wall clock. */
static int64_t
offset_at(const struct clock *c, int64_t utc)
{
	time_t t = (time_t)utc;
	struct tm tm;

	if (c->server)
		return c->spans != NULL && c->spans->len > 0
			   ? zone_offset(c->spans, utc)
			   : 0;
	if (localtime_r(&t, &tm) == NULL)
		return 0;
	return tm.tm_gmtoff + c->offset_s;
}

/* The UTC of a wall time (seconds as if it were UTC). */
static int64_t
utc_of(const struct clock *c, int64_t wall)
{
	int64_t before = offset_at(c, wall - DAY_S);
	int64_t after = offset_at(c, wall + DAY_S);
	int64_t first = wall - before, second = wall - after;

	if (first + offset_at(c, first) == wall)
		return first;
	return second + offset_at(c, second) == wall ? second : first;
}

static int64_t
floor_day(int64_t s)
{
	return s >= 0 ? s / DAY_S : -((-s + DAY_S - 1) / DAY_S);
}

void
zone_day(const char *zone, int minute, const struct zone_spans *server,
    int64_t utc_ms, struct zone_day *day)
{
	int64_t utc = utc_ms / 1000, date;
	struct clock c;
	struct tm tm;
	time_t t;

	clock_set(&c, zone, server);
	date = floor_day(utc + offset_at(&c, utc) - minute * 60) + 1;
	/* near a switch the guess may be a day off */
	while (utc_of(&c, date * DAY_S + minute * 60) > utc)
		date--;
	day->from_utc_ms = utc_of(&c, date * DAY_S + minute * 60) * 1000;
	day->to_utc_ms = utc_of(&c, (date + 1) * DAY_S + minute * 60) * 1000;
	clock_restore(&c);
	t = (time_t)(date * DAY_S);
	gmtime_r(&t, &tm);
	strftime(day->date, sizeof(day->date), "%Y-%m-%d", &tm);
}

/* ---- offsets over time ---- */

/* The first second after `before` with another offset than at `before`; after
 * has another. */
static int64_t
switch_between(const struct clock *c, int64_t before, int64_t after)
{
	int64_t offset = offset_at(c, before);

	while (after - before > 1) {
		int64_t middle = before + (after - before) / 2;

		if (offset_at(c, middle) == offset)
			before = middle;
		else
			after = middle;
	}
	return after;
}

static void
add_span(struct zone_spans *z, size_t *size, int64_t from_s, int64_t offset_s)
{
	z->list = mem_room(z->list, z->len, size, sizeof(*z->list));
	z->list[z->len].from_s = from_s;
	z->list[z->len++].offset_s = (int)offset_s;
}

void
zone_spans(const char *zone, int64_t from_s, int64_t to_s, struct zone_spans *z)
{
	struct clock c;
	size_t size = 0;

	memset(z, 0, sizeof(*z));
	clock_set(&c, zone, NULL);
	add_span(z, &size, INT64_MIN, offset_at(&c, from_s));
	for (int64_t at = from_s; at < to_s; at += STEP_S) {
		int64_t next = offset_at(&c, at + STEP_S);

		if (next != z->list[z->len - 1].offset_s)
			add_span(z, &size, switch_between(&c, at, at + STEP_S),
			    next);
	}
	clock_restore(&c);
}

void
zone_spans_done(struct zone_spans *z)
{
	free(z->list);
	memset(z, 0, sizeof(*z));
}

int
zone_offset(const struct zone_spans *z, int64_t utc_s)
{
	size_t i = z->len - 1;

	while (i > 0 && utc_s < z->list[i].from_s)
		i--;
	return z->list[i].offset_s;
}

int64_t
zone_utc(const struct zone_spans *z, int64_t wall_s, int64_t *second_s)
{
	int64_t first = 0;
	int found = 0;

	for (size_t i = 0; i < z->len; i++) {
		int64_t utc = wall_s - z->list[i].offset_s;

		if (utc < z->list[i].from_s ||
		    (i + 1 < z->len && utc >= z->list[i + 1].from_s))
			continue;
		if (found++ == 0)
			first = utc;
		*second_s = utc;
	}
	if (found > 0)
		return first;
	/* left out: as if the clock had not been moved yet */
	for (size_t i = z->len - 1; i > 0; i--) {
		first = wall_s - z->list[i - 1].offset_s;
		if (first >= z->list[i].from_s)
			break;
	}
	*second_s = first;
	return first;
}
