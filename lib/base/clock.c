/* clock.c: wall clock, monotonic clock, UTC as text. */
#include <stdio.h>
#include <time.h>

#include "lib/base/clock.h"

static int64_t
now_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_utc_ms(void)
{
	return now_ms(CLOCK_REALTIME);
}

int64_t
clock_mono_ms(void)
{
	return now_ms(CLOCK_MONOTONIC);
}

const char *
clock_iso(int64_t utc_ms, char text[CLOCK_ISO_SIZE])
{
	int64_t ms = ((utc_ms % 1000) + 1000) % 1000;
	time_t s = (time_t)((utc_ms - ms) / 1000);
	struct tm tm;
	size_t n = 0;

	if (gmtime_r(&s, &tm) != NULL)
		n = strftime(text, CLOCK_ISO_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, CLOCK_ISO_SIZE - n, ".%03dZ", (int)ms);
	return text;
}
