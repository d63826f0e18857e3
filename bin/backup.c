/* backup.c: a backup now, and the way back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/ledger/backup.h"

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
	struct ledger_audit note = {.at_utc_ms = clock_utc_ms(),
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

/* ---- what is there is damaged ---- */

/* The ledger, or one of the files that SQLite keeps beside it. */
static int
move(const char *file, const char *aside, const char *suffix)
{
	char *from = mem_printf("%s%s", file, suffix);
	char *to = mem_printf("%s%s", aside, suffix);
	int rc = rename(from, to);

	if (rc == -1 && errno == ENOENT)
		rc = 0;
	if (rc == -1)
		log_error("%s: %s", from, strerror(errno));
	free(from);
	free(to);
	return rc;
}

/* It cannot be backed up and not be written into: a new one takes its place. */
static int
restore_anew(const struct config *config, const char *path)
{
	char *aside = mem_printf(
	    "%s.damaged-%lld", config->ledger_file, (long long)clock_utc_ms());
	char why[BACKUP_WHY_SIZE];
	struct ledger *l;
	int rc = COMMAND_LEDGER;

	if (backup_check(path, why) != LEDGER_OK)
		log_error("restore: %s", why);
	else if (move(config->ledger_file, aside, "") == 0 &&
		 move(config->ledger_file, aside, "-wal") == 0 &&
		 move(config->ledger_file, aside, "-shm") == 0) {
		printf("the damaged ledger was moved to %s\n", aside);
		l = command_open_ledger(config, LEDGER_WRITE);
		if (l != NULL)
			rc = restore(l, path);
		ledger_close(l);
		if (rc == COMMAND_OK)
			printf("restored: %s\nrestart what has the damaged "
			       "one open\n",
			    path);
	}
	free(aside);
	return rc;
}

static bool
is_damaged(const struct config *config)
{
	struct ledger *l = ledger_open(config_ledger(config), LEDGER_WRITE);
	bool damaged;

	if (ledger_state(l) == LEDGER_OK)
		(void)ledger_check(l);
	damaged = ledger_is_damaged(l);
	ledger_close(l);
	return damaged;
}

/* What is there now is backed up first: its path is printed. */
int
command_restore(const struct config *config, int argc, char *argv[])
{
	struct ledger *l;
	int rc;

	if (argc != 2)
		return command_usage();
	if (*config->ledger_url != '\0') {
		log_error("restore: the ledger is in PostgreSQL: copy the "
			  "backup into an empty database (mt5fleet ledger copy "
			  "FILE URL), and set LEDGER_URL to that");
		return COMMAND_LEDGER;
	}
	if (is_damaged(config))
		return restore_anew(config, argv[1]);
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
