/* main.c: mt5fleet, the command that a person types. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/log.h"
#include "lib/base/version.h"
#include "lib/program/program.h"

static const struct command commands[] = {
    {"check", "", "is the configuration good? says what is wrong",
	command_check},
    {"nodes", "", "the nodes of nodes.json, without their tokens",
	command_nodes},
    {"passwd", "[--role admin|viewer] [--disable] NAME",
	"makes or changes a user; the password comes on standard input",
	command_passwd},
    {"import", "[--as KIND] FILE…",
	"the legacy system's phases.json, vs_data.json, trade_cache.json, "
	"agents.json",
	command_import},
    {"export", "DIR", "phases.json, vs_data.json, trade_cache.json",
	command_export},
    {"backup", "",
	"a copy of the ledger into BACKUP_DIR, and old ones "
	"away",
	command_backup},
    {"restore", "FILE", "puts a backup in the ledger's place", command_restore},
    {"rules", "try FILE | rules replay FILE",
	"worked examples of rule sets, or the path of one account, judged; "
	"needs no settings",
	command_rules},
    {"demo", "", "how to see a whole fleet on this machine", command_demo},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *to)
{
	fputs("usage: mt5fleet [-Vh] COMMAND …\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  mt5fleet %s %s\n      %s\n", commands[i].name,
		    commands[i].args, commands[i].what);
	fputs("\nSettings come from the environment and MT5FLEET_CONFIG:\n\n",
	    to);
}

static int
run(const struct command *c, int argc, char *argv[])
{
	static const struct program program = {.name = "mt5fleet"};
	struct config config;
	int rc = COMMAND_USAGE;

	command_running = c;
	if (c->run == command_rules)
		return c->run(NULL, argc, argv);
	if (program_configure(&program, &config) == 0)
		rc = c->run(&config, argc, argv);
	config_done(&config);
	return rc;
}

int
main(int argc, char *argv[])
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	log_init("mt5fleet", LOG_LEVEL_INFO);
	if (argc < 2) {
		usage(stderr);
		return COMMAND_USAGE;
	}
	if (strcmp(argv[1], "-V") == 0) {
		puts("mt5fleet " MT5FLEET_VERSION);
		return COMMAND_OK;
	}
	if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		config_describe();
		return COMMAND_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return run(&commands[i], argc - 1, argv + 1);
	log_error("no such command: \"%s\"", argv[1]);
	usage(stderr);
	return COMMAND_USAGE;
}
