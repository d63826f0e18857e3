/* web_answer_test.c: what is checked before a handler, and what goes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <cmocka.h>

#include "lib/web/answer.h"

struct app {
	enum web_role role; /* of who asks */
	int session_rc;
	int calls;
	int pieces;
};

/* A web server of a few variables, and what it was answered. */
struct outside {
	const char *vars[16]; /* "NAME=value" */
	const char *body;
	struct buf got;
};

static const char *
get_var(void *arg, const char *name)
{
	const struct outside *o = arg;
	size_t len = strlen(name);

	for (int i = 0; i < 16 && o->vars[i] != NULL; i++)
		if (strncmp(o->vars[i], name, len) == 0 &&
		    o->vars[i][len] == '=')
			return o->vars[i] + len + 1;
	return NULL;
}

static ssize_t
get_body(void *arg, char *data, size_t len)
{
	struct outside *o = arg;
	size_t left = o->body != NULL ? strlen(o->body) : 0;
	size_t n = left < len ? left : len;

	if (n > 3)
		n = 3; /* in small pieces */
	if (n > 0) {
		memcpy(data, o->body, n);
		o->body += n;
	}
	return (ssize_t)n;
}

static int
put_answer(void *arg, const char *data, size_t len)
{
	struct outside *o = arg;

	return buf_add(&o->got, data, len);
}

static void
echo(struct app *app, const struct request *req, struct response *res)
{
	const char *server = request_var(req, "server");

	app->calls++;
	json_object(&res->json, NULL);
	json_string(&res->json, "server", server);
	json_string(&res->json, "body", req->body);
	json_end(&res->json);
}

static int
next_piece(void *arg, struct buf *text)
{
	struct app *app = arg;

	if (app->pieces < 0)
		return -1;
	buf_printf(text, "piece %d\n", app->pieces);
	return --app->pieces > 0;
}

static void
stream(struct app *app, const struct request *req, struct response *res)
{
	(void)req;
	response_text(res, "text/csv");
	res->more = next_piece;
	res->more_arg = app;
}

static void
failing(struct app *app, const struct request *req, struct response *res)
{
	(void)app;
	(void)req;
	json_object(&res->json, NULL); /* half an answer, left behind */
	response_error(res, 503, "gone", "\"%s\" is\ngone", "it");
}

static void
unbalanced(struct app *app, const struct request *req, struct response *res)
{
	(void)app;
	(void)req;
	json_object(&res->json, NULL);
}

static int
authenticate(struct app *app, struct request *req)
{
	req->user.role = app->role;
	strcpy(req->user.csrf, "secret");
	strcpy(req->user.name, app->role == WEB_ANYONE ? "" : "eve");
	return app->session_rc;
}

static const struct route routes[] = {
    {WEB_GET, "/open", WEB_ANYONE, "a b", echo, "", false},
    {WEB_GET, "/read/{server}", WEB_VIEWER, "", echo, "", false},
    {WEB_PUT, "/change", WEB_ADMIN, "", echo, "", false},
    {WEB_POST, "/change", WEB_ADMIN, "", echo, "", false},
    {WEB_POST, "/login", WEB_ANYONE, "", echo, "", false},
    {WEB_GET, "/fail", WEB_ANYONE, "", failing, "", false},
    {WEB_GET, "/unbalanced", WEB_ANYONE, "", unbalanced, "", false},
    {WEB_GET, "/stream", WEB_ANYONE, "", stream, "", false},
};

static struct app app;

