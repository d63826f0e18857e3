/*
 * sheets.h: the rows of a Google spreadsheet: whose each is, for good, and
 * what it was last written with.
 *
 * sheet is the spreadsheet, tab the title of one of its tabs. Rows count from
 * 1, the header left out.
 */
#ifndef LIB_LEDGER_SHEETS_H
#define LIB_LEDGER_SHEETS_H

#include "lib/ledger/file.h"

/* The row of a key: given once, so that writing again overwrites itself. */
enum ledger_result ledger_sheet_row(struct ledger *l, const char *sheet,
    const char *tab, const char *key, int64_t *row);

/* What is known of the cells of a row. */
struct ledger_sheet_cells {
	bool written; /* by this ledger; else nothing is known of them */
	int64_t hash; /* what they hold; 0: written, perhaps */
};

typedef int (*ledger_sheet_row_fn)(int64_t row, const char *key,
    const struct ledger_sheet_cells *cells, void *arg);
/* In their order. */
enum ledger_result ledger_sheet_rows(struct ledger *l, const char *sheet,
    const char *tab, ledger_sheet_row_fn fn, void *arg);

enum ledger_result ledger_sheet_cells(struct ledger *l, const char *sheet,
    const char *tab, int64_t row, const struct ledger_sheet_cells *cells);
/* Those of all rows that were written: perhaps (hash 0), or no longer. */
enum ledger_result ledger_sheet_all_cells(struct ledger *l, const char *sheet,
    const char *tab, const struct ledger_sheet_cells *cells);

/* Where the column of keys was; NOT_FOUND: the tab was never filled. */
enum ledger_result ledger_sheet_key_column(
    struct ledger *l, const char *sheet, const char *tab, int *column);
enum ledger_result ledger_sheet_filled(
    struct ledger *l, const char *sheet, const char *tab, int key_column);

#endif
