/* handshake.h: the request that opens a WebSocket, and its refusal. */
#ifndef LIVE_HANDSHAKE_H
#define LIVE_HANDSHAKE_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "live/client.h"
#include "live/id.h"

struct hub;

/* As lws wants it: 0: let in, -1: refused and answered. is_full: nobody more.
 */
int handshake_check(
    const struct hub *hub, bool is_full, struct lws *wsi, const char *upgrade);
int handshake_refuse(struct lws *wsi, int status, const char *why);

/* ?after=<id>; false: given, and no id. */
bool handshake_after(struct lws *wsi, bool *given, struct event_id *after);

/* Who nginx says it is: nobody but nginx reaches us, so that is true. */
void handshake_address(struct lws *wsi, char address[CLIENT_ADDRESS_SIZE]);

/* What nginx says of his log-in (lib/auth/caller.h), "" where he needs none;
 * false: it is nothing that we made. */
bool handshake_caller(struct lws *wsi, char caller[CALLER_SIZE]);

#endif
