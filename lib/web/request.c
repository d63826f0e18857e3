/* request.c: what was asked, and by whom. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/web/request.h"
#include "lib/web/response.h"

static const struct {
	const char *name;
	enum web_method method;
} methods[] = {{"GET", WEB_GET}, {"HEAD", WEB_GET}, {"POST", WEB_POST},
    {"PUT", WEB_PUT}, {"DELETE", WEB_DELETE}, {"OPTIONS", WEB_OPTIONS}};

void
request_init(struct request *req)
{
	memset(req, 0, sizeof(*req));
	req->method = WEB_OTHER;
	req->path = mem_strdup("");
	req->body = mem_strdup("");
	req->content_type = req->if_none_match = req->origin = req->csrf = "";
	req->fetch_site = req->accept = req->authorization = req->host = "";
	req->remote = req->base = "";
}

void
request_done(struct request *req)
{
	if (req == NULL)
		return;
	free(req->path);
	free(req->body);
	web_params_done(&req->query);
	web_params_done(&req->cookies);
	web_params_done(&req->vars);
	web_params_done(&req->form);
	memset(req, 0, sizeof(*req));
}

void
request_set_method(struct request *req, const char *name)
{
	req->method = WEB_OTHER;
	req->head = strcmp(name, "HEAD") == 0;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].name, name) == 0)
			req->method = methods[i].method;
}

void
request_set_target(struct request *req, struct response *res, const char *uri,
    const char *query)
{
	size_t len = strcspn(uri, "?");

	free(req->path);
	req->path = mem_strndup(uri, len);
	if (uri[len] == '?')
		query = uri + len + 1;
	if (web_params_form(&req->query, query, strlen(query)) == -1)
		response_error(res, 400, "bad_request",
		    "the query cannot be decoded (a zero byte, a bad %%XX, no "
		    "UTF-8, or more than %d parameters): \"%.200s\"",
		    WEB_PARAMS_MAX, query);
}

void
request_set_body(
    struct request *req, struct response *res, char *body, size_t len)
{
	static const char form[] = "application/x-www-form-urlencoded";

	free(req->body);
	req->body = body;
	req->body_len = len;
	if (strncasecmp(req->content_type, form, sizeof(form) - 1) == 0 &&
	    web_params_form(&req->form, body, len) == -1)
		response_error(
		    res, 400, "bad_request", "the form cannot be decoded");
}

const char *
request_query(const struct request *req, const char *name)
{
	return web_params_get(&req->query, name);
}

const char *
request_var(const struct request *req, const char *name)
{
	return web_params_get(&req->vars, name);
}

bool
request_account(const struct request *req, const char **server, int64_t *login)
{
	const char *s = request_var(req, "server");
	const char *l = request_var(req, "login");

	if (l == NULL) {
		s = request_query(req, "server");
		l = request_query(req, "login");
	}
	if (s == NULL || l == NULL || num_int64(l, 1, INT64_MAX, login) == -1)
		return false;
	*server = s;
	return true;
}

int
request_number(const struct request *req, const char *name, int64_t min,
    int64_t max, int64_t def, int64_t *out)
{
	const char *text = request_query(req, name);

	if (text != NULL)
		return num_int64(text, min, max, out);
	*out = def;
	return 0;
}

bool
request_int64(const struct request *req, struct response *res, const char *name,
    int64_t min, int64_t max, int64_t *out)
{
	if (request_number(req, name, min, max, *out, out) == 0)
		return true;
	response_error(res, 400, "bad_request",
	    "%s: not a whole number from %" PRId64 " to %" PRId64
	    ": \"%.100s\"",
	    name, min, max, request_query(req, name));
	return false;
}

bool
request_params_known(
    const struct request *req, struct response *res, const char *names)
{
	for (size_t i = 0; i < req->query.len; i++) {
		const char *name = req->query.list[i].name;
		bool known = web_params_list_has(names, name);

		if (known &&
		    request_query(req, name) == req->query.list[i].value)
			continue;
		response_error(res, 400, "bad_request",
		    "%s parameter: \"%.100s\"", known ? "repeated" : "unknown",
		    name);
		return false;
	}
	return true;
}

bool
request_is_json(const struct request *req)
{
	size_t len = strcspn(req->content_type, "; ");

	return len == strlen("application/json") &&
	       strncasecmp(req->content_type, "application/json", len) == 0;
}
