/* gateway.h: the WebSocket protocol of live, and what the stream tells it. */
#ifndef LIVE_GATEWAY_H
#define LIVE_GATEWAY_H

#include <libwebsockets.h>

#include "live/stream.h"

/* lws_context_user() is the struct live. */
extern const struct lws_protocols gateway_protocol;

/* Its arg is the struct live. */
extern const struct stream_events gateway_events;

#endif
