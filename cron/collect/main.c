/* main.c: collect, the job that polls every node and writes Redis. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/num.h"
#include "lib/program/program.h"

/* cron starts the next run after 60 s; where cron died this one ends too. */
#define LIFE_S 90
#define TEXT_MAX ((size_t)64 << 20)
#define FILES_BESIDE 64

static const char usage[] =
    "usage: collect [-nvVh] [--once] [--for SECONDS] [--shard I/N]\n"
    "  -n             check the configuration and say what is wrong\n"
    "  -v             verbose\n"
    "  -V             the version\n"
    "  --once         poll each node once; exit 1 where one failed\n"
    "  --for SECONDS  end by itself after that (default 90)\n"
    "  --shard I/N    the I-th of N parts of the fleet\n"
    "Settings come from the environment and MT5FLEET_CONFIG:\n\n";

static int
read_shard(void *arg, const char *text)
{
	struct options *o = arg;
	char part[16];
	const char *slash = strchr(text, '/');

	if (slash == NULL || slash - text >= (int)sizeof(part))
		return -1;
	snprintf(part, sizeof(part), "%.*s", (int)(slash - text), text);
	if (num_int(slash + 1, 1, 1000, &o->shards) == -1)
		return -1;
	return num_int(part, 1, o->shards, &o->shard);
}

/* Two descriptors for each poll in flight; fewer in flight where not so. */
static void
make_room(struct config *c)
{
	struct rlimit r;
	long most;

	if (getrlimit(RLIMIT_NOFILE, &r) == -1)
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	most = r.rlim_max > 1000000 ? 500000 : (long)r.rlim_max / 2;
	most -= FILES_BESIDE;
	if (most < 1)
		most = 1;
	if (c->poll_parallel > most) {
		log_warnx("POLL_PARALLEL: %d polls need more open files: %ld",
		    c->poll_parallel, most);
		c->poll_parallel = (int)most;
	}
}

static int
configure(struct app *app, const struct program *p)
{
	const char *bad;
	int len;

	if (program_configure(p, &app->config) == -1 || roster_load(app) == -1)
		return -1;
	if (!alert_wanted(app->config.alert_also, app->wanted, &bad, &len)) {
		log_error("ALERT_ALSO: no such option: \"%.*s\"", len, bad);
		return -1;
	}
	app->cache = program_cache(&app->config);
	app->listener = program_cache(&app->config);
	return app->cache != NULL && app->listener != NULL ? 0 : -1;
}

/* Everything that can be ready before the run before is asked to go. */
static int
prepare(struct app *app)
{
	make_room(&app->config);
	app->stop = program_catch_signals();
	cache_batch_init(&app->batch);
	json_init(&app->text, TEXT_MAX);
	app->fetch = fetch_new(app->config.poll_parallel, true);
	if (app->fetch == NULL) {
		log_error("epoll_create: %s", strerror(errno));
		return -1;
	}
	return cache_ping(app->cache) == -1 ? 1 : 0;
}

static void
begin(struct app *app)
{
	app->started_utc_ms = clock_utc_ms();
	app->samples.where = config_ledger(&app->config);
	roster_make_nodes(app);
	heartbeat_renew(app, clock_mono_ms());
	if (restore_nodes(app) == -1)
		log_warnx("redis: %s", cache_error(app->cache));
}

static void
turn(struct app *app)
{
	int64_t now = clock_mono_ms();

	poll_due(app, now);
	fetch_run_once(app->fetch, poll_timeout_ms(app, now));
	now = clock_mono_ms();
	forget_nodes(app);
	recovery_flush(app, now);
	recovery_beat(app, now);
	if (!app->opt.once)
		sample_check(app, clock_utc_ms());
	roster_watch(app, now);
	poll_refresh(app, now);
}

static const char *
work(struct app *app)
{
	int64_t end = clock_mono_ms() + app->opt.for_s * INT64_C(1000);

	while (!*app->stop) {
		turn(app);
		if (app->refused)
			return app->leased
				   ? "another coordinator has taken over"
				   : "another coordinator was here first";
		if (app->opt.once && poll_is_over(app))
			return "swept";
		if (clock_mono_ms() >= end)
			return "time limit reached";
	}
	return "stopped by a signal";
}

/* One line of what was done; the exit code. */
static int
sum_up(const struct app *app, const char *why)
{
	int64_t took = clock_utc_ms() - app->started_utc_ms;
	size_t ok = 0, bad = 0;

	for (size_t i = 0; i < app->nodes_len; i++) {
		ok += app->nodes[i]->link == LINK_OK;
		bad += app->nodes[i]->link != LINK_OK;
	}
	log_info("nodes=%zu ok=%zu failing=%zu polls=%lld failed=%lld "
		 "writes=%lld events=%lld seconds=%.3f redis=%s: %s",
	    app->nodes_len, ok, bad, (long long)app->tally.polls,
	    (long long)app->tally.failed, (long long)app->tally.writes,
	    (long long)app->tally.events, (double)took / 1000.0,
	    app->redis_down ? "down" : "ok", why);
	return app->redis_down || (app->opt.once && bad > 0) ? 1 : 0;
}

static void
clean_up(struct app *app)
{
	fetch_free(app->fetch); /* no answer comes in any more */
	for (size_t i = 0; i < app->nodes_len; i++)
		node_free(app->nodes[i]);
	free(app->nodes);
	nodes_done(&app->roster);
	claims_done(&app->claims);
	cache_batch_done(&app->batch);
	json_done(&app->text);
	cache_close(app->listener);
	cache_close(app->cache);
	config_done(&app->config);
}

static int
run(struct app *app)
{
	const char *why;
	int rc = 1;

	if (prepare(app) == -1)
		return 1;
	/* the last resort against a run that hangs in a call */
	alarm((unsigned)app->opt.for_s + 30);
	/* before the run before is asked to go */
	rival_own(app);
	if (rival_found(app))
		return 2;
	switch (handover_take(app)) {
	case HANDOVER_OURS:
		break;
	case HANDOVER_ELSEWHERE:
		return 0;
	case HANDOVER_FAILED:
		return 1;
	}
	begin(app);
	rival_mark(app);
	why = work(app);
	recovery_flush(app, clock_mono_ms());
	rc = app->refused ? 2 : sum_up(app, why);
	if (app->refused)
		log_error("%s", why);
	program_lease_close(&app->lease, false);
	lock_close(&app->lock); /* before the rest: the next run waits for it */
	sample_finish(app);
	return rc;
}

int
main(int argc, char *argv[])
{
	struct program p = {.name = "collect",
	    .title = "mt5fleet collect",
	    .usage = usage,
	    .settings = true,
	    .bad_option = 2};
	struct app app = {
	    .opt = {.for_s = LIFE_S, .shard = 1, .shards = 1}, .lock.fd = -1};
	const struct program_option own[] = {
	    {.name = "once", .flag = &app.opt.once},
	    {.name = "for", .number = &app.opt.for_s, .min = 1, .max = 86400},
	    {.name = "shard", .read = read_shard, .arg = &app.opt},
	    {.name = NULL},
	};
	int rc;

	if (!program_begin(&p, own, argc, argv, &rc))
		return rc;
	if (configure(&app, &p) == -1)
		rc = 2;
	else if (p.check) {
		printf("collect: %zu nodes, the configuration is good\n",
		    app.roster.len);
		rc = 0;
	} else
		rc = run(&app);
	program_lease_close(&app.lease, false);
	lock_close(&app.lock);
	clean_up(&app);
	return rc;
}
