/* moment.c: a UTC moment as a person or a program writes it. */
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "lib/base/moment.h"

/* So many digits, of a number up to most; they are passed. */
static bool
digits(const char **at, int n, int most, int *out)
{
	int v = 0;

	for (int i = 0; i < n; i++, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		v = v * 10 + (**at - '0');
	}
	*out = v;
	return v <= most;
}

static bool
sign(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static bool
read_date(const char **at, struct tm *tm)
{
	return digits(at, 4, 9999, &tm->tm_year) && sign(at, '-') &&
	       digits(at, 2, 12, &tm->tm_mon) && sign(at, '-') &&
	       digits(at, 2, 31, &tm->tm_mday) && tm->tm_year >= 1970 &&
	       tm->tm_mon >= 1 && tm->tm_mday >= 1;
}

static bool
read_time(const char **at, struct tm *tm, int *ms)
{
	int scale = 100;

	if (!digits(at, 2, 23, &tm->tm_hour) || !sign(at, ':') ||
	    !digits(at, 2, 59, &tm->tm_min))
		return false;
	if (!sign(at, ':'))
		return true;
	if (!digits(at, 2, 59, &tm->tm_sec))
		return false;
	if (!sign(at, '.'))
		return true;
	for (; **at >= '0' && **at <= '9'; ++*at, scale /= 10)
		*ms += (**at - '0') * scale;
	return true;
}

int
moment_parse(const char *text, int64_t *utc_ms)
{
	const char *at = text;
	struct tm tm = {0}, back;
	int ms = 0;
	time_t t;

	if (!read_date(&at, &tm))
		return -1;
	if ((*at == 'T' || *at == ' ') && (at++, !read_time(&at, &tm, &ms)))
		return -1;
	(void)sign(&at, 'Z');
	if (*at != '\0')
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	back = tm;
	t = timegm(&back);
	/* the 31st of a short month is none */
	if (back.tm_mday != tm.tm_mday || back.tm_mon != tm.tm_mon)
		return -1;
	*utc_ms = (int64_t)t * 1000 + ms;
	return 0;
}
