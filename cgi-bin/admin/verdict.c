/*
 * PUT /api/accounts/{server}/{login}/verdict  {id, annulled, reason, version}:
 * a verdict is annulled with a reason, or stands again.
 * POST /admin/verdict: the same by a form of the account's page.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/body.h"
#include "cgi-bin/admin/page.h"
#include "cgi-bin/admin/sections.h"
#include "lib/base/clock.h"
#include "lib/base/num.h"
#include "lib/ledger/verdicts.h"
#include "lib/trading/money.h"

#define REASON_MAX 400

void
verdict_put(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {
	    "id", "annulled", "reason", "version", NULL};
	int64_t version = 0, id = 0;
	const char *reason;
	bool annulled = false;
	struct subject s;
	struct body b;

	if (!body_open(&b, req, res, known))
		return;
	body_id(&b, "id", &id);
	if (id < 1)
		body_wrong(&b, "not the number of a verdict", "id");
	if (!jsonin_bool(b.doc, "annulled", &annulled))
		body_wrong(&b, "not true or false", "annulled");
	reason = body_text(&b, "reason", "");
	body_version(&b, &version);
	if (*b.why == '\0')
		(void)edit_word_is_good("reason", reason, REASON_MAX, b.why);
	if (*b.why == '\0' && !annulled && reason != NULL && *reason != '\0')
		body_wrong(&b, "only for what is annulled", "reason");
	if (*b.why != '\0')
		response_error(res, 400, "bad_request", "%s", b.why);
	else if (subject_of_path(app, req, res, &s))
		edit_result(app, res, &s,
		    ledger_verdict_annul(app_ledger(app), s.id, version, id,
			!annulled        ? NULL
			: reason != NULL ? reason
					 : "",
			&s.actor));
	body_done(&b);
}

void
verdict_post(struct app *app, const struct request *req, struct response *res)
{
	const char *text = web_params_get(&req->form, "id");
	const char *reason = web_params_get(&req->form, "reason");
	const char *restore = web_params_get(&req->form, "restore");
	char why[EDIT_WHY_SIZE] = "";
	struct subject s;
	int64_t version, id = 0;

	if (!edit_form(app, req, res, &s, &version))
		return;
	if (text == NULL || num_int64(text, 1, INT64_MAX, &id) == -1)
		snprintf(why, sizeof(why),
		    "not the number of a verdict: \"%.40s\"",
		    text != NULL ? text : "");
	else
		(void)edit_word_is_good("reason", reason, REASON_MAX, why);
	if (*why != '\0')
		page_error(res, req, 400, "%s", why);
	else
		edit_form_result(app, req, res, &s,
		    ledger_verdict_annul(app_ledger(app), s.id, version, id,
			restore != NULL  ? NULL
			: reason != NULL ? reason
					 : "",
			&s.actor));
}
