/* ledger.c: mt5fleet ledger copy FROM TO: a ledger moves to the other engine.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bin/command.h"
#include "lib/base/log.h"
#include "lib/ledger/transfer.h"

struct copied {
	int tables;
	int64_t rows;
};

static void
tell(const char *table, int64_t rows, void *arg)
{
	struct copied *c = arg;

	c->tables++;
	c->rows += rows;
	printf("%-16s %12" PRId64 "\n", table, rows);
	fflush(stdout);
}

/* Writers of FROM wait, or are refused, so that nothing is left behind;
 * readers go on. */
static int
copy(struct ledger *from, struct ledger *to)
{
	struct copied c = {.rows = 0};
	char why[TRANSFER_WHY_SIZE];
	enum ledger_result r = ledger_begin(from);

	if (r != LEDGER_OK)
		return command_ledger_failed(from, r);
	r = ledger_transfer(from, to, tell, &c, why);
	ledger_rollback(from);
	if (r != LEDGER_OK) {
		log_error("ledger copy: %s; nothing was copied", why);
		return COMMAND_LEDGER;
	}
	printf("copied and compared: %d tables, %" PRId64 " rows\n", c.tables,
	    c.rows);
	return COMMAND_OK;
}

static struct ledger *
opened(const char *where)
{
	struct ledger *l = ledger_open(where, LEDGER_WRITE);

	if (ledger_state(l) == LEDGER_OK)
		return l;
	command_ledger_failed(l, ledger_state(l));
	ledger_close(l);
	return NULL;
}

int
command_ledger(const struct config *config, int argc, char *argv[])
{
	struct ledger *from, *to = NULL;
	int rc = COMMAND_LEDGER;

	(void)config;
	if (argc != 4 || strcmp(argv[1], "copy") != 0)
		return command_usage();
	if (strcmp(argv[2], argv[3]) == 0) {
		log_error("ledger copy: FROM and TO are the same");
		return COMMAND_USAGE;
	}
	/* opened to be written it would be made */
	if (!ledger_is_url(argv[2]) && access(argv[2], F_OK) == -1) {
		log_error("ledger copy: %s: no such file", argv[2]);
		return COMMAND_LEDGER;
	}
	if ((from = opened(argv[2])) != NULL && (to = opened(argv[3])) != NULL)
		rc = copy(from, to);
	ledger_close(to);
	ledger_close(from);
	return rc;
}
