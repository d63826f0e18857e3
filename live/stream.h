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

struct live;
struct stream;
struct cache_address;

/* Address is borrowed. */
struct stream *stream_new(
    struct live *live, const struct cache_address *address);
void stream_free(struct stream *s);

/* hub_caught_up() comes after a read that began no earlier than now. */
void stream_read(struct stream *s);

/* Asks collect to poll all nodes; -1: Redis is away. */
int stream_refresh(struct stream *s);

#endif
