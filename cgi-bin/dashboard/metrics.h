/* metrics.h: the parts of GET /metrics. docs/metrics.md lists the names. */
#ifndef DASHBOARD_METRICS_H
#define DASHBOARD_METRICS_H

#include "cgi-bin/dashboard/app.h"

/* metrics_accounts.c: nodes and accounts by name, for who may read them. */
void metrics_put_accounts(
    struct buf *b, const struct view *v, const struct facts *facts);

/* metrics_machine.c: what the programs use; for everybody. */
void metrics_put_processes(struct buf *b);
void metrics_put_redis(struct buf *b, struct cache *cache);
void metrics_put_ledger_file(struct buf *b, const char *path);
void metrics_put_outbox(struct buf *b, struct ledger *l, int64_t now_utc_ms);

#endif
