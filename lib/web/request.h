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

struct response;
struct route;

enum web_method {
	WEB_GET,
	WEB_POST,
	WEB_PUT,
	WEB_DELETE,
	WEB_OPTIONS,
	WEB_OTHER
};
/*
 * Each may what those before it may. WEB_METRICS: a program that may read
 * /metrics alone; a trader acknowledges and mutes alerts; a manager changes
 * accounts; an admin the fleet and who may log in.
 */
enum web_role {
	WEB_ANYONE,
	WEB_METRICS,
	WEB_VIEWER,
	WEB_TRADER,
	WEB_MANAGER,
	WEB_ADMIN
};
/* "viewer" …; false: no role of a person. */
const char *web_role_word(enum web_role role);
bool web_role_from(const char *word, enum web_role *role);

/* Bytes of the text of which accounts somebody may see, and its end. */
#define WEB_ACCOUNTS_SIZE 4096

/* Who asks. role WEB_ANYONE: we do not know. */
struct web_user {
	enum web_role role;
	bool bearer; /* known by what no page from elsewhere can send */
	char name[WEB_USER_SIZE];     /* "" where nobody logged in */
	char session[WEB_TOKEN_SIZE]; /* its id, and the token that a change */
	char csrf[WEB_TOKEN_SIZE];    /* has to bring, unless bearer */
	/* which accounts were given to him (lib/fleet/scope.h); "": all */
	char accounts[WEB_ACCOUNTS_SIZE];
};

/* Headers are borrowed from the back end and live as long as the request. */
struct request {
	enum web_method method;
	bool head;        /* a GET whose body is not wanted */
	char *path;       /* raw, below base */
	const char *base; /* of the site's own addresses: "" or "/fleet" */
	struct web_params query, cookies, vars; /* vars: of the route's path */
	struct web_params form;                 /* of an urlencoded body */
	char *body;
	size_t body_len;
	const char *content_type; /* these are never NULL */
	const char *if_none_match;
	const char *origin;
	const char *csrf; /* X-CSRF-Token */
	const char *fetch_site;
	const char *accept;
	const char *authorization;
	bool has_cookies; /* any, also such as cannot be understood */
	const char *host;
	const char *remote; /* address */
	bool https;
	struct web_user user;
	const struct route *route; /* NULL: no handler was called */

	/* for a handler that waits: response_wait() */
	int64_t came_mono_ms, now_mono_ms;
	bool hurry; /* the answer is wanted now */
};

/* For back ends: an empty request; then what came, piece by piece. What is
 * wrong with it is answered in res. */
void request_init(struct request *req);
void request_done(struct request *req);
void request_set_method(struct request *req, const char *name);
/* query: where uri has none of its own. */
void request_set_target(struct request *req, struct response *res,
    const char *uri, const char *query);
/* Takes body, len bytes and a zero; content_type is set by now. */
void request_set_body(
    struct request *req, struct response *res, char *body, size_t len);

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

/* The same, *out as it was where it is not there; false: 400 is answered. */
bool request_int64(const struct request *req, struct response *res,
    const char *name, int64_t min, int64_t max, int64_t *out);

/* All parameters of the query are of this list ("limit after"), none is
 * repeated; false: 400 is answered. */
bool request_params_known(
    const struct request *req, struct response *res, const char *names);

/* Sent as application/json? */
bool request_is_json(const struct request *req);

#endif
