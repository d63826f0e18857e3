/*
 * accounts_query.h: which accounts, in which order, how many: the parameters of
 * /api/accounts, /api/summary and the exports.
 *
 *	limit   at most so many; without it all
 *	after   the "next" of the page before
 *	sort    a word of the table in accounts_sort.c, with - from the highest
 *		down; without it -profit. The unknown is always last
 *	q       each word of it stands in a name: login, server, node, account,
 *		company, holder, firm, VS group, tags
 *	status, phase, firm, currency, mode   one or more, with commas; "none":
 *		those of which it is not known
 *	fields  some members instead of all (pick.h)
 */
#ifndef DASHBOARD_ACCOUNTS_QUERY_H
#define DASHBOARD_ACCOUNTS_QUERY_H

#include "cgi-bin/dashboard/board.h"
#include "cgi-bin/dashboard/pick.h"
#include "lib/web/web.h"

#define ACCOUNTS_FILTERS "q status phase firm currency mode"
#define ACCOUNTS_PAGE_MAX 1000

/* What rows are counted and chosen by. */
enum facet {
	FACET_STATUS,
	FACET_PHASE,
	FACET_FIRM,
	FACET_CURRENCY,
	FACET_MODE,
	FACETS
};

/* What a row is sorted by. */
struct sort_value {
	bool known;
	money_t number;
	const char *text; /* NULL: it is the number */
};

struct sort_key {
	const char *name;
	void (*value)(const struct board_row *r, struct sort_value *out);
};

/* accounts_sort.c; NULL: there is none of that name. */
const struct sort_key *sort_key_find(const char *name);
/* "profit, day, …" */
void sort_keys_list(struct buf *out);

/* The last row of the page before, as it was then. */
struct cursor {
	bool is_set;
	char *text; /* that the others point into */
	struct sort_value value;
	const char *server, *node; /* server "": the node shows no account */
	int64_t login;
};

struct accounts_query {
	int64_t limit; /* 0: all */
	const struct sort_key *sort;
	bool descending;
	const char *facets[FACETS]; /* as given; NULL: any */
	char *words;                /* small letters */
	bool has_fields;
	struct pick fields;
	struct cursor after;
	uint64_t hash; /* of all of it */
};

/* False: one of them cannot be; 400 with the text is answered.
 * accounts_query_done in both cases. */
bool accounts_query_read(
    struct accounts_query *q, const struct request *req, struct response *res);
void accounts_query_done(struct accounts_query *q);

/* "status", "phase" … */
const char *facet_name(enum facet f);
/* A row's word there; NULL: not known. */
const char *facet_value(const struct board_row *r, enum facet f);

/* Which facets it fits, a bit each; -1: not the words of q. */
#define FACETS_ALL ((1 << FACETS) - 1)
int accounts_query_fits(const struct accounts_query *q, struct board_row *r);

/* Those that fit, in order, and how many; the list is the caller's. */
struct board_row **accounts_query_rows(
    const struct accounts_query *q, struct board *b, size_t *len);

/* Behind the cursor the first of them; len: none. */
size_t accounts_query_from(
    const struct accounts_query *q, struct board_row *const *rows, size_t len);

/* What "next" is behind that row. */
void accounts_query_next(
    const struct accounts_query *q, const struct board_row *r, struct buf *out);

#endif
