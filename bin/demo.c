/* demo.c: mt5fleet demo. */
#include <stdio.h>

#include "bin/command.h"

int
command_demo(const struct config *config, int argc, char *argv[])
{
	(void)config;
	(void)argv;
	if (argc != 1)
		return command_usage();
	puts("In the source tree: make run\n"
	     "It starts Redis, terminals, agents, the jobs and the site, and "
	     "prints its address.");
	return COMMAND_OK;
}
