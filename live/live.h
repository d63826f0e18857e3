/*
 * live.h: the map of the gateway. One process, one loop; a thread of
 * its own reads the ledger.
 *
 *   main.c       options, signals, the loop, the end
 *   server.c     where it listens; lws' settings
 *   gateway.c    where the parts below meet
 *
 *   handshake.c  who is let in
 *   answer.c     what a client says (message.c, filter.c): an action in reply
 *   hub.c        all clients
 *   callers.c    whether who opened them may still read
 *   given.c      which accounts he was given, and is told of
 *   client.c     one client: its place in the ring, what is sent to it
 *
 *   stream.c     keeps the ring equal to the newest part of the Redis stream
 *                (link.c, watch.c: its connections in the loop)
 *   entry.c      an entry as clients get it (high.c)
 *   reader.c     what the ledger knows, by a thread of its own
 *
 *   ring.c       the newest entries (id.c: their ids)
 *
 * Each includes what stands below it, none what stands above. The stream fills
 * the ring; each client goes through the ring at its own pace.
 */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include <libwebsockets.h>

#include "lib/base/config.h"
#include "live/hub.h"
#include "live/ring.h"

#define LIVE_CLIENTS 8192       /* at most */
#define LIVE_RING_ENTRIES 16384 /* more than the stream holds */
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
	struct reader *reader;
	struct callers *callers;
	lws_sorted_usec_list_t pace; /* while clients with a rate wait */
	int stopping;                /* the signal that says so */
};

#endif
