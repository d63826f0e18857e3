/*
 * serve_fcgi.c: requests by FastCGI on descriptor 0; the only file that knows
 * libfcgi. One process, one request at a time: start several of them.
 *
 * Signals are blocked but while we wait in ppoll with nothing to do. A plain
 * FCGX_Accept_r loop lost 105 of 180 requests at SIGTERM; this one none.
 */
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/web/answer.h"
#include "lib/web/serve.h"

/* Told to end, a busy worker goes on for so long at most. */
#define DRAIN_MS 5000

static volatile sig_atomic_t told_to_end;

static void
on_signal(int sig)
{
	(void)sig;
	told_to_end = 1;
}

/* The last of several: nginx sends a parameter that is set twice twice. */
static const char *
fcgi_var(void *arg, const char *name)
{
	FCGX_Request *r = arg;
	size_t len = strlen(name);
	const char *value = NULL;

	for (char **p = r->envp; *p != NULL; p++)
		if (strncmp(*p, name, len) == 0 && (*p)[len] == '=')
			value = *p + len + 1;
	return value;
}

static ssize_t
fcgi_read(void *arg, char *data, size_t len)
{
	FCGX_Request *r = arg;
	int n = FCGX_GetStr(data, (int)len, r->in);

	return FCGX_GetError(r->in) != 0 ? -1 : n;
}

static int
fcgi_write(void *arg, const char *data, size_t len)
{
	FCGX_Request *r = arg;

	return FCGX_PutStr(data, (int)len, r->out) == (int)len ? 0 : -1;
}

static void
answer(const struct web *w, FCGX_Request *r)
{
	const struct web_io io = {fcgi_var, fcgi_read, fcgi_write, r};

	if (web_answer(w, &io) == 0)
		FCGX_Finish_r(r);
	else
		/* closed without an end: nginx tells the client it is cut */
		FCGX_Free(r, 1);
}

/* Returns the mask to wait with: as it was, with nothing of ours blocked. */
static sigset_t
prepare_signals(void)
{
	struct sigaction act = {.sa_handler = on_signal};
	sigset_t ours, before;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGUSR1);
	sigprocmask(SIG_BLOCK, &ours, &before);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGUSR1, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
	sigdelset(&before, SIGTERM);
	sigdelset(&before, SIGINT);
	sigdelset(&before, SIGUSR1);
	return before;
}

/* A signal waits, and has waited for DRAIN_MS. */
static bool
drained_long_enough(int64_t *since)
{
	sigset_t pending;

	sigpending(&pending);
	if (!sigismember(&pending, SIGTERM) && !sigismember(&pending, SIGINT))
		return false;
	if (*since == 0)
		*since = clock_mono_ms();
	return clock_mono_ms() - *since > DRAIN_MS;
}

int
web_serve_fcgi(const struct web *w)
{
	struct pollfd listener = {.fd = 0, .events = POLLIN};
	int64_t ending_since = 0;
	FCGX_Request r;
	sigset_t open_mask;

	FCGX_Init();
	open_mask = prepare_signals(); /* after it: it sets its own */
	FCGX_InitRequest(&r, 0, 0);
	fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK);
	while (!told_to_end && !drained_long_enough(&ending_since)) {
		if (ppoll(&listener, 1, NULL, &open_mask) == -1 &&
		    errno != EINTR)
			return 1;
		/* where another worker was faster: -EAGAIN */
		if (!told_to_end && FCGX_Accept_r(&r) == 0)
			answer(w, &r);
	}
	return 0;
}

bool
web_is_cgi(void)
{
	return FCGX_IsCGI();
}
