/* main.c: phases, the job that holds every account against its rules. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/phases/phases.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/legacy/phases_file.h"
#include "lib/program/program.h"

/* Accounts a transaction: no other writer waits long. */
#define BATCH 50
#define LIMIT_S 300
#define HOUR_MS (INT64_C(3600) * 1000)

enum { EXIT_OK, EXIT_SOME_FAILED, EXIT_CONFIG, EXIT_LEDGER };

static const char usage[] =
    "usage: phases [-nvVh]\n"
    "  -n  check the configuration and say what is wrong\n"
    "  -v  verbose\n"
    "  -V  the version\n"
    "Exit: 0 done, 1 a rule set or phases.json is bad, 2 bad\n"
    "configuration, 3 the ledger cannot be written.\n"
    "Settings come from the environment and MT5FLEET_CONFIG:\n\n";

static int
keep_id(const struct ledger_account *a, void *arg)
{
	struct app *app = arg;

	app->ids = mem_room(
	    app->ids, (size_t)app->ids_len, &app->ids_size, sizeof(*app->ids));
	app->ids[app->ids_len++] = a->id;
	return 0;
}

static void
on_phase(void *arg, int64_t account)
{
	event_phase(arg, account);
}

static void
on_alert(void *arg, const struct judge_alert *alert)
{
	if (alert->is_verdict)
		log_info("%s", alert->text);
	event_alert(arg, alert);
}

static void
on_bad_rules(void *arg, const struct ledger_account *a, const char *server,
    const char *why)
{
	(void)arg;
	log_warnx("%s %" PRId64 ": rule set %" PRId64 ": %s", server, a->login,
	    a->rule_set, why);
}

static enum ledger_result
judge_batch(struct app *app, int from)
{
	enum ledger_result r = ledger_begin(app->ledger);
	size_t untold = app->untold.len;

	if (r != LEDGER_OK)
		return r;
	for (int i = from; i < app->ids_len && i < from + BATCH; i++)
		if (r == LEDGER_OK)
			r = judge_account(&app->judge, app->ids[i]);
	if (r == LEDGER_OK)
		untold_keep(app);
	if (r == LEDGER_OK)
		r = ledger_commit(app->ledger);
	else
		ledger_rollback(app->ledger);
	if (r == LEDGER_OK)
		events_send(app);
	else {
		untold_cut(app, untold);
		events_drop(app);
	}
	return r;
}

static int
keep_start(const struct ledger_job_run *run, void *arg)
{
	*(int64_t *)arg = run->started_utc_ms;
	return 0;
}

/* Looking for what to thin reads much: once an hour will do. */
static bool
is_first_of_hour(struct app *app)
{
	int64_t before = 0;

	return ledger_job_runs(app->ledger, "phases", keep_start, &before) ==
		   LEDGER_OK &&
	       before / HOUR_MS != app->now_utc_ms / HOUR_MS;
}

static enum ledger_result
thin(struct app *app)
{
	enum ledger_result r = LEDGER_OK;

	for (int i = 0; i < app->ids_len && r == LEDGER_OK && !*app->stop;
	     i++) {
		bool more = true;

		while (more && r == LEDGER_OK && !*app->stop)
			r = ledger_equity_thin(
			    app->ledger, app->ids[i], app->now_utc_ms, &more);
	}
	return r;
}

static enum ledger_result
work(struct app *app)
{
	enum ledger_result r = presets_load(app);

	if (r == LEDGER_OK)
		r = ledger_accounts(app->ledger, keep_id, app);
	events_send(app); /* what the run before could not */
	for (int i = 0; i < app->ids_len && r == LEDGER_OK && !*app->stop;
	     i += BATCH)
		r = judge_batch(app, i);
	return r == LEDGER_OK && is_first_of_hour(app) ? thin(app) : r;
}

static int
write_file(struct app *app)
{
	char *path = mem_printf("%s/phases.json", app->config.state_dir);
	char why[PHASES_FILE_WHY_SIZE];
	int left_out, rc;

	rc = phases_file_write(
	    app->ledger, PHASES_FILE_PHASE, path, &left_out, why);
	if (rc == -1)
		log_error("%s", why);
	free(path);
	return rc;
}

static int
sum_up(struct app *app, bool failed)
{
	const struct judge_tally *t = &app->judge.tally;
	int bad_rules = t->bad_rules + app->bad_presets;
	struct ledger_job_run run = {.job = "phases",
	    .started_utc_ms = app->started_utc_ms,
	    .finished_utc_ms = clock_utc_ms()};
	enum ledger_result r;
	char *text = mem_printf("accounts=%d judged=%d verdicts=%d warnings=%d "
				"resumed=%d bad_rules=%d seconds=%.1f",
	    app->ids_len, t->judged, t->verdicts, t->warnings, t->resumed,
	    bad_rules,
	    (double)(run.finished_utc_ms - run.started_utc_ms) / 1000);

	run.exit_code =
	    failed || bad_rules > 0 || *app->stop ? EXIT_SOME_FAILED : EXIT_OK;
	run.summary = text;
	r = ledger_job_run_put(app->ledger, &run);
	log_info("%s", text);
	free(text);
	if (r == LEDGER_OK)
		return run.exit_code;
	log_error("%s", ledger_error(app->ledger));
	return EXIT_LEDGER;
}

static int
run(struct app *app)
{
	enum ledger_result r;

	/* the last resort against a run that hangs in a call */
	alarm(LIMIT_S);
	app->started_utc_ms = app->now_utc_ms = clock_utc_ms();
	untold_load(app);
	app->ledger = ledger_open(config_ledger(&app->config), LEDGER_WRITE);
	app->judge = (struct judge){.ledger = app->ledger,
	    .now_utc_ms = app->now_utc_ms,
	    .phase_changed = on_phase,
	    .alert = on_alert,
	    .bad_rules = on_bad_rules,
	    .positions = positions_tell,
	    .snapshot = positions_text,
	    .arg = app};
	r = ledger_state(app->ledger);
	if (r == LEDGER_OK)
		r = work(app);
	if (r != LEDGER_OK) {
		log_error("%s", ledger_error(app->ledger));
		return EXIT_LEDGER;
	}
	return sum_up(app, write_file(app) == -1);
}

static void
clean_up(struct app *app)
{
	positions_done(app);
	events_drop(app);
	buf_done(&app->untold);
	free(app->events);
	free(app->ids);
	ledger_close(app->ledger);
	cache_close(app->cache);
	config_done(&app->config);
}

int
main(int argc, char *argv[])
{
	struct program p = {.name = "phases",
	    .title = "mt5fleet phases",
	    .usage = usage,
	    .settings = true,
	    .bad_option = EXIT_CONFIG};
	struct app app = {0};
	int rc;

	if (!program_begin(&p, NULL, argc, argv, &rc))
		return rc;
	app.stop = program_catch_signals();
	if (program_prepare(&p, &app.config, &app.cache) == -1)
		rc = EXIT_CONFIG;
	else if (p.check) {
		puts("phases: the configuration is good");
		rc = EXIT_OK;
	} else
		rc = program_run(&p, &app.config, run, &app);
	clean_up(&app);
	return rc;
}