/* The answer, for the caller to free. */
static char *
ask(const char *method, const char *uri, const char *body,
    const char *const extra[])
{
	struct web w = {.app = &app,
	    .routes = routes,
	    .routes_len = sizeof(routes) / sizeof(routes[0]),
	    .cors_origins = "https://a.example, https://b.example",
	    .authenticate = authenticate};
	struct outside o = {.body = body};
	struct web_io io = {get_var, get_body, put_answer, &o};
	char request_method[32], request_uri[256], length[64];
	int n = 0;

	snprintf(request_method, sizeof(request_method), "REQUEST_METHOD=%s",
	    method);
	snprintf(request_uri, sizeof(request_uri), "REQUEST_URI=%s", uri);
	snprintf(length, sizeof(length), "CONTENT_LENGTH=%zu",
	    body != NULL ? strlen(body) : 0);
	/* what extra says comes first and wins */
	for (; extra != NULL && extra[n] != NULL; n++)
		o.vars[n] = extra[n];
	o.vars[n++] = request_method;
	o.vars[n++] = request_uri;
	if (body != NULL)
		o.vars[n++] = length;
	buf_init(&o.got, 1 << 20);
	if (web_answer(&w, &io) == -1)
		buf_puts(&o.got, "(cut)");
	return o.got.data;
}

