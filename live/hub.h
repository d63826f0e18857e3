/* hub.h: all clients together, and what is said to every one of them. */
#ifndef LIVE_HUB_H
#define LIVE_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct live;
struct client;

struct hub {
	struct client *clients; /* a list, by their next */
	size_t len;
	bool synced;           /* the ring is what Redis holds */
	bool cache_away;       /* Redis does not answer */
	int64_t collector_msc; /* when the collector last said so; 0: unknown */
	int64_t refreshed_msc; /* clock_mono_msc() of the last refresh */
	int64_t slow;          /* clients closed for falling a ring behind */
};

void hub_add(struct live *live, struct client *c);
void hub_remove(struct live *live, struct client *c);
size_t hub_count_of(const struct live *live, const char *address);

/* From the stream: */
void hub_entries(struct live *live); /* the ring has new ones */
void hub_caught_up(struct live *live);
void hub_gap(struct live *live); /* something may be lost: all start anew */
void hub_cache(struct live *live, bool away);

/* Each 10 s, and when Redis is there again. */
void hub_heartbeat(struct live *live);

/* Closes all, with 1001. */
void hub_stop(struct live *live);

#endif
