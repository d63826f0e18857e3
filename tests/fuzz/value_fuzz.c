/* value_fuzz.c: single values: numbers, money, time zones, URLs, UTF-8. */
#include <stdbool.h>

#include "lib/base/num.h"
#include "lib/base/url.h"
#include "lib/base/utf8.h"
#include "lib/trading/money.h"
#include "tests/fuzz/fuzz.h"

/* What is written of it reads back as the same. */
static void
number(const char *text)
{
	char again[NUM_DOUBLE_SIZE];
	double v, w;

	if (num_double(text, &v) == -1)
		return;
	num_format(v, again);
	if (num_double(again, &w) == -1 || w != v)
		abort();
}

static void
amount(const char *text)
{
	char again[MONEY_SIZE];
	money_t v, w;

	if (money_from_text(text, &v) == -1)
		return;
	money_format(v, -1, again);
	if (money_from_text(again, &w) == -1 || w != v)
		abort();
}

/* Escaped, it decodes to the same bytes. */
static void
escaped(const char *text)
{
	struct buf b;
	const char *p;
	size_t n = 0;
	int byte;

	buf_init(&b, 4 * FUZZ_SIZE_MAX);
	url_escape(&b, text);
	for (p = b.data != NULL ? b.data : ""; *p != '\0'; n++) {
		byte = *p == '%' ? url_byte(p) : (unsigned char)*p;
		if (byte != (unsigned char)text[n])
			abort();
		p += *p == '%' ? 3 : 1;
	}
	if (text[n] != '\0')
		abort();
	buf_done(&b);
}

static void
fuzz_one(const char *text, size_t len)
{
	char *copy = mem_strndup(text, len);
	int64_t v;

	number(copy);
	amount(copy);
	escaped(copy);
	num_int64(copy, INT64_MIN, INT64_MAX, &v);
	utf8_valid(copy, strlen(copy));
	free(copy);
}
