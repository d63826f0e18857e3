/* row_json.h: a row and sums of rows, as the API says them. */
#ifndef DASHBOARD_ROW_JSON_H
#define DASHBOARD_ROW_JSON_H

#include "cgi-bin/dashboard/book.h"
#include "lib/fleet/view.h"
#include "lib/json/json.h"
#include "lib/web/web.h"

/* server, login, node, status, since_utc, age_s, at_utc, within an object. */
void row_json_identity(
    struct json *j, const struct view_row *row, int64_t now_msc);

/* The members of an account's row, within an object. */
void row_json(struct json *j, const struct view_row *row,
    const struct book *book, int64_t now_msc);

/* "counts" and "totals" of live accounts, within an object. */
void row_json_counts(struct json *j, const struct view *v);
void row_json_totals(
    struct json *j, const struct view *v, const struct book *book);

/*
 * The row that {server}/{login} or ?server=&login= names; without either the
 * only one. NULL with the answer (400, 404, 409 with candidates) made.
 */
const struct view_row *row_find(
    const struct view *v, const struct request *req, struct response *res);

#endif
