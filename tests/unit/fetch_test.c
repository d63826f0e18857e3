/* fetch_test.c: many requests against a server that misbehaves as told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/http/fetch.h"
#include "tests/unit/bad_server.h"
#include "tests/unit/unit.h"

/* What came of one request. */
struct outcome {
	int calls, code, took_ms;
	size_t len;
	char error[300], body[8192];
};

static void
note(void *arg, const struct fetch_answer *a)
{
	struct outcome *o = arg;

	o->calls++;
	o->code = a->code;
	o->len = a->len;
	o->took_ms = a->took_ms;
	snprintf(
	    o->error, sizeof(o->error), "%s", a->error != NULL ? a->error : "");
	snprintf(
	    o->body, sizeof(o->body), "%.*s", (int)(a->len % 8000), a->body);
}

static const char *
url_of(const char *path, char url[128])
{
	snprintf(url, 128, "http://127.0.0.1:%d%s", port, path);
	return url;
}

static void
get(const char *path, struct fetch_request req, struct outcome *o)
{
	char url[128];

	memset(o, 0, sizeof(*o));
	req.url = *path == '/' ? url_of(path, url) : path;
	if (req.total_ms == 0)
		req.total_ms = 5000;
	if (req.connect_ms == 0)
		req.connect_ms = 2000;
	fetch_now(&req, note, o);
	assert_int_equal(o->calls, 1);
}

