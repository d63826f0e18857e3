/* answer.c: one request by the variables of CGI, from reading to sending. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/web/answer.h"

#define HEAD_MAX ((size_t)32 * 1024)

static const char *
var(const struct web_io *io, const char *name)
{
	const char *value = io->var(io->arg, name);

	return value != NULL ? value : "";
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
	req->authorization = var(io, "HTTP_AUTHORIZATION");
	req->host = var(io, "HTTP_HOST");
	req->remote = var(io, "REMOTE_ADDR");
	req->https = strcmp(var(io, "HTTPS"), "on") == 0 ||
		     strcmp(var(io, "REQUEST_SCHEME"), "https") == 0;
	req->has_cookies = *var(io, "HTTP_COOKIE") != '\0';
	web_params_cookies(&req->cookies, var(io, "HTTP_COOKIE"));
}

/* Its length as announced; false: it is not taken, and the answer says why. */
static bool
body_length(const struct web *w, struct response *res, const struct web_io *io,
    size_t *len)
{
	size_t max = web_body_max(w);
	const char *text = var(io, "CONTENT_LENGTH");
	int64_t n = 0;

	if (*text != '\0' && num_int64(text, 0, INT64_MAX, &n) == -1)
		response_error(res, 400, "bad_request",
		    "Content-Length is not a number: \"%.40s\"", text);
	else if ((uint64_t)n > max)
		response_error(
		    res, 413, "too_large", "the body may have %zu bytes", max);
	*len = (size_t)n;
	return res->status == 200;
}

/* Exactly as many bytes as were announced; a cut body is no body. */
static void
read_body(const struct web *w, struct request *req, struct response *res,
    const struct web_io *io)
{
	size_t want, len = 0;
	ssize_t n = 1;
	char *body;

	if (!body_length(w, res, io, &want))
		return;
	body = mem_new(want + 1, 1);
	while (len < want && n > 0) {
		n = io->read(io->arg, body + len, want - len);
		len += n > 0 ? (size_t)n : 0;
	}
	if (len == want) {
		request_set_body(req, res, body, len);
		return;
	}
	free(body);
	response_error(res, 400, "bad_request",
	    "the body ended after %zu of %zu bytes", len, want);
}

/* A site below a path of its host: CGI's name for it, without a slash at its
 * end. */
static const char *
read_base(const struct web_io *io)
{
	const char *base = var(io, "SCRIPT_NAME");
	size_t len = strlen(base);

	return *base == '/' && base[len - 1] != '/' ? base : "";
}

/* What is left of the address below base. */
static const char *
below(const char *uri, const char *base)
{
	size_t len = strlen(base);

	return strncmp(uri, base, len) == 0 && uri[len] == '/' ? uri + len
							       : uri;
}

/*
 * REQUEST_URI is raw; a plain CGI test gives PATH_INFO alone. What is wrong
 * with it is in the response.
 */
static void
read_request(const struct web *w, struct request *req, struct response *res,
    const struct web_io *io)
{
	const char *uri = var(io, "REQUEST_URI");

	request_init(req);
	req->came_mono_ms = req->now_mono_ms = clock_mono_ms();
	req->hurry = true; /* nothing here can wait */
	request_set_method(req, var(io, "REQUEST_METHOD"));
	read_headers(req, io);
	req->base = res->base = read_base(io);
	request_set_target(req, res,
	    *uri != '\0' ? below(uri, req->base) : var(io, "PATH_INFO"),
	    var(io, "QUERY_STRING"));
	if (res->status == 200)
		read_body(w, req, res, io);
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
	read_request(w, &req, &res, io);
	web_dispatch(w, &req, &res);
	rc = send_response(&res, req.head, io);
	response_done(&res);
	request_done(&req);
	return rc;
}
