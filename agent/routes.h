/* routes.h: which handler answers which path, and what it asks for first. */
#ifndef AGENT_ROUTES_H
#define AGENT_ROUTES_H

#include "agent/app.h"
#include "agent/request.h"

void routes_answer(struct app *app, struct request *req, struct response *res);

/* The handlers; each opens with the contract of its path. */
void service_get(struct app *, struct request *, struct response *);
void ping_get(struct app *, struct request *, struct response *);
void health_get(struct app *, struct request *, struct response *);
void snapshot_get(struct app *, struct request *, struct response *);
void accounts_get(struct app *, struct request *, struct response *);
void account_get(struct app *, struct request *, struct response *);
void positions_get(struct app *, struct request *, struct response *);
void orders_get(struct app *, struct request *, struct response *);
void connection_get(struct app *, struct request *, struct response *);
void deals_get(struct app *, struct request *, struct response *);
void connect_post(struct app *, struct request *, struct response *);
void disconnect_post(struct app *, struct request *, struct response *);
void events_get(struct app *, struct request *, struct response *);
void reconnect_post(struct app *, struct request *, struct response *);

#endif
