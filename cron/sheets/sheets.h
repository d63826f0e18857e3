/*
 * sheets.h: the map of the sheets job, and what a run of it has in hand.
 *
 *	main.c       options, settings, the summary
 *	sync.c       a run, from what changed to what could not be written
 *	prepare.c    makes tabs with header and formats, and room in their grids
 *	book.c       the spreadsheet as it is: tabs, columns and keys
 *	migrate.c    the rows of the legacy system's Accounts
 *	fill.c       one tab: what changed, each row to its own place
 *	batch.c      cells of all tabs, sent as one request
 *	mirror.c     what each row was last written with, from the ledger
 *	source*.c    the rows as they should be, from the ledger and Redis
 *	row.c tab.c  a row, the columns of each tab
 *	google/      requests to Google
 *
 * A row has its number from the ledger, once for good; only rows whose cells
 * changed are written, each to its own address. Before that the keys of the
 * tab are read back: rows that were sorted by hand are put back in order, or,
 * where columns of the user's own stand beside them, left alone with a
 * message. Tabs in which nothing changed are not written.
 */
#ifndef SHEETS_SHEETS_H
#define SHEETS_SHEETS_H

#include <stdbool.h>

#include "cron/sheets/batch.h"
#include "cron/sheets/book.h"
#include "cron/sheets/google/google.h"
#include "cron/sheets/mirror.h"
#include "cron/sheets/source.h"

enum sheets_result {
	SHEETS_DONE,
	SHEETS_LATER,  /* the next run will go on */
	SHEETS_PERSON, /* a person must do something */
};

struct sheets {
	bool dry;           /* prints what would be written */
	bool full;          /* writes every row, changed or not */
	bool with_accounts; /* Redis could be asked */
	struct ledger *ledger;
	struct source *source;
	struct google *google;

	char sheet[17]; /* which spreadsheet, for the ledger: a hash of it */
	struct mirror mirror[TAB_COUNT];
	struct book book;
	struct batch batch;
	int moved, blanked;
	char error[512];
};

/* ---- sync.c ---- */

/* The fields above the line are the caller's to fill. */
void sync_init(struct sheets *s, const char *spreadsheet, const char *api_base);
void sync_done(struct sheets *s);
enum sheets_result sync_run(struct sheets *s);

/* ---- migrate.c ---- */

/* Gives the rows of the legacy system's Accounts to their accounts. */
enum sheets_result migrate_accounts(struct sheets *s, struct book_tab *t);

/* ---- fill.c ---- */

/* Writes one tab, whose keys were read. */
enum sheets_result fill_tab(struct sheets *s, int tab);

/* ---- result.c: what went wrong, into s->error ---- */

enum sheets_result sheets_google(struct sheets *s, enum google_result rc);
enum sheets_result sheets_ledger(struct sheets *s, enum ledger_result rc);

#endif
