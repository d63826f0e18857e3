/*
 * book.h: the spreadsheet as it is now: which tabs, where our columns are,
 * and whose row each row is. All of it in one read.
 */
#ifndef SHEETS_BOOK_H
#define SHEETS_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "cron/sheets/google/google.h"
#include "cron/sheets/tab.h"

enum book_kind { BOOK_EMPTY, BOOK_OURS, BOOK_FOREIGN };

struct book_seen {
	uint64_t key; /* hash of what stands there; 0: nothing */
	enum book_kind kind;
};

struct book_tab {
	const struct tab *tab;
	bool active;    /* this run has something to do with it */
	bool want_keys; /* its key column is to be read */
	bool have_keys;
	bool missing;   /* is to be made */
	bool narrow;    /* its grid ends before its keys */
	bool fresh;     /* has no header yet, or was made by us just now */
	bool absent;    /* dry run: it would be made */
	int sheet_id;   /* of the tab as prepare_look found it */
	int key_column; /* where the keys are (or should be looked for) */
	int column[TAB_COLUMNS_MAX];   /* of the sheet, for each of ours */
	bool unnamed[TAB_COLUMNS_MAX]; /* its header is to be written */
	bool formatted;                /* the unnamed ones */
	/* Accounts of the legacy system: its rows are told by account number */
	bool legacy;
	char *beside;      /* a column of the user's own; NULL: there is none */
	char *refused;     /* why nothing is written there; NULL: it is */
	int rows, columns; /* of the grid; rows 0: not known */
	struct book_seen *seen; /* seen[0] is row 1, the header not counted */
	int seen_len;
	struct {
		int row;
		char *text;
	} foreign; /* the first row that is not ours */
};

struct book {
	struct google *google;
	struct book_tab tab[TAB_COUNT];
	bool dry; /* makes nothing */
	char error[256];
};

void book_init(struct book *b, struct google *google, bool dry);
void book_done(struct book *b);

/* Reads the active tabs; GOOGLE_BAD where one is missing or too narrow.
 * b->error is set where Google had nothing to do with the failure. */
enum google_result book_read(struct book *b);

/* The last of our columns in the sheet. */
int book_last_column(const struct book_tab *t);
struct book_seen book_seen(const struct book_tab *t, int row);
const char *book_error(const struct book *b);

#define BOOK_NOT_OURS                                                      \
	"its header is not ours (no column \"%s\"): give the tab another " \
	"name, "                                                           \
	"and one of that name is made"
void book_refuse(struct book_tab *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
