/*
 * GET /admin/nodes: the nodes, the machines that want to join, and the forms.
 * POST /admin/nodes: one of the actions of lib/fleet/node_change.h, by name:
 * add (id, url, token, ca, note), enable, disable, maintenance, ready, remove,
 * rotate (id), rename (id, to), retire, expect (server, login), invite (id,
 * note), approve (id, fingerprint), reject (id). 303, or for an invitation a
 * page with the lines for the machine. POST /api/nodes: the same as JSON.
 */
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/body.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/cert.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/num.h"
#include "lib/fleet/join_line.h"
#include "lib/fleet/node_change.h"

static void
begin_action(struct buf *b, const struct request *req, const char *id,
    const char *action)
{
	page_form(b, req, "/admin/nodes");
	page_hidden(b, "id", id);
	page_hidden(b, "action", action);
}

static void
put_action(struct buf *b, const struct request *req, const char *id,
    const char *action, const char *label)
{
	begin_action(b, req, id, action);
	page_form_end(b, label);
}

static void
put_actions(struct buf *b, const struct request *req, const struct node *n)
{
	if (n->enabled)
		put_action(b, req, n->id, "disable", "Disable");
	else
		put_action(b, req, n->id, "enable", "Enable");
	if (n->maintenance)
		put_action(b, req, n->id, "ready", "End maintenance");
	else
		put_action(b, req, n->id, "maintenance", "Maintenance");
	buf_puts(b, "<details><summary>More</summary>");
	put_action(b, req, n->id, "rotate", "Rotate token and certificate");
	begin_action(b, req, n->id, "rename");
	page_input(b, "Another name", "to", NULL);
	page_form_end(b, "Rename");
	put_action(b, req, n->id, "remove", "Remove from the list");
	buf_puts(b, "</details>");
}

static void
put_node(struct buf *b, const struct request *req, const struct node *n)
{
	buf_puts(b, "<tr>");
	page_cell(b, n->id);
	page_cell(b, n->url);
	page_cell(b, n->enabled ? "polled" : "disabled");
	page_cell(b, n->maintenance ? "maintenance" : NULL);
	page_cell(b, n->note);
	buf_puts(b, "<td>");
	if (req->user.role == WEB_ADMIN)
		put_actions(b, req, n);
	buf_puts(b, "</td></tr>\n");
}

/* ---- machines that join ---- */

struct joins {
	struct buf *b;
	const struct request *req;
	int n;
};

static void
put_came(struct joins *js, const struct ledger_join *j)
{
	struct buf *b = js->b;
	struct cert cert;

	if (cert_read(j->certificate, strlen(j->certificate), &cert) == -1)
		*cert.fingerprint = '\0';
	page_cell(b, j->address);
	page_cell(b, j->url);
	buf_puts(b, "<td><code>");
	html_text(b, cert.fingerprint);
	buf_puts(b, "</code></td><td>");
	if (js->req->user.role == WEB_ADMIN) {
		begin_action(b, js->req, j->name, "approve");
		page_hidden(b, "fingerprint", cert.fingerprint);
		page_form_end(b, "Approve");
		put_action(b, js->req, j->name, "reject", "Reject");
	}
	buf_puts(b, "</td>");
}

static int
put_join(const struct ledger_join *j, void *arg)
{
	static const char *const names[] = {
	    "Name", "Invited by", "From", "URL", "Fingerprint", ""};
	struct joins *js = arg;
	bool over = j->expires_utc_ms <= clock_utc_ms();

	if (js->n++ == 0) {
		buf_puts(js->b,
		    "<h2>Machines that want to join</h2><p>Approve one whose "
		    "fingerprint is the one that the machine shows.</p>");
		page_head(js->b, names, sizeof(names) / sizeof(names[0]));
	}
	buf_puts(js->b, "<tr>");
	page_cell(js->b, j->name);
	page_cell(js->b, j->who);
	if (j->came_utc_ms != 0)
		put_came(js, j);
	else {
		page_cell(js->b, over ? "the token has expired" : "not yet");
		page_cell(js->b, NULL);
		page_cell(js->b, NULL);
		buf_puts(js->b, "<td>");
		if (js->req->user.role == WEB_ADMIN)
			put_action(
			    js->b, js->req, j->name, "reject", "Take back");
		buf_puts(js->b, "</td>");
	}
	buf_puts(js->b, "</tr>\n");
	return 0;
}

/* False: the ledger could not say. */
static bool
put_joins(struct app *app, const struct request *req, struct buf *b)
{
	struct joins js = {.b = b, .req = req};
	enum ledger_result r = ledger_joins(app_ledger(app), put_join, &js);

	if (js.n > 0)
		buf_puts(b, "</tbody></table>");
	if (r == LEDGER_OK)
		return true;
	log_warnx("ledger: %s", ledger_result_word(r));
	return false;
}

/* ---- the page ---- */

