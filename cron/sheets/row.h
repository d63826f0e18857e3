/*
 * row.h: one row of a tab, cell by cell, as JSON.
 *
 * Cells are added in the order of the tab's columns, all of them. What is
 * not known is an empty cell, never 0.
 */
#ifndef SHEETS_ROW_H
#define SHEETS_ROW_H

#include <stdint.h>

#include "cron/sheets/tab.h"
#include "lib/base/buf.h"
#include "lib/trading/amount.h"

#define ROW_KEY_SIZE 192

struct row {
	const struct tab *tab;
	char key[ROW_KEY_SIZE];
	struct buf cells;
	size_t end[TAB_COLUMNS_MAX]; /* of each cell */
	int n;
};

void row_init(struct row *r);
void row_done(struct row *r);
void row_begin(struct row *r, const struct tab *tab);

void row_key(struct row *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void row_text(struct row *r, const char *s); /* NULL: empty */
void row_id(struct row *r, int64_t v);       /* as text */
void row_count(struct row *r, int64_t v);
void row_money(struct row *r, money_t v);
void row_amount(struct row *r, struct amount a);
void row_number(struct row *r, double v);      /* NAN: empty */
void row_time(struct row *r, int64_t ms);      /* 0: empty */
void row_date(struct row *r, const char *iso); /* "2026-11-21" */
void row_blank(struct row *r);
/* What stands in the sheet stays there: nothing newer is known. */
void row_keep(struct row *r);

const char *row_cell(const struct row *r, int i, size_t *len);
uint64_t row_hash(const struct row *r);

/* Rows that are used again and again. */
struct rows {
	struct row *list;
	int len, size;
};

void rows_done(struct rows *rows);
struct row *rows_add(struct rows *rows, const struct tab *tab);

#endif
