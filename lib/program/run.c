/* run.c: what a job has while it runs: Redis, signals, its lock. */
#include <stdlib.h>
#include <string.h>

#include "lib/redis/cache.h"
#include "lib/base/clock.h"
#include "lib/base/lock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/nodes.h"
#include "lib/program/program.h"

static volatile sig_atomic_t stop;

static void
on_signal(int signo)
{
	stop = signo;
}

const volatile sig_atomic_t *
program_catch_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	return &stop;
}

struct cache *
program_cache(const struct config *c)
{
	char *error = NULL;
	struct cache *cache = cache_open(c, &error);

	if (cache == NULL)
		log_error("%s", error);
	free(error);
	return cache;
}

int
program_prepare(const struct program *p, struct config *c, struct cache **cache)
{
	*cache = program_configure(p, c) == 0 ? program_cache(c) : NULL;
	return *cache != NULL ? 0 : -1;
}

static int
load_nodes(const struct config *c, struct nodes *n)
{
	if (*c->nodes_file != '\0')
		return nodes_load(n, c->nodes_file);
	if (*c->vps_agents_json != '\0')
		return nodes_from_urls(n, c->vps_agents_json);
	memset(n, 0, sizeof(*n));
	n->error = mem_strdup("neither NODES_FILE nor VPS_AGENTS_JSON is set");
	return -1;
}

int
program_nodes(const struct config *c, struct nodes *n)
{
	int rc = load_nodes(c, n);

	if (rc == -1)
		log_error_lines(n->error);
	return rc;
}

static int
run_leased(const struct program *p, const struct config *c,
    int (*run)(struct app *app), struct app *app)
{
	int64_t until = p->lease_wait_s == 0
			    ? INT64_MAX
			    : clock_mono_ms() + p->lease_wait_s * 1000;
	struct program_lease lease;
	int rc = 0;

	program_lease_open(&lease, c, p->name, 1, 1);
	switch (program_lease_take(&lease, p->lease, &stop, until)) {
	case LEASE_ELSEWHERE:
		log_info("another coordinator is or was at work");
		break;
	case LEASE_NO_LEDGER:
		if (p->lease == LEASE_FOR_GOOD)
			break;
		/* fallthrough */ /* it says so itself */
	case LEASE_OURS:
		rc = run(app);
		break;
	}
	program_lease_close(&lease, p->lease == LEASE_THIS_RUN);
	return rc;
}

int
program_run(const struct program *p, const struct config *c,
    int (*run)(struct app *app), struct app *app)
{
	char *path = mem_printf("%s/%s.lock", c->state_dir, p->name);
	struct lock lock;
	int rc = 0;

	if (lock_open(&lock, path) == -1) {
		log_error("%s", lock.error);
		rc = p->bad_option;
	} else if (lock_try(&lock))
		rc = run_leased(p, c, run, app);
	else
		log_info("another run is at work");
	lock_close(&lock);
	free(path);
	return rc;
}
