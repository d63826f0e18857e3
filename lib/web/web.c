/* web.c: from a request to its answer: read, check, dispatch, send. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/program/program.h"
#include "lib/web/web.h"

#define HEAD_MAX ((size_t)32 * 1024)

static const struct {
	const char *name;
	enum web_method method;
} methods[] = {{"GET", WEB_GET}, {"HEAD", WEB_GET}, {"POST", WEB_POST},
    {"PUT", WEB_PUT}, {"DELETE", WEB_DELETE}, {"OPTIONS", WEB_OPTIONS}};

static const char *
var(const struct web_io *io, const char *name)
{
	const char *value = io->var(io->arg, name);

	return value != NULL ? value : "";
}

static void
read_method(struct request *req, const char *name)
{
	req->method = WEB_OTHER;
	req->head = strcmp(name, "HEAD") == 0;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].name, name) == 0)
			req->method = methods[i].method;
}

/* REQUEST_URI is raw; a plain CGI test gives PATH_INFO alone. */
static void
read_path(struct request *req, const struct web_io *io)
{
	const char *uri = var(io, "REQUEST_URI");

	if (*uri == '\0')
		uri = var(io, "PATH_INFO");
	req->path = mem_strndup(uri, strcspn(uri, "?"));
}

static bool
read_query(struct request *req, const struct web_io *io)
{
	const char *uri = var(io, "REQUEST_URI"), *mark = strchr(uri, '?');
	const char *text = mark != NULL ? mark + 1 : var(io, "QUERY_STRING");

	return web_params_form(&req->query, text, strlen(text)) == 0;
}

static void
read_headers(struct request *req, const struct web_io *io)
{
	req->content_type = var(io, "CONTENT_TYPE");
	req->if_none_match = var(io, "HTTP_IF_NONE_MATCH");
	req->origin = var(io, "HTTP_ORIGIN");
	req->csrf = var(io, "HTTP_X_CSRF_TOKEN");
	req->fetch_site = var(io, "HTTP_SEC_FETCH_SITE");
	req->accept = var(io, "HTTP_ACCEPT");
	req->remote = var(io, "REMOTE_ADDR");
	req->https = strcmp(var(io, "HTTPS"), "on") == 0 ||
		     strcmp(var(io, "REQUEST_SCHEME"), "https") == 0;
	web_params_cookies(&req->cookies, var(io, "HTTP_COOKIE"));
}

/* Exactly as many bytes as were announced; a cut body is no body. */
static bool
read_bytes(struct request *req, const struct web_io *io, size_t want)
{
	ssize_t n;

	while (req->body_len < want) {
		n = io->read(
		    io->arg, req->body + req->body_len, want - req->body_len);
		if (n <= 0)
			return false;
		req->body_len += (size_t)n;
	}
	return true;
}

static void
read_body(struct request *req, struct response *res, const struct web_io *io)
{
	const char *text = var(io, "CONTENT_LENGTH");
	int64_t len = 0;

	if (*text != '\0' && num_int64(text, 0, INT64_MAX, &len) == -1)
		response_error(res, 400, "bad_request",
		    "Content-Length is no number: \"%.40s\"", text);
	else if (*text == '\0' &&
		 (req->method == WEB_POST || req->method == WEB_PUT))
		response_error(
		    res, 411, "length_required", "a Content-Length is needed");
	else if ((size_t)len > WEB_BODY_MAX)
		response_error(res, 413, "too_large",
		    "the body may have %zu bytes", WEB_BODY_MAX);
	if (res->status != 200)
		return;
	free(req->body);
	req->body = mem_new((size_t)len + 1, 1);
	if (!read_bytes(req, io, (size_t)len))
		response_error(res, 400, "bad_request",
		    "the body ended after %zu of %zu bytes", req->body_len,
		    (size_t)len);
}

static void
read_form(struct request *req, struct response *res)
{
	static const char type[] = "application/x-www-form-urlencoded";

	if (strncasecmp(req->content_type, type, sizeof(type) - 1) == 0 &&
	    web_params_form(&req->form, req->body, req->body_len) == -1)
		response_error(
		    res, 400, "bad_request", "the form cannot be decoded");
}

/* All of it; what is wrong with it is in the response. */
static void
read_request(struct request *req, struct response *res, const struct web_io *io)
{
	memset(req, 0, sizeof(*req));
	req->body = mem_new(1, 1);
	read_method(req, var(io, "REQUEST_METHOD"));
	read_path(req, io);
	read_headers(req, io);
	read_body(req, res, io);
	if (res->status == 200)
		read_form(req, res);
	if (res->status == 200 && !read_query(req, io))
		response_error(res, 400, "bad_request",
		    "the query cannot be decoded: \"%.200s\"",
		    var(io, "QUERY_STRING"));
}

static int
send_more(struct response *res, const struct web_io *io)
{
	int rc;

	do {
		buf_reset(&res->text);
		rc = res->more(res->more_arg, &res->text);
		if (res->text.overflow)
			return -1;
		if (rc != -1 && res->text.len > 0 &&
		    io->write(io->arg, res->text.data, res->text.len) == -1)
			return -1;
	} while (rc == 1);
	return rc;
}

static int
send_response(struct response *res, bool head, const struct web_io *io)
{
	struct buf out;
	const char *body;
	size_t len;
	int rc;

	if ((body = response_body(res, &len)) == NULL) {
		response_error(res, 500, "internal", "the answer is too large");
		body = response_body(res, &len);
	}
	buf_init(&out, HEAD_MAX);
	response_head(res, &out);
	rc = io->write(io->arg, out.data, out.len);
	buf_done(&out);
	if (rc == -1 || head || res->status == 204 || res->status == 304)
		return rc;
	if (len > 0)
		rc = io->write(io->arg, body, len);
	return rc == 0 && res->more != NULL ? send_more(res, io) : rc;
}

int
web_answer(const struct web *w, const struct web_io *io)
{
	struct request req;
	struct response res;
	int rc;

	response_init(&res);
	read_request(&req, &res, io);
	if (res.status == 200)
		web_dispatch(w, &req, &res);
	rc = send_response(&res, req.head, io);
	response_done(&res);
	request_done(&req);
	return rc;
}

bool
web_begin(struct program *p, int argc, char *argv[], int *rc)
{
	bool cgi = getenv("REQUEST_METHOD") != NULL;

	return program_begin(p, NULL, cgi ? 1 : argc, argv, rc);
}

int
web_serve(const struct web *w)
{
	return web_is_cgi() ? web_serve_cgi(w) : web_serve_fcgi(w);
}
