/*
 * GET /admin/audit: who changed what, newest first; ?before= pages back.
 * POST /admin/undo: "id" in a form or JSON: reverts that change.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/edit.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/clock.h"
#include "lib/base/num.h"
#include "lib/fleet/scope.h"
#include "lib/ledger/business.h"
#include "lib/ledger/utc.h"
#include "lib/trading/money.h"

#define PER_PAGE 100

struct list {
	struct app *app;
	struct buf *b;
	const struct request *req;
	int rows;
	int64_t last;
};

/* Who may undo a change is who may make it (routes.c). */
static bool
may_change(const struct request *req, const char *field)
{
	bool admins = field != NULL && (strcmp(field, "merge") == 0 ||
					   strcmp(field, "name") == 0 ||
					   strncmp(field, ZONE_AUDIT_FIELD,
					       strlen(ZONE_AUDIT_FIELD)) == 0);

	if (admins || (field != NULL && business_field_is(field)))
		return app_sees_all(req) &&
		       req->user.role >= (admins ? WEB_ADMIN : WEB_MANAGER);
	return req->user.role >= WEB_MANAGER;
}

static void
put_undo(struct list *l, const struct ledger_audit *a)
{
	char id[24];

	snprintf(id, sizeof(id), "%" PRId64, a->id);
	buf_puts(l->b, "<td>");
	if (a->undone)
		buf_puts(l->b, "undone");
	else if (strcmp(a->action, "edit") == 0 &&
		 may_change(l->req, a->field)) {
		page_form(l->b, l->req, "/admin/undo");
		page_hidden(l->b, "id", id);
		page_form_end(l->b, "Undo");
	}
	buf_puts(l->b, "</td>");
}

static int
put_row(const struct ledger_audit *a, void *arg)
{
	char text[MONEY_SIZE], when[CLOCK_ISO_SIZE], login[24];
	struct list *l = arg;

	if (!scope_has_audit(l->req->user.accounts, &l->app->facts, a))
		return 0;
	l->rows++;
	l->last = a->id;
	snprintf(login, sizeof(login), "%" PRId64, a->login);
	buf_puts(l->b, "<tr>");
	page_cell(l->b, clock_iso(a->at_utc_ms, when));
	page_cell(l->b, a->who);
	page_cell(l->b, a->action);
	page_cell(l->b, a->server != NULL ? login : NULL);
	page_cell(l->b, a->server);
	page_cell(l->b, a->field);
	page_cell(l->b, a->from);
	page_cell(l->b, a->to);
	page_cell(l->b,
	    a->balance.known ? money_format(a->balance.v, -1, text) : NULL);
	page_cell(
	    l->b, a->equity.known ? money_format(a->equity.v, -1, text) : NULL);
	put_undo(l, a);
	buf_puts(l->b, "</tr>\n");
	return l->rows == PER_PAGE;
}

void
audit_page(struct app *app, const struct request *req, struct response *res)
{
	static const char *const names[] = {"When", "Who", "What", "Login",
	    "Server", "Field", "From", "To", "Balance", "Equity", ""};
	struct list l = {.app = app, .req = req};
	enum ledger_result r;
	int64_t before;
	char older[64];

	if (request_number(req, "before", 1, INT64_MAX, 0, &before) == -1) {
		page_error(res, req, 400, "before: not a number");
		return;
	}
	l.b = page_begin(res, req, "Audit");
	page_head(l.b, names, sizeof(names) / sizeof(names[0]));
	r = ledger_audits(app_ledger(app), 0, before,
	    app_sees_all(req) ? PER_PAGE : 0, put_row, &l);
	buf_puts(l.b, "</tbody></table>");
	if (l.rows == PER_PAGE) {
		snprintf(older, sizeof(older), "/admin/audit?before=%" PRId64,
		    l.last);
		buf_puts(l.b, "<p>");
		page_link(l.b, req, older);
		buf_puts(l.b, "Older</a></p>");
	}
	page_end(l.b);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

static bool
read_id(const struct request *req, int64_t *id)
{
	const char *text = web_params_get(&req->form, "id");
	cJSON *doc;
	bool good;

	if (text != NULL)
		return num_int64(text, 1, INT64_MAX, id) == 0;
	doc = jsonin_parse(req->body, req->body_len);
	good = jsonin_int64(doc, "id", id) && *id > 0;
	cJSON_Delete(doc);
	return good;
}

/* The account of an audit row, for the answer. */
struct undone {
	int64_t id;
	struct app *app;
	struct ledger_actor actor;
};

static int
tell_undone(const struct ledger_audit *a, void *arg)
{
	const struct undone *u = arg;
	struct subject s = {.id = a->account,
	    .server = a->server,
	    .login = a->login,
	    .actor = u->actor};

	if (a->id == u->id && a->server != NULL)
		edit_tell(u->app, &s);
	return 1;
}

struct undoing {
	int64_t id;
	struct app *app;
	const struct request *req;
	bool sees, may;
};

static int
look_at(const struct ledger_audit *a, void *arg)
{
	struct undoing *u = arg;

	u->sees =
	    a->id == u->id && app_may_see(u->app, u->req, a->server, a->login);
	u->may = may_change(u->req, a->field);
	return 1;
}

/* The change of an account that he may not see is not there for him. False
 * with the answer made. */
static bool
may_undo(struct app *app, const struct request *req, struct response *res,
    int64_t id)
{
	struct undoing u = {.id = id, .app = app, .req = req};
	enum ledger_result r = ledger_audits(
	    app_ledger(app), 0, id < INT64_MAX ? id + 1 : id, 1, look_at, &u);

	if (r == LEDGER_OK && !u.sees)
		r = LEDGER_NOT_FOUND;
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else if (!u.may)
		response_error(res, 403, "forbidden",
		    "only who may make this change may undo it");
	return r == LEDGER_OK && u.may;
}

void
undo_post(struct app *app, const struct request *req, struct response *res)
{
	struct undone u = {.app = app,
	    .actor = {.who = req->user.name, .at_utc_ms = clock_utc_ms()}};
	enum ledger_result r;

	if (!read_id(req, &u.id)) {
		response_error(res, 400, "bad_request",
		    "id is required: the audit row to undo");
		return;
	}
	if (!may_undo(app, req, res, u.id))
		return;
	r = ledger_undo(app_ledger(app), u.id, &u.actor);
	/* where it was a broker's zone, the UTC of its deals */
	if (r == LEDGER_OK)
		r = ledger_zones_apply(app->ledger);
	if (r != LEDGER_OK) {
		app_ledger_failed(app, r, res);
		return;
	}
	ledger_audits(app->ledger, 0, u.id + 1, 1, tell_undone, &u);
	if (req->form.len > 0)
		response_redirect(res, "/admin/audit");
	else {
		json_object(&res->json, NULL);
		json_bool(&res->json, "ok", true);
		json_end(&res->json);
	}
}
