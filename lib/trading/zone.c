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

int
zone_check(const char *zone)
{
	char path[256];
	struct stat st;

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
	int offset_s;
	char *tz_before; /* NULL: was not set */
};

static void
clock_set(struct clock *c, const char *zone, int offset_s)
{
	const char *tz = getenv("TZ");
	char name[128];

	c->server = strcmp(zone, "server") == 0;
	c->offset_s = offset_s;
	c->tz_before = tz != NULL ? mem_strdup(tz) : NULL;
	if (c->server)
		return;
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

	if (c->server || localtime_r(&t, &tm) == NULL)
		return c->server ? c->offset_s : 0;
	return tm.tm_gmtoff;
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
zone_day(const char *zone, int minute, int offset_s, int64_t utc_ms,
    struct zone_day *day)
{
	int64_t utc = utc_ms / 1000, date;
	struct clock c;
	struct tm tm;
	time_t t;

	clock_set(&c, zone, offset_s);
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
