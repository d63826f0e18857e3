/* main.c: backup, the job that keeps copies of the ledger. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/backup.h"
#include "lib/clock.h"
#include "lib/config.h"
#include "lib/ledger_jobs.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/version.h"

/* A copy that takes longer than that hangs. */
#define LIMIT_S 3600

enum { EXIT_OK, EXIT_FAILED, EXIT_CONFIG, EXIT_LEDGER };

static void
usage(FILE *to)
{
	fputs("usage: backup [-nvVh]\n"
	      "  -n  check the configuration and say what is wrong\n"
	      "  -v  say more\n"
	      "  -V  the version\n"
	      "Exit: 0 done, 2 bad configuration, 3 the ledger or the backup\n"
	      "cannot be read or written.\n"
	      "Settings come from the environment and MT5FLEET_CONFIG:\n\n",
	    to);
}

static void
note_run(const struct config *config, int64_t started_msc, int rc,
    const char *summary)
{
	struct ledger_job_run run = {.job = "backup",
	    .started_msc = started_msc,
	    .finished_msc = clock_utc_msc(),
	    .exit_code = rc,
	    .summary = summary};
	struct ledger *l = ledger_open(config->ledger_file, LEDGER_WRITE);

	if (ledger_job_run_put(l, &run) != LEDGER_OK)
		log_warnx("%s", ledger_error(l));
	ledger_close(l);
}

static int
run(const struct config *config)
{
	struct ledger *l = ledger_open(config->ledger_file, LEDGER_READ);
	int64_t started_msc = clock_utc_msc();
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
		note_run(config, started_msc, EXIT_LEDGER, why);
		return EXIT_LEDGER;
	}
	log_info("%s", path);
	note_run(config, started_msc, EXIT_OK, path);
	free(path);
	return EXIT_OK;
}

static int
configured(bool check, bool verbose)
{
	struct config config;
	int rc = EXIT_CONFIG;

	if (config_load(&config, NULL) == -1)
		log_error("%s", config.error);
	else if (check) {
		puts("backup: the configuration is good");
		rc = EXIT_OK;
	} else {
		log_init(
		    "backup", verbose ? LOG_LEVEL_DEBUG : config.log_level);
		rc = run(&config);
	}
	config_done(&config);
	return rc;
}

int
main(int argc, char *argv[])
{
	bool check = false, verbose = false;
	int c;

	log_init("backup", LOG_LEVEL_INFO);
	signal(SIGXFSZ, SIG_IGN);
	while ((c = getopt(argc, argv, "nvVh")) != -1)
		switch (c) {
		case 'n':
			check = true;
			break;
		case 'v':
			verbose = true;
			break;
		case 'V':
			puts("mt5fleet backup " MT5FLEET_VERSION);
			return EXIT_OK;
		case 'h':
			usage(stdout);
			config_describe();
			return EXIT_OK;
		default:
			usage(stderr);
			return EXIT_CONFIG;
		}
	if (optind != argc) {
		log_error("argument: not understood: \"%s\"", argv[optind]);
		return EXIT_CONFIG;
	}
	return configured(check, verbose);
}
