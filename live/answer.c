/* answer.c: what a client says, and what is done about it. */
#include "lib/base/clock.h"
#include "lib/json/json.h"
#include "live/answer.h"
#include "live/client.h"
#include "live/live.h"
#include "live/message.h"
#include "live/stream.h"

#define MESSAGES_PER_S 10
#define MESSAGES_AT_ONCE 30
#define STRIKES_MAX 5
#define REFRESH_EVERY_MS 1000

void
answer_start(struct client *c)
{
	c->allowance.left = MESSAGES_AT_ONCE;
	c->allowance.at_msc = clock_mono_msc();
}

/* What it said was not right; one that goes on so is sent away. */
static void
strike(struct client *c)
{
	if (++c->strikes >= STRIKES_MAX)
		client_close(c, LWS_CLOSE_STATUS_POLICY_VIOLATION);
}

/* Nothing more is read from it before it has taken the reply. */
static void
reply(struct client *c, struct json *j)
{
	const char *text;
	size_t len;

	json_end(j);
	if ((text = json_text(j, &len)) != NULL) {
		buf_init(&c->reply, CONTROL_MAX);
		buf_add(&c->reply, text, len);
		lws_rx_flow_control(c->wsi, 0);
		client_say(c, SAY_REPLY);
	}
	json_done(j);
}

static void
reply_error(struct client *c, const char *code, const char *text)
{
	struct json j;

	json_init(&j, CONTROL_MAX);
	json_object(&j, NULL);
	json_string(&j, "type", "error");
	json_string(&j, "code", code);
	json_string(&j, "message", text);
	reply(c, &j);
}

static void
reply_pong(struct client *c)
{
	struct json j;

	json_init(&j, CONTROL_MAX);
	json_object(&j, NULL);
	json_string(&j, "type", "pong");
	json_utc(&j, "now_utc", clock_utc_msc());
	reply(c, &j);
}

/* Those of one second are one: the nodes have just been asked. */
static void
refresh(struct live *live, struct client *c)
{
	int64_t now = clock_mono_msc();

	if (live->hub.refreshed_msc != 0 &&
	    now - live->hub.refreshed_msc < REFRESH_EVERY_MS)
		return;
	if (stream_refresh(live->stream) == -1)
		reply_error(c, "cache_unavailable",
		    "Redis does not answer: nobody can be asked");
	else
		live->hub.refreshed_msc = now;
}

static bool
allowed(struct allowance *a)
{
	int64_t now = clock_mono_msc();

	a->left += (double)(now - a->at_msc) * MESSAGES_PER_S / 1000;
	a->at_msc = now;
	if (a->left > MESSAGES_AT_ONCE)
		a->left = MESSAGES_AT_ONCE;
	if (a->left < 1)
		return false;
	a->left -= 1;
	return true;
}

static void
obey(struct live *live, struct client *c, struct message *m)
{
	switch (m->kind) {
	case MESSAGE_PING:
		reply_pong(c);
		break;
	case MESSAGE_REFRESH:
		refresh(live, c);
		break;
	case MESSAGE_SUBSCRIBE:
		filter_done(&c->filter);
		c->filter = m->filter;
		filter_init(&m->filter);
		break;
	}
}

static void
handle(struct live *live, struct client *c, const char *text, size_t len)
{
	struct message m;

	if (!allowed(&c->allowance)) {
		strike(c);
		reply_error(
		    c, "too_many_messages", "more than 10 messages a second");
		return;
	}
	if (message_read(&m, text, len) == 0)
		obey(live, c, &m);
	else {
		strike(c);
		reply_error(c, m.error_code, m.error_text);
	}
	message_done(&m);
}

void
answer_receive(
    struct live *live, struct client *c, const void *data, size_t len)
{
	if (c->close_code != 0)
		return;
	if (lws_frame_is_binary(c->wsi)) {
		client_close(c, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE);
		return;
	}
	if (lws_is_first_fragment(c->wsi))
		buf_init(&c->in, MESSAGE_MAX);
	if (buf_add(&c->in, data, len) == -1) {
		client_close(c, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE);
		return;
	}
	if (!lws_is_final_fragment(c->wsi))
		return;
	handle(live, c, c->in.data, c->in.len);
	buf_done(&c->in);
}
