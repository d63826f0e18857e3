/* amount.h: money that may be unknown. Unknown is never 0. */
#ifndef LIB_TRADING_AMOUNT_H
#define LIB_TRADING_AMOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/trading/money.h"

struct amount {
	bool known;
	money_t v; /* money.h; says nothing unless known */
};

#endif