static void
put_wrong(struct buf *b, const char *text)
{
	buf_puts(b, "<p class=\"wrong\" role=\"alert\">");
	html_text(b, text);
	buf_puts(b, "</p>");
}

static void
put_forms(struct buf *b, const struct request *req)
{
	buf_puts(b, "<h2>Add a VPS</h2><p>Gives a line that installs the agent "
		    "there.</p>");
	page_form(b, req, "/admin/nodes");
	page_hidden(b, "action", "invite");
	page_input(b, "Name (letters, digits, . _ -)", "id", NULL);
	page_input(b, "Note", "note", NULL);
	page_form_end(b, "Make the line");
	buf_puts(b, "<h2>An account that is gone for good</h2>");
	page_form(b, req, "/admin/nodes");
	page_hidden(b, "id", "-");
	page_hidden(b, "action", "retire");
	page_input(b, "Server", "server", NULL);
	page_input(b, "Login", "login", NULL);
	page_form_end(b, "Retire");
	buf_puts(b, "<h2>Add a node by hand</h2>");
	page_form(b, req, "/admin/nodes");
	page_hidden(b, "action", "add");
	page_input(b, "Name (letters, digits, . _ -)", "id", NULL);
	page_input(b, "URL of its agent", "url", NULL);
	page_input(b, "Token", "token", NULL);
	page_input(b, "Certificate file (self-signed agents)", "ca", NULL);
	page_input(b, "Note", "note", NULL);
	page_form_end(b, "Add");
}

static void
put_retired(struct buf *b, const struct request *req, const struct nodes *all)
{
	int n = 0;

	for (size_t i = 0; i < all->len; i++)
		for (size_t k = 0; k < all->list[i].retired_len; k++) {
			const struct account_key *a = &all->list[i].retired[k];

			if (n++ == 0)
				buf_puts(b, "<h2>Retired</h2><ul>");
			buf_puts(b, "<li>");
			html_text(b, a->server);
			buf_printf(b, " %lld (", (long long)a->login);
			html_text(b, all->list[i].id);
			buf_puts(b, ") ");
			if (req->user.role == WEB_ADMIN) {
				begin_action(b, req, "-", "expect");
				page_hidden(b, "server", a->server);
				buf_printf(b,
				    "<input type=\"hidden\" name=\"login\" "
				    "value=\"%lld\">",
				    (long long)a->login);
				page_form_end(b, "Expect it again");
			}
			buf_puts(b, "</li>");
		}
	if (n > 0)
		buf_puts(b, "</ul>");
}

void
nodes_page(struct app *app, const struct request *req, struct response *res)
{
	static const char *const names[] = {
	    "Node", "URL", "State", "", "Note", ""};
	struct buf *b = page_begin(res, req, "Nodes");

	fleet_refresh(&app->fleet, &app->config);
	if (app->fleet.error != NULL)
		put_wrong(b, app->fleet.error);
	if (!put_joins(app, req, b))
		put_wrong(b, "The ledger cannot be read now: which machines "
			     "want to join is not known.");
	buf_puts(b, "<h2>Nodes</h2>");
	page_head(b, names, sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < app->fleet.nodes.len; i++)
		put_node(b, req, &app->fleet.nodes.list[i]);
	buf_puts(b, "</tbody></table>");
	put_retired(b, req, &app->fleet.nodes);
	if (req->user.role == WEB_ADMIN)
		put_forms(b, req);
	page_end(b);
}

/* ---- changes ---- */

/* The token is on this page and nowhere else. */
static void
put_lines(struct response *res, const struct request *req, const char *name,
    const struct join_lines *lines)
{
	struct buf *b = page_begin(res, req, "Add a VPS");

	response_header(res, "Cache-Control", "no-store");
	buf_puts(b, "<p>On the machine that is to be ");
	html_text(b, name);
	buf_puts(b, ", within an hour, once. On Windows, in PowerShell as "
		    "administrator, logged on as who runs MetaTrader:</p>"
		    "<pre class=\"line\"><code>");
	html_text(b, lines->powershell);
	buf_puts(b, "</code></pre><p>On Linux, as root:</p>"
		    "<pre class=\"line\"><code>");
	html_text(b, lines->shell);
	buf_puts(b, "</code></pre><p>Then it is on the page of <a href=\"");
	html_text(b, req->base);
	buf_puts(b, "/admin/nodes\">the nodes</a>, with the fingerprint that "
		    "the machine shows.</p>");
	page_end(b);
}

static void
put_lines_json(
    struct response *res, const char *name, const struct join_lines *lines)
{
	struct json *j = &res->json;

	response_header(res, "Cache-Control", "no-store");
	json_object(j, NULL);
	json_bool(j, "ok", true);
	json_string(j, "name", name);
	json_string(j, "powershell", lines->powershell);
	json_string(j, "shell", lines->shell);
	json_int(j, "expires_s", NODE_JOIN_S);
	json_end(j);
}

/* What the form says, or the same as JSON. */
struct asked {
	struct app *app;
	const struct request *req;
	struct response *res;
	struct body *json; /* NULL: it was a form */
};

