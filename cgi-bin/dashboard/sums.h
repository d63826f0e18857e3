/* sums.h: how many accounts have which status, and what the live ones amount
 * to, by currency. */
#ifndef DASHBOARD_SUMS_H
#define DASHBOARD_SUMS_H

#include "cgi-bin/dashboard/board.h"
#include "lib/json/json.h"

struct sums {
	int accounts;
	int counts[STATUS_COUNT];
	struct sum_group *groups;
	size_t len, size;
};

/* {0} is an empty one; borrows from the row. */
void sums_add(struct sums *s, const struct board_row *r);
void sums_done(struct sums *s);

/* "counts" and "totals" of live accounts, within an object. */
void sums_json(struct json *j, struct sums *s);

#endif
