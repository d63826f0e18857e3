/*
 * live.h: the map of the gateway. One process, one loop, nothing shared.
 *
 *   Redis ─ link ─ stream ─► ring ◄─ client ─ WebSocket
 *                       └──► hub (tells all clients)
 *
 * stream keeps the ring equal to the newest part of the Redis stream; each
 * client (client.c) goes through the ring at its own pace; hub.c knows them
 * all; message.c and filter.c understand what they say.
 */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include <libwebsockets.h>

#include "lib/config.h"
#include "live/hub.h"
#include "live/ring.h"

#define LIVE_CLIENTS 8192            /* at most, and of one address: */
#define LIVE_CLIENTS_PER_ADDRESS 512 /* above nginx' own limit of 500 */
#define LIVE_RING_ENTRIES 16384      /* more than the stream holds */
#define LIVE_RING_BYTES (64 * 1024 * 1024)
#define LIVE_HEARTBEAT_S 10
#define LIVE_STOP_MS 3000 /* for the close frames of a graceful stop */

struct live {
	struct config config;
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct ring ring;
	struct hub hub;
	struct stream *stream;
	int stopping; /* the signal that says so */
};

#endif
