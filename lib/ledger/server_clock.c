/* server_clock.c: the clock of an account's broker over time. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/ledger/utc.h"
#include "lib/ledger/zones.h"

static enum ledger_result
seen_offsets(struct ledger *l, int64_t account, struct zone_spans *z)
{
	struct broker_offset *list = NULL;
	size_t len = 0, size = 0;
	enum ledger_result r;
	struct query q;

	query_init(&q, l, SQL_OFFSET_OF_ACCOUNT);
	put_int(&q, account);
	while (query_next(&q)) {
		struct broker_offset o = {.offset_s = (int)take_int(&q)};

		o.first_utc_ms = take_int(&q);
		o.last_utc_ms = take_int(&q);
		list = mem_room(list, len, &size, sizeof(*list));
		list[len++] = o;
	}
	r = query_done(&q);
	broker_zone_seen(list, len, z);
	free(list);
	return r;
}

enum ledger_result
ledger_clock_get(struct ledger *l, int64_t account, struct ledger_clock *c)
{
	enum ledger_result r;
	const char *zone;
	struct query q;

	memset(c, 0, sizeof(*c));
	r = ledger_zone_apply(l, account);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_ZONE_OF_ACCOUNT);
	put_int(&q, account);
	/* tzdata of this machine may have lost it: offsets are all there is */
	if (query_next(&q) && (zone = take_text(&q)) != NULL &&
	    zone_check(zone) == 0)
		c->zone = mem_strdup(zone);
	r = query_done(&q);
	return r == LEDGER_OK ? seen_offsets(l, account, &c->seen) : r;
}

void
ledger_clock_done(struct ledger_clock *c)
{
	free(c->zone);
	zone_spans_done(&c->seen);
	memset(c, 0, sizeof(*c));
}
