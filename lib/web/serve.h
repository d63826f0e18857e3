/*
 * serve.h: how the fcgi programs serve: FastCGI or plain CGI, whichever they
 * were started as.
 */
#ifndef LIB_WEB_SERVE_H
#define LIB_WEB_SERVE_H

#include "lib/web/web.h"

struct program;

#define WEB_WORKERS_MAX 256

/* What -h of such a program says. */
#define WEB_USAGE(name)                                                    \
	"usage: " name " [-nvVh] [--workers N]\n"                          \
	"Answers FastCGI on descriptor 0, or one plain CGI request.\n"     \
	"  --workers N  so many processes, each for a request at a time\n" \
	"  -n  check the configuration and exit\n"                         \
	"  -v  verbose\n"                                                  \
	"  -V  print the version\n"                                        \
	"Settings: MT5FLEET_CONFIG names a file; see mt5fleet help.\n"

/*
 * program_begin for a fcgi program: a web server may give a query as
 * arguments of plain CGI, so there they are not looked at. With --workers it
 * returns true in each of them: what follows is their own.
 */
bool web_begin(struct program *p, int argc, char *argv[], int *rc);

/* Until told to end (FastCGI) or once (CGI); the program's exit code. */
int web_serve(const struct web *w);

/* The two back ends. */
bool web_is_cgi(void);
int web_serve_cgi(const struct web *w);
int web_serve_fcgi(const struct web *w);

#endif
