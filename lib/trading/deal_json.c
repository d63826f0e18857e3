/* deal_json.c: a deal in JSON, as the agent gave it. */
#include "lib/trading/deal_fields.h"
#include "lib/trading/deal_json.h"

static void
field_json(struct json *j, const struct deal_field *f, const void *at,
    deal_money_fn *money)
{
	switch (f->type) {
	case DEAL_FIELD_ID:
		json_id(j, f->name, *(const int64_t *)at);
		break;
	case DEAL_FIELD_TIME_S:
	case DEAL_FIELD_TIME_MS:
		json_int(j, f->name, *(const int64_t *)at);
		break;
	case DEAL_FIELD_INT:
		json_int(j, f->name, *(const int *)at);
		break;
	case DEAL_FIELD_VOLUME:
	case DEAL_FIELD_PRICE:
		json_number(j, f->name, *(const double *)at);
		break;
	case DEAL_FIELD_MONEY:
		money(j, f->name, *(const money_t *)at);
		break;
	case DEAL_FIELD_TEXT:
		json_string(j, f->name, *(const char *const *)at);
		break;
	}
}

void
deal_json(
    struct json *j, const struct deal *d, bool version, deal_money_fn *money)
{
	for (size_t i = 0; i < deal_fields_len; i++) {
		const struct deal_field *f = &deal_fields[i];

		if (version || !f->version_only)
			field_json(j, f, deal_field_const(f, d), money);
	}
}
