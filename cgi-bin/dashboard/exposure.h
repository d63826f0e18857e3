/* exposure.h: parts of the answer to GET /api/exposure. */
#ifndef DASHBOARD_EXPOSURE_H
#define DASHBOARD_EXPOSURE_H

#include "cgi-bin/dashboard/board.h"
#include "lib/fleet/exposure.h"
#include "lib/json/json.h"

/* exposure_json.c: who it is, within an object. */
void exposure_put_account(struct json *j, const struct exposure_account *a);
/* "long", "short", "net", "gross", within an object. */
void exposure_put_lots(struct json *j, money_t long_lots, money_t short_lots);

/* exposure_pairs.c: "pairs" by VS group, and "proposals" of more. e is of the
 * rows of b, in their order. */
void exposure_put_pairs(struct json *j, const struct exposure *e,
    const struct board *b, bool sees_all);
void exposure_put_proposals(struct json *j, const struct exposure *e);

#endif
