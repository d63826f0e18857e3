/* money.c: amounts as whole multiples of 1e-8, so that sums are exact. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trading/money.h"
#include "lib/base/num.h"

#define DECIMAL_MAX 64

/* A decimal text taken apart: 0.d1d2d3... times ten to the power of point. */
struct decimal {
	char digit[DECIMAL_MAX];
	int len;
	int point;
	bool negative;
};

/* Reads "-12.5"; the first character behind it, NULL where it is none. */
static const char *
decimal_scan(const char *s, struct decimal *d)
{
	bool dot = false;

	memset(d, 0, sizeof(*d));
	d->negative = *s == '-';
	if (d->negative)
		s++;
	if (!isdigit((unsigned char)*s))
		return NULL;
	for (; isdigit((unsigned char)*s) || (*s == '.' && !dot); s++) {
		if (*s == '.') {
			dot = true;
			continue;
		}
		if (d->len == DECIMAL_MAX)
			return NULL;
		d->digit[d->len++] = (char)(*s - '0');
		if (!dot)
			d->point++;
	}
	return dot && s[-1] == '.' ? NULL : s;
}

/* The digit with that place behind the point: 1 is tenths, 0 is ones. */
static int
digit_at(const struct decimal *d, int place)
{
	int i = d->point - 1 + place;

	return i >= 0 && i < d->len ? d->digit[i] : 0;
}

static int
decimal_scaled(const struct decimal *d, int64_t *out)
{
	int64_t v = 0;

	for (int place = 1 - d->point; place <= MONEY_DIGITS; place++)
		if (__builtin_mul_overflow(v, INT64_C(10), &v) ||
		    __builtin_sub_overflow(v, digit_at(d, place), &v))
			return -1;
	if (digit_at(d, MONEY_DIGITS + 1) >= 5 &&
	    __builtin_sub_overflow(v, INT64_C(1), &v))
		return -1;
	if (!d->negative && __builtin_sub_overflow(INT64_C(0), v, &v))
		return -1;
	*out = v;
	return 0;
}

int
money_from_double(double v, int64_t *out)
{
	char text[NUM_DOUBLE_SIZE];
	struct decimal d;
	const char *end;

	if (!isfinite(v) || fabs(v) > 1e11)
		return -1;
	if (fabs(v) < 1e-9) {
		*out = 0;
		return 0;
	}
	end = decimal_scan(num_format(v, text), &d);
	if (*end == 'e')
		d.point += atoi(end + 1);
	return decimal_scaled(&d, out);
}

int
money_from_text(const char *s, int64_t *out)
{
	struct decimal d;
	const char *end = decimal_scan(s, &d);

	if (end == NULL || *end != '\0')
		return -1;
	for (int i = d.point + MONEY_DIGITS; i < d.len; i++)
		if (d.digit[i] != 0)
			return -1;
	return decimal_scaled(&d, out);
}

double
money_to_double(int64_t v)
{
	char text[MONEY_SIZE];

	return strtod(money_format(v, -1, text), NULL);
}

static uint64_t
power_of_ten(int n)
{
	uint64_t v = 1;

	while (n-- > 0)
		v *= 10;
	return v;
}

const char *
money_format(int64_t v, int digits, char text[MONEY_SIZE])
{
	uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	int shown = digits < 0 ? MONEY_DIGITS : digits;
	uint64_t unit = power_of_ten(MONEY_DIGITS - shown);
	uint64_t one = power_of_ten(shown);
	char *at;

	size = (size + unit / 2) / unit;
	while (digits < 0 && shown > 0 && size % 10 == 0) {
		size /= 10;
		one /= 10;
		shown--;
	}
	at = text + snprintf(text, MONEY_SIZE, "%s%" PRIu64,
			v < 0 && size > 0 ? "-" : "", size / one);
	if (shown > 0)
		*at++ = '.';
	for (one /= 10; shown > 0; shown--, one /= 10)
		*at++ = (char)('0' + size / one % 10);
	*at = '\0';
	return text;
}

int
money_add(int64_t *sum, int64_t v)
{
	int64_t total;

	if (__builtin_add_overflow(*sum, v, &total))
		return -1;
	*sum = total;
	return 0;
}

int64_t
money_max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
money_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}
