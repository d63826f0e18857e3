/*
 * PUT /api/rules/{id}: {"name","firm","program","source_url","verified_on",
 * "rules":{…},"version"}: 0: a new one. {"ok","id"}; 400 says what is wrong
 * with the rules, 409: changed meanwhile, or the name is taken. DELETE
 * /api/rules/{id}?version=: 409 where accounts have it.
 */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/body.h"
#include "cgi-bin/admin/rules_form.h"
#include "lib/base/clock.h"
#include "lib/base/num.h"

static bool
read_id(const struct request *req, struct response *res, int64_t *id)
{
	if (num_int64(request_var(req, "id"), 0, INT64_MAX, id) == 0)
		return true;
	response_error(res, 404, "not_found", "no such rule set: \"%.40s\"",
	    request_var(req, "id"));
	return false;
}

static void
put_done(struct response *res, int64_t id)
{
	json_object(&res->json, NULL);
	json_bool(&res->json, "ok", true);
	json_int(&res->json, "id", id);
	json_end(&res->json);
}

static void
store(struct app *app, const struct request *req, struct response *res,
    struct body *b, struct ledger_rule_set *r)
{
	const struct ledger_actor actor = {
	    .who = req->user.name, .at_utc_ms = clock_utc_ms()};
	enum ledger_result result;
	char why[RULES_WHY_SIZE] = "";
	int64_t id;

	if (*b->why != '\0')
		response_error(res, 400, "bad_request", "%s", b->why);
	else if (!rules_are_good(r, why))
		response_error(res, 400, "bad_rules", "%s", why);
	else if ((result = ledger_rule_set_put(
		      app_ledger(app), r, &actor, &id)) == LEDGER_CONFLICT)
		response_error(res, 409, "conflict",
		    "somebody changed it meanwhile, or the name is taken");
	else if (result != LEDGER_OK)
		app_ledger_failed(app, result, res);
	else
		put_done(res, id);
}

static const char *
text_or_null(struct body *b, const char *name)
{
	const char *text = body_text(b, name, "");

	return text != NULL && *text != '\0' ? text : NULL;
}

void
rule_set_put(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {"name", "firm", "program",
	    "source_url", "verified_on", "rules", "version", NULL};
	struct ledger_rule_set r = {.name = ""};
	struct body b;
	char *rules;

	if (!read_id(req, res, &r.id) || !body_open(&b, req, res, known))
		return;
	r.name = text_or_null(&b, "name");
	r.firm = text_or_null(&b, "firm");
	r.program = text_or_null(&b, "program");
	r.source_url = text_or_null(&b, "source_url");
	r.verified_on = text_or_null(&b, "verified_on");
	body_version(&b, &r.version);
	if (!cJSON_IsObject(body_member(&b, "rules")))
		body_wrong(&b, "not an object", "rules");
	if (r.name == NULL) {
		body_wrong(&b, "it is needed", "name");
		r.name = "";
	}
	rules = cJSON_Print(body_member(&b, "rules"));
	r.rules = rules != NULL ? rules : "{}";
	store(app, req, res, &b, &r);
	cJSON_free(rules);
	body_done(&b);
}

void
rule_set_delete(
    struct app *app, const struct request *req, struct response *res)
{
	const struct ledger_actor actor = {
	    .who = req->user.name, .at_utc_ms = clock_utc_ms()};
	int64_t id, version = LEDGER_ANY_VERSION;
	enum ledger_result r;

	if (!read_id(req, res, &id) ||
	    !request_int64(req, res, "version", 0, INT64_MAX, &version))
		return;
	r = ledger_rule_set_remove(app_ledger(app), id, version, &actor);
	if (r == LEDGER_REJECTED)
		response_error(res, 409, "in_use", "%s: give them another one",
		    ledger_error(app->ledger));
	else if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else
		put_done(res, id);
}
