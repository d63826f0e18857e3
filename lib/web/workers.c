/*
 * workers.c: several processes of one program on the same socket.
 *
 * They are forked, not started as programs by another one: between its fork and
 * its exec a child of such a supervisor may swallow the SIGTERM that was meant
 * to end it; the stop then takes until systemd kills all, requests with them.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/web/workers.h"

/* A worker that has lived for less could not begin. */
#define BEGUN_MS 1000

struct worker {
	pid_t pid; /* 0: none */
	int64_t born_mono_ms;
};

struct workers {
	struct worker *list;
	int n;
	sigset_t ours,
	    before; /* what the parent waits for; the mask there was */
	bool ending;
	int rc;
};

/* True in the child. */
static bool
start(struct workers *w, int i)
{
	pid_t parent = getpid(), pid = fork();
	sigset_t mask = w->before;

	if (pid == -1) {
		log_warnx("worker: fork: %s", strerror(errno));
		w->list[i].pid = 0;
		return false;
	}
	if (pid > 0) {
		w->list[i] = (struct worker){pid, clock_mono_ms()};
		return false;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return true;
}

static void
tell_all(const struct workers *w)
{
	for (int i = 0; i < w->n; i++)
		if (w->list[i].pid > 0)
			kill(w->list[i].pid, SIGTERM);
}

static void
end(struct workers *w, int rc)
{
	if (!w->ending)
		w->rc = rc;
	w->ending = true;
	tell_all(w);
}

/* Those that have ended are none. One that could not begin takes the rest
 * along: it would fail again. */
static void
reap(struct workers *w)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < w->n; i++) {
			int64_t age = clock_mono_ms() - w->list[i].born_mono_ms;

			if (w->list[i].pid != pid)
				continue;
			w->list[i].pid = 0;
			/* told to end by somebody: replaced at once */
			if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
				w->list[i].born_mono_ms = 0;
			if (WIFSIGNALED(status))
				log_warnx("worker %d: killed by signal %d",
				    (int)pid, WTERMSIG(status));
			if (!w->ending && WIFEXITED(status) &&
			    WEXITSTATUS(status) != 0 && age < BEGUN_MS)
				end(w, WEXITSTATUS(status));
		}
}

static int
running(const struct workers *w)
{
	int n = 0;

	for (int i = 0; i < w->n; i++)
		n += w->list[i].pid > 0;
	return n;
}

/* Starts what is missing, but none twice within BEGUN_MS. True in a child. */
static bool
replace(struct workers *w)
{
	for (int i = 0; i < w->n; i++)
		if (w->list[i].pid == 0 &&
		    (w->list[i].born_mono_ms == 0 ||
			clock_mono_ms() - w->list[i].born_mono_ms >=
			    BEGUN_MS) &&
		    start(w, i))
			return true;
	return false;
}

bool
workers_fork(int n, int *rc)
{
	static const int signals[] = {
	    SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD};
	const struct timespec look = {.tv_nsec = 200 * 1000 * 1000};
	struct workers w = {.n = n};
	bool child = false;
	int sig;

	sigemptyset(&w.ours);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&w.ours, signals[i]);
	sigprocmask(SIG_BLOCK, &w.ours, &w.before);
	w.list = mem_new((size_t)n, sizeof(*w.list));
	while (!(child = !w.ending && replace(&w)) &&
	       (!w.ending || running(&w) > 0)) {
		/* a worker that is missing is started after a while */
		sig = running(&w) < n && !w.ending
			  ? sigtimedwait(&w.ours, NULL, &look)
			  : sigwaitinfo(&w.ours, NULL);
		if (sig == SIGCHLD)
			reap(&w);
		else if (sig > 0)
			end(&w, 0);
	}
	free(w.list);
	*rc = w.rc;
	return child;
}
