/*
 * source.h: the rows of a tab as they should be, from the ledger (and, in
 * Accounts, from Redis), a bite at a time.
 *
 *	source_begin(&s, TAB_TRADES);
 *	while ((rc = source_next(&s)) == 1)
 *		… s.rows …
 */
#ifndef SHEETS_SOURCE_H
#define SHEETS_SOURCE_H

#include "cron/sheets/live.h"
#include "cron/sheets/row.h"
#include "lib/ledger/history.h"
#include "lib/ledger/people.h"
#include "lib/ledger/samples.h"

struct source_account {
	int64_t id, login;
	char *server;
	char *currency; /* NULL: unknown */
	bool days_known;
	int days; /* on which a trade was opened, in its phase */
};

struct source {
	struct ledger *ledger;
	const struct live *live;
	int64_t now_utc_ms;
	struct source_account *accounts; /* in the order (server, login) */
	int len, size;

	enum tab_id tab;
	int at; /* the account whose turn it is */
	struct ledger_page page;
	struct rows rows;
	struct ledger_day day; /* Daily: the one that waits for the next */
	bool have_day;
};

/* -1: ledger_error. source_close in both cases. */
int source_open(struct source *s, struct ledger *ledger);
void source_close(struct source *s);

void source_begin(struct source *s, enum tab_id tab);
/* 1: rows (perhaps none) are in s->rows; 0: that was all; -1: ledger_error. */
int source_next(struct source *s);

/* ---- the rows, one function a tab ---- */

void source_account_row(struct row *r, const struct ledger_account *a,
    const struct source_account *whose, const struct live_account *now,
    int64_t now_utc_ms);
void source_trade_row(struct row *r, const struct ledger_trade *t);
void source_flow_row(
    struct row *r, const struct source_account *a, const struct deal *d);
void source_period_row(struct row *r, const struct source_account *a,
    const struct ledger_period *p);
/* next: the day after it; NULL: there is none yet, and P/L is not known. */
void source_day_row(struct row *r, const struct source_account *a,
    const struct ledger_day *d, const struct ledger_day *next);

#endif
