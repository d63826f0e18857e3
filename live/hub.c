/* hub.c: all clients together, and what is said to every one of them. */
#include <string.h>

#include "lib/base/log.h"
#include "live/client.h"
#include "live/live.h"
#include "live/stream.h"

void
hub_add(struct live *live, struct client *c)
{
	struct hub *h = &live->hub;

	c->next_client = h->clients;
	c->link = &h->clients;
	if (c->next_client != NULL)
		c->next_client->link = &c->next_client;
	h->clients = c;
	h->len++;
}

void
hub_remove(struct live *live, struct client *c)
{
	*c->link = c->next_client;
	if (c->next_client != NULL)
		c->next_client->link = c->link;
	live->hub.len--;
}

size_t
hub_count_of(const struct live *live, const char *address)
{
	const struct client *c;
	size_t n = 0;

	for (c = live->hub.clients; c != NULL; c = c->next_client)
		n += strcmp(c->address, address) == 0;
	return n;
}

/* A client that the ring has overtaken cannot be given what it wants. */
void
hub_entries(struct live *live)
{
	struct client *c;

	for (c = live->hub.clients; c != NULL; c = c->next_client) {
		if (c->place != PLACE_FOLLOWS)
			continue;
		if (c->next < live->ring.first) {
			live->hub.slow++;
			log_info("slow client closed: address=%s", c->address);
			client_kill(c);
		} else
			client_wake(c);
	}
}

void
hub_caught_up(struct live *live)
{
	struct client *c;

	live->hub.synced = true;
	for (c = live->hub.clients; c != NULL; c = c->next_client)
		if (c->place != PLACE_FOLLOWS)
			client_settle(live, c);
}

void
hub_gap(struct live *live)
{
	struct client *c;

	live->hub.synced = false;
	for (c = live->hub.clients; c != NULL; c = c->next_client)
		if (c->place == PLACE_FOLLOWS)
			c->place = PLACE_LOST;
}

void
hub_cache(struct live *live, bool away)
{
	struct client *c;

	if (live->hub.cache_away == away)
		return;
	live->hub.cache_away = away;
	if (away) {
		live->hub.collector_msc = 0;
		for (c = live->hub.clients; c != NULL; c = c->next_client)
			client_say(c, SAY_NO_CACHE);
	} else
		hub_heartbeat(live);
}

void
hub_heartbeat(struct live *live)
{
	struct client *c;

	for (c = live->hub.clients; c != NULL; c = c->next_client)
		client_say(c, SAY_HEARTBEAT);
}

void
hub_stop(struct live *live)
{
	struct client *c;

	for (c = live->hub.clients; c != NULL; c = c->next_client)
		client_close(c, LWS_CLOSE_STATUS_GOINGAWAY);
}
