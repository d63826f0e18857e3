/*
 * broker_zone.h: in which time zone a broker's clock runs, as far as what was
 * seen of it says so. Pure; the zones come from the system's files.
 */
#ifndef LIB_TRADING_BROKER_ZONE_H
#define LIB_TRADING_BROKER_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trading/zone.h"

/* An offset that terminals of the server reported, and when. */
struct broker_offset {
	int offset_s;
	int64_t first_utc_ms, last_utc_ms;
};

/*
 * What was seen: offsets, and half hours of the broker's clock (time_msc /
 * 1,800,000, each once) in which something was traded that rests from Friday
 * 17:00 to Sunday 17:00 in New York.
 */
struct broker_seen {
	const struct broker_offset *offsets;
	size_t offsets_len;
	const int64_t *half_hours;
	size_t half_hours_len;
};

/* Currencies and metals: they rest over the weekend at every broker. */
bool broker_zone_symbol_rests(const char *symbol);

#define BROKER_ZONE_REASON 256

/*
 * The zone that what was seen proves not to be a fixed offset and does not
 * exclude; NULL where there is none. reason: from what, or why not.
 */
const char *broker_zone_propose(
    const struct broker_seen *seen, char reason[BROKER_ZONE_REASON]);

/*
 * The server's clock over time, where no zone is known: at any moment the
 * offset that was seen then, of two the one that appeared later; between two
 * the earlier one, and before the first that one. No offset: no span.
 * zone_spans_done afterwards.
 */
void broker_zone_seen(
    const struct broker_offset *offsets, size_t len, struct zone_spans *z);

#endif
