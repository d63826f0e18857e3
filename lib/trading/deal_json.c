/* deal_json.c: a deal in JSON, as the agent gave it. */
#include "lib/trading/deal_json.h"

void
deal_json(struct json *j, const struct deal *d,
    void (*money)(struct json *j, const char *key, money_t v))
{
	json_id(j, "ticket", d->ticket);
	json_id(j, "order", d->order);
	json_int(j, "time", d->time);
	json_int(j, "time_msc", d->time_msc);
	json_int(j, "type", d->type);
	json_int(j, "entry", d->entry);
	json_id(j, "magic", d->magic);
	json_id(j, "position_id", d->position_id);
	json_int(j, "reason", d->reason);
	json_number(j, "volume", d->volume);
	json_number(j, "price", d->price);
	money(j, "commission", d->commission);
	money(j, "swap", d->swap);
	money(j, "profit", d->profit);
	money(j, "fee", d->fee);
	json_string(j, "symbol", d->symbol);
	json_string(j, "comment", d->comment);
	json_string(j, "external_id", d->external_id);
}
