/*
 * sync.h: brings the spreadsheet to what the ledger and Redis say.
 *
 * A row has its number from the ledger, once for good; only rows whose cells
 * changed are written, each to its own address. Before that the keys of the
 * tab are read back: rows that were sorted by hand are put back in order, or,
 * where columns of the user's own stand beside them, left alone with a
 * message. Tabs in which nothing changed are not written.
 */
#ifndef SHEETS_SYNC_H
#define SHEETS_SYNC_H

#include <stdbool.h>

#include "cron/sheets/batch.h"
#include "cron/sheets/book.h"
#include "cron/sheets/google/google.h"
#include "cron/sheets/mirror.h"
#include "cron/sheets/source.h"

enum sync_result {
	SYNC_DONE,
	SYNC_LATER,  /* the next run will go on */
	SYNC_PERSON, /* a person must do something */
};

struct sync {
	bool dry;           /* prints what would be written */
	bool full;          /* writes every row, changed or not */
	bool with_accounts; /* Redis could be asked */
	struct ledger *ledger;
	struct source *source;
	struct google *google;
	uint64_t spreadsheet;
	char sheet[17]; /* the same, as the ledger's sheet_row has it */

	struct mirror mirror[TAB_COUNT];
	struct book book;
	struct batch batch;
	int moved, blanked;
	char error[512];
};

/* The fields above the line are the caller's to fill. */
void sync_init(struct sync *s, const char *state_dir, const char *spreadsheet,
    const char *api_base);
void sync_done(struct sync *s);

enum sync_result sync_run(struct sync *s);

/* adopt.c: gives the rows of the first system's Accounts to their accounts. */
enum sync_result sync_adopt(struct sync *s, struct book_tab *t);
/* fill.c: writes one tab, whose keys were read. */
enum sync_result sync_fill(struct sync *s, int tab);
enum sync_result sync_google(struct sync *s, enum google_result rc);
enum sync_result sync_ledger(struct sync *s);

#endif
