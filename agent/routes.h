/* routes.h: which handler answers which path, and who may ask at all. */
#ifndef AGENT_ROUTES_H
#define AGENT_ROUTES_H

#include "agent/app.h"
#include "lib/web/web.h"

#define ROUTES_BODY_MAX 65536

extern const struct route routes[];
extern const size_t routes_len;

/* The bearer token, on all paths but the open ones. */
bool routes_admit(
    struct app *app, struct request *req, bool open, struct response *res);

/* The handlers; each opens with the contract of its path. */
HANDLER(account_get);
HANDLER(accounts_get);
HANDLER(connect_post);
HANDLER(connection_get);
HANDLER(deals_get);
HANDLER(disconnect_post);
HANDLER(events_get);
HANDLER(health_get);
HANDLER(identity_confirm_post);
HANDLER(identity_post);
HANDLER(orders_get);
HANDLER(ping_get);
HANDLER(positions_get);
HANDLER(reconnect_post);
HANDLER(service_get);
HANDLER(snapshot_get);

#endif
