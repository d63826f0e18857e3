/*
 * agent_http_body_fuzz.c: whatever a client sends: a line "METHOD path",
 * then "name=value" lines, an empty one, and a body.
 */
#include "agent/app.h"
#include "agent/question.h"
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

	if (req->params_len == REQUEST_PARAMS_MAX) {
		req->malformed = true;
		return;
	}
	if (value != NULL)
		*value++ = '\0';
	req->params[req->params_len].name = line;
	req->params[req->params_len++].value = value != NULL ? value : "";
}

static void
read_request(struct request *req, char *text, char *end)
{
	char *rest = text, *line = strsep(&rest, "\n");
	char *path = strchr(line, ' ');

	if (path != NULL)
		*path++ = '\0';
	req->method = line;
	req->path = path != NULL ? path : "/";
	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL &&
	       *line != '\0')
		add_param(req, line);
	req->body = rest != NULL ? rest : "";
	req->body_len = rest != NULL ? (size_t)(end - rest) : 0;
}

/* An answer is JSON with a status of HTTP, or it waits for a reason. */
static void
check(const struct response *res)
{
	const char *text;
	size_t len;
	cJSON *doc;

	if (res->wait_until_msc != 0)
		return;
	if ((text = json_text(&res->json, &len)) == NULL)
		abort();
	doc = jsonin_parse(text, len);
	if (!cJSON_IsObject(doc) || res->status < 200 || res->status > 599)
		abort();
	if ((cJSON_GetObjectItem(doc, "error") != NULL) != (res->status >= 400))
		abort();
	cJSON_Delete(doc);
}

static void
fuzz_one(const char *text, size_t len)
{
	char *copy = mem_new(1, len + 1);
	struct request req;
	struct response res;

	prepare();
	memcpy(copy, text, len);
	memset(&req, 0, sizeof(req));
	read_request(&req, copy, copy + len);
	req.address = "127.0.0.1";
	req.came_msc = req.now_msc = 2000;
	response_init(&res);
	routes_answer(&app, &req, &res);
	check(&res);
	question_free(req.question);
	response_done(&res);
	free(copy);
}
