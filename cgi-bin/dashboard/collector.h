/* collector.h: is the collector there, and since when has it said nothing? */
#ifndef DASHBOARD_COLLECTOR_H
#define DASHBOARD_COLLECTOR_H

#include "lib/fleet/view.h"
#include "lib/json/json.h"

/* Seconds since it said it lives; -1 where it is gone. */
double collector_age_s(const struct view *v);

/* "collector":{…}, or null where it is gone. */
void collector_json(struct json *j, const struct view *v);

#endif
