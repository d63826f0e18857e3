/* backup.c: a backup now, and the way back. */
#include <stdio.h>
#include <stdlib.h>

#include "bin/command.h"
#include "lib/backup.h"
#include "lib/clock.h"
#include "lib/log.h"

static int
make(const struct config *config, struct ledger *l, int keep)
{
	char why[BACKUP_WHY_SIZE], *path;

	if (backup_make(l, config->backup_dir, keep, &path, why) != LEDGER_OK) {
		log_error("backup: %s", why);
		return COMMAND_LEDGER;
	}
	printf("%s\n", path);
	free(path);
	return COMMAND_OK;
}

int
command_backup(const struct config *config, int argc, char *argv[])
{
	struct ledger *l;
	int rc;

	(void)argv;
	if (argc != 1)
		return command_usage();
	l = command_open_ledger(config, LEDGER_READ);
	if (l == NULL)
		return COMMAND_LEDGER;
	rc = make(config, l, config->backup_keep);
	ledger_close(l);
	return rc;
}

static int
restore(struct ledger *l, const char *path)
{
	struct ledger_audit note = {.at_msc = clock_utc_msc(),
	    .who = "mt5fleet restore",
	    .action = "restore",
	    .field = "ledger",
	    .to = path};
	char why[BACKUP_WHY_SIZE];
	enum ledger_result r;

	r = backup_restore(l, path, why);
	if (r != LEDGER_OK) {
		log_error("restore: %s", why);
		return COMMAND_LEDGER;
	}
	r = ledger_audit_add(l, &note);
	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}

/* What is there now is backed up first: its path is printed. */
int
command_restore(const struct config *config, int argc, char *argv[])
{
	struct ledger *l;
	int rc;

	if (argc != 2)
		return command_usage();
	l = command_open_ledger(config, LEDGER_WRITE);
	if (l == NULL)
		return COMMAND_LEDGER;
	fputs("what was there: ", stdout);
	fflush(stdout);
	/* removes none: the one to restore may be the oldest */
	rc = make(config, l, 0);
	if (rc == COMMAND_OK)
		rc = restore(l, argv[1]);
	if (rc == COMMAND_OK)
		printf("restored: %s\n", argv[1]);
	ledger_close(l);
	return rc;
}
