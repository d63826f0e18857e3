/* fill.c: writes one tab: what changed, each row to its own place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/sync.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/ledger/jobs.h"

/* What is under way in one tab. */
struct fill {
	struct sync *sync;
	int tab;
	const struct tab *def;
	struct book_tab *book;
	struct mirror *mirror;
	bool trust;    /* the mirror's rows; else each is the ledger's to say */
	bool conflict; /* they were found to be another ledger's */
	bool *visited;
	int visited_size, rows; /* rows: visited in all */
	int *place; /* of each row of a bite; 0: dry run, a new one */
	int place_size;
};

/* ---- what was done by hand ---- */

/* Rows that hold the key of another row of ours. */
static int
count_moved(const struct fill *f, int *first)
{
	struct mirror_row m;
	struct book_seen seen;
	int n = 0;

	for (int row = 1; row <= f->mirror->len; row++) {
		m = mirror_row(f->mirror, row);
		seen = book_seen(f->book, row);
		if (m.key == 0 || seen.kind == BOOK_EMPTY || seen.key == m.key)
			continue;
		if (n++ == 0)
			*first = row;
	}
	return n;
}

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

static enum sync_result
look_for_moves(struct fill *f)
{
	int first = 0, moved = count_moved(f, &first);

	if (moved == 0)
		return SYNC_DONE;
	if (f->book->beside != NULL) {
		refuse_order(f, first);
		return SYNC_DONE;
	}
	log_warnx("tab=\"%s\" moved=%d: rows were sorted, added or deleted by "
		  "hand: all are written again in their order",
	    f->def->title, moved);
	f->sync->moved += moved;
	mirror_doubt(f->mirror);
	return SYNC_DONE;
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

/* From the ledger, for good. -1: ledger_error. */
static int
give_place(struct fill *f, const struct row *r, uint64_t key)
{
	int64_t row;
	uint64_t old;

	if (ledger_sheet_row(f->sync->ledger, f->sync->sheet, f->def->title,
		r->key, &row) != LEDGER_OK ||
	    row < 1 || row > 10000000)
		return -1;
	old = mirror_row(f->mirror, (int)row).key;
	if (f->trust && old != 0 && old != key)
		f->conflict = true;
	return (int)row;
}

static int
known_place(const struct fill *f, uint64_t key)
{
	return f->trust ? mirror_find(f->mirror, key) : 0;
}

/* The places of a bite, new ones given in one transaction. */
static int
find_places(struct fill *f, const struct rows *rows)
{
	bool writing = false;
	uint64_t key;
	int rc = 0;

	if (f->place_size < rows->len) {
		f->place_size = rows->len;
		f->place = mem_grow(
		    f->place, (size_t)f->place_size, sizeof(*f->place));
	}
	for (int i = 0; i < rows->len && rc != -1; i++) {
		key = hash_text(rows->list[i].key);
		f->place[i] = known_place(f, key);
		if (f->place[i] != 0 || f->sync->dry)
			continue;
		if (!writing && ledger_begin(f->sync->ledger) != LEDGER_OK)
			return -1;
		writing = true;
		f->place[i] = give_place(f, &rows->list[i], key);
		rc = f->place[i] == -1 ? -1 : 0;
	}
	if (writing && rc == -1)
		ledger_rollback(f->sync->ledger);
	else if (writing && ledger_commit(f->sync->ledger) != LEDGER_OK)
		rc = -1;
	return rc;
}

/* ---- rows ---- */

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

	if (row != 0) {
		visit(f, row);
		f->rows++;
		if (!f->sync->full && there && was.key == key &&
		    was.cells == row_hash(r))
			return GOOGLE_OK;
		if (!is_free(f, row, key))
			return GOOGLE_OK; /* refused: nothing is written */
	}
	if (f->sync->dry) {
		print_row(f, row, r);
		return GOOGLE_OK;
	}
	return batch_row(&f->sync->batch, f->tab, row, r,
	    there && was.key == key && was.cells != 0);
}

static enum sync_result
put_bite(struct fill *f, const struct rows *rows)
{
	enum google_result rc = GOOGLE_OK;
	int last = 0;

	if (find_places(f, rows) == -1)
		return sync_ledger(f->sync);
	if (f->conflict)
		return SYNC_DONE;
	for (int i = 0; i < rows->len; i++)
		if (f->place[i] > last)
			last = f->place[i];
	if (!f->sync->dry)
		rc = book_grow(&f->sync->book, f->book, last);
	for (int i = 0; i < rows->len && rc == GOOGLE_OK; i++)
		if (f->book->refused == NULL)
			rc = put_row(f, f->place[i], &rows->list[i]);
	return sync_google(f->sync, rc);
}

static enum sync_result
put_rows(struct fill *f)
{
	struct source *source = f->sync->source;
	enum sync_result rc = SYNC_DONE;
	int more = 0;

	source_begin(source, (enum tab_id)f->tab);
	while (rc == SYNC_DONE && f->book->refused == NULL && !f->conflict &&
	       (more = source_next(source)) == 1)
		rc = put_bite(f, &source->rows);
	return more == -1 ? sync_ledger(f->sync) : rc;
}

/* ---- rows that are no longer ours ---- */

static bool
is_leftover(const struct fill *f, int row)
{
	return !was_visited(f, row) &&
	       (mirror_row(f->mirror, row).key != 0 ||
		   book_seen(f->book, row).kind == BOOK_OURS) &&
	       book_seen(f->book, row).kind != BOOK_FOREIGN;
}

static enum sync_result
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
		return SYNC_DONE;
	}
	for (int row = 1; n > 0 && row <= last && rc == GOOGLE_OK; row++) {
		if (!is_leftover(f, row))
			continue;
		f->sync->blanked++;
		if (f->sync->dry)
			print_row(f, row, NULL);
		else
			rc = batch_blank(&f->sync->batch, f->tab, row);
	}
	return sync_google(f->sync, rc);
}

/* ---- the tab ---- */

/* The mirror is not of this ledger (one was restored): what it says of the
 * places is not believed, and the ledger is asked for each. */
static enum sync_result
start_over(struct fill *f)
{
	enum sync_result rc;

	log_warnx("tab=\"%s\": its rows were given by another ledger: all are "
		  "written again",
	    f->def->title);
	rc = sync_google(f->sync, batch_send(&f->sync->batch));
	mirror_doubt(f->mirror);
	f->trust = f->conflict = false;
	f->rows = 0;
	if (f->visited_size > 0)
		memset(f->visited, 0,
		    (size_t)f->visited_size * sizeof(*f->visited));
	return rc != SYNC_DONE ? rc : put_rows(f);
}

enum sync_result
sync_fill(struct sync *s, int tab)
{
	struct fill f = {.sync = s,
	    .tab = tab,
	    .def = tab_get((enum tab_id)tab),
	    .book = &s->book.tab[tab],
	    .mirror = &s->mirror[tab],
	    .trust = true};
	enum sync_result rc;

	rc = look_for_moves(&f);
	if (rc == SYNC_DONE && f.book->refused == NULL && !s->dry)
		rc = sync_google(s, book_grow(&s->book, f.book, 1));
	if (rc == SYNC_DONE && f.book->refused == NULL && !s->dry)
		rc = sync_google(s, batch_header(&s->batch, tab));
	if (rc == SYNC_DONE && f.book->refused == NULL)
		rc = put_rows(&f);
	if (rc == SYNC_DONE && f.conflict)
		rc = start_over(&f);
	if (rc == SYNC_DONE && f.book->refused == NULL)
		rc = empty_leftovers(&f);
	free(f.visited);
	free(f.place);
	return rc;
}
