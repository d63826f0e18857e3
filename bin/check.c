/* check.c: is the configuration good, and what are the nodes? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bin/command.h"
#include "lib/fleet/nodes.h"
#include "lib/program/program.h"

static int
check_ledger(const struct config *config)
{
	struct ledger *l;
	enum ledger_result r;

	if (access(config->ledger_file, F_OK) == -1) {
		printf("ledger: %s: not there yet; the first job makes it\n",
		    config->ledger_file);
		return COMMAND_OK;
	}
	l = command_open_ledger(config, LEDGER_READ);
	if (l == NULL)
		return COMMAND_LEDGER;
	r = ledger_check(l);
	if (r != LEDGER_OK) {
		command_ledger_failed(l, r);
		ledger_close(l);
		return COMMAND_LEDGER;
	}
	printf("ledger: %s: good\n", config->ledger_file);
	ledger_close(l);
	return COMMAND_OK;
}

int
command_check(const struct config *config, int argc, char *argv[])
{
	struct nodes nodes;
	int rc;

	(void)argv;
	if (argc != 1)
		return command_usage();
	if (program_nodes(config, &nodes) == -1)
		rc = COMMAND_USAGE;
	else {
		printf("configuration: good, %zu nodes\n", nodes.len);
		rc = check_ledger(config);
	}
	nodes_done(&nodes);
	return rc;
}

static void
print_node(const struct node *n)
{
	printf("%s\t%s\t%s%s%s\n", n->id, n->url,
	    n->enabled ? "enabled" : "disabled",
	    n->maintenance ? ",maintenance" : "",
	    n->token != NULL ? ",token" : "");
	for (size_t i = 0; i < n->pins_len; i++)
		printf(
		    "\t%s\t%" PRId64 "\n", n->pins[i].server, n->pins[i].login);
}

int
command_nodes(const struct config *config, int argc, char *argv[])
{
	struct nodes nodes;
	int rc = COMMAND_OK;

	(void)argv;
	if (argc != 1)
		return command_usage();
	if (program_nodes(config, &nodes) == -1)
		rc = COMMAND_USAGE;
	for (size_t i = 0; rc == COMMAND_OK && i < nodes.len; i++)
		print_node(&nodes.list[i]);
	nodes_done(&nodes);
	return rc;
}
