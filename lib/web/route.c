/* route.c: which handler, and all that is checked before it. */
#include <string.h>

#include "lib/base/buf.h"
#include "lib/web/web.h"

static const char *const method_names[] = {
    [WEB_GET] = "GET, HEAD",
    [WEB_POST] = "POST",
    [WEB_PUT] = "PUT",
    [WEB_DELETE] = "DELETE",
};

/* Is word one of the words of list, which are parted by blanks? */
static bool
in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; *p != '\0'; p += strspn(p, " ,")) {
		size_t n = strcspn(p, " ,");

		if (n == len && strncmp(p, word, n) == 0)
			return true;
		p += n;
	}
	return false;
}

/* The methods of a path whose routes know another one. */
static void
refuse_method(const struct web *w, const struct request *req,
    struct response *res, bool options)
{
	struct buf allow;
	struct web_params vars;

	buf_init(&allow, 256);
	for (size_t i = 0; i < w->routes_len; i++) {
		const struct route *r = &w->routes[i];

		if (web_params_path(&vars, r->path, req->path) == 1)
			buf_printf(&allow, "%s%s", allow.len > 0 ? ", " : "",
			    method_names[r->method]);
		web_params_done(&vars);
	}
	response_header(res, "Allow", allow.data);
	if (options)
		res->status = 204;
	else
		response_error(res, 405, "method_not_allowed",
		    "%s knows %s only", req->path, allow.data);
	buf_done(&allow);
}

/* The route; NULL with the answer made where there is none. */
static const struct route *
find_route(const struct web *w, struct request *req, struct response *res)
{
	bool path_known = false;
	int fits;

	for (size_t i = 0; i < w->routes_len; i++) {
		const struct route *r = &w->routes[i];

		fits = web_params_path(&req->vars, r->path, req->path);
		if (fits == 1 && r->method == req->method)
			return r;
		web_params_done(&req->vars);
		if (fits == -1) {
			response_error(res, 400, "bad_request",
			    "the path cannot be decoded: \"%.200s\"",
			    req->path);
			return NULL;
		}
		path_known = path_known || fits == 1;
	}
	if (path_known)
		refuse_method(w, req, res, req->method == WEB_OPTIONS);
	else
		response_error(res, 404, "not_found",
		    "no such path: \"%.200s\"", req->path);
	return NULL;
}

static bool
params_are_known(
    const struct route *r, const struct request *req, struct response *res)
{
	for (size_t i = 0; i < req->query.len; i++) {
		const char *name = req->query.list[i].name;

		if (!in_list(r->params, name)) {
			response_error(res, 400, "bad_request",
			    "unknown parameter: \"%.100s\"", name);
			return false;
		}
		if (web_params_get(&req->query, name) !=
		    req->query.list[i].value) {
			response_error(res, 400, "bad_request",
			    "given twice: \"%.100s\"", name);
			return false;
		}
	}
	return true;
}

/* The same text, in a time that does not tell where it differs. */
static bool
same_token(const char *a, const char *b)
{
	size_t len = strlen(b);
	unsigned char diff = 0;

	if (len == 0 || strlen(a) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		diff |= (unsigned char)(a[i] ^ b[i]);
	return diff == 0;
}

/*
 * A change must bring the session's token, by header or form: a page from
 * elsewhere cannot know it. Where no session is needed (logging in) the
 * browser's own word for "from elsewhere" is enough.
 */
static bool
change_is_wanted(
    const struct route *r, const struct request *req, struct response *res)
{
	const char *token = web_params_get(&req->form, "csrf");
	bool elsewhere = strcmp(req->fetch_site, "cross-site") == 0 ||
			 strcmp(req->fetch_site, "same-site") == 0;

	if (token == NULL)
		token = req->csrf;
	if (req->method == WEB_GET ||
	    (r->role == WEB_ANYONE ? !elsewhere
				   : same_token(token, req->user.csrf)))
		return true;
	response_error(res, 403, "csrf",
	    "the CSRF token is missing or not this session's");
	return false;
}

/* 401; or the way to log in, for a person who looks at a page. */
static void
ask_to_log_in(
    const struct web *w, const struct request *req, struct response *res)
{
	if (w->login_page != NULL && req->method == WEB_GET &&
	    strstr(req->accept, "text/html") != NULL)
		response_redirect(res, w->login_page);
	else
		response_error(
		    res, 401, "unauthorized", "log in first: POST /auth/login");
}

static bool
user_may(const struct web *w, const struct route *r, struct request *req,
    struct response *res)
{
	if (w->authenticate != NULL && w->authenticate(w->app, req) == -1) {
		/* what is open to all goes on without knowing who asks */
		if (r->role == WEB_ANYONE)
			return change_is_wanted(r, req, res);
		response_error(res, 503, "cache_unavailable",
		    "sessions cannot be read now: Redis does not answer");
		return false;
	}
	if (req->user.role >= r->role)
		return change_is_wanted(r, req, res);
	if (req->user.role == WEB_ANYONE || *req->user.name == '\0')
		ask_to_log_in(w, req, res);
	else
		response_error(res, 403, "forbidden",
		    "this needs the role admin; you are a viewer");
	return false;
}

static void
allow_origin(
    const struct web *w, const struct request *req, struct response *res)
{
	if (w->cors_origins == NULL || *w->cors_origins == '\0')
		return;
	response_header(res, "Vary", "Origin");
	if (*req->origin == '\0' || !in_list(w->cors_origins, req->origin))
		return;
	response_header(res, "Access-Control-Allow-Origin", req->origin);
	response_header(res, "Access-Control-Allow-Credentials", "true");
	response_header(
	    res, "Access-Control-Allow-Headers", "Content-Type, X-CSRF-Token");
	response_header(
	    res, "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT");
}

void
web_dispatch(const struct web *w, struct request *req, struct response *res)
{
	const struct route *r;

	allow_origin(w, req, res);
	if ((r = find_route(w, req, res)) == NULL ||
	    !user_may(w, r, req, res) || !params_are_known(r, req, res))
		return;
	r->handle(w->app, req, res);
	if (req->method == WEB_GET)
		response_conditional(res, req->if_none_match);
}
