/* mirror.c: what the ledger knows of each row of a tab. */
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/mirror.h"
#include "lib/base/mem.h"

#define ROWS_MAX 10000000 /* cells of a whole spreadsheet */

static void
slot_put(struct mirror *m, int row)
{
	size_t mask = (size_t)m->slots_len - 1;
	size_t i = m->rows[row - 1].key & mask;

	while (m->slots[i] != 0)
		i = (i + 1) & mask;
	m->slots[i] = row;
	m->slots_used++;
}

/* Room for that many keys, at most two thirds full. */
static void
reserve_slots(struct mirror *m, int keys)
{
	int len = 1024;

	while (2 * len < 3 * (keys + 1))
		len *= 2;
	if (len <= m->slots_len)
		return;
	free(m->slots);
	m->slots = mem_new((size_t)len, sizeof(*m->slots));
	m->slots_len = len;
	m->slots_used = 0;
	for (int row = 1; row <= m->len; row++)
		if (m->rows[row - 1].key != 0)
			slot_put(m, row);
}

static void
set_key(struct mirror *m, int row, uint64_t key)
{
	int size = m->size > 0 ? m->size : 256;

	while (size < row)
		size *= 2;
	if (size > m->size) {
		m->rows = mem_grow(m->rows, (size_t)size, sizeof(*m->rows));
		memset(m->rows + m->size, 0,
		    (size_t)(size - m->size) * sizeof(*m->rows));
		m->size = size;
	}
	reserve_slots(m, m->slots_used + 1);
	m->rows[row - 1].key = key;
	if (row > m->len)
		m->len = row;
	slot_put(m, row);
}

static int
take_row(int64_t row, const char *key, const struct ledger_sheet_cells *cells,
    void *arg)
{
	struct mirror *m = arg;

	if (row < 1 || row > ROWS_MAX)
		return 0;
	set_key(m, (int)row, hash_text(key));
	m->rows[row - 1].written = cells->written;
	m->rows[row - 1].cells = (uint64_t)cells->hash;
	return 0;
}

enum ledger_result
mirror_load(struct mirror *m, struct ledger *ledger, const char *sheet,
    const struct tab *tab, bool dry)
{
	enum ledger_result rc;

	memset(m, 0, sizeof(*m));
	m->ledger = ledger;
	m->dry = dry;
	m->sheet = sheet;
	m->title = tab->title;
	m->key_column = tab->key;
	reserve_slots(m, 0);
	rc = ledger_sheet_key_column(ledger, sheet, m->title, &m->key_column);
	m->filled = rc == LEDGER_OK;
	if (rc == LEDGER_OK || rc == LEDGER_NOT_FOUND)
		rc = ledger_sheet_rows(ledger, sheet, m->title, take_row, m);
	return rc;
}

void
mirror_done(struct mirror *m)
{
	free(m->rows);
	free(m->slots);
	memset(m, 0, sizeof(*m));
}

int
mirror_find(const struct mirror *m, uint64_t key)
{
	size_t mask = (size_t)m->slots_len - 1;
	size_t i = key & mask;

	for (; m->slots[i] != 0; i = (i + 1) & mask)
		if (m->rows[m->slots[i] - 1].key == key)
			return m->slots[i];
	return 0;
}

struct mirror_row
mirror_row(const struct mirror *m, int row)
{
	static const struct mirror_row none = {.written = false};

	return row >= 1 && row <= m->len ? m->rows[row - 1] : none;
}

enum ledger_result
mirror_add(struct mirror *m, const char *key, int *row)
{
	enum ledger_result rc;
	int64_t given;

	rc = ledger_sheet_row(m->ledger, m->sheet, m->title, key, &given);
	if (rc != LEDGER_OK)
		return rc;
	if (given < 1 || given > ROWS_MAX)
		return LEDGER_ERROR;
	*row = (int)given;
	if (mirror_row(m, *row).key == 0)
		set_key(m, *row, hash_text(key));
	return LEDGER_OK;
}

static enum ledger_result
set_cells(struct mirror *m, int row, bool written, uint64_t cells)
{
	const struct ledger_sheet_cells now = {written, (int64_t)cells};
	struct mirror_row *r;

	if (row < 1 || row > m->len)
		return LEDGER_OK; /* a row of nobody's: not in the ledger */
	r = &m->rows[row - 1];
	if (r->written == written && r->cells == cells)
		return LEDGER_OK;
	r->written = written;
	r->cells = cells;
	if (m->dry)
		return LEDGER_OK;
	return ledger_sheet_cells(m->ledger, m->sheet, m->title, row, &now);
}

enum ledger_result
mirror_note(struct mirror *m, int row, uint64_t cells)
{
	return set_cells(m, row, true, cells);
}

enum ledger_result
mirror_emptied(struct mirror *m, int row)
{
	return set_cells(m, row, false, 0);
}

static enum ledger_result
set_all(struct mirror *m, bool written)
{
	const struct ledger_sheet_cells now = {written, MIRROR_PERHAPS};
	bool any = false;

	for (int i = 0; i < m->len; i++) {
		any = any || m->rows[i].written;
		m->rows[i].written = m->rows[i].written && written;
		m->rows[i].cells = MIRROR_PERHAPS;
	}
	if (!any || m->dry)
		return LEDGER_OK;
	return ledger_sheet_all_cells(m->ledger, m->sheet, m->title, &now);
}

enum ledger_result
mirror_doubt(struct mirror *m)
{
	return set_all(m, true);
}

enum ledger_result
mirror_forget(struct mirror *m)
{
	return set_all(m, false);
}

enum ledger_result
mirror_filled(struct mirror *m, int key_column)
{
	if (m->dry || (m->filled && m->key_column == key_column))
		return LEDGER_OK;
	m->filled = true;
	m->key_column = key_column;
	return ledger_sheet_filled(m->ledger, m->sheet, m->title, key_column);
}
