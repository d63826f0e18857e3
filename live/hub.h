/* hub.h: all clients together, and what is said to every one of them. */
#ifndef LIVE_HUB_H
#define LIVE_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;
struct ring;

struct hub {
	struct client *clients; /* a list, by their next */
	size_t len;
	bool synced;     /* the ring is what Redis holds */
	bool cache_away; /* Redis does not answer */
	int64_t
	    collector_utc_ms; /* when the collector last said so; 0: unknown */
	int64_t refreshed_mono_ms; /* clock_mono_ms() of the last refresh */
	int64_t slow; /* clients closed for falling a ring behind */
};

void hub_add(struct hub *h, struct client *c);
void hub_remove(struct hub *h, struct client *c);
size_t hub_count_of(const struct hub *h, const char *address);

/* From the stream: */
/* the ring has new ones; false: some clients have a rate, and are to be asked
 * again in a while */
bool hub_entries(struct hub *h, const struct ring *ring);
/* the ring is what Redis holds */
void hub_caught_up(struct hub *h, const struct ring *ring);
void hub_gap(struct hub *h); /* something may be lost: all are reset */
void hub_cache(struct hub *h, bool away);

/* Each 10 s, and when Redis is there again. */
void hub_heartbeat(struct hub *h);

/* Closes all, with 1001. */
void hub_stop(struct hub *h);

#endif
