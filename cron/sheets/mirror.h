/*
 * mirror.h: what each row of a tab was last written with, as hashes.
 *
 * It lies in STATE_DIR and may be lost: then all is written again, to the
 * same rows, for those are the ledger's. A row whose cells are 0 is one of
 * which nothing is certain; that is noted before each write, so that an
 * answer that gets lost leaves no wrong belief behind.
 */
#ifndef SHEETS_MIRROR_H
#define SHEETS_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "cron/sheets/tab.h"

struct mirror_row {
	uint64_t key;   /* hash of its key; 0: never written */
	uint64_t cells; /* hash of its cells; 0: not known */
};

struct mirror {
	char *file;
	uint64_t spreadsheet; /* which one it is of */
	int key_column;       /* where the keys stood last */
	struct mirror_row *rows;
	int len, size; /* rows[0] is row 1 */
	int *slots;    /* key to row, open addressing; 0: free */
	int slots_len, slots_used;
	bool changed; /* since it was saved */
};

void mirror_load(struct mirror *m, const char *state_dir, const struct tab *tab,
    uint64_t spreadsheet);
void mirror_done(struct mirror *m);
int mirror_save(struct mirror *m); /* -1 with errno */

/* The row (from 1) of a key; 0: it has none here. */
int mirror_find(const struct mirror *m, uint64_t key);
struct mirror_row mirror_row(const struct mirror *m, int row);
void mirror_set(struct mirror *m, int row, uint64_t key, uint64_t cells);
/* Nothing is certain of any row; their keys stay. */
void mirror_doubt(struct mirror *m);
void mirror_forget(struct mirror *m);

#endif
