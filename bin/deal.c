/* deal.c: mt5fleet deal: deals taken out of all sums, or put back. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

#define REASON_MAX 1000

static int
change(struct ledger *l, const char *account, const int64_t *tickets, size_t n,
    const char *reason)
{
	const struct ledger_actor actor = {
	    .who = "mt5fleet deal", .at_utc_ms = clock_utc_ms()};
	enum ledger_result r;
	int64_t id;
	int rc = command_find_account(l, account, &id);

	if (rc != COMMAND_OK)
		return rc;
	r = reason != NULL
		? ledger_deals_void(l, id, tickets, n, reason, &actor)
		: ledger_deals_unvoid(l, id, tickets, n, &actor);
	if (r == LEDGER_REJECTED) {
		log_error("%s", ledger_error(l));
		return COMMAND_FAILED;
	}
	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	printf("%zu deal%s %s; the next run of trades holds the balance "
	       "against the rest\n",
	    n, n == 1 ? "" : "s", reason != NULL ? "voided" : "counted again");
	return COMMAND_OK;
}

int
command_deal(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"reason", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	const char *reason = NULL, *what;
	struct ledger *l;
	int64_t *tickets;
	size_t n = 0;
	bool is_void;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (c == 'r')
			reason = optarg;
		else
			return command_usage();
	what = optind < argc ? argv[optind] : "";
	is_void = strcmp(what, "void") == 0;
	if ((!is_void && strcmp(what, "unvoid") != 0) || argc - optind < 3 ||
	    is_void != (reason != NULL))
		return command_usage();
	if (reason != NULL &&
	    (*reason == '\0' || strlen(reason) > REASON_MAX)) {
		log_error("--reason: 1 to %d bytes", REASON_MAX);
		return COMMAND_USAGE;
	}
	tickets = mem_new((size_t)(argc - optind), sizeof(*tickets));
	for (int i = optind + 2; i < argc; i++)
		if (num_int64(argv[i], 1, INT64_MAX, &tickets[n++]) == -1) {
			log_error("not a ticket: \"%s\"", argv[i]);
			free(tickets);
			return COMMAND_USAGE;
		}
	l = command_open_ledger(config, LEDGER_WRITE);
	rc = l != NULL ? change(l, argv[optind + 1], tickets, n, reason)
		       : COMMAND_LEDGER;
	ledger_close(l);
	free(tickets);
	return rc;
}