static void
good(void **state)
{
	struct outcome o;

	(void)state;
	get("/echo?a=1", (struct fetch_request){.token = "s3cret"}, &o);
	assert_string_equal(o.error, "");
	assert_int_equal(o.code, 200);
	assert_non_null(strstr(o.body, "GET /echo?a=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(o.body, "Authorization: Bearer s3cret\r\n"));
	assert_null(strstr(o.body, "Accept-Encoding"));
}

static void
a_body_is_posted(void **state)
{
	struct outcome o;

	(void)state;
	get("/echo", (struct fetch_request){.body = "{}", .body_len = 2}, &o);
	assert_int_equal(o.code, 200);
	assert_non_null(strstr(o.body, "POST /echo"));
	assert_non_null(strstr(o.body, "Content-Type: application/json\r\n"));
	assert_null(strstr(o.body, "Expect"));
}

static void
a_token_starts_no_header(void **state)
{
	struct outcome o;

	(void)state;
	get("/echo", (struct fetch_request){.token = "a\r\nX-Evil: 1"}, &o);
	assert_null(strstr(o.body, "Evil"));
}

static void
no_proxy_of_the_environment(void **state)
{
	struct outcome o;

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	get("/echo", (struct fetch_request){0}, &o);
	unsetenv("http_proxy");
	assert_int_equal(o.code, 200);
}

static void
codes(void **state)
{
	struct outcome o;

	(void)state;
	get("/401", (struct fetch_request){.token = "s3cret"}, &o);
	assert_int_equal(o.code, 401);
	assert_string_equal(o.error, "HTTP 401");
	assert_string_equal(o.body, "no");
	get("/302", (struct fetch_request){0}, &o);
	assert_string_equal(o.error, "HTTP 302");
}

static void
too_large(void **state)
{
	struct outcome o;
	struct fetch_request req = {.max = 100000};

	(void)state;
	get("/big", req, &o);
	assert_string_equal(o.error, "answer is larger than 100000 bytes");
	assert_int_equal(o.code, 0);
	get("/chunks", req, &o);
	assert_string_equal(o.error, "answer is larger than 100000 bytes");
	assert_int_equal(o.code, 0);
}

static void
late(void **state)
{
	static const char *const paths[] = {"/hang", "/drip"};
	struct outcome o;

	(void)state;
	for (int i = 0; i < 2; i++) {
		get(paths[i], (struct fetch_request){.total_ms = 500}, &o);
		assert_string_equal(o.error, "timed out after 0.5 s");
		assert_int_equal(o.code, 0);
		assert_in_range(o.took_ms, 450, 900);
	}
}

static void
no_connection(void **state)
{
	struct outcome o;

	(void)state;
	get("http://127.0.0.1:1/", (struct fetch_request){0}, &o);
	assert_string_equal(o.error, "connection refused");
	get("ftp://127.0.0.1/", (struct fetch_request){0}, &o);
	assert_int_equal(o.code, 0);
	assert_string_not_equal(o.error, "");
	get("file:///etc/passwd", (struct fetch_request){0}, &o);
	assert_int_equal(o.len, 0);
	assert_string_not_equal(o.error, "");
}

static void
broken(void **state)
{
	static const char *const paths[] = {"/cut", "/garbage", "/bye"};
	struct outcome o;

	(void)state;
	for (int i = 0; i < 3; i++) {
		get(paths[i], (struct fetch_request){0}, &o);
		assert_int_equal(o.code, 0);
		assert_string_not_equal(o.error, "");
	}
	assert_string_equal(o.error, "closed without an answer");
}

static void
start(struct fetch *f, const char *path, struct outcome *o)
{
	char url[128];
	struct fetch_request req = {
	    .url = url_of(path, url), .connect_ms = 2000, .total_ms = 1000};

	fetch_start(f, &req, note, o);
}

static void
run(struct fetch *f)
{
	int64_t deadline = clock_mono_ms() + 10000;

	while (fetch_pending(f) > 0 && clock_mono_ms() < deadline)
		fetch_run_once(f, 50);
	assert_int_equal(fetch_pending(f), 0);
}

/* 60 of 0.2 s in places for 4, each with 1 s: waiting is not counted. */
static void
the_queue_is_bounded(void **state)
{
	struct fetch *f = fetch_new(4, false);
	static struct outcome o[60];

	(void)state;
	memset(o, 0, sizeof(o));
	atomic_store(&most_at_once, 0);
	for (int i = 0; i < 60; i++)
		start(f, "/slow", &o[i]);
	assert_int_equal(fetch_pending(f), 60);
	run(f);
	for (int i = 0; i < 60; i++) {
		assert_int_equal(o[i].calls, 1);
		assert_int_equal(o[i].code, 200);
	}
	assert_in_range(atomic_load(&most_at_once), 2, 4);
	fetch_free(f);
}

static void
one_that_hangs_delays_no_other(void **state)
{
	struct fetch *f = fetch_new(10, true);
	struct outcome hung = {0}, o[20] = {0};
	int64_t t0 = clock_mono_ms();

	(void)state;
	start(f, "/hang", &hung);
	for (int i = 0; i < 20; i++)
		start(f, "/echo", &o[i]);
	while (o[19].calls == 0)
		fetch_run_once(f, 50);
	assert_true(clock_mono_ms() - t0 < 500);
	run(f);
	assert_string_equal(hung.error, "timed out after 1.0 s");
	fetch_free(f);
}

static int
connections_for(bool keep, const char *path, int n)
{
	struct fetch *f = fetch_new(1, keep);
	struct outcome o;
	int before = atomic_load(&connections);

	for (int i = 0; i < n; i++) {
		memset(&o, 0, sizeof(o));
		start(f, path, &o);
		run(f);
		assert_string_equal(o.error, "");
	}
	fetch_free(f);
	return atomic_load(&connections) - before;
}

static void
connections_are_kept_or_not(void **state)
{
	(void)state;
	assert_int_equal(connections_for(true, "/echo", 5), 1);
	assert_int_equal(connections_for(false, "/echo", 5), 5);
}

/* The server closes behind each answer and does not say so. */
static void
a_dead_kept_connection_is_no_failure(void **state)
{
	(void)state;
	assert_int_equal(connections_for(true, "/once", 5), 5);
}

static void
cancelled_is_not_called(void **state)
{
	struct fetch *f = fetch_new(1, true);
	struct outcome a = {0}, b = {0}, c = {0};

	(void)state;
	start(f, "/hang", &a);
	start(f, "/echo", &b);
	start(f, "/echo", &c);
	fetch_run_once(f, 10);
	fetch_cancel(f, &a); /* in flight */
	fetch_cancel(f, &b); /* in the queue */
	run(f);
	assert_int_equal(a.calls + b.calls, 0);
	assert_int_equal(c.code, 200);
	start(f, "/hang", &a);
	fetch_run_once(f, 10);
	fetch_free(f); /* with one in flight */
	assert_int_equal(a.calls, 0);
}

/* A function may start the next request: that is how polls go on. */
struct chain {
	struct fetch *f;
	int left;
};

static void
next(void *arg, const struct fetch_answer *a)
{
	struct chain *c = arg;
	char url[128];
	struct fetch_request req = {
	    .url = url_of("/echo", url), .connect_ms = 2000, .total_ms = 1000};

	assert_int_equal(a->code, 200);
	if (--c->left > 0)
		fetch_start(c->f, &req, next, c);
}

static void
one_starts_the_next(void **state)
{
	struct chain c = {fetch_new(3, true), 10};
	struct fetch_answer first = {.code = 200};

	(void)state;
	c.left++;
	next(&c, &first);
	run(c.f);
	assert_int_equal(c.left, 0);
	fetch_free(c.f);
}

/* All answers together are bounded: none may hoard. */
static void
many_large_answers(void **state)
{
	struct fetch *f = fetch_new(20, false);
	static struct outcome o[20];
	char url[128];
	struct fetch_request req = {.url = url_of("/big", url),
	    .connect_ms = 2000,
	    .total_ms = 20000,
	    .max = (size_t)128 << 20};
	int refused = 0;

	(void)state;
	memset(o, 0, sizeof(o));
	for (int i = 0; i < 20; i++)
		fetch_start(f, &req, note, &o[i]);
	while (fetch_pending(f) > 0)
		fetch_run_once(f, 50);
	for (int i = 0; i < 20; i++)
		refused += strncmp(o[i].error, "answer is larger", 16) == 0;
	assert_in_range(refused, 10, 20);
	fetch_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good),
	    cmocka_unit_test(a_body_is_posted),
	    cmocka_unit_test(a_token_starts_no_header),
	    cmocka_unit_test(no_proxy_of_the_environment),
	    cmocka_unit_test(codes),
	    cmocka_unit_test(too_large),
	    cmocka_unit_test(late),
	    cmocka_unit_test(no_connection),
	    cmocka_unit_test(broken),
	    cmocka_unit_test(the_queue_is_bounded),
	    cmocka_unit_test(one_that_hangs_delays_no_other),
	    cmocka_unit_test(connections_are_kept_or_not),
	    cmocka_unit_test(a_dead_kept_connection_is_no_failure),
	    cmocka_unit_test(cancelled_is_not_called),
	    cmocka_unit_test(one_starts_the_next),
	    cmocka_unit_test(many_large_answers),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