static void
expect(const char *method, const char *uri, const char *body,
    const char *const extra[], const char *const want[])
{
	char *got = ask(method, uri, body, extra);

	for (int i = 0; want[i] != NULL; i++)
		if (strstr(got, want[i]) == NULL)
			fail_msg("%s %s: no \"%s\" in: %s", method, uri,
			    want[i], got);
	free(got);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static int
set_up(void **state)
{
	(void)state;
	memset(&app, 0, sizeof(app));
	return 0;
}

static void
the_path_decides(void **state)
{
	(void)state;
	expect("GET", "/nothing?x", NULL, NULL,
	    LIST("Status: 404", "\"not_found\"", "/nothing", "no-store"));
	expect("GET", "/change", NULL, NULL,
	    LIST("Status: 405", "Allow: PUT, POST\r\n"));
	expect("BREW", "/open", NULL, NULL,
	    LIST("Status: 405", "Allow: GET, HEAD\r\n"));
	expect("OPTIONS", "/open", NULL, NULL, LIST("Status: 204"));
	expect("GET", "/read/%ff", NULL, NULL, LIST("Status: 400"));
	assert_int_equal(app.calls, 0);
}

static void
the_query_is_checked(void **state)
{
	(void)state;
	expect("GET", "/open?a=1&b=2", NULL, NULL, LIST("Status: 200"));
	expect("GET", "/open?a=1&c=2", NULL, NULL,
	    LIST("Status: 400", "unknown parameter: \\\"c\\\""));
	expect("GET", "/open?a=1&a=1", NULL, NULL,
	    LIST("Status: 400", "repeated parameter: \\\"a\\\""));
	expect("GET", "/open?a=%x", NULL, NULL, LIST("Status: 400"));
	assert_int_equal(app.calls, 1);
}

static void
the_role_is_checked(void **state)
{
	(void)state;
	expect("GET", "/read/x", NULL, NULL, LIST("Status: 401"));
	expect("POST", "/change", "", NULL, LIST("Status: 401"));
	app.role = WEB_VIEWER;
	expect("GET", "/read/x%20y", NULL, NULL,
	    LIST("Status: 200", "\"server\":\"x y\""));
	expect(
	    "POST", "/change", "", NULL, LIST("Status: 403", "\"forbidden\""));
	app.session_rc = -1;
	app.role = WEB_ANYONE;
	expect("GET", "/read/x", NULL, NULL, LIST("Status: 503"));
	expect("GET", "/open", NULL, NULL, LIST("Status: 200"));
	assert_int_equal(app.calls, 2);
}

static void
a_change_brings_the_token(void **state)
{
	const char *form = "CONTENT_TYPE=application/x-www-form-urlencoded";

	(void)state;
	app.role = WEB_ADMIN;
	expect("PUT", "/change", "{}", NULL, LIST("Status: 403", "\"csrf\""));
	expect("PUT", "/change", "{}", LIST("HTTP_X_CSRF_TOKEN=secre"),
	    LIST("Status: 403"));
	expect("PUT", "/change", "{}", LIST("HTTP_X_CSRF_TOKEN=secreT"),
	    LIST("Status: 403"));
	expect("POST", "/change", "csrf=wrong",
	    LIST(form, "HTTP_X_CSRF_TOKEN=secret"), LIST("Status: 403"));
	assert_int_equal(app.calls, 0);
	expect("PUT", "/change", "{}", LIST("HTTP_X_CSRF_TOKEN=secret"),
	    LIST("Status: 200"));
	expect("POST", "/change", "a=b&csrf=secret", LIST(form),
	    LIST("Status: 200"));
	assert_int_equal(app.calls, 2);
}

static void
a_change_comes_from_our_own_pages(void **state)
{
	const char *token = "HTTP_X_CSRF_TOKEN=secret";
	const char *host = "HTTP_HOST=fleet.example";

	(void)state;
	app.role = WEB_ADMIN;
	expect("PUT", "/change", "{}",
	    LIST(token, host, "HTTP_ORIGIN=https://evil.example"),
	    LIST("Status: 403", "\"csrf\""));
	expect("PUT", "/change", "{}",
	    LIST(token, host, "HTTP_ORIGIN=null",
		"HTTP_SEC_FETCH_SITE=cross-site"),
	    LIST("Status: 403"));
	expect("PUT", "/change", "{}",
	    LIST(token, host, "HTTP_SEC_FETCH_SITE=cross-site"),
	    LIST("Status: 403"));
	assert_int_equal(app.calls, 0);
	expect("PUT", "/change", "{}",
	    LIST(token, host, "HTTP_ORIGIN=https://fleet.example"),
	    LIST("Status: 200"));
	expect("PUT", "/change", "{}", LIST(token, host, "HTTP_ORIGIN=null"),
	    LIST("Status: 200"));
	/* the host's name as a proxy before us sees it: the browser knows */
	expect("PUT", "/change", "{}",
	    LIST(token, "HTTP_HOST=inner", "HTTP_ORIGIN=https://fleet.example",
		"HTTP_SEC_FETCH_SITE=same-origin"),
	    LIST("Status: 200"));
	expect("PUT", "/change", "{}",
	    LIST(token, host, "HTTP_ORIGIN=https://b.example",
		"HTTP_SEC_FETCH_SITE=cross-site"),
	    LIST("Status: 200"));
	assert_int_equal(app.calls, 4);
}

static void
no_log_in_from_elsewhere(void **state)
{
	(void)state;
	expect("POST", "/login", "",
	    LIST("HTTP_HOST=fleet.example", "HTTP_ORIGIN=https://evil.example"),
	    LIST("Status: 403"));
	expect("POST", "/login", "",
	    LIST(
		"HTTP_HOST=fleet.example", "HTTP_ORIGIN=https://fleet.example"),
	    LIST("Status: 200"));
	expect("POST", "/login", "", LIST("HTTP_SEC_FETCH_SITE=cross-site"),
	    LIST("Status: 403"));
	expect("POST", "/login", "", LIST("HTTP_SEC_FETCH_SITE=same-origin"),
	    LIST("Status: 200"));
	expect("POST", "/login", "", NULL, LIST("Status: 200"));
}

static void
the_body_is_whole_or_none(void **state)
{
	(void)state;
	expect("POST", "/login", "hello", NULL,
	    LIST("Status: 200", "\"body\":\"hello\""));
	expect("POST", "/login", "hello", LIST("CONTENT_LENGTH=6"),
	    LIST("Status: 400", "after 5 of 6 bytes"));
	expect("POST", "/login", "hello", LIST("CONTENT_LENGTH=2"),
	    LIST("Status: 200", "\"body\":\"he\""));
	expect("POST", "/login", "hello", LIST("CONTENT_LENGTH=x"),
	    LIST("Status: 400", "\\\"x\\\""));
	expect("POST", "/login", "hello", LIST("CONTENT_LENGTH=-1"),
	    LIST("Status: 400"));
	expect("POST", "/login", "hello", LIST("CONTENT_LENGTH=1000000000"),
	    LIST("Status: 413"));
	expect("POST", "/login", "a=%zz",
	    LIST("CONTENT_TYPE=application/x-www-form-urlencoded"),
	    LIST("Status: 400", "form"));
	assert_int_equal(app.calls, 2);
}

static void
no_length_is_no_body(void **state)
{
	(void)state;
	expect(
	    "POST", "/login", NULL, NULL, LIST("Status: 200", "\"body\":\"\""));
	app.role = WEB_ADMIN;
	expect("POST", "/change", NULL, LIST("HTTP_X_CSRF_TOKEN=secret"),
	    LIST("Status: 200"));
	assert_int_equal(app.calls, 2);
}

static void
head_has_no_body(void **state)
{
	char *get = ask("GET", "/open", NULL, NULL);
	char *head = ask("HEAD", "/open", NULL, NULL);
	size_t len = (size_t)(strstr(get, "\r\n\r\n") + 4 - get);

	(void)state;
	assert_int_equal(strlen(head), len);
	assert_memory_equal(get, head, len);
	free(get);
	free(head);
}

static void
the_same_again_is_304(void **state)
{
	char *got = ask("GET", "/open", NULL, NULL), tag[64], list[96];

	(void)state;
	assert_int_equal(sscanf(strstr(got, "ETag: "), "ETag: %60s", tag), 1);
	free(got);
	snprintf(list, sizeof(list), "HTTP_IF_NONE_MATCH=\"x\", %s", tag);
	got = ask("GET", "/open", NULL, LIST(list));
	assert_non_null(strstr(got, "Status: 304"));
	assert_non_null(strstr(got, tag));
	assert_null(strstr(got, "{"));
	free(got);
	expect("GET", "/open", NULL, LIST("HTTP_IF_NONE_MATCH=W/\"0\""),
	    LIST("Status: 200"));
	expect("GET", "/fail", NULL, LIST("HTTP_IF_NONE_MATCH=*"),
	    LIST("Status: 503"));
}

static void
an_error_leaves_no_half_answer(void **state)
{
	(void)state;
	expect("GET", "/fail", NULL, NULL,
	    LIST("Status: 503",
		"\r\n\r\n{\"error\":{\"code\":\"gone\",\"message\":"
		"\"\\\"it\\\" is\\u000agone\"}}"));
	expect("GET", "/unbalanced", NULL, NULL,
	    LIST("Status: 500", "\"internal\""));
}

static void
a_long_answer_comes_in_pieces(void **state)
{
	char *got;

	(void)state;
	app.pieces = 3;
	got = ask("GET", "/stream", NULL, NULL);
	assert_non_null(strstr(got, "\r\n\r\npiece 3\npiece 2\npiece 1\n"));
	assert_null(strstr(got, "Content-Length"));
	assert_null(strstr(got, "(cut)"));
	free(got);
	app.pieces = -1;
	expect("GET", "/stream", NULL, NULL, LIST("(cut)"));
}

static void
other_origins_only_by_the_list(void **state)
{
	char *got;

	(void)state;
	expect("GET", "/open", NULL, LIST("HTTP_ORIGIN=https://b.example"),
	    LIST("Access-Control-Allow-Origin: https://b.example\r\n",
		"Vary: Origin"));
	got = ask("GET", "/open", NULL, LIST("HTTP_ORIGIN=https://b.exampl"));
	assert_null(strstr(got, "Access-Control"));
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_path_decides, set_up),
	    cmocka_unit_test_setup(the_query_is_checked, set_up),
	    cmocka_unit_test_setup(the_role_is_checked, set_up),
	    cmocka_unit_test_setup(a_change_brings_the_token, set_up),
	    cmocka_unit_test_setup(a_change_comes_from_our_own_pages, set_up),
	    cmocka_unit_test_setup(no_log_in_from_elsewhere, set_up),
	    cmocka_unit_test_setup(the_body_is_whole_or_none, set_up),
	    cmocka_unit_test_setup(no_length_is_no_body, set_up),
	    cmocka_unit_test_setup(head_has_no_body, set_up),
	    cmocka_unit_test_setup(the_same_again_is_304, set_up),
	    cmocka_unit_test_setup(an_error_leaves_no_half_answer, set_up),
	    cmocka_unit_test_setup(a_long_answer_comes_in_pieces, set_up),
	    cmocka_unit_test_setup(other_origins_only_by_the_list, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
