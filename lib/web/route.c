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

size_t
web_body_max(const struct web *w)
{
	return w->body_max != 0 ? w->body_max : WEB_BODY_MAX;
}

static const char *const role_words[] = {[WEB_ANYONE] = "anyone",
    [WEB_METRICS] = "metrics",
    [WEB_VIEWER] = "viewer",
    [WEB_TRADER] = "trader",
    [WEB_MANAGER] = "manager",
    [WEB_ADMIN] = "admin"};

const char *
web_role_word(enum web_role role)
{
	return role_words[role];
}

bool
web_role_from(const char *word, enum web_role *role)
{
	for (int i = WEB_VIEWER; i <= WEB_ADMIN; i++)
		if (strcmp(role_words[i], word) == 0) {
			*role = (enum web_role)i;
			return true;
		}
	return false;
}

/* What the table of routes knows of a path. */
struct match {
	const struct route *route; /* of this method, too; or NULL */
	bool known, undecodable;
	bool open; /* to WEB_ANYONE */
};

static struct match
find_route(const struct web *w, struct request *req)
{
	struct match m = {.route = NULL};
	int fits;

	for (size_t i = 0; i < w->routes_len && m.route == NULL; i++) {
		const struct route *r = &w->routes[i];

		fits = web_params_path(&req->vars, r->path, req->path);
		m.undecodable = m.undecodable || fits == -1;
		if (fits == 1) {
			m.known = true;
			m.open = r->role == WEB_ANYONE;
		}
		if (fits == 1 && r->method == req->method)
			m.route = r;
		else
			web_params_done(&req->vars);
	}
	return m;
}

/* 405, or the answer to OPTIONS: the methods that the path has routes for. */
static void
put_methods(
    const struct web *w, const struct request *req, struct response *res)
{
	struct buf allow;
	struct web_params vars;

	buf_init(&allow, 256);
	for (size_t i = 0; i < w->routes_len; i++) {
		const struct route *r = &w->routes[i];
		const char *name = method_names[r->method];

		if (r->method == WEB_GET && w->allow_get)
			name = "GET";
		if (web_params_path(&vars, r->path, req->path) == 1)
			buf_printf(
			    &allow, "%s%s", allow.len > 0 ? ", " : "", name);
		web_params_done(&vars);
	}
	response_header(res, "Allow", allow.data);
	if (req->method == WEB_OPTIONS)
		res->status = 204;
	else
		response_error(res, 405, "method_not_allowed",
		    "%s takes %s only", req->path, allow.data);
	buf_done(&allow);
}

/* There is no route for it: why. */
static void
refuse_path(const struct web *w, const struct match *m,
    const struct request *req, struct response *res)
{
	if (m->undecodable)
		response_error(res, 400, "bad_request",
		    "the path cannot be decoded: \"%.200s\"", req->path);
	else if (m->known)
		put_methods(w, req, res);
	else
		response_error(res, 404, "not_found",
		    "no such path: \"%.200s\"", req->path);
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
 * Sent by a page of another site? The browser says so by Sec-Fetch-Site, an
 * old one only by an Origin other than our Host. "null" tells nothing: so our
 * own forms come, for the site has Referrer-Policy: no-referrer.
 */
static bool
from_elsewhere(const struct request *req)
{
	const char *site = req->fetch_site;
	const char *at = strstr(req->origin, "://");

	if (*site != '\0')
		return strcmp(site, "same-origin") != 0 &&
		       strcmp(site, "none") != 0;
	return at != NULL && strcmp(at + 3, req->host) != 0;
}

/*
 * A change must come from our own pages, or those of cors_origins, and bring
 * the session's token, by header or form. Logging in, where there is no
 * session yet, is for our own pages alone.
 */
static bool
change_is_wanted(const struct web *w, const struct route *r,
    const struct request *req, struct response *res)
{
	const char *token = web_params_get(&req->form, "csrf");
	bool elsewhere = from_elsewhere(req), listed;

	if (req->method == WEB_GET || req->user.bearer)
		return true;
	listed = w->cors_origins != NULL && *req->origin != '\0' &&
		 web_params_list_has(w->cors_origins, req->origin);
	if (elsewhere && (r->role == WEB_ANYONE || !listed)) {
		response_error(res, 403, "csrf",
		    "changes are taken from this site's own pages only");
		return false;
	}
	if (r->role == WEB_ANYONE ||
	    same_token(token != NULL ? token : req->csrf, req->user.csrf))
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

/* Nobody is an answer, too, where the route and the caller say so: a browser
 * writes each 401 into its console. */
static bool
nobody_is_fine(const struct route *r, const struct request *req)
{
	const char *asked = request_query(req, "optional");

	return req->method == WEB_GET && strcmp(r->params, "optional") == 0 &&
	       asked != NULL && strcmp(asked, "1") == 0;
}

static bool
user_may(const struct web *w, const struct route *r, struct request *req,
    struct response *res)
{
	if (w->authenticate != NULL && w->authenticate(w->app, req) == -1) {
		/* what is open to all goes on without knowing who asks */
		if (r->role == WEB_ANYONE)
			return change_is_wanted(w, r, req, res);
		response_error(res, 503, "cache_unavailable",
		    "who asks cannot be checked now; see /health");
		return false;
	}
	if (req->user.role >= r->role && r->role > WEB_ANYONE &&
	    *req->user.accounts != '\0' && !r->some) {
		response_error(res, 403, "forbidden",
		    "this is for who may see all accounts");
		return false;
	}
	if (req->user.role >= r->role)
		return change_is_wanted(w, r, req, res);
	if (req->user.role == WEB_ANYONE || *req->user.name == '\0') {
		if (nobody_is_fine(r, req))
			res->status = 204;
		else
			ask_to_log_in(w, req, res);
	} else
		response_error(res, 403, "forbidden", "the role %s is required",
		    web_role_word(r->role));
	return false;
}

static void
allow_origin(
    const struct web *w, const struct request *req, struct response *res)
{
	if (w->cors_origins == NULL || *w->cors_origins == '\0')
		return;
	response_header(res, "Vary", "Origin");
	if (*req->origin == '\0' ||
	    !web_params_list_has(w->cors_origins, req->origin))
		return;
	response_header(res, "Access-Control-Allow-Origin", req->origin);
	response_header(res, "Access-Control-Allow-Credentials", "true");
	response_header(
	    res, "Access-Control-Allow-Headers", "Content-Type, X-CSRF-Token");
	response_header(
	    res, "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT");
}

void
web_resume(const struct web *w, struct request *req, struct response *res)
{
	req->route->handle(w->app, req, res);
	if (req->method == WEB_GET && !w->no_etag &&
	    res->wait_until_mono_ms == 0)
		response_conditional(res, req->if_none_match);
}

void
web_dispatch(const struct web *w, struct request *req, struct response *res)
{
	struct match m = find_route(w, req);

	if ((w->admit != NULL && !w->admit(w->app, req, m.open, res)) ||
	    res->status != 200)
		return;
	allow_origin(w, req, res);
	if (m.route == NULL) {
		refuse_path(w, &m, req, res);
		return;
	}
	if (!user_may(w, m.route, req, res) ||
	    !request_params_known(req, res, m.route->params))
		return;
	req->route = m.route;
	web_resume(w, req, res);
}
