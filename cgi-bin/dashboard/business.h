/* business.h: the business book: what people entered and what deals say of
 * payouts, each payout once. */
#ifndef DASHBOARD_BUSINESS_H
#define DASHBOARD_BUSINESS_H

#include "lib/ledger/business.h"

struct business_item {
	struct ledger_business b; /* its texts are copies */
	money_t gross;            /* before the split */
	struct amount share;      /* in percent; not known: counted whole */
	bool of_deal;             /* nobody entered it */
};

struct business {
	struct business_item *items; /* the oldest first */
	size_t len, size;
};

/* business_done in both cases. */
enum ledger_result business_read(struct business *book, struct ledger *l);
void business_done(struct business *book);

/* A cost is -1, money that came +1; 0: a split, which is none. */
int business_sign(const struct business_item *i);

#endif
