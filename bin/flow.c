/* flow.c: mt5fleet flow: what deals that are no trades are for. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/num.h"
#include "lib/ledger/flows.h"

static int
print(const struct deal *d, void *arg)
{
	char when[CLOCK_ISO_SIZE], amount[MONEY_SIZE];
	const char *word = flow_word(d->meaning);
	money_t net;

	(void)arg;
	printf("%" PRId64 "  %s  %s  %s", d->ticket,
	    d->utc_ms != 0 ? clock_iso(d->utc_ms, when) : "-",
	    deal_net(d, &net) == 0 ? money_format(net, -1, amount) : "-",
	    word != NULL ? word : "-");
	if (d->cancels != 0)
		printf(" of #%" PRId64, d->cancels);
	if (d->meaning_who != NULL)
		printf("  by %s", d->meaning_who);
	else if (word != NULL)
		printf("  guess");
	if (d->meaning_why != NULL)
		printf(": %s", d->meaning_why);
	if (d->comment != NULL && *d->comment != '\0')
		printf("  \"%s\"", d->comment);
	if (d->excluded != DEAL_COUNTS)
		printf("  (%s)", deal_excluded_word(d->excluded));
	putchar('\n');
	return 0;
}

static int
list(struct ledger *l, int64_t account)
{
	static const struct ledger_page all;
	enum ledger_result r = ledger_cash_flows(l, account, &all, print, NULL);

	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}

static int
set(struct ledger *l, int64_t account, const struct ledger_flow_edit *edit)
{
	const struct ledger_actor actor = {
	    .who = "mt5fleet flow", .at_utc_ms = clock_utc_ms()};
	enum ledger_result r =
	    ledger_flow_set(l, account, LEDGER_ANY_VERSION, edit, &actor);

	if (r == LEDGER_NOT_FOUND) {
		log_error("no such deal: %" PRId64, edit->ticket);
		return COMMAND_FAILED;
	}
	if (r == LEDGER_REJECTED) {
		log_error("%s", ledger_reason(l));
		return COMMAND_FAILED;
	}
	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}

static bool
read_set(char *argv[], struct ledger_flow_edit *edit)
{
	if (num_int64(argv[0], INT64_MIN, INT64_MAX, &edit->ticket) == -1) {
		log_error("not a ticket: \"%s\"", argv[0]);
		return false;
	}
	if (strcmp(argv[1], "guess") != 0 &&
	    !flow_from(argv[1], &edit->meaning)) {
		log_error(FLOW_WORDS ", or guess; not \"%s\"", argv[1]);
		return false;
	}
	return true;
}

int
command_flow(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"note", required_argument, NULL, 'n'},
	    {"cancels", required_argument, NULL, 'c'},
	    {NULL, 0, NULL, 0},
	};
	struct ledger_flow_edit edit = {.ticket = 0};
	struct ledger *l;
	int64_t account;
	bool is_set;
	int c, rc, n;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (c == 'n')
			edit.note = optarg;
		else if (c != 'c')
			return command_usage();
		else if (num_int64(optarg, INT64_MIN, INT64_MAX,
			     &edit.cancels) == -1) {
			log_error("--cancels: not a ticket: \"%s\"", optarg);
			return COMMAND_USAGE;
		}
	argv += optind;
	n = argc - optind;
	is_set = n == 4 && strcmp(argv[0], "set") == 0;
	if (!is_set && !(n == 2 && strcmp(argv[0], "list") == 0))
		return command_usage();
	if (is_set && !read_set(argv + 2, &edit))
		return COMMAND_USAGE;
	l = command_open_ledger(config, is_set ? LEDGER_WRITE : LEDGER_READ);
	if (l == NULL)
		return COMMAND_LEDGER;
	rc = command_account(l, argv[1], &account);
	if (rc == COMMAND_OK)
		rc = is_set ? set(l, account, &edit) : list(l, account);
	ledger_close(l);
	return rc;
}
