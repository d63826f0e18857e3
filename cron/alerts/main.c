/* main.c: alerts, the job that calls people. docs/alerts.md */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cron/alerts/alerts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/site.h"
#include "lib/program/program.h"
#include "lib/redis/keys.h"

#define LIFE_S 55   /* cron starts the next run after 60 s */
#define BESIDE_S 60 /* for what is under way then */
#define OUTBOX_KEPT_MS (7 * 24 * 60 * 60 * INT64_C(1000))
#define MUTE_MAX_MIN (7 * 24 * 60)

enum { EXIT_OK, EXIT_FAILED, EXIT_CONFIG };

static const char usage[] =
    "usage: alerts [-nvVh] [--for SECONDS] [--list]\n"
    "              [--mute KEY --minutes N] [--ack KEY]\n"
    "  -n                check the configuration and say what is wrong\n"
    "  -v                verbose\n"
    "  -V                the version\n"
    "  --for SECONDS     end after that (default 55; 0: one look)\n"
    "  --list            the alerts there are, as JSON\n"
    "  --mute KEY --minutes N\n"
    "                    send nothing about KEY for N minutes: an alert's\n"
    "                    key, SERVER/LOGIN, or all; 0 ends it\n"
    "  --ack KEY         acknowledged: it is neither repeated nor escalated\n";

static int
configure(struct app *app, const struct program *p)
{
	struct config *c = &app->config;

	if (program_configure(p, c) == -1)
		return -1;
	if (targets_load(&app->targets, c) == -1) {
		log_error_lines(app->targets.error);
		if (p->check)
			return -1; /* else those without a mistake are told */
	}
	app->site = site_address(c);
	app->cache = program_cache(c);
	return app->cache != NULL ? 0 : -1;
}

static int
redis_failed(const struct app *app)
{
	log_error("redis: %s", cache_error(app->cache));
	return EXIT_FAILED;
}

static int
print_list(struct app *app)
{
	char *data;

	if (cache_get(app->cache, KEY_ALERTS, &data, NULL) == -1)
		return redis_failed(app);
	puts(data != NULL ? data : "{\"alerts\":[]}");
	free(data);
	return EXIT_OK;
}

static int
mute(struct app *app, const char *what, int minutes)
{
	char *key = mem_printf(KEY_ALERT_MUTE "%s", what);
	int rc = minutes == 0
		     ? cache_del(app->cache, key)
		     : cache_set_ttl(app->cache, key, "1", 1, minutes * 60);

	free(key);
	return rc == -1 ? redis_failed(app) : EXIT_OK;
}

static int
ack(struct app *app, const char *what)
{
	const struct ledger_actor actor = {
	    .who = "alerts", .at_utc_ms = clock_utc_ms()};
	enum ledger_result r = app_ledger(app) != NULL
				   ? ledger_ack_put(app->ledger, what, &actor)
				   : LEDGER_ERROR;

	if (r == LEDGER_OK)
		return EXIT_OK;
	log_error("ledger: %s", ledger_result_word(r));
	return EXIT_FAILED;
}

static void
wait_a_second(void)
{
	const struct timespec second = {1, 0};

	nanosleep(&second, NULL);
}

/* False: Redis is away. */
static bool
look(struct app *app)
{
	bool good = step_run(app) == 0;

	if (good)
		away_end(app, clock_utc_ms());
	else
		away_note(app, clock_utc_ms());
	return good;
}

static int
work(struct app *app)
{
	const volatile sig_atomic_t *stop = program_catch_signals();
	int64_t end = clock_mono_ms() + app->opt.for_s * 1000;
	bool good;

	away_read(app);
	deliver_forget_gone(app, clock_utc_ms());
	for (;;) {
		good = look(app);
		if (*stop || clock_mono_ms() >= end)
			break;
		wait_a_second();
	}
	if (!good || step_save(app) == -1)
		return redis_failed(app);
	if (app_ledger(app) != NULL)
		ledger_alerts_forget(
		    app->ledger, clock_utc_ms() - OUTBOX_KEPT_MS);
	log_info("alerts=%zu sent=%lld", app->store.alerts.len,
	    (long long)app->told);
	return app->targets.error != NULL ? EXIT_CONFIG
	       : deliver_fails(app)       ? EXIT_FAILED
					  : EXIT_OK;
}

static int
run(struct app *app)
{
	alarm((unsigned)(app->opt.for_s + BESIDE_S));
	return work(app);
}

static int
act(struct app *app, const struct program *p)
{
	const struct options *o = &app->opt;

	if (o->list)
		return print_list(app);
	if (o->mute != NULL)
		return mute(app, o->mute, o->minutes);
	if (o->ack != NULL)
		return ack(app, o->ack);
	return program_run(p, &app->config, run, app);
}

int
main(int argc, char *argv[])
{
	struct program p = {.name = "alerts",
	    .title = "alerts",
	    .usage = usage,
	    .bad_option = EXIT_CONFIG,
	    .lease = LEASE_FOR_GOOD,
	    .lease_wait_s = LIFE_S};
	struct app app = {.opt = {.for_s = LIFE_S, .minutes = -1}};
	const struct program_option own[] = {
	    {.name = "for", .number = &app.opt.for_s, .min = 0, .max = 3600},
	    {.name = "list", .flag = &app.opt.list},
	    {.name = "mute", .text = &app.opt.mute},
	    {.name = "minutes",
		.number = &app.opt.minutes,
		.max = MUTE_MAX_MIN},
	    {.name = "ack", .text = &app.opt.ack},
	    {.name = NULL},
	};
	int rc;

	if (!program_begin(&p, own, argc, argv, &rc))
		return rc;
	if (app.opt.mute != NULL && app.opt.minutes == -1) {
		fputs(usage, stderr);
		return EXIT_CONFIG;
	}
	rc = EXIT_CONFIG;
	if (configure(&app, &p) == 0)
		rc = p.check ? EXIT_OK : act(&app, &p);
	watch_done(&app);
	targets_done(&app.targets);
	free(app.site);
	ledger_close(app.ledger);
	store_done(&app.store);
	cache_close(app.cache);
	config_done(&app.config);
	return rc;
}
