/* num.c: the one checked parser for numbers from outside. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "lib/base/num.h"

int
num_int64(const char *s, int64_t min, int64_t max, int64_t *out)
{
	const char *digits = *s == '-' ? s + 1 : s;
	char *end;
	long long v;

	if (!isdigit((unsigned char)*digits))
		return -1;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || *end != '\0' || v < min || v > max)
		return -1;
	*out = v;
	return 0;
}

int
num_int(const char *s, int min, int max, int *out)
{
	int64_t v;

	if (num_int64(s, min, max, &v) == -1)
		return -1;
	*out = (int)v;
	return 0;
}

int
num_double(const char *s, double *out)
{
	const char *p;
	char *end;
	double v;

	for (p = s; *p != '\0'; p++)
		if (!isdigit((unsigned char)*p) && *p != '.' && *p != '-' &&
		    *p != '+' && *p != 'e' && *p != 'E')
			return -1;
	v = strtod(s, &end);
	if (end == s || *end != '\0' || !isfinite(v))
		return -1;
	*out = v;
	return 0;
}

int
num_bool(const char *s, bool *out)
{
	static const char *const words[] = {
	    "false", "true", "0", "1", "no", "yes", "off", "on"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(s, words[i]) == 0) {
			*out = i % 2 == 1;
			return 0;
		}
	return -1;
}

const char *
num_format(double v, char text[NUM_DOUBLE_SIZE])
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, NUM_DOUBLE_SIZE, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	return text;
}
