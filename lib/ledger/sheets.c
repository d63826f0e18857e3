/* sheets.c: the rows of a Google spreadsheet, as sheets.h has them. */
#include "lib/ledger/db.h"
#include "lib/ledger/sheets.h"

static enum ledger_result
sheet_row_get(struct ledger *l, const char *sheet, const char *tab,
    const char *key, int64_t *row)
{
	struct query q;

	query_init(&q, l, SQL_SHEET_ROW_GET);
	put_text(&q, sheet);
	put_text(&q, tab);
	put_text(&q, key);
	if (query_next(&q))
		*row = take_int(&q);
	return query_found(&q);
}

enum ledger_result
ledger_sheet_row(struct ledger *l, const char *sheet, const char *tab,
    const char *key, int64_t *row)
{
	struct query q;
	enum ledger_result r;
	bool own;

	r = sheet_row_get(l, sheet, tab, key, row);
	if (r != LEDGER_NOT_FOUND)
		return r;
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = sheet_row_get(l, sheet, tab, key, row);
	if (r == LEDGER_NOT_FOUND) {
		query_init(&q, l, SQL_SHEET_ROW_ADD);
		put_text(&q, sheet);
		put_text(&q, tab);
		put_text(&q, key);
		r = query_run(&q);
		if (r == LEDGER_OK)
			r = sheet_row_get(l, sheet, tab, key, row);
	}
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_sheet_rows(struct ledger *l, const char *sheet, const char *tab,
    ledger_sheet_row_fn fn, void *arg)
{
	struct ledger_sheet_cells cells;
	struct amount hash;
	struct query q;
	const char *key;
	int64_t row;

	query_init(&q, l, SQL_SHEET_ROWS);
	put_text(&q, sheet);
	put_text(&q, tab);
	while (query_next(&q)) {
		row = take_int(&q);
		key = take_text(&q);
		hash = take_amount(&q);
		cells.written = hash.known;
		cells.hash = (int64_t)hash.v;
		if (fn(row, key, &cells, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_sheet_cells(struct ledger *l, const char *sheet, const char *tab,
    int64_t row, const struct ledger_sheet_cells *cells)
{
	struct query q;

	query_init(&q, l, SQL_SHEET_CELLS);
	put_known(&q, cells->written, cells->hash);
	put_text(&q, sheet);
	put_text(&q, tab);
	put_int(&q, row);
	return query_write(&q);
}

enum ledger_result
ledger_sheet_all_cells(struct ledger *l, const char *sheet, const char *tab,
    const struct ledger_sheet_cells *cells)
{
	struct query q;

	query_init(&q, l, SQL_SHEET_ALL_CELLS);
	put_known(&q, cells->written, cells->hash);
	put_text(&q, sheet);
	put_text(&q, tab);
	return query_write(&q);
}

enum ledger_result
ledger_sheet_key_column(
    struct ledger *l, const char *sheet, const char *tab, int *column)
{
	struct query q;

	query_init(&q, l, SQL_SHEET_TAB_GET);
	put_text(&q, sheet);
	put_text(&q, tab);
	if (query_next(&q))
		*column = take_small(&q);
	return query_found(&q);
}

enum ledger_result
ledger_sheet_filled(
    struct ledger *l, const char *sheet, const char *tab, int key_column)
{
	struct query q;

	query_init(&q, l, SQL_SHEET_TAB_PUT);
	put_text(&q, sheet);
	put_text(&q, tab);
	put_int(&q, key_column);
	return query_write(&q);
}
