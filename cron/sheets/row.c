/* row.c: one row of a tab, cell by cell, as JSON. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/row.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/json/json.h"
#include "lib/trading/money.h"

/* A cell holds 50,000 characters; nothing of ours comes near. */
#define ROW_MAX (256 * 1024)
#define MS_A_DAY 86400000
#define DAYS_TO_1970 25569 /* of a sheet's calendar, from 1899-12-30 */

void
row_init(struct row *r)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->cells, ROW_MAX);
}

void
row_done(struct row *r)
{
	buf_done(&r->cells);
}

void
row_begin(struct row *r, const struct tab *tab)
{
	r->tab = tab;
	r->n = 0;
	*r->key = '\0';
	buf_reset(&r->cells);
}

static void
end_cell(struct row *r)
{
	assert(r != NULL && r->n < r->tab->columns && !r->cells.overflow);
	r->end[r->n++] = r->cells.len;
}

void
row_text(struct row *r, const char *s)
{
	buf_putc(&r->cells, '"');
	if (s != NULL)
		json_escape(&r->cells, s, strlen(s));
	buf_putc(&r->cells, '"');
	end_cell(r);
}

void
row_key(struct row *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->key, sizeof(r->key), fmt, ap);
	va_end(ap);
	row_text(r, r->key);
}

void
row_id(struct row *r, int64_t v)
{
	buf_printf(&r->cells, "\"%" PRId64 "\"", v);
	end_cell(r);
}

void
row_count(struct row *r, int64_t v)
{
	buf_printf(&r->cells, "%" PRId64, v);
	end_cell(r);
}

#define CELL_DIGITS 15

static int
digits_in(const char *number)
{
	int n = 0;

	for (; *number != '\0'; number++)
		n += *number >= '0' && *number <= '9';
	return n;
}

void
row_money(struct row *r, money_t v)
{
	char text[MONEY_SIZE];

	money_format(v, -1, text);
	/* a cell's number has 15 digits; one that needs more is a text */
	if (digits_in(text) > CELL_DIGITS) {
		row_text(r, text);
		return;
	}
	buf_puts(&r->cells, text);
	end_cell(r);
}

void
row_amount(struct row *r, struct amount a)
{
	if (a.known)
		row_money(r, a.v);
	else
		row_blank(r);
}

void
row_number(struct row *r, double v)
{
	char text[NUM_DOUBLE_SIZE];

	if (!isfinite(v)) {
		row_blank(r);
		return;
	}
	buf_puts(&r->cells, num_format(v, text));
	end_cell(r);
}

void
row_time(struct row *r, int64_t ms)
{
	if (ms > 0)
		row_number(r, (double)ms / MS_A_DAY + DAYS_TO_1970);
	else
		row_blank(r);
}

/* Days since 1970, by the calendar of the proleptic Gregorian years. */
static int64_t
days_from_date(int y, int m, int d)
{
	int64_t year = m <= 2 ? y - 1 : y, era = year / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

void
row_date(struct row *r, const char *iso)
{
	int y, m, d;

	if (sscanf(iso, "%4d-%2d-%2d", &y, &m, &d) == 3)
		row_count(r, days_from_date(y, m, d) + DAYS_TO_1970);
	else
		row_blank(r);
}

void
row_blank(struct row *r)
{
	row_text(r, NULL);
}

void
row_keep(struct row *r)
{
	buf_puts(&r->cells, "null");
	end_cell(r);
}

const char *
row_cell(const struct row *r, int i, size_t *len)
{
	size_t from = i > 0 ? r->end[i - 1] : 0;

	*len = r->end[i] - from;
	return r->cells.data + from;
}

uint64_t
row_hash(const struct row *r)
{
	assert(r->n == r->tab->columns);
	return hash_bytes(r->cells.data, r->cells.len);
}

void
rows_done(struct rows *rows)
{
	for (int i = 0; i < rows->size; i++)
		row_done(&rows->list[i]);
	free(rows->list);
	memset(rows, 0, sizeof(*rows));
}

struct row *
rows_add(struct rows *rows, const struct tab *tab)
{
	int size = rows->size;

	if (rows->len == size) {
		rows->size = size > 0 ? 2 * size : 64;
		rows->list = mem_grow(
		    rows->list, (size_t)rows->size, sizeof(*rows->list));
		for (; size < rows->size; size++)
			row_init(&rows->list[size]);
	}
	row_begin(&rows->list[rows->len], tab);
	return &rows->list[rows->len++];
}
