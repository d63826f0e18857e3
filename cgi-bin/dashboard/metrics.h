/* metrics.h: the parts of GET /metrics. docs/metrics.md lists the names. */
#ifndef DASHBOARD_METRICS_H
#define DASHBOARD_METRICS_H

#include "cgi-bin/dashboard/app.h"

/* metrics_accounts.c: nodes and accounts by name, for who may read them. */
void metrics_put_accounts(
    struct buf *b, const struct view *v, const struct facts *facts);

#endif
