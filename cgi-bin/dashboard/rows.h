/* rows.h: sums of rows, and the one that a request names. */
#ifndef DASHBOARD_ROWS_H
#define DASHBOARD_ROWS_H

#include "lib/fleet/row.h"
#include "lib/web/web.h"

/* "counts" and "totals" of live accounts, within an object. */
void rows_json_counts(struct json *j, const struct view *v);
void rows_json_totals(
    struct json *j, const struct view *v, const struct facts *facts);

/*
 * The row that {server}/{login} or ?server=&login= names; without either the
 * only one. NULL with the answer (400, 404, 409 with candidates) made.
 */
const struct view_row *row_find(
    const struct view *v, const struct request *req, struct response *res);

#endif
