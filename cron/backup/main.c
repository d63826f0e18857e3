/* main.c: backup, the job that keeps copies of the ledger. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/ledger/backup.h"
#include "lib/base/clock.h"
#include "lib/base/config.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/ledger/jobs.h"
#include "lib/program/program.h"

/* A copy that takes longer than that hangs. */
#define LIMIT_S 3600

enum { EXIT_OK, EXIT_FAILED, EXIT_CONFIG, EXIT_LEDGER };

static const char usage[] =
    "usage: backup [-nvVh]\n"
    "  -n  check the configuration and say what is wrong\n"
    "  -v  verbose\n"
    "  -V  the version\n"
    "Exit: 0 done, 2 bad configuration, 3 the ledger or the backup\n"
    "cannot be read or written.\n"
    "Settings come from the environment and MT5FLEET_CONFIG:\n\n";

static void
note_run(const struct config *config, int64_t started_utc_ms, int rc,
    const char *summary)
{
	struct ledger_job_run run = {.job = "backup",
	    .started_utc_ms = started_utc_ms,
	    .finished_utc_ms = clock_utc_ms(),
	    .exit_code = rc,
	    .summary = summary};
	struct ledger *l = ledger_open(config_ledger(config), LEDGER_WRITE);

	if (ledger_job_run_put(l, &run) != LEDGER_OK)
		log_warnx("%s", ledger_error(l));
	ledger_close(l);
}

struct app {
	struct config config;
};

static int
run(struct app *app)
{
	const struct config *config = &app->config;
	struct ledger *l = ledger_open(config_ledger(config), LEDGER_READ);
	int64_t started_utc_ms = clock_utc_ms();
	char why[BACKUP_WHY_SIZE], *path;
	enum ledger_result r = ledger_state(l);

	alarm(LIMIT_S);
	if (r != LEDGER_OK) {
		log_error("%s", ledger_error(l));
		ledger_close(l);
		return EXIT_LEDGER;
	}
	r = backup_make(l, config->backup_dir, config->backup_keep, &path, why);
	ledger_close(l);
	if (r != LEDGER_OK) {
		log_error("%s", why);
		note_run(config, started_utc_ms, EXIT_LEDGER, why);
		return EXIT_LEDGER;
	}
	log_info("%s", path);
	note_run(config, started_utc_ms, EXIT_OK, path);
	free(path);
	return EXIT_OK;
}

int
main(int argc, char *argv[])
{
	struct program p = {.name = "backup",
	    .title = "mt5fleet backup",
	    .usage = usage,
	    .settings = true,
	    .bad_option = EXIT_CONFIG};
	struct app app;
	int rc;

	if (!program_begin(&p, NULL, argc, argv, &rc))
		return rc;
	signal(SIGXFSZ, SIG_IGN);
	if (program_configure(&p, &app.config) == -1)
		rc = EXIT_CONFIG;
	else if (p.check) {
		puts("backup: the configuration is good");
		rc = EXIT_OK;
	} else
		rc = program_run(&p, &app.config, run, &app);
	config_done(&app.config);
	return rc;
}
