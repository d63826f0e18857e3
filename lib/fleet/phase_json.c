/* phase_json.c: an account's phase as rows, answers and events say it. */
#include <string.h>

#include "lib/trading/json_amount.h"
#include "lib/fleet/phase_json.h"

static void
put_rule_set(struct json *j, const struct ledger_account *a)
{
	if (a->rule_set == 0) {
		json_null(j, "rule_set");
		return;
	}
	json_object(j, "rule_set");
	json_int(j, "id", a->rule_set);
	json_string(j, "name", a->rule_set_name);
	json_end(j);
}

void
phase_json(struct json *j, const char *key, const struct ledger_account *a)
{
	const struct ledger_period *p = &a->period;
	bool set = p->id != 0;

	json_object(j, key);
	json_string(j, "phase", set ? p->phase : NULL);
	json_string(j, "status", set ? p->status : NULL);
	json_string(j, "holder", a->holder);
	json_string(j, "prop_firm", a->prop_firm);
	json_string(j, "vs_group", a->vs_group);
	json_amount(j, "initial_balance", &p->initial_balance);
	json_raw(j, "tags", a->tags, strlen(a->tags));
	json_string(j, "note", a->note);
	json_utc(j, "started_utc", set ? p->started_utc_ms : 0);
	json_amount(j, "high", &p->high);
	json_utc(j, "paused_until_utc", set ? p->paused_until_utc_ms : 0);
	put_rule_set(j, a);
	json_int(j, "version", a->version);
	json_end(j);
}
