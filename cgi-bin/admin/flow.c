/*
 * PUT /api/accounts/{server}/{login}/flow  {ticket, meaning, note, cancels,
 * version}: what a deal that is no trade is for; meaning null: guess it again.
 * POST /admin/flow: the same by a form of the account's page (flow_section.c).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/body.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/num.h"

#define NOTE_MAX 200

static bool
read_meaning(
    const char *word, struct ledger_flow_edit *edit, char why[EDIT_WHY_SIZE])
{
	if (word == NULL || *word == '\0' || flow_from(word, &edit->meaning))
		return true;
	snprintf(
	    why, EDIT_WHY_SIZE, "meaning: " FLOW_WORDS ", not \"%.60s\"", word);
	return false;
}

void
flow_put(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {
	    "ticket", "meaning", "note", "cancels", "version", NULL};
	struct ledger_flow_edit edit = {.ticket = 0};
	int64_t version = 0;
	struct subject s;
	struct body b;

	if (!body_open(&b, req, res, known))
		return;
	body_id(&b, "ticket", &edit.ticket);
	if (body_member(&b, "ticket") == NULL)
		body_wrong(&b, "missing", "ticket");
	if (body_member(&b, "meaning") == NULL)
		body_wrong(&b, "missing", "meaning");
	if (*b.why == '\0')
		(void)read_meaning(body_text(&b, "meaning", ""), &edit, b.why);
	edit.note = body_text(&b, "note", "");
	body_id(&b, "cancels", &edit.cancels);
	body_version(&b, &version);
	if (*b.why == '\0')
		(void)edit_word_is_good("note", edit.note, NOTE_MAX, b.why);
	if (*b.why != '\0')
		response_error(res, 400, "bad_request", "%s", b.why);
	else if (subject_of_path(app, req, res, &s))
		edit_result(app, res, &s,
		    ledger_flow_set(
			app_ledger(app), s.id, version, &edit, &s.actor));
	body_done(&b);
}

void
flow_post(struct app *app, const struct request *req, struct response *res)
{
	const char *ticket = web_params_get(&req->form, "ticket");
	const char *cancels = web_params_get(&req->form, "cancels");
	struct ledger_flow_edit edit = {
	    .note = web_params_get(&req->form, "note")};
	char why[EDIT_WHY_SIZE] = "";
	struct subject s;
	int64_t version;

	if (!edit_form(app, req, res, &s, &version))
		return;
	if (ticket == NULL ||
	    num_int64(ticket, INT64_MIN, INT64_MAX, &edit.ticket) == -1)
		snprintf(why, sizeof(why), "ticket: not a number: \"%.40s\"",
		    ticket != NULL ? ticket : "");
	else if (cancels != NULL && *cancels != '\0' &&
		 num_int64(cancels, INT64_MIN, INT64_MAX, &edit.cancels) == -1)
		snprintf(why, sizeof(why),
		    "the deal it takes back: not a ticket: \"%.40s\"", cancels);
	else if (read_meaning(
		     web_params_get(&req->form, "meaning"), &edit, why))
		(void)edit_word_is_good("note", edit.note, NOTE_MAX, why);
	if (*why != '\0')
		page_error(res, req, 400, "%s", why);
	else
		edit_form_result(app, req, res, &s,
		    ledger_flow_set(
			app_ledger(app), s.id, version, &edit, &s.actor));
}
