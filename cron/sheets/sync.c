/* sync.c: brings the spreadsheet to what the ledger and Redis say. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/sync.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

void
sync_init(struct sync *s, const char *state_dir, const char *spreadsheet,
    const char *api_base)
{
	char *which = mem_printf("%s %s", api_base, spreadsheet);

	s->spreadsheet = hash_text(which);
	free(which);
	snprintf(s->sheet, sizeof(s->sheet), "%016" PRIx64, s->spreadsheet);
	for (int i = 0; i < TAB_COUNT; i++)
		mirror_load(&s->mirror[i], state_dir, tab_get((enum tab_id)i),
		    s->spreadsheet);
	book_init(&s->book, s->google, s->dry);
	batch_init(&s->batch, &s->book, s->mirror);
}

void
sync_done(struct sync *s)
{
	batch_done(&s->batch);
	book_done(&s->book);
	for (int i = 0; i < TAB_COUNT; i++)
		mirror_done(&s->mirror[i]);
}

enum sync_result
sync_google(struct sync *s, enum google_result rc)
{
	if (rc == GOOGLE_OK)
		return SYNC_DONE;
	snprintf(s->error, sizeof(s->error), "%s", batch_error(&s->batch));
	return rc == GOOGLE_LATER ? SYNC_LATER : SYNC_PERSON;
}

enum sync_result
sync_ledger(struct sync *s)
{
	const char *why = ledger_error(s->ledger);

	snprintf(s->error, sizeof(s->error), "ledger: %s",
	    why != NULL ? why : "cannot be read");
	return ledger_state(s->ledger) == LEDGER_OK ? SYNC_LATER : SYNC_PERSON;
}

static int
keys_of(const struct mirror *m)
{
	int n = 0;

	for (int row = 1; row <= m->len; row++)
		n += mirror_row(m, row).key != 0;
	return n;
}

/* 1: some row is not what it was last written with. -1: ledger_error. */
static int
is_dirty(struct sync *s, int tab)
{
	const struct mirror *m = &s->mirror[tab];
	const struct row *r;
	int rc, row, n = 0;

	source_begin(s->source, (enum tab_id)tab);
	while ((rc = source_next(s->source)) == 1)
		for (int i = 0; i < s->source->rows.len; i++, n++) {
			r = &s->source->rows.list[i];
			row = mirror_find(m, hash_text(r->key));
			if (row == 0 || mirror_row(m, row).cells != row_hash(r))
				return 1;
		}
	return rc == -1 ? -1 : n != keys_of(m);
}

/* A tab that is about to be made holds nothing of what we wrote. */
static void
on_make(void *arg, int tab)
{
	struct sync *s = arg;

	log_info("tab=\"%s\": is not there, and is made",
	    tab_get((enum tab_id)tab)->title);
	mirror_forget(&s->mirror[tab]);
	if (mirror_save(&s->mirror[tab]) == -1)
		log_warnx("%s: %s", s->mirror[tab].file, strerror(errno));
}

static int
plan(struct sync *s)
{
	int dirty = 0, is;

	for (int i = 0; i < TAB_COUNT; i++) {
		s->book.tab[i].active = i != TAB_ACCOUNTS || s->with_accounts;
		s->book.tab[i].key_column = s->mirror[i].key_column;
		if (!s->book.tab[i].active)
			continue;
		is = s->full ? 1 : is_dirty(s, i);
		if (is == -1)
			return -1;
		s->book.tab[i].want_keys = is;
		dirty += is;
	}
	return dirty;
}

/* Before a tab is filled: what was known of it, and is so no more. */
static enum sync_result
begin_tab(struct sync *s, int tab)
{
	struct book_tab *t = &s->book.tab[tab];
	struct mirror *m = &s->mirror[tab];
	int key_column = t->column[t->tab->key];

	if (t->fresh && m->len > 0)
		mirror_forget(m);
	if (m->key_column != key_column) {
		m->key_column = key_column;
		m->changed = true;
	}
	return t->adopting ? sync_adopt(s, t) : SYNC_DONE;
}

static enum sync_result
fill_all(struct sync *s)
{
	enum sync_result rc = SYNC_DONE;
	struct book_tab *t;

	for (int i = 0; i < TAB_COUNT && rc == SYNC_DONE; i++) {
		t = &s->book.tab[i];
		if (!t->active || t->refused != NULL)
			continue;
		rc = begin_tab(s, i);
		if (rc == SYNC_DONE && t->refused == NULL && t->have_keys)
			rc = sync_fill(s, i);
	}
	/* what was gathered is right, whatever happened behind it */
	if (!s->dry && rc != SYNC_LATER) {
		enum sync_result sent = sync_google(s, batch_send(&s->batch));

		rc = sent != SYNC_DONE ? sent : rc;
	}
	return rc;
}

/* Each tab that was left alone is said, one of them by the caller; the others
 * were written. */
static enum sync_result
report(struct sync *s, enum sync_result rc)
{
	const char *refused;

	for (int i = 0; i < TAB_COUNT; i++) {
		if ((refused = s->book.tab[i].refused) == NULL)
			continue;
		if (rc != SYNC_DONE) {
			log_error("%s", refused);
			continue;
		}
		snprintf(s->error, sizeof(s->error), "%s", refused);
		rc = SYNC_PERSON;
	}
	return rc;
}

enum sync_result
sync_run(struct sync *s)
{
	enum sync_result rc;
	int dirty = plan(s);

	if (dirty == -1)
		return sync_ledger(s);
	if (dirty == 0)
		return SYNC_DONE;
	s->book.on_make = on_make;
	s->book.arg = s;
	rc = sync_google(s, book_read(&s->book));
	if (rc == SYNC_DONE)
		rc = fill_all(s);
	for (int i = 0; i < TAB_COUNT && !s->dry; i++)
		if (mirror_save(&s->mirror[i]) == -1)
			log_warnx("%s: %s", s->mirror[i].file, strerror(errno));
	return report(s, rc);
}
