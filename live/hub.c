/* hub.c: all clients together, and what is said to every one of them. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "live/client.h"
#include "live/hub.h"
#include "live/ring.h"

void
hub_add(struct hub *h, struct client *c)
{
	c->next_client = h->clients;
	c->link = &h->clients;
	if (c->next_client != NULL)
		c->next_client->link = &c->next_client;
	h->clients = c;
	h->len++;
}

void
hub_remove(struct hub *h, struct client *c)
{
	*c->link = c->next_client;
	if (c->next_client != NULL)
		c->next_client->link = c->link;
	h->len--;
}

size_t
hub_count_of(const struct hub *h, const char *address)
{
	const struct client *c;
	size_t n = 0;

	for (c = h->clients; c != NULL; c = c->next_client)
		n += strcmp(c->address, address) == 0;
	return n;
}

/* A client that the ring has overtaken cannot be given what it wants. */
bool
hub_entries(struct hub *h, const struct ring *ring)
{
	int64_t now = clock_mono_ms();
	bool all = true;
	struct client *c;

	for (c = h->clients; c != NULL; c = c->next_client) {
		if (c->place != PLACE_FOLLOWS)
			continue;
		if (c->next < ring->first) {
			h->slow++;
			log_info("slow client closed: address=%s", c->address);
			client_kill(c);
		} else
			all = client_offer(c, ring, now) && all;
	}
	return all;
}

void
hub_caught_up(struct hub *h, const struct ring *ring)
{
	struct client *c;

	h->synced = true;
	for (c = h->clients; c != NULL; c = c->next_client)
		if (c->place != PLACE_FOLLOWS && c->place != PLACE_CLOSED)
			client_settle(c, ring);
}

void
hub_gap(struct hub *h)
{
	struct client *c;

	h->synced = false;
	for (c = h->clients; c != NULL; c = c->next_client)
		if (c->place == PLACE_FOLLOWS)
			c->place = PLACE_LOST;
}

void
hub_cache(struct hub *h, bool away)
{
	struct client *c;

	if (h->cache_away == away)
		return;
	h->cache_away = away;
	if (away) {
		h->collector_utc_ms = 0;
		for (c = h->clients; c != NULL; c = c->next_client)
			client_say(c, SAY_NO_CACHE);
	} else
		hub_heartbeat(h);
}

void
hub_heartbeat(struct hub *h)
{
	struct client *c;

	for (c = h->clients; c != NULL; c = c->next_client)
		client_say(c, SAY_HEARTBEAT);
}

void
hub_stop(struct hub *h)
{
	struct client *c;

	for (c = h->clients; c != NULL; c = c->next_client)
		client_close(c, LWS_CLOSE_STATUS_GOINGAWAY);
}
