/*
 * high.h: the highest value of an account that was seen since its limits were
 * found. A floor that follows each high rises with it, and does not fall again
 * with the value; the phases job finds that out once a minute, we at once.
 */
#ifndef LIVE_HIGH_H
#define LIVE_HIGH_H

#include "lib/fleet/pl.h"

#define HIGH_MAX 16

/* Each is the highest since the one before; values fall. */
struct high {
	int64_t period, non_trade_deals; /* another one: all begins again */
	enum rule_metric metric;
	struct {
		int64_t at_ms;
		money_t value;
	} seen[HIGH_MAX];
	int len;
};

/* Notes the value at that moment (UTC), and raises that floor in the facts. */
void high_note(struct high *h, enum rule_kind kind, struct pl_facts *f,
    const struct pl_money *m, int64_t at_ms);

#endif
