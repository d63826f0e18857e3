/*
 * POST /reconnect, /mt5/connect, /mt5/disconnect ?node=: forwarded to that
 * node's agent; its answer is returned unchanged.
 */
#include <stdlib.h>

#include "cgi-bin/admin/app.h"
#include "lib/base/mem.h"
#include "lib/http/fetch.h"
#include "lib/json/jsonin.h"

#define ANSWER_MAX ((size_t)256 * 1024)

static bool
is_json(const struct fetch_answer *a)
{
	cJSON *doc = jsonin_parse(a->body, a->len);
	bool yes = doc != NULL;

	cJSON_Delete(doc);
	return yes;
}

static void
take_answer(void *arg, const struct fetch_answer *a)
{
	struct response *res = arg;

	if (a->code == 0)
		response_error(res, 502, "unreachable", "%s", a->error);
	else if (a->code == 401 || a->code == 403)
		response_error(
		    res, 502, "agent_refused", "the agent rejected our token");
	else if (!is_json(a))
		response_error(res, 502, "bad_answer",
		    "the agent answered %d without JSON", a->code);
	else {
		res->status = a->code;
		json_raw(&res->json, NULL, a->body, a->len);
	}
}

static void
pass_on(struct app *app, const struct node *node, const char *path,
    struct response *res)
{
	char *url = mem_printf("%s%s", node->url, path);
	const struct fetch_request request = {.method = "POST",
	    .url = url,
	    .token = node->token,
	    .ca = node->ca,
	    .pinned = !node->ca_signs,
	    .body = "",
	    .connect_ms = 3000,
	    .total_ms = app->config.agent_timeout_s * 1000,
	    .max = ANSWER_MAX};

	fetch_now(&request, take_answer, res);
	free(url);
}

void
agent_post(struct app *app, const struct request *req, struct response *res)
{
	const char *id = request_query(req, "node");
	const struct node *node;

	fleet_refresh(&app->fleet, &app->config);
	if (id == NULL)
		response_error(res, 400, "bad_request", "node= is required");
	else if ((node = nodes_find(&app->fleet.nodes, id)) == NULL)
		response_error(
		    res, 404, "not_found", "no such node: \"%.80s\"", id);
	else if (app_audit(app, req, res, "agent", req->path, id) == 0)
		pass_on(app, node, req->path, res);
}
