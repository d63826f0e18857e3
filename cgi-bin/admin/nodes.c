/*
 * GET /admin/nodes: the nodes and a form to add one.
 * POST /admin/nodes: action add (id, url, token, ca, note), enable, disable,
 * maintenance or ready (id). nodes.json is validated, then replaced as a whole.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/file.h"
#include "lib/base/lock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/json/jsonin.h"

#define FILE_MAX ((size_t)16 * 1024 * 1024)

static void
put_action(struct buf *b, const struct request *req, const char *id,
    const char *action, const char *label)
{
	page_form(b, req, "/admin/nodes");
	page_hidden(b, "id", id);
	page_hidden(b, "action", action);
	page_form_end(b, label);
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
	if (req->user.role == WEB_ADMIN) {
		if (n->enabled)
			put_action(b, req, n->id, "disable", "Disable");
		else
			put_action(b, req, n->id, "enable", "Enable");
		if (n->maintenance)
			put_action(b, req, n->id, "ready", "End maintenance");
		else
			put_action(b, req, n->id, "maintenance", "Maintenance");
	}
	buf_puts(b, "</td></tr>\n");
}

static void
put_add(struct buf *b, const struct request *req)
{
	buf_puts(b, "<h2>Add a node</h2>");
	page_form(b, req, "/admin/nodes");
	page_hidden(b, "action", "add");
	page_input(b, "Name (letters, digits, . _ -)", "id", NULL);
	page_input(b, "URL of its agent", "url", NULL);
	page_input(b, "Token", "token", NULL);
	page_input(b, "Certificate file (self-signed agents)", "ca", NULL);
	page_input(b, "Note", "note", NULL);
	page_form_end(b, "Add");
}

void
nodes_page(struct app *app, const struct request *req, struct response *res)
{
	static const char *const names[] = {
	    "Node", "URL", "State", "", "Note", ""};
	struct buf *b = page_begin(res, req, "Nodes");

	fleet_refresh(&app->fleet, &app->config);
	if (app->fleet.error != NULL) {
		buf_puts(b, "<p class=\"wrong\" role=\"alert\">");
		html_text(b, app->fleet.error);
		buf_puts(b, "</p>");
	}
	page_head(b, names, sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < app->fleet.nodes.len; i++)
		put_node(b, req, &app->fleet.nodes.list[i]);
	buf_puts(b, "</tbody></table>");
	if (req->user.role == WEB_ADMIN)
		put_add(b, req);
	page_end(b);
}

static cJSON *
find_node(cJSON *doc, const char *id)
{
	cJSON *o;
	const char *text;

	cJSON_ArrayForEach(o, doc)
		if (jsonin_string(o, "id", &text) && strcmp(text, id) == 0)
			return o;
	return NULL;
}

static void
add_text(cJSON *o, const struct request *req, const char *name)
{
	const char *text = web_params_get(&req->form, name);

	if (text != NULL && *text != '\0')
		cJSON_AddStringToObject(o, name, text);
}

static void
set_flag(cJSON *o, const char *name, bool v)
{
	cJSON_DeleteItemFromObjectCaseSensitive(o, name);
	cJSON_AddBoolToObject(o, name, v);
}

/* Applies the action to the document; false: unknown action or node. */
static bool
act(cJSON *doc, const struct request *req, const char *action, const char *id)
{
	cJSON *o = find_node(doc, id);

	if (strcmp(action, "add") == 0) {
		o = cJSON_CreateObject();
		add_text(o, req, "id");
		add_text(o, req, "url");
		add_text(o, req, "token");
		add_text(o, req, "ca");
		add_text(o, req, "note");
		cJSON_AddItemToArray(doc, o);
		return true;
	}
	if (o == NULL)
		return false;
	if (strcmp(action, "enable") == 0 || strcmp(action, "disable") == 0)
		set_flag(o, "enabled", *action == 'e');
	else if (strcmp(action, "maintenance") == 0 ||
		 strcmp(action, "ready") == 0)
		set_flag(o, "maintenance", *action == 'm');
	else
		return false;
	return true;
}

/* NULL when valid as nodes.json, else the reason, which the caller frees. */
static char *
mistake_of(const char *path, const char *text)
{
	char *tmp = mem_printf("%s.check", path), *why = NULL;
	struct nodes nodes = {0};

	if (file_write(tmp, text, strlen(text), 0600) == -1)
		why = mem_printf("%s: %s", tmp, strerror(errno));
	else if (nodes_load(&nodes, tmp) == -1)
		why = mem_strdup(nodes.error);
	nodes_done(&nodes);
	unlink(tmp);
	free(tmp);
	return why;
}

/* The audit has the change only where the file can be written. */
static void
replace(struct app *app, const struct request *req, struct response *res,
    const char *text, const char *action, const char *id)
{
	const char *path = app->config.nodes_file;
	char *why = mistake_of(path, text);
	struct stat st;

	if (why != NULL)
		page_error(res, req, 400, "Nothing was changed: %s", why);
	else if (app_audit(app, req, res, "node", action, id) == -1)
		;
	else if (stat(path, &st) == -1 || file_write(path, text, strlen(text),
					      st.st_mode & 0777) == -1) {
		log_warnx("%s: %s", path, strerror(errno));
		page_error(res, req, 503, "nodes.json cannot be written: %s",
		    strerror(errno));
	} else
		response_redirect(res, "/admin/nodes");
	free(why);
}

static void
change(struct app *app, const struct request *req, struct response *res,
    const char *action, const char *id)
{
	size_t len;
	char *text = file_read(app->config.nodes_file, FILE_MAX, &len);
	cJSON *doc = text != NULL ? jsonin_parse(text, len) : NULL;

	free(text);
	if (!cJSON_IsArray(doc))
		page_error(res, req, 503,
		    "nodes.json cannot be read; correct the file first.");
	else if (!act(doc, req, action, id))
		page_error(
		    res, req, 400, "No such node or action: %s %s", action, id);
	else {
		text = cJSON_Print(doc);
		replace(app, req, res, text, action, id);
		free(text);
	}
	cJSON_Delete(doc);
}

void
nodes_post(struct app *app, const struct request *req, struct response *res)
{
	const char *action = web_params_get(&req->form, "action");
	const char *id = web_params_get(&req->form, "id");
	struct lock lock;
	char *path;

	if (action == NULL || id == NULL || *id == '\0') {
		page_error(res, req, 400, "action and id are required");
		return;
	}
	if (*app->config.nodes_file == '\0') {
		page_error(res, req, 501,
		    "NODES_FILE is not set; the nodes are in "
		    "VPS_AGENTS_JSON.");
		return;
	}
	path = mem_printf("%s/nodes.lock", app->config.state_dir);
	if (lock_open(&lock, path) == -1)
		page_error(res, req, 503, "%s", lock.error);
	else if (!lock_try(&lock))
		page_error(res, req, 503,
		    "Somebody else is changing the nodes; try again.");
	else
		change(app, req, res, action, id);
	lock_close(&lock);
	free(path);
}
