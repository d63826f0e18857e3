/* GET /api/rules: the rule sets that there are, each with its source. */
#include <string.h>

#include "cgi-bin/dashboard/history.h"

static int
put_rule_set(const struct ledger_rule_set *r, void *arg)
{
	struct json *j = arg;

	json_object(j, NULL);
	json_int(j, "id", r->id);
	json_string(j, "name", r->name);
	json_string(j, "firm", r->firm);
	json_string(j, "program", r->program);
	json_string(j, "source_url", r->source_url);
	json_string(j, "verified_on", r->verified_on);
	json_bool(j, "preset", r->preset);
	json_int(j, "version", r->version);
	json_raw(j, "rules", r->rules, strlen(r->rules));
	json_end(j);
	return 0;
}

void
rules_get(struct app *app, const struct request *req, struct response *res)
{
	struct ledger *l = facts_ledger(&app->source);
	enum ledger_result r = LEDGER_ERROR;
	struct json *j = &res->json;

	(void)req;
	json_object(j, NULL);
	json_array(j, "rules");
	if (l != NULL)
		r = ledger_rule_sets(l, put_rule_set, j);
	json_end(j);
	json_end(j);
	if (r != LEDGER_OK)
		history_failed(app, r, res);
}
