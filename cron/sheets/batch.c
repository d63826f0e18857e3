/* batch.c: cells gathered from all tabs, sent as one values:batchUpdate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/a1.h"
#include "cron/sheets/batch.h"
#include "lib/base/mem.h"

/* What closing a range and the body takes, and what a gap's nulls take. */
#define TAIL (A1_SIZE + 256)

void
batch_init(struct batch *b, struct ledger *ledger, struct book *book,
    struct mirror *mirror)
{
	memset(b, 0, sizeof(*b));
	b->ledger = ledger;
	b->book = book;
	b->mirror = mirror;
	b->tab = -1;
	json_init(&b->j, BATCH_MAX);
}

void
batch_done(struct batch *b)
{
	json_done(&b->j);
	free(b->marks);
	free(b->ranges);
	memset(b, 0, sizeof(*b));
}

const char *
batch_error(const struct batch *b)
{
	return *b->error != '\0' ? b->error : book_error(b->book);
}

static int
first_column(const struct book_tab *t)
{
	int first = t->column[0];

	for (int i = 1; i < t->tab->columns; i++)
		if (t->column[i] < first)
			first = t->column[i];
	return first;
}

static int
ours_at(const struct book_tab *t, int column)
{
	for (int i = 0; i < t->tab->columns; i++)
		if (t->column[i] == column)
			return i;
	return -1;
}

/* ---- ranges ---- */

static void
close_range(struct batch *b)
{
	const struct book_tab *t;
	char range[A1_SIZE];

	if (b->tab == -1)
		return;
	t = &b->book->tab[b->tab];
	json_end(&b->j);
	json_string(&b->j, "range",
	    a1_range(t->tab->title, first_column(t), b->first,
		book_last_column(t), b->next - 1, range));
	json_end(&b->j);
	b->ranges[b->ranges_len - 1].to = b->j.out.len;
	b->tab = -1;
}

/* Rows that follow one another are one range. */
static void
open_range(struct batch *b, int tab, int row)
{
	if (b->tab == tab && b->next == row)
		return;
	close_range(b);
	if (b->j.out.len == 0) {
		json_object(&b->j, NULL);
		json_string(&b->j, "valueInputOption", "RAW");
		json_array(&b->j, "data");
	}
	b->ranges = mem_room(b->ranges, (size_t)b->ranges_len, &b->ranges_size,
	    sizeof(*b->ranges));
	b->ranges[b->ranges_len].tab = tab;
	/* behind the comma, where there is one */
	b->ranges[b->ranges_len].from = b->j.out.len + (b->ranges_len > 0);
	b->ranges_len++;
	json_object(&b->j, NULL);
	json_array(&b->j, "values");
	b->tab = tab;
	b->first = b->next = row;
}

static enum google_result
make_room(struct batch *b, size_t more)
{
	if (b->j.out.len + more + TAIL < BATCH_MAX)
		return GOOGLE_OK;
	return batch_send(b);
}

static size_t
width(const struct book_tab *t)
{
	return (size_t)(book_last_column(t) - first_column(t) + 1);
}

/* ---- rows ---- */

/* null leaves a cell alone, "" empties it. */
static void
put_cells(
    struct batch *b, const struct book_tab *t, const struct row *r, bool sure)
{
	const char *cell;
	size_t len;
	int i;

	json_array(&b->j, NULL);
	for (int c = first_column(t); c <= book_last_column(t); c++) {
		i = ours_at(t, c);
		if (i == -1) {
			json_null(&b->j, NULL);
			continue;
		}
		cell = r != NULL ? row_cell(r, i, &len) : "\"\"";
		if (r == NULL || (*cell == 'n' && !sure)) {
			cell = "\"\"";
			len = 2;
		}
		json_raw(&b->j, NULL, cell, len);
	}
	json_end(&b->j);
	b->next++;
}

static void
mark(struct batch *b, int tab, int row, bool emptied, uint64_t cells)
{
	b->marks =
	    mem_room(b->marks, (size_t)b->len, &b->size, sizeof(*b->marks));
	b->marks[b->len++] = (struct batch_mark){tab, row, emptied, cells};
	b->rows++;
}

enum google_result
batch_row(struct batch *b, int tab, int row, const struct row *r, bool sure)
{
	const struct book_tab *t = &b->book->tab[tab];
	enum google_result rc;

	rc = make_room(b, r->cells.len + 6 * width(t));
	if (rc != GOOGLE_OK)
		return rc;
	open_range(b, tab, row + 1);
	put_cells(b, t, r, sure);
	mark(b, tab, row, false, row_hash(r));
	return GOOGLE_OK;
}