static const char *
field(const struct asked *a, const char *name)
{
	const char *text = a->json != NULL
			       ? body_text(a->json, name, "")
			       : web_params_get(&a->req->form, name);

	return text != NULL && *text != '\0' ? text : NULL;
}

static int
retire(struct node_change *c, const struct asked *a, bool back)
{
	const char *server = field(a, "server"), *text = field(a, "login");
	int64_t login;

	if (server != NULL && text != NULL &&
	    num_int64(text, 1, INT64_MAX, &login) == 0)
		return node_change_retire(c, server, login, back);
	snprintf(c->error, sizeof(c->error), "server and login are required");
	c->wrong = true;
	return -1;
}

static int
invite(struct node_change *c, const struct asked *a, const char *id)
{
	char token[NODE_JOIN_TOKEN_SIZE] = "";
	struct join_lines lines;
	int rc;

	/* first of all: could there be a line? */
	if (join_lines_make(&lines, &a->app->config, token) == -1) {
		snprintf(c->error, sizeof(c->error), "%s", lines.error);
		c->wrong = false;
		rc = -1;
	} else
		rc = node_change_invite(c, id, field(a, "note"), token);
	join_lines_done(&lines);
	if (rc == 0) {
		rc = join_lines_make(&lines, &a->app->config, token);
		if (rc == 0 && a->json != NULL)
			put_lines_json(a->res, id, &lines);
		else if (rc == 0)
			put_lines(a->res, a->req, id, &lines);
		join_lines_done(&lines);
	}
	explicit_bzero(token, sizeof(token));
	return rc;
}

static int
change(struct node_change *c, const struct asked *a, const char *action,
    const char *id)
{
	const char *to = field(a, "to");
	const char *fingerprint = field(a, "fingerprint");
	const struct node_entry entry = {.id = id,
	    .url = field(a, "url"),
	    .token = field(a, "token"),
	    .ca = field(a, "ca"),
	    .note = field(a, "note")};

	if (strcmp(action, "add") == 0)
		return node_change_add(c, &entry);
	if (strcmp(action, "invite") == 0)
		return invite(c, a, id);
	if (strcmp(action, "approve") == 0)
		return node_change_approve(
		    c, id, fingerprint != NULL ? fingerprint : "");
	if (strcmp(action, "reject") == 0)
		return node_change_reject(c, id);
	if (strcmp(action, "remove") == 0)
		return node_change_remove(c, id);
	if (strcmp(action, "rotate") == 0)
		return node_change_rotate(c, id);
	if (strcmp(action, "rename") == 0)
		return node_change_rename(c, id, to != NULL ? to : "");
	if (strcmp(action, "retire") == 0 || strcmp(action, "expect") == 0)
		return retire(c, a, *action == 'e');
	return node_change_state(c, id, action);
}

static void
refuse(const struct asked *a, int status, const char *code, const char *why)
{
	if (a->json != NULL)
		response_error(a->res, status, code, "%s", why);
	else
		page_error(a->res, a->req, status, "%s", why);
}

/* Does it; false: what is wrong is answered. */
static bool
act(const struct asked *a)
{
	const char *action = field(a, "action"), *id = field(a, "id");
	struct node_change c = {.config = &a->app->config,
	    .ledger = app_ledger(a->app),
	    .actor = {.who = a->req->user.name, .at_utc_ms = clock_utc_ms()}};
	char why[sizeof(c.error) + 32];

	if (a->json != NULL && *a->json->why != '\0') {
		refuse(a, 400, "bad_request", a->json->why);
	} else if (action == NULL || id == NULL) {
		refuse(a, 400, "bad_request", "action and id are required");
	} else if (*a->app->config.nodes_file == '\0') {
		refuse(a, 501, "not_available",
		    "NODES_FILE is not set; the nodes are in "
		    "VPS_AGENTS_JSON.");
	} else if (change(&c, a, action, id) == -1) {
		if (!c.wrong)
			log_warnx("nodes: %s", c.error);
		snprintf(why, sizeof(why), "Nothing was changed: %s", c.error);
		refuse(a, c.wrong ? 400 : 503,
		    c.wrong ? "bad_request" : "not_done", why);
	} else
		return true;
	return false;
}

void
nodes_post(struct app *app, const struct request *req, struct response *res)
{
	const struct asked a = {app, req, res, NULL};

	if (act(&a) && !res->is_text)
		response_redirect(res, "/admin/nodes");
}

void
nodes_api_post(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {"action", "id", "url", "token",
	    "ca", "note", "to", "fingerprint", "server", "login", NULL};
	struct body b;
	const struct asked a = {app, req, res, &b};
	size_t len;

	if (!body_open(&b, req, res, known))
		return;
	if (act(&a) && (json_text(&res->json, &len), len == 0)) {
		json_object(&res->json, NULL);
		json_bool(&res->json, "ok", true);
		json_end(&res->json);
	}
	body_done(&b);
}
