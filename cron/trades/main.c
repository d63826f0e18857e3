/* main.c: trades, the job that brings every account's deals home. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/trades/trades.h"
#include "lib/clock.h"
#include "lib/ledger_jobs.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/num.h"
#include "lib/version.h"

/* Answers in flight: each holds up to a page in memory. */
#define PARALLEL 24
#define FOR_S 1800

enum { EXIT_OK, EXIT_SOME_FAILED, EXIT_CONFIG, EXIT_LEDGER };

static volatile sig_atomic_t stop;

static void
on_signal(int signo)
{
	stop = signo;
}

static void
usage(FILE *to)
{
	fputs("usage: trades [-nvVh] [--full] [--for SECONDS]\n"
	      "  -n             check the configuration and say what is wrong\n"
	      "  -v             say more\n"
	      "  -V             the version\n"
	      "  --full         read every history from its beginning\n"
	      "  --for SECONDS  stop after that; the next run goes on (1800)\n"
	      "Exit: 0 all read, 1 some account or node failed, 2 bad\n"
	      "configuration, 3 the ledger cannot be written.\n"
	      "Settings come from the environment and MT5FLEET_CONFIG:\n\n",
	    to);
}

/* 1: go on. 0: all is said. -1: bad. */
static int
read_options(struct options *o, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"full", no_argument, NULL, 'a'},
	    {"for", required_argument, NULL, 'f'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	*o = (struct options){.for_s = FOR_S};
	while ((c = getopt_long(argc, argv, "nvVh", names, NULL)) != -1)
		switch (c) {
		case 'n':
			o->check = true;
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'V':
			puts("mt5fleet trades " MT5FLEET_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			config_describe();
			return 0;
		case 'a':
			o->full = true;
			break;
		case 'f':
			if (num_int(optarg, 1, 86400, &o->for_s) == -1) {
				log_error(
				    "--for: not understood: \"%s\"", optarg);
				return -1;
			}
			break;
		default:
			usage(stderr);
			return -1;
		}
	if (optind == argc)
		return 1;
	log_error("argument: not understood: \"%s\"", argv[optind]);
	return -1;
}

static int
configure(struct app *app)
{
	char *error = NULL;

	if (config_load(&app->config, NULL) == -1) {
		log_error("%s", app->config.error);
		return -1;
	}
	log_init("trades",
	    app->opt.verbose ? LOG_LEVEL_DEBUG : app->config.log_level);
	if (roster_load(app) == -1) {
		log_error("%s", app->nodes.error);
		return -1;
	}
	app->cache = cache_open(&app->config, &error);
	if (app->cache == NULL) {
		log_error("%s", error);
		free(error);
		return -1;
	}
	return 0;
}

static void
catch_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* a full disk is an answer of write(), not a signal */
	signal(SIGXFSZ, SIG_IGN);
}

static int
take_lock(struct app *app)
{
	char *path = mem_printf("%s/trades.lock", app->config.state_dir);
	int rc = lock_open(&app->lock, path);

	free(path);
	if (rc == -1) {
		log_error("%s", app->lock.error);
		return -1;
	}
	return lock_try(&app->lock) ? 1 : 0;
}

/* True when everything was done that could be. */
static bool
work(struct app *app)
{
	int64_t until = clock_mono_msc() + app->opt.for_s * INT64_C(1000);

	roster_start(app);
	while (fetch_pending(app->fetch) > 0) {
		if (stop || app->ledger_down != LEDGER_OK ||
		    clock_mono_msc() >= until)
			return false;
		fetch_run_once(app->fetch, 200);
	}
	return app->ledger_down == LEDGER_OK && !stop;
}

static int
sum_up(struct app *app, bool whole)
{
	const struct tally *t = &app->tally;
	struct ledger_job_run run = {.job = "trades",
	    .started_msc = app->started_msc,
	    .finished_msc = clock_utc_msc()};
	bool failed = !whole || t->failed > 0 || t->nodes_failing > 0;
	char *text = mem_printf("accounts=%d ok=%d syncing=%d failed=%d "
				"nodes_failing=%d pages=%lld added=%lld "
				"changed=%lld missing=%lld orphans_asked=%d "
				"residues=%d seconds=%.1f%s",
	    t->accounts, t->ok, t->syncing, t->failed, t->nodes_failing,
	    (long long)t->pages, (long long)t->added, (long long)t->changed,
	    (long long)t->missing, t->orphans, t->residues,
	    (double)(run.finished_msc - run.started_msc) / 1000,
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

static int
run(struct app *app)
{
	bool whole;

	app->started_msc = clock_utc_msc();
	/* the last resort against a run that hangs in a call */
	alarm((unsigned)app->opt.for_s + 60);
	app->ledger = ledger_open(app->config.ledger_file, LEDGER_WRITE);
	if (ledger_state(app->ledger) != LEDGER_OK) {
		log_error("%s", ledger_error(app->ledger));
		return EXIT_LEDGER;
	}
	app->fetch = fetch_new(PARALLEL, true);
	if (app->fetch == NULL) {
		log_error("no epoll: %s", strerror(errno));
		return EXIT_SOME_FAILED;
	}
	whole = work(app);
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
	ledger_close(app->ledger);
	lock_close(&app->lock);
	cache_close(app->cache);
	nodes_done(&app->nodes);
	config_done(&app->config);
}

static int
locked_run(struct app *app)
{
	switch (take_lock(app)) {
	case 1:
		return run(app);
	case 0:
		log_info("another run is at work");
		return EXIT_OK;
	default:
		return EXIT_CONFIG;
	}
}

int
main(int argc, char *argv[])
{
	struct app app = {.stop = &stop, .lock.fd = -1};
	int rc;

	log_init("trades", LOG_LEVEL_INFO);
	rc = read_options(&app.opt, argc, argv);
	if (rc != 1)
		return rc == 0 ? EXIT_OK : EXIT_CONFIG;
	catch_signals();
	if (configure(&app) == -1)
		rc = EXIT_CONFIG;
	else if (app.opt.check) {
		printf("trades: %zu nodes, the configuration is good\n",
		    app.nodes.len);
		rc = EXIT_OK;
	} else
		rc = locked_run(&app);
	clean_up(&app);
	return rc;
}
