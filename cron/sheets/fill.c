/* fill.c: writes one tab: what changed, each row to its own place. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/prepare.h"
#include "cron/sheets/sheets.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

/* What is under way in one tab. */
struct fill {
	struct sheets *run;
	int tab;
	const struct tab *def;
	struct book_tab *book;
	struct mirror *mirror;
	bool *visited;
	int visited_size, rows; /* rows: visited in all */
	int *place; /* of each row of a bite; 0: dry run, a new one */
	int place_size;
};

/* ---- what was done by hand ---- */

static void
refuse_order(struct fill *f, int row)
{
	book_refuse(f->book,
	    "row %d is not where it was put (rows were sorted, added or "
	    "deleted by hand), and beside our columns there is \"%.60s\": put "
	    "the rows back, or move that column to another tab, or rename "
	    "this one and have it made anew",
	    row + 1, f->book->beside);
}

/*
 * Rows that hold the key of another row of ours were moved by hand. Rows of
 * ours where this ledger never wrote any were written by another one (this is
 * a copy of an older state): what it says of the others may be old, too.
 */
static enum sheets_result
look_for_moves(struct fill *f)
{
	int first = 0, moved = 0, unknown = 0;
	struct mirror_row m;
	struct book_seen seen;

	for (int row = 1; row <= f->book->seen_len; row++) {
		m = mirror_row(f->mirror, row);
		seen = book_seen(f->book, row);
		if (seen.kind == BOOK_EMPTY || seen.key == m.key)
			continue;
		if (m.written && moved++ == 0)
			first = row;
		unknown += !m.written && seen.kind == BOOK_OURS;
	}
	if (moved > 0 && f->book->beside != NULL) {
		refuse_order(f, first);
		return SHEETS_DONE;
	}
	if (moved > 0)
		log_warnx(
		    "tab=\"%s\" moved=%d: rows were sorted, added or "
		    "deleted by hand: all are written again in their order",
		    f->def->title, moved);
	else if (unknown > 0)
		log_warnx("tab=\"%s\" unknown=%d: rows were written by another "
			  "ledger: all are written again",
		    f->def->title, unknown);
	f->run->moved += moved;
	return moved + unknown > 0
		   ? sheets_ledger(f->run, mirror_doubt(f->mirror))
		   : SHEETS_DONE;
}

/* May this key be written to that row? */
static bool
is_free(struct fill *f, int row, uint64_t key)
{
	struct book_seen seen = book_seen(f->book, row);

	if (seen.kind == BOOK_EMPTY || seen.key == key)
		return true;
	if (seen.kind == BOOK_FOREIGN) {
		book_refuse(f->book,
		    "row %d is needed and holds something that is not ours "
		    "(the first such is in row %d: \"%s\"): move it to "
		    "another tab",
		    row + 1, f->book->foreign.row + 1, f->book->foreign.text);
		return false;
	}
	if (f->book->beside != NULL)
		refuse_order(f, row);
	return f->book->beside == NULL;
}

/* ---- places ---- */

static void
visit(struct fill *f, int row)
{
	int size = f->visited_size;

	assert(row >= 0);
	if (row >= size) {
		while (row >= size)
			size = size > 0 ? 2 * size : 1024;
		f->visited =
		    mem_grow(f->visited, (size_t)size, sizeof(*f->visited));
		memset(f->visited + f->visited_size, 0,
		    (size_t)(size - f->visited_size) * sizeof(*f->visited));
		f->visited_size = size;
	}
	f->visited[row] = true;
}

static bool
was_visited(const struct fill *f, int row)
{
	return row < f->visited_size && f->visited[row];
}

/* The places of a bite, new ones given in one transaction. */
static enum ledger_result
find_places(struct fill *f, const struct rows *rows)
{
	struct ledger *l = f->run->ledger;
	enum ledger_result rc = LEDGER_OK;
	bool writing = false;
	const char *key;

	if (f->place_size < rows->len) {
		f->place_size = rows->len;
		f->place = mem_grow(
		    f->place, (size_t)f->place_size, sizeof(*f->place));
	}
	for (int i = 0; i < rows->len && rc == LEDGER_OK; i++) {
		key = rows->list[i].key;
		f->place[i] = mirror_find(f->mirror, hash_text(key));
		if (f->place[i] != 0 || f->run->dry)
			continue;
		if (!writing && (rc = ledger_begin(l)) != LEDGER_OK)
			return rc;
		writing = true;
		rc = mirror_add(f->mirror, key, &f->place[i]);
	}
	if (!writing)
		return rc;
	if (rc == LEDGER_OK)
		return ledger_commit(l);
	ledger_rollback(l);
	return rc;
}

/* ---- rows ---- */

