/* serve_cgi.c: one request by plain CGI: environment, stdin, stdout. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/web/answer.h"
#include "lib/web/serve.h"

static const char *
cgi_var(void *arg, const char *name)
{
	(void)arg;
	return getenv(name);
}

static ssize_t
cgi_read(void *arg, char *data, size_t len)
{
	ssize_t n;

	(void)arg;
	do
		n = read(STDIN_FILENO, data, len);
	while (n == -1 && errno == EINTR);
	return n;
}

static int
cgi_write(void *arg, const char *data, size_t len)
{
	ssize_t n;

	(void)arg;
	for (; len > 0; data += n, len -= (size_t)n)
		if ((n = write(STDOUT_FILENO, data, len)) == -1) {
			if (errno != EINTR)
				return -1;
			n = 0;
		}
	return 0;
}

int
web_serve_cgi(const struct web *w)
{
	const struct web_io io = {cgi_var, cgi_read, cgi_write, NULL};

	return web_answer(w, &io) == 0 ? 0 : 1;
}
