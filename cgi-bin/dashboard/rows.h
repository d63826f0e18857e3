/* rows.h: the row that a request names. */
#ifndef DASHBOARD_ROWS_H
#define DASHBOARD_ROWS_H

#include "lib/fleet/row.h"
#include "lib/web/web.h"

/*
 * The row that {server}/{login} or ?server=&login= names; without either the
 * only one. NULL with the answer (400, 404, 409 with candidates) made.
 */
const struct view_row *row_find(
    const struct view *v, const struct request *req, struct response *res);

#endif
