/*
 * pick.h: some members of a row instead of all: ?fields=login,account.balance.
 *
 * A field is a member of a row, or with a dot a member of one of its objects.
 */
#ifndef DASHBOARD_PICK_H
#define DASHBOARD_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"

#define PICK_MAX 128

struct pick {
	char *text; /* that names points into */
	const char *names[PICK_MAX];
	size_t len;
};

/*
 * A list with commas. -1: *bad is what is no field (borrowed from p), or NULL
 * where there are too many. pick_done in both cases.
 */
int pick_read(struct pick *p, const char *list, const char **bad);
void pick_done(struct pick *p);

/* What a CSV file has where no fields were asked for. */
extern const char pick_columns[];

/*
 * Adds an object of the members that are picked, in the row's own order: text
 * is the row, JSON that we made.
 */
void pick_put(
    const struct pick *p, const char *text, size_t len, struct buf *out);

/* The bytes of a field in the row; false: it is not there. */
bool pick_find(const char *name, const char *text, size_t len,
    const char **value, size_t *value_len);

#endif
