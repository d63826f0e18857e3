/*
 * board.h: the rows of a view as the list of accounts, its pages, the summary
 * and the exports show them: what each row says, made once and kept.
 *
 * What was made of a row is good while nothing that it was made of changed: the
 * snapshot's bytes, what the view decides of the row (status, moments, claims),
 * the account's facts of the ledger, and the moment at which the clock alone
 * changes something (the end of a day, a rule that is due).
 */
#ifndef DASHBOARD_BOARD_H
#define DASHBOARD_BOARD_H

#include "lib/base/buf.h"
#include "lib/fleet/facts.h"
#include "lib/fleet/pl.h"
#include "lib/fleet/view.h"
#include "lib/json/json.h"

/* What was made of a row. */
struct row_made {
	uint64_t said;       /* a hash of what the view says of it */
	int64_t facts_stamp; /* 0: the ledger does not know it */
	int64_t from_utc_ms, until_utc_ms;
	/* found in that reading of the ledger */
	const struct facts *facts_of;
	int64_t facts_reading;
	const struct account_facts *facts;
	struct pl pl;
	bool used_known; /* of the limits the one that is used most */
	double used;
	enum rule_kind used_rule;
	struct amount used_left;
	bool used_estimated;
	/* made when first asked for: the row as JSON without its age, which
	 * belongs at age_at; what a search looks in, in small letters */
	char *text, *words;
	size_t len, age_at;
	uint64_t hash; /* of text */
};

struct board_row {
	const struct view_row *row;
	const struct account_facts *facts; /* NULL */
	struct row_made *made;
};

struct board {
	const struct view *view;
	struct board_row *rows;
	size_t len;
	struct row_made *own; /* of rows whose node keeps nothing */
	size_t own_len;
};

/* Borrows both. */
void board_make(
    struct board *b, const struct view *v, const struct facts *facts);
void board_done(struct board *b);

/* Adds the row as a JSON object; some members where fields are not NULL. */
struct pick;
void board_put_row(const struct board *b, struct board_row *r,
    const struct pick *fields, struct buf *out);
/* The same as the next of an array. */
void board_json_row(const struct board *b, struct board_row *r,
    const struct pick *fields, struct json *j);

/* Adds to a hash what makes a row what it is, but for its age. */
uint64_t board_hash(const struct board *b, struct board_row *r, uint64_t hash);

/* What a search looks in: names, small letters. */
const char *board_words(struct board_row *r);

/* Small letters of any alphabet; the caller's. */
char *board_fold(const char *text);

/* What a node's place keeps (replica.h). */
void row_made_free(void *made);

#endif