enum google_result
batch_blank(struct batch *b, int tab, int row)
{
	const struct book_tab *t = &b->book->tab[tab];
	enum google_result rc;

	rc = make_room(b, 6 * width(t));
	if (rc != GOOGLE_OK)
		return rc;
	open_range(b, tab, row + 1);
	put_cells(b, t, NULL, false);
	mark(b, tab, row, true, 0);
	return GOOGLE_OK;
}

enum google_result
batch_header(struct batch *b, int tab)
{
	const struct book_tab *t = &b->book->tab[tab];
	enum google_result rc;
	int i, unnamed = 0;

	for (i = 0; i < t->tab->columns; i++)
		unnamed += t->unnamed[i];
	if (unnamed == 0)
		return GOOGLE_OK;
	rc = make_room(b, 64 * (size_t)TAB_COLUMNS_MAX + 6 * width(t));
	if (rc != GOOGLE_OK)
		return rc;
	open_range(b, tab, 1);
	json_array(&b->j, NULL);
	for (int c = first_column(t); c <= book_last_column(t); c++) {
		i = ours_at(t, c);
		if (i != -1 && t->unnamed[i])
			json_string(&b->j, NULL, t->tab->column[i].name);
		else
			json_null(&b->j, NULL);
	}
	json_end(&b->j);
	b->next++;
	return GOOGLE_OK;
}

/* ---- sending ---- */

#define ALL_TABS (-1)

/* In one transaction. certain: it was answered; else it is sent now. A row
 * that is emptied stays written until it is certain. */
static int
note(struct batch *b, int tab, bool certain)
{
	enum ledger_result rc = ledger_begin(b->ledger);
	const struct batch_mark *m;
	struct mirror *mirror;

	for (m = b->marks; m < b->marks + b->len && rc == LEDGER_OK; m++) {
		if (tab != ALL_TABS && m->tab != tab)
			continue;
		mirror = &b->mirror[m->tab];
		if (!certain)
			rc = mirror_note(mirror, m->row, MIRROR_PERHAPS);
		else if (m->emptied)
			rc = mirror_emptied(mirror, m->row);
		else
			rc = mirror_note(mirror, m->row, m->cells);
	}
	if (rc == LEDGER_OK)
		rc = ledger_commit(b->ledger);
	else
		ledger_rollback(b->ledger);
	if (rc == LEDGER_OK)
		return 0;
	snprintf(b->error, sizeof(b->error), "ledger: %.200s",
	    ledger_error(b->ledger) != NULL ? ledger_error(b->ledger)
					    : ledger_result_word(rc));
	return -1;
}

static enum google_result
write_cells(struct batch *b, int tab, const char *text, size_t len)
{
	enum google_result rc = google_write(b->book->google,
	    "/values:batchUpdate?fields=totalUpdatedCells", text, len, NULL,
	    NULL);

	if (rc == GOOGLE_OK && note(b, tab, true) == -1)
		rc = GOOGLE_LATER; /* it is written once more */
	return rc;
}

/* The ranges of one tab, out of the text of all. */
static enum google_result
send_tab(struct batch *b, int tab, const char *all)
{
	enum google_result rc;
	struct buf out;
	int n = 0;

	buf_init(&out, BATCH_MAX);
	buf_puts(&out, "{\"valueInputOption\":\"RAW\",\"data\":[");
	for (int i = 0; i < b->ranges_len; i++) {
		const struct batch_range *r = &b->ranges[i];

		if (r->tab != tab)
			continue;
		if (n++ > 0)
			buf_puts(&out, ",");
		buf_add(&out, all + r->from, r->to - r->from);
	}
	buf_puts(&out, "]}");
	rc = n > 0 ? write_cells(b, tab, out.data, out.len) : GOOGLE_OK;
	buf_done(&out);
	if (rc != GOOGLE_BAD)
		return rc;
	book_refuse(
	    &b->book->tab[tab], "is not written: %s", book_error(b->book));
	return GOOGLE_OK;
}

enum google_result
batch_send(struct batch *b)
{
	enum google_result rc;
	const char *text;
	size_t len;

	if (b->j.out.len == 0)
		return GOOGLE_OK;
	close_range(b);
	json_end(&b->j);
	json_end(&b->j);
	if (note(b, ALL_TABS, false) == -1)
		return GOOGLE_LATER;
	if ((text = json_text(&b->j, &len)) == NULL)
		abort(); /* make_room is wrong */
	rc = write_cells(b, ALL_TABS, text, len);
	if (rc == GOOGLE_BAD) {
		rc = GOOGLE_OK;
		for (int i = 0; i < TAB_COUNT && rc == GOOGLE_OK; i++)
			rc = send_tab(b, i, text);
	}
	json_reset(&b->j);
	b->len = b->ranges_len = 0;
	return rc;
}
