/* deal_fields.c: what MetaTrader 5 gives of a deal, each field described once.
 */
#include <math.h>
#include <string.h>

#include "lib/trading/deal_fields.h"

#define OF(member) offsetof(struct deal, member)

const struct deal_field deal_fields[] = {
    {DEAL_FIELD_ID, OF(ticket), "ticket", false},
    {DEAL_FIELD_ID, OF(order), "order", false},
    {DEAL_FIELD_TIME_S, OF(time), "time", false},
    {DEAL_FIELD_TIME_MS, OF(time_msc), "time_msc", false},
    {DEAL_FIELD_INT, OF(type), "type", false},
    {DEAL_FIELD_INT, OF(entry), "entry", false},
    {DEAL_FIELD_ID, OF(magic), "magic", false},
    {DEAL_FIELD_ID, OF(position_id), "position_id", false},
    {DEAL_FIELD_INT, OF(reason), "reason", false},
    {DEAL_FIELD_VOLUME, OF(volume), "volume", false},
    {DEAL_FIELD_PRICE, OF(price), "price", false},
    {DEAL_FIELD_MONEY, OF(commission), "commission", false},
    {DEAL_FIELD_MONEY, OF(swap), "swap", false},
    {DEAL_FIELD_MONEY, OF(profit), "profit", false},
    {DEAL_FIELD_MONEY, OF(fee), "fee", false},
    {DEAL_FIELD_TEXT, OF(symbol), "symbol", false},
    {DEAL_FIELD_TEXT, OF(comment), "comment", false},
    {DEAL_FIELD_TEXT, OF(external_id), "external_id", false},
    {DEAL_FIELD_PRICE, OF(sl), "sl", true},
    {DEAL_FIELD_PRICE, OF(tp), "tp", true},
};
const size_t deal_fields_len = sizeof(deal_fields) / sizeof(deal_fields[0]);

void *
deal_field(const struct deal_field *f, struct deal *d)
{
	return (char *)d + f->offset;
}

const void *
deal_field_const(const struct deal_field *f, const struct deal *d)
{
	return (const char *)d + f->offset;
}

static bool
same(const struct deal_field *f, const void *a, const void *b)
{
	double x, y;

	switch (f->type) {
	case DEAL_FIELD_ID:
	case DEAL_FIELD_TIME_S:
	case DEAL_FIELD_TIME_MS:
		return *(const int64_t *)a == *(const int64_t *)b;
	case DEAL_FIELD_INT:
		return *(const int *)a == *(const int *)b;
	case DEAL_FIELD_MONEY:
		return *(const money_t *)a == *(const money_t *)b;
	case DEAL_FIELD_TEXT:
		return strcmp(*(const char *const *)a,
			   *(const char *const *)b) == 0;
	case DEAL_FIELD_VOLUME:
	case DEAL_FIELD_PRICE:
		break;
	}
	x = *(const double *)a;
	y = *(const double *)b;
	return x == y ||
	       (!isfinite(x) && !isfinite(y)); /* or neither is known */
}

bool
deal_fields_equal(const struct deal *a, const struct deal *b)
{
	for (size_t i = 0; i < deal_fields_len; i++) {
		const struct deal_field *f = &deal_fields[i];

		if (!same(f, deal_field_const(f, a), deal_field_const(f, b)))
			return false;
	}
	return true;
}
