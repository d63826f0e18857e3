/* report.h: between report.c, which says when, and report_text.c, which says
 * what. */
#ifndef ALERTS_REPORT_H
#define ALERTS_REPORT_H

#include "cron/alerts/accounts.h"
#include "cron/alerts/alerts.h"
#include "lib/fleet/row.h"

#define REPORT_TEXT_MAX ((size_t)64 << 10)
#define REPORT_SUMS_MAX 32

/* Of the accounts in a currency, real or not. */
struct sum {
	const char *currency;
	int trade_mode;
	int live, day_unknown;
	money_t equity, day, floating;
	bool too_much; /* it cannot be held */
};

/* A loss limit, by how much of it is used. */
struct used {
	const struct view_row *row;
	enum rule_kind kind;
	double used;
	struct amount left;
};

struct report {
	struct app *app;
	const struct target *target;
	const struct accounts *accounts;
	struct view view;
	struct facts facts;
	int64_t now, last_verdict;
	struct sum sums[REPORT_SUMS_MAX];
	size_t sums_len;
	struct used *used;
	size_t used_len, used_size;
	const struct view_row **down;
	size_t down_len, down_size;
	int accounts_count, limits_unknown;
	struct buf breaches;
	int breaches_count;
	bool es;
};

/* The report in the target's language; view and facts are read. */
void report_put(struct report *r, const char *date, struct buf *b);

#endif
