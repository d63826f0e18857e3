/*
 * web.h: the web layer of all programs that answer HTTP. A program has a
 * const table of routes; web_dispatch() makes the answer to a request: all
 * that is checked before a handler, and the handler. A handler fills a
 * response; it is sent after the handler returned.
 *
 *   params.h    names and values: query, form, cookies, path
 *   request.h   what was asked
 *   response.h  what is answered
 *
 * What brings requests in and takes answers out is a back end:
 *
 *   serve.h         the fcgi programs: FastCGI and plain CGI, by answer.h
 *   agent/http.h    the agent: libmicrohttpd; the one whose handlers may wait
 */
#ifndef LIB_WEB_WEB_H
#define LIB_WEB_WEB_H

#include "lib/web/request.h"
#include "lib/web/response.h"

struct app; /* the program's own */

struct route {
	enum web_method method; /* GET answers HEAD, too */
	const char *path;       /* "/api/accounts/{server}/{login}" */
	enum web_role role;     /* that is needed */
	const char *params;     /* query parameters it knows: "limit after" */
	void (*handle)(
	    struct app *app, const struct request *req, struct response *res);
	const char *about; /* one line, for the index */
	/* who may see some accounts alone may ask, too: the handler tells him
	 * of no others; without it the answer to him is 403 */
	bool some;
};

/* HANDLER(accounts_get); declares a route's function. */
#define HANDLER(name) \
	void name(    \
	    struct app *app, const struct request *req, struct response *res)

struct web {
	struct app *app;
	const struct route *routes;
	size_t routes_len;
	size_t body_max;          /* of a request; 0: WEB_BODY_MAX */
	const char *cors_origins; /* may read from elsewhere; "" none */
	const char *login_page;   /* for a browser in place of 401; or NULL */
	bool no_etag;             /* answers are never the same again */
	bool allow_get;           /* Allow names GET without HEAD */

	/*
	 * Before anything else, even that there is no such path: false with
	 * the answer made where this client may not ask at all. open: the
	 * path is one for WEB_ANYONE. May fill req->user. Or NULL.
	 */
	bool (*admit)(struct app *app, struct request *req, bool open,
	    struct response *res);

	/*
	 * Who asks: fills req->user. -1 when that cannot be told now; the
	 * answer is 503 then. NULL: nobody ever logs in.
	 */
	int (*authenticate)(struct app *app, struct request *req);
};

/* Bytes that the body of a request may have. */
size_t web_body_max(const struct web *w);

/*
 * The answer to a request. One that could not be read has its error in res
 * already: that is the answer then, to a client that may ask.
 */
void web_dispatch(
    const struct web *w, struct request *req, struct response *res);

/* Calls the handler of a request once more that waited (response_wait). */
void web_resume(const struct web *w, struct request *req, struct response *res);

#endif
