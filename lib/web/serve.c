/* serve.c: how the fcgi programs begin, and which back end serves them. */
#include <stdlib.h>

#include "lib/program/program.h"
#include "lib/web/serve.h"

bool
web_begin(struct program *p, int argc, char *argv[], int *rc)
{
	bool cgi = getenv("REQUEST_METHOD") != NULL;

	return program_begin(p, NULL, cgi ? 1 : argc, argv, rc);
}

int
web_serve(const struct web *w)
{
	return web_is_cgi() ? web_serve_cgi(w) : web_serve_fcgi(w);
}