/* Room in its grid; a tab that Google gives none is left alone. */
static enum sheets_result
make_room(struct fill *f, int rows)
{
	enum google_result rc = prepare_grid(&f->run->book, f->book, rows);

	if (rc != GOOGLE_BAD)
		return sheets_google(f->run, rc);
	book_refuse(
	    f->book, "has no room for its rows: %s", book_error(&f->run->book));
	return SHEETS_DONE;
}

static void
print_row(const struct fill *f, int row, const struct row *r)
{
	if (row == 0)
		printf("%s new", f->def->title);
	else
		printf("%s row %d", f->def->title, row + 1);
	if (r == NULL)
		printf(" emptied\n");
	else
		printf(" [%.*s]\n", (int)r->cells.len, r->cells.data);
}

static enum google_result
put_row(struct fill *f, int row, const struct row *r)
{
	uint64_t key = hash_text(r->key);
	struct mirror_row was = mirror_row(f->mirror, row);
	bool there = row != 0 && book_seen(f->book, row).key == key;
	bool doubted = was.written && was.cells == MIRROR_PERHAPS;

	if (row != 0) {
		visit(f, row);
		f->rows++;
		if (!f->run->full && there && was.written &&
		    was.cells == row_hash(r))
			return GOOGLE_OK;
		if (!is_free(f, row, key))
			return GOOGLE_OK; /* refused: nothing is written */
	}
	if (f->run->dry) {
		print_row(f, row, r);
		return GOOGLE_OK;
	}
	return batch_row(&f->run->batch, f->tab, row, r,
	    there && !doubted && !f->book->legacy);
}

static enum sheets_result
put_bite(struct fill *f, const struct rows *rows)
{
	enum ledger_result found = find_places(f, rows);
	enum sheets_result roomy = SHEETS_DONE;
	enum google_result rc = GOOGLE_OK;
	int last = 0;

	if (found != LEDGER_OK)
		return sheets_ledger(f->run, found);
	for (int i = 0; i < rows->len; i++)
		if (f->place[i] > last)
			last = f->place[i];
	if (!f->run->dry)
		roomy = make_room(f, last);
	if (roomy != SHEETS_DONE)
		return roomy;
	for (int i = 0; i < rows->len && rc == GOOGLE_OK; i++)
		if (f->book->refused == NULL)
			rc = put_row(f, f->place[i], &rows->list[i]);
	return sheets_google(f->run, rc);
}

static enum sheets_result
put_rows(struct fill *f)
{
	struct source *source = f->run->source;
	enum sheets_result rc = SHEETS_DONE;
	int more = 0;

	source_begin(source, (enum tab_id)f->tab);
	while (rc == SHEETS_DONE && f->book->refused == NULL &&
	       (more = source_next(source)) == 1)
		rc = put_bite(f, &source->rows);
	return more == -1 ? sheets_ledger(f->run, LEDGER_ERROR) : rc;
}

/* ---- rows that are no longer ours ---- */

static bool
is_leftover(const struct fill *f, int row)
{
	return !was_visited(f, row) &&
	       (mirror_row(f->mirror, row).written ||
		   book_seen(f->book, row).kind == BOOK_OURS) &&
	       book_seen(f->book, row).kind != BOOK_FOREIGN;
}

static enum sheets_result
empty_leftovers(struct fill *f)
{
	enum google_result rc = GOOGLE_OK;
	int last = f->mirror->len, n = 0;

	if (f->book->seen_len > last)
		last = f->book->seen_len;
	for (int row = 1; row <= last; row++)
		n += is_leftover(f, row);
	if (n > 0 && f->rows == 0) {
		book_refuse(f->book,
		    "the ledger has none of its %d rows: it is not emptied", n);
		return SHEETS_DONE;
	}
	for (int row = 1; n > 0 && row <= last && rc == GOOGLE_OK; row++) {
		if (!is_leftover(f, row))
			continue;
		f->run->blanked++;
		if (f->run->dry)
			print_row(f, row, NULL);
		else
			rc = batch_blank(&f->run->batch, f->tab, row);
	}
	return sheets_google(f->run, rc);
}

/* ---- the tab ---- */

enum sheets_result
fill_tab(struct sheets *s, int tab)
{
	struct fill f = {.run = s,
	    .tab = tab,
	    .def = tab_get((enum tab_id)tab),
	    .book = &s->book.tab[tab],
	    .mirror = &s->mirror[tab]};
	enum sheets_result rc;

	rc = look_for_moves(&f);
	if (rc == SHEETS_DONE && f.book->refused == NULL && !s->dry)
		rc = make_room(&f, 1);
	if (rc == SHEETS_DONE && f.book->refused == NULL && !s->dry)
		rc = sheets_google(s, batch_header(&s->batch, tab));
	if (rc == SHEETS_DONE && f.book->refused == NULL)
		rc = put_rows(&f);
	if (rc == SHEETS_DONE && f.book->refused == NULL)
		rc = empty_leftovers(&f);
	free(f.visited);
	free(f.place);
	return rc;
}
