/* collector.c: whether the collector runs, and when it was last heard. */
#include "cgi-bin/dashboard/collector.h"
#include "lib/fleet/fresh.h"

/* One that is ahead of our clock says nothing about now. */
static bool
read_heartbeat(const struct view *v, struct heartbeat *h, double *age_s)
{
	if (!heartbeat_read(h, &v->collector) ||
	    !fresh_is(h->at_utc_ms, v->now_utc_ms, v->ttl_s))
		return false;
	*age_s = (double)(v->now_utc_ms -
			  fresh_moment(h->at_utc_ms, v->now_utc_ms)) /
		 1000;
	return true;
}

double
collector_age_s(const struct view *v)
{
	struct heartbeat h;
	double age_s;

	return read_heartbeat(v, &h, &age_s) ? age_s : -1;
}

void
collector_json(struct json *j, const struct view *v)
{
	struct heartbeat h;
	double age_s;

	if (!read_heartbeat(v, &h, &age_s)) {
		json_null(j, "collector");
		return;
	}
	json_object(j, "collector");
	json_number(j, "age_s", age_s);
	json_int(j, "pid", h.pid);
	json_utc(j, "started_utc", h.started_utc_ms);
	json_int(j, "nodes", h.nodes);
	json_end(j);
}
