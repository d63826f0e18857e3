/* fresh.c: what is live, decided here alone. */
#include "lib/fleet/fresh.h"

bool
fresh_is(int64_t at_utc_ms, int64_t now_utc_ms, int ttl_s)
{
	return at_utc_ms > 0 && at_utc_ms < now_utc_ms + FRESH_AHEAD_MS &&
	       now_utc_ms - at_utc_ms <= ttl_s * INT64_C(1000);
}

enum status
fresh_status(enum status said, int64_t at_utc_ms, int64_t now_utc_ms, int ttl_s)
{
	if (status_is_live(said) && !fresh_is(at_utc_ms, now_utc_ms, ttl_s))
		return STATUS_STALE;
	return said;
}

int64_t
fresh_until(int64_t at_utc_ms, int ttl_s)
{
	return at_utc_ms > 0 ? at_utc_ms + ttl_s * INT64_C(1000) : 0;
}

int64_t
fresh_moment(int64_t utc_ms, int64_t now_utc_ms)
{
	if (utc_ms >= now_utc_ms + FRESH_AHEAD_MS)
		return 0;
	return utc_ms < now_utc_ms ? utc_ms : now_utc_ms;
}
