/* zone.c: mt5fleet zone: the time zone of each broker's clock. */
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/trading/zone.h"

#define WHO "mt5fleet zone"

static int
print(const struct ledger_zone *z, void *arg)
{
	char source[LEDGER_ZONE_SOURCE];
	int zone_s, reported_s;

	++*(int *)arg;
	ledger_zone_source(z, source);
	printf("%s\n    zone      %s\n    source    %s\n    accounts  %d\n",
	    z->server, z->zone != NULL ? z->zone : "not known", source,
	    z->accounts);
	if (z->offset.known)
		printf("    offset    %+.4g h, as the terminals report it\n",
		    (double)(int64_t)z->offset.v / 3600);
	if (z->typed && z->proposed != NULL)
		printf("    proposed  %s\n", z->proposed);
	if (ledger_zone_disagrees(z, clock_utc_ms(), &zone_s, &reported_s))
		printf("    WRONG     the zone is %+.4g h now, the terminals "
		       "report %+.4g h\n",
		    zone_s / 3600.0, reported_s / 3600.0);
	return 0;
}

static int
list(struct ledger *l)
{
	int servers = 0;
	enum ledger_result r = ledger_zones(l, print, &servers);

	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	if (servers == 0)
		puts("no account was seen yet");
	return COMMAND_OK;
}

static int
set(struct ledger *l, const char *server, const char *zone)
{
	const struct ledger_actor actor = {
	    .who = WHO, .at_utc_ms = clock_utc_ms()};
	enum ledger_result r;

	if (strcmp(zone, "proposed") == 0)
		zone = NULL;
	r = ledger_zone_type(l, server, zone, &actor);
	if (r == LEDGER_NOT_FOUND) {
		log_error("no account of that server was seen: \"%s\"; "
			  "mt5fleet zone list",
		    server);
		return COMMAND_FAILED;
	}
	if (r == LEDGER_REJECTED) {
		log_error("no such time zone: \"%s\"; an IANA name (Europe/"
			  "Athens), \"" ZONE_NEW_YORK_CLOSE "\", \"none\" or "
			  "\"proposed\"",
		    zone);
		return COMMAND_USAGE;
	}
	if (r == LEDGER_OK)
		r = ledger_zones_apply(l);
	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}

int
command_zone(const struct config *config, int argc, char *argv[])
{
	bool is_list = argc == 2 && strcmp(argv[1], "list") == 0;
	struct ledger *l;
	int rc;

	if (!is_list && !(argc == 4 && strcmp(argv[1], "set") == 0))
		return command_usage();
	l = command_open_ledger(config, is_list ? LEDGER_READ : LEDGER_WRITE);
	if (l == NULL)
		return COMMAND_LEDGER;
	rc = is_list ? list(l) : set(l, argv[2], argv[3]);
	ledger_close(l);
	return rc;
}
