/* csv.h: a text as a cell of CSV. */
#ifndef DASHBOARD_CSV_H
#define DASHBOARD_CSV_H

#include "lib/base/buf.h"

/* In quotes; one that a spreadsheet would take for a formula gets an
 * apostrophe in front. */
void csv_put_text(struct buf *b, const char *s);

#endif
