/*
 * stream.h: keeps the ring equal to the newest part of the Redis stream.
 *
 * A nudge on the channel `live`, and a tick each second in case one was lost,
 * make it read from the last id it has, that entry included: where it is no
 * longer there (Redis was wiped, or restarted empty, or so much was written
 * that it was trimmed) something may be lost, and all clients are reset.
 */
#ifndef LIVE_STREAM_H
#define LIVE_STREAM_H

#include <libwebsockets.h>
#include <stdbool.h>
#include <stdint.h>

struct cache_address;
struct reader;
struct ring;
struct stream;

/* What it has found; arg is the caller's. */
struct stream_events {
	void (*entries)(void *arg);   /* the ring has new ones */
	void (*caught_up)(void *arg); /* the ring is what Redis holds */
	void (*gap)(void *arg);       /* something may be lost */
	void (*cache)(void *arg, bool away);
	/* when the collector last said that it is there; 0: unknown */
	void (*collector)(void *arg, int64_t at_utc_ms);
};

/* What it works on, borrowed. */
struct stream_parts {
	struct lws_context *context;
	struct lws_vhost *vhost;
	const struct cache_address *redis;
	struct ring *ring;
	struct reader *reader; /* what the ledger knows */
	const struct stream_events *events;
	void *arg;
};

struct stream *stream_new(const struct stream_parts *parts);
void stream_free(struct stream *s);

/* caught_up comes after a read that began no earlier than now. */
void stream_read(struct stream *s);

/* Asks collect to poll all nodes; -1: Redis is away. */
int stream_refresh(struct stream *s);

#endif
