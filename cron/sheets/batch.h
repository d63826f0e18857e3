/*
 * batch.h: cells gathered from all tabs, sent as one values:batchUpdate.
 *
 * A batch is applied whole or not at all, and each cell has its address, so
 * that sending it twice is sending it once. What goes out is first noted in
 * the mirrors as uncertain, and as certain when it was answered. One that
 * Google will not apply (a range is protected) is sent again tab by tab; the
 * tabs that it is about are refused (book_refuse), and uncertain.
 */
#ifndef SHEETS_BATCH_H
#define SHEETS_BATCH_H

#include "cron/sheets/book.h"
#include "cron/sheets/mirror.h"
#include "cron/sheets/row.h"
#include "lib/json/json.h"

/* Google advises 2 MB at most. */
#define BATCH_MAX 1900000

struct batch_mark {
	int tab, row;
	bool emptied;
	uint64_t cells;
};

/* Where a range stands in the text. */
struct batch_range {
	int tab;
	size_t from, to;
};

struct batch {
	struct ledger *ledger;
	struct book *book;
	struct mirror *mirror; /* TAB_COUNT of them */
	struct json j;
	int tab;         /* of the open range; -1: none is open */
	int first, next; /* its rows in the sheet, from 1 */
	struct batch_range *ranges;
	int ranges_len;
	size_t ranges_size;
	struct batch_mark *marks;
	int len;
	size_t size;
	int rows; /* written in all, those that were blanked too */
	char error[256];
};

void batch_init(struct batch *b, struct ledger *ledger, struct book *book,
    struct mirror *mirror);
void batch_done(struct batch *b);

/*
 * A row (from 1, the header not counted). sure: the row is known to hold this
 * account's earlier values, so that row_keep cells keep them; else they are
 * emptied. Sends what was gathered where there is no room for more.
 */
enum google_result batch_row(
    struct batch *b, int tab, int row, const struct row *r, bool sure);
/* Empties our cells of a row. */
enum google_result batch_blank(struct batch *b, int tab, int row);
/* The names of those of our columns that have none yet. */
enum google_result batch_header(struct batch *b, int tab);

enum google_result batch_send(struct batch *b);
const char *batch_error(const struct batch *b);

#endif
