/* client.c: one WebSocket client: its way from the handshake to the close. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/version.h"
#include "lib/fleet/fresh.h"
#include "lib/json/json.h"
#include "live/answer.h"
#include "live/client.h"
#include "live/handshake.h"
#include "live/live.h"
#include "live/stream.h"

#define CLOSE_AFTER_S 2 /* for a close frame that nobody reads */

void
client_wake(struct client *c)
{
	lws_callback_on_writable(c->wsi);
}

void
client_say(struct client *c, unsigned say)
{
	c->say |= say;
	client_wake(c);
}

void
client_close(struct client *c, int code)
{
	if (c->close_code != 0)
		return;
	c->close_code = code;
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, CLOSE_AFTER_S);
	client_wake(c);
}

void
client_kill(struct client *c)
{
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static void
lose(struct live *live, struct client *c)
{
	c->place = PLACE_FOLLOWS;
	c->next = live->ring.next;
	client_say(c, SAY_RESET);
}

/* The ring is right again, or for the first time. */
void
client_settle(struct live *live, struct client *c)
{
	if (c->place == PLACE_ASKED &&
	    ring_find(&live->ring, c->after, &c->next) == RING_FOUND) {
		c->place = PLACE_FOLLOWS;
		client_wake(c);
	} else
		lose(live, c);
}

/*
 * An id newer than the ring's newest is either of an entry that the stream
 * reads in a moment, or of a Redis that was wiped since: a read that begins
 * now will tell.
 */
static void
take_place(struct live *live, struct client *c)
{
	enum ring_answer answer = RING_GONE;

	if (!live->hub.synced) {
		c->place = c->has_after ? PLACE_ASKED : PLACE_LOST;
		return;
	}
	c->place = PLACE_FOLLOWS;
	c->next = live->ring.next;
	if (!c->has_after)
		return;
	answer = ring_find(&live->ring, c->after, &c->next);
	if (answer == RING_GONE)
		lose(live, c);
	else if (answer == RING_AHEAD) {
		c->place = PLACE_ASKED;
		stream_read(live->stream);
	}
}

static void
put_edge(struct json *j, const struct live *live, const struct client *c)
{
	char text[EVENT_ID_SIZE];
	struct event_id id;
	bool known = c->place == PLACE_FOLLOWS &&
		     ring_id_before(&live->ring, c->next, &id);

	json_string(j, "live_id", known ? event_id_text(id, text) : NULL);
}

static void
put_error(struct json *j, const char *code, const char *text)
{
	json_string(j, "type", "error");
	json_string(j, "code", code);
	json_string(j, "message", text);
}

static void
put_heartbeat(struct json *j, const struct live *live)
{
	int64_t now = clock_utc_msc(), at = live->hub.collector_msc;

	json_string(j, "type", "heartbeat");
	if (fresh_is(at, now, live->config.cache_ttl_s))
		json_number(j, "collector_age_s",
		    (double)(now - fresh_moment(at, now)) / 1000);
	else
		json_null(j, "collector_age_s");
	json_utc(j, "now_utc", now);
}

/* The members of the message that one bit of `say` stands for. */
static void
put_said(struct json *j, const struct live *live, const struct client *c,
    enum say what)
{
	switch (what) {
	case SAY_HELLO:
		json_string(j, "type", "hello");
		put_edge(j, live, c);
		json_string(j, "version", MT5FLEET_VERSION);
		break;
	case SAY_NO_CACHE:
		put_error(j, "cache_unavailable",
		    "Redis does not answer: nothing new can be told");
		break;
	case SAY_RESET:
		json_string(j, "type", "reset");
		put_edge(j, live, c);
		break;
	case SAY_REPLY:
		json_members(j, c->reply.data, c->reply.len);
		break;
	case SAY_HEARTBEAT:
		put_heartbeat(j, live);
		break;
	}
}

static int
send_text(struct client *c, unsigned char *text, size_t len)
{
	return lws_write(c->wsi, text, len, LWS_WRITE_TEXT) < (int)len ? -1 : 0;
}

static int
write_said(struct live *live, struct client *c)
{
	unsigned char out[LWS_PRE + CONTROL_MAX];
	enum say what = (enum say)(c->say & -c->say);
	struct json j;
	const char *text;
	size_t len;
	int rc = -1;

	c->say &= ~what;
	json_init(&j, CONTROL_MAX);
	json_object(&j, NULL);
	put_said(&j, live, c, what);
	json_end(&j);
	if ((text = json_text(&j, &len)) != NULL) {
		memcpy(out + LWS_PRE, text, len);
		rc = send_text(c, out + LWS_PRE, len);
	}
	json_done(&j);
	if (what == SAY_REPLY) {
		buf_done(&c->reply);
		lws_rx_flow_control(c->wsi, 1);
	}
	return rc;
}

/* The next entry that it wants, or NULL. */
static const struct ring_entry *
next_entry(const struct live *live, struct client *c)
{
	const struct ring_entry *e;

	while ((e = ring_get(&live->ring, c->next)) != NULL &&
	       !filter_wants(&c->filter, e->account))
		c->next++;
	return e;
}

/* One message for each time the socket takes one, as lws wants it. */
static int
write_one(struct live *live, struct client *c)
{
	const struct ring_entry *e;

	if (c->close_code != 0) {
		lws_close_reason(
		    c->wsi, (enum lws_close_status)c->close_code, NULL, 0);
		return -1;
	}
	if (c->say != 0) {
		if (write_said(live, c) == -1)
			return -1;
	} else if (c->place == PLACE_FOLLOWS &&
		   (e = next_entry(live, c)) != NULL) {
		c->next++;
		if (send_text(c, e->text, e->len) == -1)
			return -1;
	}
	if (c->say != 0 || (c->place == PLACE_FOLLOWS &&
			       ring_get(&live->ring, c->next) != NULL))
		client_wake(c);
	return 0;
}

/* The headers are there, and the client's memory (zeroed). */
static int
prepare(struct client *c, struct lws *wsi)
{
	c->wsi = wsi;
	handshake_address(wsi, c->address);
	return handshake_after(wsi, &c->has_after, &c->after) ? 0 : -1;
}

static void
welcome(struct live *live, struct client *c)
{
	answer_start(c);
	filter_init(&c->filter);
	hub_add(live, c);
	client_say(c, SAY_HELLO | (live->hub.cache_away ? SAY_NO_CACHE : 0U));
	take_place(live, c);
	log_debug("client: address=%s clients=%zu", c->address, live->hub.len);
}

static void
farewell(struct live *live, struct client *c)
{
	hub_remove(live, c);
	filter_done(&c->filter);
	buf_done(&c->in);
	buf_done(&c->reply);
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
		return handshake_check(live, wsi, in);
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return prepare(c, wsi);
	case LWS_CALLBACK_ESTABLISHED:
		welcome(live, c);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return write_one(live, c);
	case LWS_CALLBACK_RECEIVE:
		answer_receive(live, c, in, len);
		return 0;
	case LWS_CALLBACK_CLOSED:
		farewell(live, c);
		return 0;
	default:
		return 0;
	}
}

const struct lws_protocols client_protocol = {
    .name = "client",
    .callback = on_event,
    .per_session_data_size = sizeof(struct client),
    .rx_buffer_size = 1024,
};
