/* exposure_json.c: what several parts of the exposure say alike. */
#include "cgi-bin/dashboard/exposure.h"
#include "lib/trading/json_amount.h"

void
exposure_put_account(struct json *j, const struct exposure_account *a)
{
	const struct account_facts *f = a->facts;

	json_string(j, "server", a->row->server);
	json_id(j, "login", a->row->login);
	json_string(j, "node", a->row->node->id);
	json_string(j, "status", status_word(a->row->status));
	json_string(j, "currency", a->row->currency);
	json_int(j, "trade_mode", a->row->trade_mode);
	json_string(j, "prop_firm", f != NULL ? f->prop_firm : NULL);
	json_string(j, "holder", f != NULL ? f->holder : NULL);
	json_string(j, "vs_group", f != NULL ? f->vs_group : NULL);
}

void
exposure_put_lots(struct json *j, money_t long_lots, money_t short_lots)
{
	json_money(j, "long", long_lots);
	json_money(j, "short", short_lots);
	json_money(j, "net", long_lots - short_lots);
	json_money(j, "gross", long_lots + short_lots);
}
