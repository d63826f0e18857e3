/* main.c: trades, the job that reads every account's deals. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/trades/trades.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/ledger/jobs.h"
#include "lib/ledger/zones.h"
#include "lib/program/program.h"

/* Answers in flight: each holds up to a page in memory. */
#define PARALLEL 24
#define FOR_S 1800

enum { EXIT_OK, EXIT_SOME_FAILED, EXIT_CONFIG, EXIT_LEDGER };

static const char usage[] =
    "usage: trades [-nvVh] [--full | --moved] [--for SECONDS]\n"
    "  -n             check the configuration and say what is wrong\n"
    "  -v             verbose\n"
    "  -V             the version\n"
    "  --full         read every history from its beginning\n"
    "  --moved        only accounts whose balance or credit is another now\n"
    "  --for SECONDS  stop after that; the next run goes on (1800)\n"
    "Exit: 0 all read, 1 some account or node failed, 2 bad\n"
    "configuration, 3 the ledger cannot be written.\n"
    "Settings come from the environment and MT5FLEET_CONFIG:\n\n";

static int
configure(struct app *app, const struct program *p)
{
	if (program_configure(p, &app->config) == -1 ||
	    program_nodes(&app->config, &app->nodes) == -1)
		return -1;
	app->cache = program_cache(&app->config);
	return app->cache != NULL ? 0 : -1;
}

/* True when everything was done that could be. */
static bool
work(struct app *app)
{
	int64_t until = clock_mono_ms() + app->opt.for_s * INT64_C(1000);

	accounts_start(app);
	while (fetch_pending(app->fetch) > 0) {
		if (*app->stop || app->ledger_down != LEDGER_OK ||
		    clock_mono_ms() >= until)
			return false;
		fetch_run_once(app->fetch, 200);
	}
	return app->ledger_down == LEDGER_OK && !*app->stop;
}

static int
sum_up(struct app *app, bool whole)
{
	const struct tally *t = &app->tally;
	struct ledger_job_run run = {.job = "trades",
	    .started_utc_ms = app->started_utc_ms,
	    .finished_utc_ms = clock_utc_ms()};
	bool failed = !whole || t->failed > 0 || t->nodes_failing > 0;
	char *text =
	    mem_printf("accounts=%d ok=%d unmoved=%d syncing=%d failed=%d "
		       "nodes_failing=%d pages=%lld added=%lld "
		       "changed=%lld missing=%lld orphans_asked=%d "
		       "differences=%d seconds=%.1f%s",
		t->accounts, t->ok, t->unmoved, t->syncing, t->failed,
		t->nodes_failing, (long long)t->pages, (long long)t->added,
		(long long)t->changed, (long long)t->missing, t->orphans,
		t->differences,
		(double)(run.finished_utc_ms - run.started_utc_ms) / 1000,
		whole ? "" : ": not finished, the next run goes on");

	run.exit_code = failed ? EXIT_SOME_FAILED : EXIT_OK;
	run.summary = text;
	if (app->ledger_down == LEDGER_OK)
		app->ledger_down = ledger_job_run_put(app->ledger, &run);
	log_info("%s", text);
	free(text);
	if (app->ledger_down != LEDGER_OK) {
		log_error("%s", ledger_error(app->ledger));
		return EXIT_LEDGER;
	}
	return run.exit_code;
}

/* The brokers' zones, by what was seen, and with them the UTC of all deals. */
static void
place_deals(struct app *app)
{
	if (app->ledger_down == LEDGER_OK && !app->opt.moved)
		app->ledger_down =
		    ledger_zones_propose(app->ledger, clock_utc_ms());
	if (app->ledger_down == LEDGER_OK)
		app->ledger_down = ledger_zones_apply(app->ledger);
}

static int
run(struct app *app)
{
	bool whole;

	app->started_utc_ms = clock_utc_ms();
	/* the last resort against a run that hangs in a call */
	alarm((unsigned)app->opt.for_s + 60);
	app->ledger = ledger_open(config_ledger(&app->config), LEDGER_WRITE);
	if (ledger_state(app->ledger) != LEDGER_OK) {
		log_error("%s", ledger_error(app->ledger));
		return EXIT_LEDGER;
	}
	app->fetch = fetch_new(PARALLEL, true);
	if (app->fetch == NULL) {
		log_error("epoll_create: %s", strerror(errno));
		return EXIT_SOME_FAILED;
	}
	whole = work(app);
	place_deals(app);
	return sum_up(app, whole);
}

static void
clean_up(struct app *app)
{
	fetch_free(app->fetch);
	for (int i = 0; i < app->readings_len; i++)
		reading_free(app->readings[i]);
	free(app->readings);
	free(app->askings);
	candidates_done(&app->told);
	ledger_close(app->ledger);
	cache_close(app->cache);
	nodes_done(&app->nodes);
	config_done(&app->config);
}

int
main(int argc, char *argv[])
{
	struct program p = {.name = "trades",
	    .title = "mt5fleet trades",
	    .usage = usage,
	    .settings = true,
	    .bad_option = EXIT_CONFIG};
	struct app app = {.opt.for_s = FOR_S};
	const struct program_option own[] = {
	    {.name = "full", .flag = &app.opt.full},
	    {.name = "moved", .flag = &app.opt.moved},
	    {.name = "for", .number = &app.opt.for_s, .min = 1, .max = 86400},
	    {.name = NULL},
	};
	int rc;

	if (!program_begin(&p, own, argc, argv, &rc))
		return rc;
	app.stop = program_catch_signals();
	if (configure(&app, &p) == -1)
		rc = EXIT_CONFIG;
	else if (p.check) {
		printf("trades: %zu nodes, the configuration is good\n",
		    app.nodes.len);
		rc = EXIT_OK;
	} else
		rc = program_run(&p, &app.config, run, &app);
	clean_up(&app);
	return rc;
}
