/* import.c: takes over the files of the legacy system, as they are. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "bin/command.h"
#include "bin/import.h"
#include "lib/base/log.h"

static int
print_kept(const struct ledger_import_kept *k, void *arg)
{
	int *n = arg;
	time_t at = (time_t)(k->at_utc_ms / 1000);
	char when[32];
	struct tm tm;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &tm));
	printf(
	    "%s %s \"%s\": %s: %s\n", when, k->file, k->key, k->why, k->json);
	(*n)++;
	return 0;
}

static int
list_kept(struct ledger *l)
{
	int n = 0;
	enum ledger_result r = ledger_import_kept_list(l, print_kept, &n);

	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	printf("%d kept aside%s\n", n,
	    n > 0 ? ": fix what is reported and import the file again" : "");
	return COMMAND_OK;
}

int
command_import(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"as", required_argument, NULL, 'a'},
	    {"kept", no_argument, NULL, 'k'},
	    {"node", required_argument, NULL, 'n'},
	    {NULL, 0, NULL, 0},
	};
	bool kept = false;
	struct import_context context = {.l = NULL};
	struct terminals *terminals = NULL;
	struct ledger *l;
	struct stat st;
	int c, one, kind = -1, rc = COMMAND_OK;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (c) {
		case 'k':
			kept = true;
			break;
		case 'n':
			context.node = optarg;
			break;
		case 'a':
			if ((kind = import_kind(optarg)) != -1)
				break;
			log_error("--as: phases, vs, trades or agents, not "
				  "\"%s\"",
			    optarg);
			return COMMAND_USAGE;
		default:
			return command_usage();
		}
	if ((optind == argc) != kept)
		return command_usage();
	l = command_open_ledger(config, kept ? LEDGER_READ : LEDGER_WRITE);
	if (l == NULL)
		return COMMAND_LEDGER;
	if (kept)
		rc = list_kept(l);
	else
		terminals = terminals_load(config);
	context.l = l;
	context.terminals = terminals;
	for (; optind < argc && rc != COMMAND_LEDGER; optind++) {
		if (stat(argv[optind], &st) == 0 && S_ISDIR(st.st_mode))
			one = import_folder(&context, argv[optind]);
		else
			one = import_file(&context, argv[optind], kind);
		if (one > rc)
			rc = one;
	}
	terminals_free(terminals);
	ledger_close(l);
	return rc;
}
