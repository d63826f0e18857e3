/*
 * web_fuzz.c: whatever a web server passes on. A seed's lines: method, URI,
 * cookie, content type, If-None-Match, accept, then the body.
 */
#include "lib/json/jsonin.h"
#include "lib/base/utf8.h"
#include "lib/web/answer.h"
#include "tests/fuzz/fuzz.h"

#define LINES 6

struct app {
	int calls;
};

struct outside {
	char *line[LINES];
	const char *body;
	char length[24];
	struct buf got;
};

static const char *const names[LINES] = {"REQUEST_METHOD", "REQUEST_URI",
    "HTTP_COOKIE", "CONTENT_TYPE", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT"};

static const char *
get_var(void *arg, const char *name)
{
	struct outside *o = arg;

	for (int i = 0; i < LINES; i++)
		if (strcmp(names[i], name) == 0)
			return o->line[i];
	if (strcmp(name, "CONTENT_LENGTH") == 0)
		return o->length;
	return strcmp(name, "HTTP_ORIGIN") == 0 ? o->line[2] : NULL;
}

static ssize_t
get_body(void *arg, char *data, size_t len)
{
	struct outside *o = arg;
	size_t n = strnlen(o->body, len);

	memcpy(data, o->body, n);
	o->body += n;
	return (ssize_t)n;
}

static int
put_answer(void *arg, const char *data, size_t len)
{
	struct outside *o = arg;

	return buf_add(&o->got, data, len);
}

static void
must(bool good)
{
	if (!good)
		abort();
}

/* All of what was asked, back again. */
static void
echo(struct app *app, const struct request *req, struct response *res)
{
	const char *server;
	int64_t login;

	app->calls++;
	json_object(&res->json, NULL);
	for (size_t i = 0; i < req->query.len; i++)
		must(utf8_valid(req->query.list[i].value,
		    strlen(req->query.list[i].value)));
	for (size_t i = 0; i < req->form.len; i++)
		json_string(&res->json, req->form.list[i].name,
		    req->form.list[i].value);
	if (request_account(req, &server, &login)) {
		json_string(&res->json, "server", server);
		json_id(&res->json, "login", login);
		must(login > 0);
	}
	for (size_t i = 0; i < req->cookies.len; i++)
		response_header(res, "X-Echo", req->cookies.list[i].value);
	json_end(&res->json);
}

static int
authenticate(struct app *app, struct request *req)
{
	(void)app;
	req->user.role =
	    web_params_get(&req->cookies, "a") != NULL ? WEB_ADMIN : WEB_ANYONE;
	return 0;
}

static const struct route routes[] = {
    {WEB_GET, "/a/{server}/{login}", WEB_ANYONE, "server login x", echo, "",
	false},
    {WEB_GET, "/b", WEB_VIEWER, "server login", echo, "", false},
    {WEB_POST, "/c/{server}", WEB_ANYONE, "", echo, "", false},
    {WEB_PUT, "/c/{server}", WEB_ADMIN, "", echo, "", false},
};

/* Nothing that was asked can make a header or an answer of its own. */
static void
check_answer(const struct buf *got)
{
	static const char *const known[] = {"Status: ", "X-Accel-Expires: ",
	    "Cache-Control: ", "ETag: ", "Content-Type: ", "Content-Length: ",
	    "Allow: ", "Vary: ", "Access-Control-", "X-Echo: ", "Location: "};
	const char *p = got->data, *end;

	must(strncmp(p, "Status: ", 8) == 0);
	for (; (end = strstr(p, "\r\n")) != NULL && end != p; p = end + 2) {
		bool good = false;

		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			good =
			    good || strncmp(p, known[i], strlen(known[i])) == 0;
		must(good && memchr(p, '\n', (size_t)(end - p)) == NULL);
	}
	must(end == p);
	p += 2;
	if (*p != '\0') {
		cJSON *doc =
		    jsonin_parse(p, got->len - (size_t)(p - got->data));

		must(cJSON_IsObject(doc));
		cJSON_Delete(doc);
	}
}

static void
fuzz_one(const char *text, size_t len)
{
	struct app app = {0};
	const struct web w = {.app = &app,
	    .routes = routes,
	    .routes_len = sizeof(routes) / sizeof(routes[0]),
	    .cors_origins = "https://a.example",
	    .login_page = "/log/in",
	    .authenticate = authenticate};
	struct outside o = {.body = ""};
	const struct web_io io = {get_var, get_body, put_answer, &o};
	char *copy = mem_new(len + 1, 1), *rest = copy;

	memcpy(copy, text, len);
	for (int i = 0; i < LINES; i++)
		if ((o.line[i] = strsep(&rest, "\n")) == NULL)
			o.line[i] = copy + len;
	if (rest != NULL)
		o.body = rest;
	snprintf(o.length, sizeof(o.length), "%zu", strlen(o.body));
	buf_init(&o.got, 4u << 20);
	must(web_answer(&w, &io) == 0);
	check_answer(&o.got);
	buf_done(&o.got);
	free(copy);
}
