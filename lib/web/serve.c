/* serve.c: how the fcgi programs begin, and which back end serves them. */
#include <stdlib.h>

#include "lib/program/program.h"
#include "lib/web/serve.h"
#include "lib/web/workers.h"

bool
web_begin(struct program *p, int argc, char *argv[], int *rc)
{
	bool cgi = getenv("REQUEST_METHOD") != NULL;
	int workers = 0;
	const struct program_option own[] = {{.name = "workers",
						 .number = &workers,
						 .min = 1,
						 .max = WEB_WORKERS_MAX},
	    {.name = NULL}};

	if (!program_begin(p, own, cgi ? 1 : argc, argv, rc))
		return false;
	return workers == 0 || p->check || workers_fork(workers, rc);
}

int
web_serve(const struct web *w)
{
	return web_is_cgi() ? web_serve_cgi(w) : web_serve_fcgi(w);
}
