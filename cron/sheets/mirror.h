/*
 * mirror.h: what the ledger knows of each row of a tab: whose it is, and what
 * it was last written with, as hashes.
 *
 * A row of which something was sent, and no answer came yet, has the cells
 * MIRROR_PERHAPS; that is noted in the ledger before each request, so that an
 * answer that gets lost leaves no wrong belief behind.
 */
#ifndef SHEETS_MIRROR_H
#define SHEETS_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "cron/sheets/tab.h"
#include "lib/ledger/sheets.h"

#define MIRROR_PERHAPS 0

struct mirror_row {
	uint64_t key;   /* hash of its key; 0: nobody's */
	bool written;   /* else nothing is known of its cells */
	uint64_t cells; /* their hash, or MIRROR_PERHAPS */
};

struct mirror {
	struct ledger *ledger;
	bool dry;                  /* notes nothing */
	const char *sheet, *title; /* of the ledger's sheet_row */
	bool filled; /* once, or more often; else the tab may hold anything */
	int key_column; /* where the keys were last */
	struct mirror_row *rows;
	int len, size; /* rows[0] is row 1 */
	int *slots;    /* key to row, open addressing; 0: free */
	int slots_len, slots_used;
};

/* sheet is borrowed until mirror_done, which is to be called in any case. */
enum ledger_result mirror_load(struct mirror *m, struct ledger *ledger,
    const char *sheet, const struct tab *tab, bool dry);
void mirror_done(struct mirror *m);

/* The row (from 1) of a key; 0: it has none yet. */
int mirror_find(const struct mirror *m, uint64_t key);
struct mirror_row mirror_row(const struct mirror *m, int row);
/* A new row for it, from the ledger. */
enum ledger_result mirror_add(struct mirror *m, const char *key, int *row);

/* What was written to a row, MIRROR_PERHAPS before that. */
enum ledger_result mirror_note(struct mirror *m, int row, uint64_t cells);
/* It was emptied. */
enum ledger_result mirror_emptied(struct mirror *m, int row);
/* All rows that were written: nothing is certain of their cells. */
enum ledger_result mirror_doubt(struct mirror *m);
/* The tab is another: nothing was written. */
enum ledger_result mirror_forget(struct mirror *m);
/* All of the tab is written. */
enum ledger_result mirror_filled(struct mirror *m, int key_column);

#endif
