/* request.c: what a client asked, and what a handler answers. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/request.h"
#include "lib/base/num.h"

#define ANSWER_MAX ((size_t)256 * 1024 * 1024)
#define MESSAGE_MAX 512

void
response_init(struct response *res)
{
	memset(res, 0, sizeof(*res));
	json_init(&res->json, ANSWER_MAX);
	response_reset(res);
}

void
response_done(struct response *res)
{
	json_done(&res->json);
}

void
response_reset(struct response *res)
{
	res->status = 200;
	res->allow = NULL;
	res->authenticate = false;
	res->retry_after_s = 0;
	res->wait_until_msc = 0;
	json_reset(&res->json);
}

void
response_error(
    struct response *res, int status, const char *code, const char *fmt, ...)
{
	char message[MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	res->status = status;
	res->wait_until_msc = 0;
	json_reset(&res->json);
	json_object(&res->json, NULL);
	json_object(&res->json, "error");
	json_string(&res->json, "code", code);
	json_string(&res->json, "message", message);
	json_end(&res->json);
	json_end(&res->json);
}

void
response_wait(struct response *res, int64_t until_msc)
{
	res->wait_until_msc = until_msc;
}

const char *
request_param(const struct request *req, const char *name)
{
	for (size_t i = 0; i < req->params_len; i++)
		if (strcmp(req->params[i].name, name) == 0)
			return req->params[i].value;
	return NULL;
}

bool
request_int64(const struct request *req, struct response *res, const char *name,
    int64_t min, int64_t max, int64_t *out)
{
	const char *text = request_param(req, name);

	if (text == NULL || num_int64(text, min, max, out) == 0)
		return true;
	response_error(res, 400, "bad_request",
	    "%s: not a whole number from %" PRId64 " to %" PRId64
	    ": \"%.100s\"",
	    name, min, max, text);
	return false;
}

static bool
is_known(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool
request_params_known(
    const struct request *req, struct response *res, const char *const *names)
{
	if (req->malformed) {
		response_error(res, 400, "bad_request",
		    "the query has a zero byte or more than %d parameters",
		    REQUEST_PARAMS_MAX);
		return false;
	}
	for (size_t i = 0; i < req->params_len; i++) {
		const char *name = req->params[i].name;

		if (is_known(name, names) &&
		    request_param(req, name) == req->params[i].value)
			continue;
		response_error(res, 400, "bad_request",
		    "%s parameter: \"%.100s\"",
		    is_known(name, names) ? "repeated" : "unknown", name);
		return false;
	}
	return true;
}
