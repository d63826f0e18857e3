/* sync.c: a run, from what changed to what could not be written. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/prepare.h"
#include "cron/sheets/sheets.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define READ_TRIES 3

void
sync_init(struct sheets *s, const char *spreadsheet, const char *api_base)
{
	char *which = mem_printf("%s %s", api_base, spreadsheet);

	snprintf(s->sheet, sizeof(s->sheet), "%016" PRIx64, hash_text(which));
	free(which);
	book_init(&s->book, s->google, s->dry);
	batch_init(&s->batch, s->ledger, &s->book, s->mirror);
}

void
sync_done(struct sheets *s)
{
	batch_done(&s->batch);
	book_done(&s->book);
	for (int i = 0; i < TAB_COUNT; i++)
		mirror_done(&s->mirror[i]);
}

/* 1: some row is not what it was last written with. -1: ledger_error. */
static int
is_dirty(struct sheets *s, int tab)
{
	const struct mirror *m = &s->mirror[tab];
	const struct row *r;
	struct mirror_row was;
	int rc, written = 0, n = 0;

	if (s->full || !m->filled)
		return 1;
	source_begin(s->source, (enum tab_id)tab);
	while ((rc = source_next(s->source)) == 1)
		for (int i = 0; i < s->source->rows.len; i++, n++) {
			r = &s->source->rows.list[i];
			was = mirror_row(m, mirror_find(m, hash_text(r->key)));
			if (!was.written || was.cells != row_hash(r))
				return 1;
		}
	for (int row = 1; row <= m->len; row++)
		written += mirror_row(m, row).written;
	return rc == -1 ? -1 : n != written;
}

/* Makes the tabs that are missing. What was written to one of that name is
 * gone: that is noted first, for the answer may get lost. */
static enum sheets_result
prepare(struct sheets *s)
{
	enum ledger_result noted = LEDGER_OK;
	enum google_result rc = prepare_look(&s->book);

	for (int i = 0; i < TAB_COUNT && rc == GOOGLE_OK; i++) {
		if (!s->book.tab[i].missing)
			continue;
		log_info("tab=\"%s\": is not there, and is made",
		    s->book.tab[i].tab->title);
		noted = mirror_forget(&s->mirror[i]);
		if (noted != LEDGER_OK)
			return sheets_ledger(s, noted);
	}
	if (rc == GOOGLE_OK)
		rc = prepare_make(&s->book);
	return sheets_google(s, rc);
}

/* Each tab that was left alone is said, one of them by the caller; the others
 * were written. */
static enum sheets_result
report(struct sheets *s, enum sheets_result rc)
{
	const char *refused;

	for (int i = 0; i < TAB_COUNT; i++) {
		if ((refused = s->book.tab[i].refused) == NULL)
			continue;
		if (rc != SHEETS_DONE) {
			log_error("%s", refused);
			continue;
		}
		snprintf(s->error, sizeof(s->error), "%s", refused);
		rc = SHEETS_PERSON;
	}
	return rc;
}

enum sheets_result
sync_run(struct sheets *s)
{
	enum sheets_result rc = SHEETS_DONE, sent;
	enum google_result answer = GOOGLE_OK;
	bool known = true;
	int dirty = 0;

	/* which tabs have something to write? */
	for (int i = 0; i < TAB_COUNT; i++) {
		struct book_tab *t = &s->book.tab[i];
		struct mirror *m = &s->mirror[i];
		enum ledger_result loaded;
		int is;

		loaded = mirror_load(m, s->ledger, s->sheet, t->tab, s->dry);
		if (loaded != LEDGER_OK)
			return sheets_ledger(s, loaded);
		t->key_column = m->key_column;
		t->active = i != TAB_ACCOUNTS || s->with_accounts;
		if (!t->active)
			continue;
		if ((is = is_dirty(s, i)) == -1)
			return sheets_ledger(s, LEDGER_ERROR);
		t->want_keys = is;
		known = known && m->filled;
		dirty += is;
	}
	if (dirty == 0)
		return SHEETS_DONE;

	/* tabs first, and then their keys; a tab that was filled is missing
	 * only where somebody deleted it, which the reading says */
	if (!known)
		rc = prepare(s);
	for (int tries = 1; rc == SHEETS_DONE; tries++) {
		answer = book_read(&s->book);
		if (answer != GOOGLE_BAD || tries == READ_TRIES)
			break;
		rc = prepare(s);
	}
	if (rc == SHEETS_DONE)
		rc = sheets_google(s, answer);
	if (rc != SHEETS_DONE)
		return report(s, rc);

	for (int i = 0; i < TAB_COUNT && rc == SHEETS_DONE; i++) {
		struct book_tab *t = &s->book.tab[i];

		if (!t->active || t->refused != NULL)
			continue;
		if (t->legacy)
			rc = migrate_accounts(s, t);
		else if (t->fresh) /* no header: nothing of ours is there */
			rc = sheets_ledger(s, mirror_forget(&s->mirror[i]));
		if (rc == SHEETS_DONE && t->refused == NULL && t->have_keys)
			rc = fill_tab(s, i);
	}
	/* what was gathered is right, whatever happened behind it */
	if (!s->dry && rc != SHEETS_LATER) {
		sent = sheets_google(s, batch_send(&s->batch));
		rc = sent != SHEETS_DONE ? sent : rc;
	}
	for (int i = 0; i < TAB_COUNT && rc == SHEETS_DONE; i++) {
		struct book_tab *t = &s->book.tab[i];

		if (t->active && t->refused == NULL && t->have_keys)
			rc = sheets_ledger(s, mirror_filled(&s->mirror[i],
						  t->column[t->tab->key]));
	}
	return report(s, rc);
}
