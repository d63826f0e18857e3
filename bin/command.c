/* command.c: what the commands share. */
#include <stdio.h>

#include "bin/command.h"
#include "lib/base/log.h"

const struct command *command_running;

int
command_usage(void)
{
	fprintf(stderr, "usage: mt5fleet %s %s\n", command_running->name,
	    command_running->args);
	return COMMAND_USAGE;
}

int
command_ledger_failed(const struct ledger *l, enum ledger_result r)
{
	const char *why = ledger_error(l);

	log_error("%s", why != NULL ? why : ledger_result_word(r));
	return COMMAND_LEDGER;
}

struct ledger *
command_open_ledger(const struct config *config, enum ledger_mode mode)
{
	struct ledger *l = ledger_open(config_ledger(config), mode);

	if (ledger_state(l) == LEDGER_OK)
		return l;
	command_ledger_failed(l, ledger_state(l));
	ledger_close(l);
	return NULL;
}
