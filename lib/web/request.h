/* request.h: what was asked, and by whom. */
#ifndef LIB_WEB_REQUEST_H
#define LIB_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/web/params.h"

#define WEB_BODY_MAX ((size_t)256 * 1024)
#define WEB_USER_SIZE 65
#define WEB_TOKEN_SIZE 65 /* 32 bytes in hex */

enum web_method {
	WEB_GET,
	WEB_POST,
	WEB_PUT,
	WEB_DELETE,
	WEB_OPTIONS,
	WEB_OTHER
};
enum web_role { WEB_ANYONE, WEB_VIEWER, WEB_ADMIN };

/* Who asks. role WEB_ANYONE: we do not know. */
struct web_user {
	enum web_role role;
	char name[WEB_USER_SIZE];     /* "" where nobody logged in */
	char session[WEB_TOKEN_SIZE]; /* its id, and the token that a change */
	char csrf[WEB_TOKEN_SIZE];    /* has to bring */
};

/* Texts are borrowed from the back end and live as long as the request. */
struct request {
	enum web_method method;
	bool head; /* a GET whose body is not wanted */
	char *path;
	struct web_params query, cookies, vars; /* vars: of the route's path */
	struct web_params form;                 /* of an urlencoded body */
	char *body;                             /* never NULL */
	size_t body_len;
	const char *content_type; /* these are never NULL */
	const char *if_none_match;
	const char *origin;
	const char *csrf; /* X-CSRF-Token */
	const char *fetch_site;
	const char *accept;
	const char *remote; /* address */
	bool https;
	struct web_user user;
};

void request_done(struct request *req);

/* A query parameter or a part of the path; NULL where there is none. */
const char *request_query(const struct request *req, const char *name);
const char *request_var(const struct request *req, const char *name);

/*
 * {server} and {login} of the path, or of the query where the path has none.
 * server is borrowed. False: there is none, or the login is no number.
 */
bool request_account(
    const struct request *req, const char **server, int64_t *login);

/* A number of the query. 0 and def where it is not there; -1: not min..max. */
int request_number(const struct request *req, const char *name, int64_t min,
    int64_t max, int64_t def, int64_t *out);

/* Sent as application/json? */
bool request_is_json(const struct request *req);

#endif
