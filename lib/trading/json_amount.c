/* json_amount.c: money in JSON: a number with just the digits it needs. */
#include <string.h>

#include "lib/trading/json_amount.h"
#include "lib/trading/money.h"

void
json_money(struct json *j, const char *key, money_t v)
{
	char text[MONEY_SIZE];

	money_format(v, -1, text);
	json_raw(j, key, text, strlen(text));
}

void
json_amount(struct json *j, const char *key, const struct amount *a)
{
	if (a->known)
		json_money(j, key, a->v);
	else
		json_null(j, key);
}
