/* prepare.h: makes tabs with header and formats, and room in their grids. */
#ifndef SHEETS_PREPARE_H
#define SHEETS_PREPARE_H

#include "cron/sheets/book.h"

/* Which of the active tabs are missing, or too narrow for their keys. */
enum google_result prepare_look(struct book *b);

/*
 * Makes those, in one request: made whole or not at all. Done again after an
 * answer that was lost, it finds them there. A dry run marks them as absent.
 */
enum google_result prepare_make(struct book *b);

/*
 * Makes the grid hold our columns, formats those that are new, and makes it
 * hold that many rows, the header not counted. Rows and columns are only ever
 * added, rows formatted as those above.
 */
enum google_result prepare_grid(struct book *b, struct book_tab *t, int rows);

#endif
