/*
 * book.h: what the ledger knows of every account, kept between requests and
 * read again when the ledger moved (once a second at most).
 */
#ifndef DASHBOARD_BOOK_H
#define DASHBOARD_BOOK_H

#include "lib/fleet/standing.h"
#include "lib/fleet/view.h"
#include "lib/ledger/ledger.h"

struct book_entry {
	char *server;
	int64_t login;
	int64_t id;
	char *phase; /* phase_json's text */
	struct standing standing;
};

struct book {
	struct ledger *ledger;
	bool known; /* list is what the ledger said; else nothing is known */
	int64_t revision;
	int64_t asked_msc, opened_msc; /* by the monotonic clock */
	struct book_entry *list;       /* by server and login */
	size_t len, size;
};

/* The ledger, opened where it is not; NULL where it cannot be read now. */
struct ledger *book_ledger(struct book *b, const char *path);

void book_refresh(struct book *b, const char *path);
void book_done(struct book *b);

/* NULL: the ledger never saw it, or cannot be read. */
const struct book_entry *book_find(
    const struct book *b, const char *server, int64_t login);

/* false: nothing is known of the account's money, or of the account. */
bool book_money(const struct book_entry *e, const struct view_row *row,
    struct standing_money *out);

#endif
