/* money.c: amounts as whole multiples of 1e-8, so that sums are exact. */
#include <ctype.h>
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

/* Units of 1e-8 that no single amount goes beyond. */
static const money_t most = (money_t)1000000000000000 * MONEY_ONE;

static int
decimal_scaled(const struct decimal *d, money_t *out)
{
	money_t v = 0;

	for (int place = 1 - d->point; place <= MONEY_DIGITS; place++) {
		v = v * 10 + digit_at(d, place);
		if (v > most)
			return -1;
	}
	if (digit_at(d, MONEY_DIGITS + 1) >= 5)
		v++;
	*out = d->negative ? -v : v;
	return 0;
}

int
money_from_double(double v, money_t *out)
{
	char text[NUM_DOUBLE_SIZE];
	struct decimal d;
	const char *end;

	if (!isfinite(v) || fabs(v) > MONEY_LIMIT)
		return -1;
	if (fabs(v) < 1e-9) {
		*out = 0;
		return 0;
	}
	end = decimal_scan(num_format(v, text), &d);
	if (end == NULL)
		return -1;
	if (*end == 'e')
		d.point += atoi(end + 1);
	return decimal_scaled(&d, out);
}

int
money_from_text(const char *s, money_t *out)
{
	struct decimal d;
	const char *end = decimal_scan(s, &d);

	if (end == NULL || *end != '\0')
		return -1;
	for (int i = d.point + MONEY_DIGITS; i < d.len; i++)
		if (i >= 0 && d.digit[i] != 0)
			return -1;
	return decimal_scaled(&d, out);
}

double
money_to_double(money_t v)
{
	char text[MONEY_SIZE];

	return strtod(money_format(v, -1, text), NULL);
}

__extension__ typedef unsigned __int128 size_of_money;

static size_of_money
size_of(money_t v)
{
	return v < 0 ? 0 - (size_of_money)v : (size_of_money)v;
}

/* The digits of v in front of `end`; the first of them. */
static char *
digits_before(char *end, size_of_money v, int at_least)
{
	for (; v > 0 || at_least > 0; v /= 10, at_least--)
		*--end = (char)('0' + (int)(v % 10));
	return end;
}

const char *
money_format(money_t v, int digits, char text[MONEY_SIZE])
{
	char whole[MONEY_SIZE], *end = whole + sizeof(whole) - 1, *at;
	size_of_money size = size_of(v);
	int shown = digits < 0 ? MONEY_DIGITS : digits;
	uint64_t unit = 1;

	for (int i = shown; i < MONEY_DIGITS; i++)
		unit *= 10;
	size = (size + unit / 2) / unit;
	while (digits < 0 && shown > 0 && size % 10 == 0) {
		size /= 10;
		shown--;
	}
	*end = '\0';
	at = digits_before(end, size, shown + 1);
	snprintf(text, MONEY_SIZE, "%s%.*s%s%s", v < 0 && size > 0 ? "-" : "",
	    (int)(end - at) - shown, at, shown > 0 ? "." : "", end - shown);
	return text;
}

const char *
money_to_units(money_t v, char text[MONEY_SIZE])
{
	char digits[MONEY_SIZE], *end = digits + sizeof(digits) - 1;

	*end = '\0';
	snprintf(text, MONEY_SIZE, "%s%s", v < 0 ? "-" : "",
	    digits_before(end, size_of(v), 1));
	return text;
}

int
money_from_units(const char *s, money_t *out)
{
	bool negative = *s == '-';
	money_t v = 0;

	s += negative;
	if (*s == '\0')
		return -1;
	for (; *s != '\0'; s++)
		if (!isdigit((unsigned char)*s) ||
		    __builtin_mul_overflow(v, (money_t)10, &v) ||
		    __builtin_sub_overflow(v, (money_t)(*s - '0'), &v))
			return -1;
	if (!negative && __builtin_sub_overflow((money_t)0, v, &v))
		return -1;
	*out = v;
	return 0;
}

int
money_add(money_t *sum, money_t v)
{
	money_t total;

	if (__builtin_add_overflow(*sum, v, &total))
		return -1;
	*sum = total;
	return 0;
}

money_t
money_max(money_t a, money_t b)
{
	return a > b ? a : b;
}

money_t
money_min(money_t a, money_t b)
{
	return a < b ? a : b;
}

/* The rest is less than whole: its product fits in 128 bits. */
money_t
money_share(money_t v, money_t part, money_t whole)
{
	return whole == 0 ? 0 : v / whole * part + v % whole * part / whole;
}
