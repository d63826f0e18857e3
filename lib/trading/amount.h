/* amount.h: money that may be unknown. Unknown is never 0. */
#ifndef LIB_TRADING_AMOUNT_H
#define LIB_TRADING_AMOUNT_H

#include <stdbool.h>
#include <stdint.h>

struct amount {
	bool known;
	int64_t v; /* money.h; says nothing unless known */
};

#endif
