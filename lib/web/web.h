/*
 * web.h: the web layer of the fcgi programs. A program has a const table of
 * routes; web_serve() answers FastCGI or plain CGI, whichever it was started
 * as. A handler fills a response; it is sent after the handler returned.
 *
 *   web_params.h    names and values: query, form, cookies
 *   web_request.h   what was asked
 *   web_response.h  what is answered
 */
#ifndef LIB_WEB_WEB_H
#define LIB_WEB_WEB_H

#include <sys/types.h>

#include "lib/web/request.h"
#include "lib/web/response.h"

struct app; /* the program's own */
struct program;

struct route {
	enum web_method method; /* GET answers HEAD, too */
	const char *path;       /* "/api/accounts/{server}/{login}" */
	enum web_role role;     /* that is needed */
	const char *params;     /* query parameters it knows: "limit after" */
	void (*handle)(
	    struct app *app, const struct request *req, struct response *res);
	const char *about; /* one line, for the index */
};

/* HANDLER(accounts_get); declares a route's function. */
#define HANDLER(name) \
	void name(    \
	    struct app *app, const struct request *req, struct response *res)

struct web {
	struct app *app;
	const struct route *routes;
	size_t routes_len;
	const char *cors_origins; /* may read from elsewhere; "" none */
	const char *login_page;   /* for a browser in place of 401; or NULL */

	/*
	 * Who asks: fills req->user. -1 when that cannot be told now; the
	 * answer is 503 then. NULL: nobody ever logs in.
	 */
	int (*authenticate)(struct app *app, struct request *req);
};

/* What -h of such a program says. */
#define WEB_USAGE(name)                                                \
	"usage: " name " [-nvVh]\n"                                    \
	"Answers FastCGI on descriptor 0, or one plain CGI request.\n" \
	"  -n  check the configuration and end\n"                      \
	"  -v  say more\n"                                             \
	"  -V  print the version\n"                                    \
	"Settings: MT5FLEET_CONFIG names a file; see mt5fleet help.\n"

/*
 * program_begin for a fcgi program: a web server may give a query as
 * arguments of plain CGI, so there they are not looked at.
 */
bool web_begin(struct program *p, int argc, char *argv[], int *rc);

/* Until told to end (FastCGI) or once (CGI); the program's exit code. */
int web_serve(const struct web *w);

/* The answer to a request: all that is checked before a handler, and it. */
void web_dispatch(
    const struct web *w, struct request *req, struct response *res);

/* What stands between web_answer and the outside. */
struct web_io {
	const char *(*var)(void *arg, const char *name); /* CGI's; or NULL */
	/* Bytes read, 0 at the end, -1 on error. */
	ssize_t (*read)(void *arg, char *data, size_t len);
	int (*write)(void *arg, const char *data, size_t len);
	void *arg;
};

/* Reads a request, answers it; -1 when the answer did not go out whole. */
int web_answer(const struct web *w, const struct web_io *io);

/* The two back ends. */
bool web_is_cgi(void);
int web_serve_cgi(const struct web *w);
int web_serve_fcgi(const struct web *w);

#endif
