/*
 * agent_http_body_fuzz.c: whatever a client sends: a line "METHOD path",
 * then "name=value" lines, an empty one, and a body.
 */
#include "agent/app.h"
#include "agent/routes.h"
#include "lib/base/clock.h"
#include "lib/json/jsonin.h"
#include "tests/fuzz/fuzz.h"

#define SNAPSHOT                                                               \
	"{\"v\":1,\"kind\":\"snapshot\",\"terminal_id\":\"0123456789abcdef\"," \
	"\"bridge\":{\"session\":\"s\"},\"seq\":1,\"rev\":1,"                  \
	"\"account\":{\"login\":\"5\",\"server\":\"S\"},"                      \
	"\"terminal\":{\"connected\":true},\"positions\":[],\"orders\":[],"    \
	"\"history\":{\"complete\":true}}"

static struct app app;

static void
prepare(void)
{
	const char *why = NULL;
	struct terminal *t;

	if (app.terminals.len > 0)
		return;
	app.config.agent_token = mem_strdup("");
	app.config.agent_timeout_s = 1;
	terminals_init(&app.terminals, "0123456789abcdef", 10000);
	t = terminals_add(&app.terminals, "0123456789abcdef", "/nowhere");
	terminal_take(&app.terminals, t,
	    snapshot_new(mem_strdup(SNAPSHOT), strlen(SNAPSHOT), t->id, &why),
	    1000, 0);
}

static void
add_param(struct request *req, char *line)
{
	char *value = strchr(line, '=');

	if (req->query.len == WEB_PARAMS_MAX)
		return;
	if (value != NULL)
		*value++ = '\0';
	req->query.list[req->query.len].name = line;
	req->query.list[req->query.len++].value = value != NULL ? value : "";
}

static void
read_request(struct request *req, struct response *res, char *text, char *end)
{
	char *rest = text, *line = strsep(&rest, "\n");
	char *path = strchr(line, ' '), *body;
	size_t len;

	if (path != NULL)
		*path++ = '\0';
	request_set_method(req, line);
	request_set_target(req, res, path != NULL ? path : "/", "");
	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL &&
	       *line != '\0')
		add_param(req, line);
	if (rest != NULL) {
		len = (size_t)(end - rest);
		body = mem_new(len + 1, 1);
		memcpy(body, rest, len);
		request_set_body(req, res, body, len);
	}
}

/* An answer is JSON with a status of HTTP, or it waits for a reason. */
static void
check(const struct response *res)
{
	const char *text;
	size_t len;
	cJSON *doc;

	if (res->wait_until_mono_ms != 0 || res->status == 204)
		return;
	if ((text = json_text(&res->json, &len)) == NULL)
		abort();
	doc = jsonin_parse(text, len);
	if (!cJSON_IsObject(doc) || res->status < 200 || res->status > 599)
		abort();
	/* a terminal's own "error" is a text, or null */
	if ((jsonin_object(doc, "error") != NULL) != (res->status >= 400))
		abort();
	cJSON_Delete(doc);
}

static void
fuzz_one(const char *text, size_t len)
{
	char *copy = mem_new(1, len + 1);
	const struct web web = {.app = &app,
	    .routes = routes,
	    .routes_len = routes_len,
	    .no_etag = true,
	    .admit = routes_admit};
	struct request req;
	struct response res;

	prepare();
	memcpy(copy, text, len);
	response_init(&res);
	request_init(&req);
	read_request(&req, &res, copy, copy + len);
	req.remote = "127.0.0.1";
	req.came_mono_ms = req.now_mono_ms = 2000;
	web_dispatch(&web, &req, &res);
	check(&res);
	response_done(&res);
	request_done(&req);
	free(copy);
}
