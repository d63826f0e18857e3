/* client.c: one WebSocket client, and what is sent to it. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/version.h"
#include "lib/json/json.h"
#include "live/client.h"
#include "live/ring.h"

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
	c->place = PLACE_CLOSED;
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static void
lose(struct client *c, const struct ring *ring)
{
	c->place = PLACE_FOLLOWS;
	c->next = ring->next;
	client_say(c, SAY_RESET);
}

void
client_settle(struct client *c, const struct ring *ring)
{
	if (c->place == PLACE_ASKED &&
	    ring_find(ring, c->after, &c->next) == RING_FOUND) {
		c->place = PLACE_FOLLOWS;
		client_wake(c);
	} else
		lose(c, ring);
}

/*
 * An id newer than the ring's newest is either of an entry that the stream
 * reads in a moment, or of a Redis that was wiped since: a read that begins
 * now will tell.
 */
bool
client_place(struct client *c, const struct ring *ring, bool synced)
{
	if (!synced) {
		c->place = c->has_after ? PLACE_ASKED : PLACE_LOST;
		return false;
	}
	c->place = PLACE_FOLLOWS;
	c->next = ring->next;
	if (!c->has_after)
		return false;
	switch (ring_find(ring, c->after, &c->next)) {
	case RING_FOUND:
		return false;
	case RING_GONE:
		lose(c, ring);
		return false;
	case RING_AHEAD:
		c->place = PLACE_ASKED;
		return true;
	}
	return false;
}

static void
put_edge(struct json *j, const struct ring *ring, const struct client *c)
{
	char text[EVENT_ID_SIZE];
	struct event_id id;
	bool known =
	    c->place == PLACE_FOLLOWS && ring_id_before(ring, c->next, &id);

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
put_heartbeat(struct json *j, const struct client_news *news)
{
	json_string(j, "type", "heartbeat");
	if (news->collector_known)
		json_number(j, "collector_age_s",
		    (double)news->collector_age_ms / 1000);
	else
		json_null(j, "collector_age_s");
	json_utc(j, "now_utc", clock_utc_ms());
}

/* The members of the message that one bit of `say` stands for. */
static void
put_said(struct json *j, const struct client_news *news, const struct client *c,
    enum say what)
{
	switch (what) {
	case SAY_HELLO:
		json_string(j, "type", "hello");
		put_edge(j, news->ring, c);
		json_string(j, "version", MT5FLEET_VERSION);
		break;
	case SAY_NO_CACHE:
		put_error(j, "cache_unavailable",
		    "Redis does not answer: no new events");
		break;
	case SAY_RESET:
		json_string(j, "type", "reset");
		put_edge(j, news->ring, c);
		break;
	case SAY_REPLY:
		json_members(j, c->reply.data, c->reply.len);
		break;
	case SAY_HEARTBEAT:
		put_heartbeat(j, news);
		break;
	}
}

static int
send_text(struct client *c, unsigned char *text, size_t len)
{
	return lws_write(c->wsi, text, len, LWS_WRITE_TEXT) < (int)len ? -1 : 0;
}

static int
write_said(const struct client_news *news, struct client *c)
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
	put_said(&j, news, c, what);
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

bool
client_offer(struct client *c, const struct ring *ring, int64_t now)
{
	if (c->place != PLACE_FOLLOWS || c->next >= ring->next ||
	    (c->given.some && !c->given.known))
		return true;
	if (c->every_ms > 0 && c->next >= c->until) {
		if (now < c->due_mono_ms &&
		    ring->next - c->next < ring->entries_max / 4)
			return false;
		c->until = ring->next;
		c->due_mono_ms = now + c->every_ms;
	}
	client_wake(c);
	return c->every_ms == 0 || c->until == ring->next;
}

/* The next entry that it wants, or NULL. With a rate it wants of an account's
 * rows the newest alone. */
static const struct ring_entry *
next_entry(const struct ring *ring, struct client *c)
{
	const struct ring_entry *e;

	if (c->given.some && !c->given.known)
		return NULL;
	while ((c->every_ms == 0 || c->next < c->until) &&
	       (e = ring_get(ring, c->next)) != NULL) {
		if ((c->every_ms == 0 || !e->replaced) &&
		    given_has(&c->given, e->account, e->type) &&
		    filter_wants(&c->filter, e->account, e->type))
			return e;
		c->next++;
	}
	return NULL;
}

/* One message for each time the socket takes one, as lws wants it. */
int
client_write(struct client *c, const struct client_news *news)
{
	const struct ring_entry *e;

	if (c->close_code != 0) {
		lws_close_reason(
		    c->wsi, (enum lws_close_status)c->close_code, NULL, 0);
		return -1;
	}
	if (c->say != 0) {
		if (write_said(news, c) == -1)
			return -1;
	} else if (c->place == PLACE_FOLLOWS &&
		   (e = next_entry(news->ring, c)) != NULL) {
		c->next++;
		if (send_text(c, e->text, e->len) == -1)
			return -1;
	}
	if (c->say != 0 ||
	    (c->place == PLACE_FOLLOWS && (!c->given.some || c->given.known) &&
		(c->every_ms == 0 || c->next < c->until) &&
		ring_get(news->ring, c->next) != NULL))
		client_wake(c);
	return 0;
}
