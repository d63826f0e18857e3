/*
 * GET /admin/merge/{server}/{login}?into=SERVER:LOGIN: what joining this
 * account into that one would do, and the form that does it; without into= the
 * forms that ask for it, and for another name. POST /admin/merge: joins them.
 * POST /admin/rename: another server or login.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/edit.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/base/url.h"

#define SERVER_MAX 256

static const char *
field(const struct request *req, const char *name)
{
	const char *text = web_params_get(&req->form, name);

	return text != NULL ? text : "";
}

static bool
read_login(const struct request *req, const char *name, int64_t *login)
{
	return num_int64(field(req, name), 1, INT64_MAX, login) == 0;
}

static void
put_count(struct buf *b, int64_t n, const char *what)
{
	buf_printf(b, "<li>%" PRId64 " ", n);
	html_text(b, what);
	buf_puts(b, "</li>");
}

/* The other accounts, to choose from. */
struct choice {
	struct buf *b;
	int64_t but;
};

static int
put_option(const struct ledger_account *a, void *arg)
{
	const struct choice *c = arg;
	char text[SERVER_MAX + 32];

	if (a->id == c->but)
		return 0;
	snprintf(text, sizeof(text), "%.256s:%" PRId64, a->server, a->login);
	buf_puts(c->b, "<option>");
	html_text(c->b, text);
	buf_puts(c->b, "</option>");
	return 0;
}

static void
put_forms(struct app *app, const struct request *req, struct buf *b,
    const struct subject *s)
{
	struct choice c = {b, s->id};

	buf_puts(b, "<h2>Join into another account</h2><p>Where its server was "
		    "renamed, its login migrated, or a terminal made a second "
		    "account of it. What would be joined is shown first."
		    "</p><form method=\"get\"><label>Into<select "
		    "name=\"into\">");
	ledger_accounts(app_ledger(app), put_option, &c);
	buf_puts(b, "</select></label><button>Show</button></form>"
		    "<h2>Another name</h2><p>The old one finds it, too.</p>");
	page_form(b, req, "/admin/rename");
	page_hidden(b, "server", s->server);
	page_hidden_int(b, "login", s->login);
	page_input(b, "Server", "new_server", s->server);
	{
		char text[24];

		snprintf(text, sizeof(text), "%" PRId64, s->login);
		page_input(b, "Login", "new_login", text);
	}
	page_form_end(b, "Rename");
}

static void
put_preview(const struct request *req, struct buf *b, const struct subject *s,
    const char *into_server, int64_t into_login,
    const struct ledger_merge_preview *p)
{
	buf_printf(b, "<p>%" PRId64 " on ", s->login);
	html_text(b, s->server);
	buf_printf(b, " goes into %" PRId64 " on ", into_login);
	html_text(b, into_server);
	buf_puts(b, ":</p><ul>");
	put_count(b, p->deals, "deals come over");
	put_count(b, p->same, "deals are in both, and count once");
	put_count(b, p->trades, "trades");
	put_count(b, p->samples, "samples of equity");
	put_count(b, p->periods, "phase periods");
	put_count(b, p->verdicts, "verdicts");
	buf_puts(b, "</ul>");
	if (p->differing > 0) {
		buf_puts(b, "<p class=\"wrong\" role=\"alert\">Both have other "
			    "deals with the tickets ");
		html_text(b, p->differ);
		buf_puts(b, ": they cannot be joined.</p>");
		return;
	}
	page_form(b, req, "/admin/merge");
	page_hidden(b, "server", s->server);
	page_hidden_int(b, "login", s->login);
	page_hidden(b, "into_server", into_server);
	page_hidden_int(b, "into_login", into_login);
	page_form_end(b, "Join");
	buf_puts(b, "<p>The audit's Undo parts them again.</p>");
}

/* "Server:123", the server the caller's. */
static bool
split(const char *text, char **server, int64_t *login)
{
	const char *at = strrchr(text, ':');

	if (at == NULL || at == text || at - text > SERVER_MAX ||
	    num_int64(at + 1, 1, INT64_MAX, login) == -1)
		return false;
	*server = mem_strndup(text, (size_t)(at - text));
	return true;
}

void
merge_page(struct app *app, const struct request *req, struct response *res)
{
	const char *into = request_query(req, "into");
	struct ledger_merge_preview p;
	char *server = NULL;
	int64_t login, id;
	struct subject s;
	enum ledger_result r = LEDGER_OK;
	struct buf *b;

	if (!subject_of_path(app, req, res, &s))
		return;
	if (into != NULL && !split(into, &server, &login)) {
		page_error(res, req, 400, "not an account, SERVER:LOGIN");
		return;
	}
	if (server != NULL)
		r = ledger_account_find(app_ledger(app), server, login, &id);
	if (server != NULL && r == LEDGER_OK)
		r = ledger_merge_preview(app_ledger(app), s.id, id, &p);
	if (r == LEDGER_NOT_FOUND || (server != NULL && id == s.id))
		page_error(res, req, 404, "no such other account");
	else if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else {
		b = page_begin(res, req, "Join or rename an account");
		if (server != NULL)
			put_preview(req, b, &s, server, login, &p);
		else
			put_forms(app, req, b, &s);
		page_end(b);
	}
	free(server);
}

static void
finish(struct app *app, const struct request *req, struct response *res,
    enum ledger_result r)
{
	const char *why = ledger_error(app_ledger(app));

	if (r == LEDGER_OK)
		response_redirect(res, "/admin/audit");
	else if (r == LEDGER_REJECTED)
		page_error(res, req, 409, "Nothing was changed: %s.",
		    why != NULL ? why : "refused");
	else if (r == LEDGER_NOT_FOUND)
		page_error(res, req, 404, "no such account");
	else
		app_ledger_failed(app, r, res);
}

void
merge_post(struct app *app, const struct request *req, struct response *res)
{
	int64_t login, into_login, into;
	struct subject s;
	enum ledger_result r;

	if (!read_login(req, "login", &login) ||
	    !read_login(req, "into_login", &into_login)) {
		page_error(res, req, 400,
		    "Incomplete form: both accounts are required.");
		return;
	}
	if (!subject_find(app, req, res, field(req, "server"), login, &s))
		return;
	r = ledger_account_find(
	    app_ledger(app), field(req, "into_server"), into_login, &into);
	if (r == LEDGER_OK)
		r = ledger_merge(app_ledger(app), s.id, into, &s.actor);
	finish(app, req, res, r);
}

void
rename_post(struct app *app, const struct request *req, struct response *res)
{
	const char *server = field(req, "new_server");
	int64_t login, new_login;
	struct subject s;

	if (!read_login(req, "login", &login) ||
	    !read_login(req, "new_login", &new_login) || *server == '\0' ||
	    strlen(server) > SERVER_MAX) {
		page_error(res, req, 400,
		    "Incomplete form: a server and a login are required.");
		return;
	}
	if (subject_find(app, req, res, field(req, "server"), login, &s))
		finish(app, req, res,
		    ledger_rename(
			app_ledger(app), s.id, server, new_login, &s.actor));
}
