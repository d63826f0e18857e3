/*
 * book.h: what the ledger knows of every account, kept between requests and
 * read again when the ledger moved (once a second at most).
 */
#ifndef DASHBOARD_BOOK_H
#define DASHBOARD_BOOK_H

#include "lib/ledger.h"
#include "lib/view.h"

struct book_entry {
	char *server;
	int64_t login;
	int64_t id;
	char *phase; /* phase_json's text */
	struct amount initial_balance;
	bool has_period;
	bool has_day;
	struct ledger_day day;
	int64_t flows_today, flows_period, flows;
	int64_t last_cash_msc; /* of the newest of them, UTC */
	int64_t cash;         /* stored deals that are no trade */
	bool history_ok;      /* all deals are here, and they add up */
	struct amount synced; /* the balance that they stand for */
	bool has_limits;
	struct rule_limits limits;
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

/* What of an account only both sides together can say. */
struct book_pl {
	struct amount day, total;
	bool pct_known;
	double total_pct;
	bool estimated; /* deals are on their way that we do not have yet */
};

/*
 * Every deposit that the terminal knows is stored. Where one is not, neither
 * P/L nor what is left can be told; trades that are on their way do no harm.
 */
/* The limits were found after the newest deposit had settled (cron/phases
 * judges nothing within 90 s of one). */
bool book_limits_hold(const struct book_entry *e);

bool book_has_cash(const struct book_entry *e, const struct view_row *row);

void book_pl(const struct book_entry *e, const struct view_row *row,
    int64_t now_msc, struct book_pl *out);

#endif
