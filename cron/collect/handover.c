/* handover.c: one collector at a time; the younger run takes over. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define KILL_AFTER_MS 2000
#define GIVE_UP_MS 10000

/* The run before: asked to go once, killed where it does not. */
struct older {
	pid_t pid;
	int64_t asked_mono_ms;
	bool killed;
};

static void
send_signal(int pidfd, int signo)
{
	syscall(SYS_pidfd_send_signal, pidfd, signo, NULL, 0);
}

static void
press(struct app *app, struct older *o)
{
	int64_t now = clock_mono_ms();
	pid_t pid;
	int fd;

	if ((fd = lock_holder(&app->lock, &pid)) == -1)
		return; /* it is gone, or not yet to be seen: try again */
	if (pid != o->pid) {
		*o = (struct older){.pid = pid, .asked_mono_ms = now};
		send_signal(fd, SIGTERM);
	} else if (!o->killed && now - o->asked_mono_ms > KILL_AFTER_MS) {
		log_warnx(
		    "the previous run, pid %d, does not end: killed", (int)pid);
		o->killed = true;
		send_signal(fd, SIGKILL);
	}
	close(fd);
}

static int
open_lock(struct app *app)
{
	const struct options *opt = &app->opt;
	char *path;
	int rc;

	if (opt->shards == 1)
		path = mem_printf("%s/collect.lock", app->config.state_dir);
	else
		path = mem_printf("%s/collect-%d-of-%d.lock",
		    app->config.state_dir, opt->shard, opt->shards);
	if ((rc = lock_open(&app->lock, path)) == -1)
		log_error("%s", app->lock.error);
	free(path);
	return rc;
}

/*
 * Where coordinators share a ledger all but one stand by, each with its run of
 * the minute. A run that ends does not end the lease: the next one has it.
 */
static enum handover
take_lease(struct app *app)
{
	enum lease_got got = program_lease_take(&app->lease,
	    app->opt.once ? LEASE_AT_ONCE : LEASE_FOR_GOOD, app->stop,
	    clock_mono_ms() + app->opt.for_s * INT64_C(1000));

	if (got == LEASE_OURS && app->leased)
		cache_batch_fence(&app->batch,
		    key_of_fence(app->opt.shard, app->opt.shards, app->fence),
		    app->lease.token);
	if (got == LEASE_OURS)
		return HANDOVER_OURS;
	if (!app->opt.once)
		return HANDOVER_ELSEWHERE;
	log_error("%s: nothing was polled",
	    got == LEASE_ELSEWHERE ? "another coordinator polls the fleet"
				   : "the ledger does not say who polls");
	return HANDOVER_FAILED;
}

enum handover
handover_take(struct app *app)
{
	const struct timespec moment = {0, 5000000};
	int64_t deadline = clock_mono_ms() + GIVE_UP_MS;
	struct older older = {.pid = -1};

	/* while the run before still works */
	program_lease_open(&app->lease, &app->config, "collect", app->opt.shard,
	    app->opt.shards);
	app->leased = app->lease.needed;
	if (open_lock(app) == -1)
		return HANDOVER_FAILED;
	while (!lock_try(&app->lock)) {
		if (app->opt.once) {
			log_error("a collector is running; --once would end "
				  "it: nothing was polled");
			return HANDOVER_FAILED;
		}
		if (*app->stop || clock_mono_ms() > deadline) {
			log_error("the lock is held by another process");
			return HANDOVER_FAILED;
		}
		press(app, &older);
		nanosleep(&moment, NULL);
	}
	return take_lease(app);
}
