/*
 * gateway.c: where the parts meet: what lws says of a client, and what the
 * stream says of Redis. Nothing below calls up here.
 */
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/fleet/fresh.h"
#include "live/answer.h"
#include "live/client.h"
#include "live/gateway.h"
#include "live/handshake.h"
#include "live/live.h"

#define REFRESH_EVERY_MS 1000
#define PACE_US (50 * LWS_US_PER_MS)

/* The headers are there, and the client's memory (zeroed). */
static int
prepare(struct client *c, struct lws *wsi)
{
	c->wsi = wsi;
	handshake_address(wsi, c->address);
	if (!handshake_after(wsi, &c->has_after, &c->after) ||
	    !handshake_caller(wsi, c->caller))
		return -1;
	c->given.some = caller_sees_some(c->caller);
	return 0;
}

static void
welcome(struct live *live, struct client *c)
{
	struct hub *h = &live->hub;

	answer_start(c);
	filter_init(&c->filter);
	hub_add(h, c);
	client_say(c, SAY_HELLO | (h->cache_away ? SAY_NO_CACHE : 0U));
	if (client_place(c, &live->ring, h->synced))
		stream_read(live->stream);
	log_debug("client: address=%s clients=%zu", c->address, h->len);
}

static void
farewell(struct live *live, struct client *c)
{
	hub_remove(&live->hub, c);
	filter_done(&c->filter);
	given_done(&c->given);
	buf_done(&c->in);
	buf_done(&c->reply);
}

static int
write_next(const struct live *live, struct client *c)
{
	int64_t now = clock_utc_ms(), at = live->hub.collector_utc_ms;
	const struct client_news news = {.ring = &live->ring,
	    .collector_known = fresh_is(at, now, live->config.cache_ttl_s),
	    .collector_age_ms = now - fresh_moment(at, now)};

	return client_write(c, &news);
}

static void
on_pace(lws_sorted_usec_list_t *pace)
{
	struct live *live = lws_container_of(pace, struct live, pace);

	if (!hub_entries(&live->hub, &live->ring))
		lws_sul_schedule(
		    live->context, 0, &live->pace, on_pace, PACE_US);
}

/* From its place on, or behind the id that it gave. */
static void
subscribed(struct live *live, struct client *c)
{
	if (c->has_after && client_place(c, &live->ring, live->hub.synced))
		stream_read(live->stream);
	on_pace(&live->pace);
}

/* Those of one second are one: the nodes have just been asked. */
static void
refresh(struct live *live, struct client *c)
{
	int64_t now = clock_mono_ms();

	if (live->hub.refreshed_mono_ms != 0 &&
	    now - live->hub.refreshed_mono_ms < REFRESH_EVERY_MS)
		return;
	if (stream_refresh(live->stream) == -1)
		answer_error(c, "cache_unavailable",
		    "Redis does not answer: no node can be polled");
	else
		live->hub.refreshed_mono_ms = now;
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user,
    void *in, size_t len)
{
	struct live *live = lws_context_user(lws_get_context(wsi));
	struct client *c = user;

	switch ((int)reason) {
	case LWS_CALLBACK_HTTP:
		return handshake_refuse(wsi, 426, "only WebSocket here");
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return handshake_check(&live->hub,
		    live->stopping || live->hub.len >= LIVE_CLIENTS, wsi, in);
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return prepare(c, wsi);
	case LWS_CALLBACK_ESTABLISHED:
		welcome(live, c);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return write_next(live, c);
	case LWS_CALLBACK_RECEIVE:
		switch (answer_receive(c, in, len)) {
		case ANSWER_REFRESH:
			refresh(live, c);
			break;
		case ANSWER_SUBSCRIBED:
			subscribed(live, c);
			break;
		case ANSWER_NOTHING:
			break;
		}
		return 0;
	case LWS_CALLBACK_CLOSED:
		farewell(live, c);
		return 0;
	default:
		return 0;
	}
}

const struct lws_protocols gateway_protocol = {
    .name = "client",
    .callback = on_event,
    .per_session_data_size = sizeof(struct client),
    .rx_buffer_size = 1024,
};

static void
on_entries(void *arg)
{
	struct live *live = arg;

	on_pace(&live->pace);
}

static void
on_caught_up(void *arg)
{
	struct live *live = arg;

	hub_caught_up(&live->hub, &live->ring);
	on_pace(&live->pace);
}

static void
on_gap(void *arg)
{
	struct live *live = arg;

	hub_gap(&live->hub);
}

static void
on_cache(void *arg, bool away)
{
	struct live *live = arg;

	hub_cache(&live->hub, away);
}

static void
on_collector(void *arg, int64_t at_utc_ms)
{
	struct live *live = arg;

	live->hub.collector_utc_ms = at_utc_ms;
}

const struct stream_events gateway_events = {
    .entries = on_entries,
    .caught_up = on_caught_up,
    .gap = on_gap,
    .cache = on_cache,
    .collector = on_collector,
};
