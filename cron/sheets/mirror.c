/* mirror.c: what each row of a tab was last written with, as hashes. */
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/mirror.h"
#include "lib/base/buf.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"

#define MAGIC UINT64_C(0x31736865657473) /* and the version */
#define ROWS_MAX 10000000
#define FILE_MAX (ROWS_MAX * sizeof(struct mirror_row) + sizeof(struct head))

struct head {
	uint64_t magic, spreadsheet, key_column, len;
	uint64_t sum; /* of the rows */
};

static void
slot_put(struct mirror *m, int row)
{
	uint64_t key = m->rows[row - 1].key;
	size_t mask = (size_t)m->slots_len - 1;
	size_t i = key & mask;

	while (m->slots[i] != 0 && m->rows[m->slots[i] - 1].key != key)
		i = (i + 1) & mask;
	if (m->slots[i] == 0)
		m->slots_used++;
	m->slots[i] = row;
}

/* A slot whose row took another key since leads nowhere, but what lies
 * behind it is still found; here such slots go. */
static void
index_rows(struct mirror *m)
{
	int len = 1024;

	while (len < 3 * (m->len + 1))
		len *= 2;
	free(m->slots);
	m->slots = mem_new((size_t)len, sizeof(*m->slots));
	m->slots_len = len;
	m->slots_used = 0;
	for (int row = 1; row <= m->len; row++)
		if (m->rows[row - 1].key != 0)
			slot_put(m, row);
}

static void
reserve(struct mirror *m, int rows)
{
	int size = m->size > 0 ? m->size : 256;

	while (size < rows)
		size *= 2;
	if (size == m->size)
		return;
	m->rows = mem_grow(m->rows, (size_t)size, sizeof(*m->rows));
	memset(
	    m->rows + m->size, 0, (size_t)(size - m->size) * sizeof(*m->rows));
	m->size = size;
}

static void
take(struct mirror *m, const char *data, size_t len)
{
	struct head h;

	if (len < sizeof(h))
		return;
	memcpy(&h, data, sizeof(h));
	if (h.magic != MAGIC || h.spreadsheet != m->spreadsheet ||
	    h.key_column >= 18278 || h.len > ROWS_MAX ||
	    len != sizeof(h) + h.len * sizeof(*m->rows) ||
	    h.sum != hash_bytes(data + sizeof(h), len - sizeof(h)))
		return;
	m->key_column = (int)h.key_column;
	reserve(m, (int)h.len);
	m->len = (int)h.len;
	memcpy(m->rows, data + sizeof(h), len - sizeof(h));
}

void
mirror_load(struct mirror *m, const char *state_dir, const struct tab *tab,
    uint64_t spreadsheet)
{
	size_t len;
	char *data;

	memset(m, 0, sizeof(*m));
	m->file = mem_printf("%s/sheets-%d.rows", state_dir, tab->sheet_id);
	m->spreadsheet = spreadsheet;
	m->key_column = tab->key;
	reserve(m, 1);
	if ((data = file_read(m->file, FILE_MAX, &len)) != NULL)
		take(m, data, len);
	free(data);
	index_rows(m);
}

void
mirror_done(struct mirror *m)
{
	free(m->file);
	free(m->rows);
	free(m->slots);
	memset(m, 0, sizeof(*m));
}

int
mirror_save(struct mirror *m)
{
	size_t size = (size_t)m->len * sizeof(*m->rows);
	struct head h = {MAGIC, m->spreadsheet, (uint64_t)m->key_column,
	    (uint64_t)m->len, hash_bytes(m->rows, size)};
	char *data;
	int rc;

	if (!m->changed)
		return 0;
	data = mem_new(1, sizeof(h) + size);
	memcpy(data, &h, sizeof(h));
	memcpy(data + sizeof(h), m->rows, size);
	rc = file_write(m->file, data, sizeof(h) + size, 0600);
	free(data);
	if (rc == 0)
		m->changed = false;
	return rc;
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
	static const struct mirror_row none = {0, 0};

	return row >= 1 && row <= m->len ? m->rows[row - 1] : none;
}

void
mirror_set(struct mirror *m, int row, uint64_t key, uint64_t cells)
{
	struct mirror_row *r;

	reserve(m, row);
	r = &m->rows[row - 1];
	if (row <= m->len && r->key == key && r->cells == cells)
		return;
	m->changed = true;
	if (row > m->len)
		m->len = row;
	r->cells = cells;
	if (r->key == key)
		return;
	r->key = key;
	if (3 * m->slots_used > 2 * m->slots_len)
		index_rows(m);
	else if (key != 0)
		slot_put(m, row);
}

void
mirror_doubt(struct mirror *m)
{
	for (int i = 0; i < m->len; i++)
		m->rows[i].cells = 0;
	m->changed = true;
}

void
mirror_forget(struct mirror *m)
{
	memset(m->rows, 0, (size_t)m->size * sizeof(*m->rows));
	m->len = 0;
	m->changed = true;
	index_rows(m);
}
