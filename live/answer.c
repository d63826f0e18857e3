/* answer.c: what a client says, and what is done about it. */
#include "lib/base/clock.h"
#include "lib/json/json.h"
#include "live/answer.h"
#include "live/client.h"
#include "live/message.h"

#define MESSAGES_PER_S 10
#define MESSAGES_AT_ONCE 30
#define STRIKES_MAX 5

void
answer_start(struct client *c)
{
	c->allowance.left = MESSAGES_AT_ONCE;
	c->allowance.at_mono_ms = clock_mono_ms();
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

void
answer_error(struct client *c, const char *code, const char *text)
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
	json_utc(&j, "now_utc", clock_utc_ms());
	reply(c, &j);
}

static bool
allowed(struct allowance *a)
{
	int64_t now = clock_mono_ms();

	a->left += (double)(now - a->at_mono_ms) * MESSAGES_PER_S / 1000;
	a->at_mono_ms = now;
	if (a->left > MESSAGES_AT_ONCE)
		a->left = MESSAGES_AT_ONCE;
	if (a->left < 1)
		return false;
	a->left -= 1;
	return true;
}

static enum answer_action
obey(struct client *c, struct message *m)
{
	switch (m->kind) {
	case MESSAGE_PING:
		reply_pong(c);
		break;
	case MESSAGE_REFRESH:
		return ANSWER_REFRESH;
	case MESSAGE_SUBSCRIBE:
		filter_done(&c->filter);
		c->filter = m->filter;
		filter_init(&m->filter);
		c->every_ms = m->every_ms;
		c->due_mono_ms = 0;
		c->until = 0;
		c->has_after = m->has_after;
		c->after = m->after;
		return ANSWER_SUBSCRIBED;
	}
	return ANSWER_NOTHING;
}

static enum answer_action
handle(struct client *c, const char *text, size_t len)
{
	enum answer_action action = ANSWER_NOTHING;
	struct message m;

	if (!allowed(&c->allowance)) {
		strike(c);
		answer_error(
		    c, "too_many_messages", "more than 10 messages a second");
		return ANSWER_NOTHING;
	}
	if (message_read(&m, text, len) == 0)
		action = obey(c, &m);
	else {
		strike(c);
		answer_error(c, m.error_code, m.error_text);
	}
	message_done(&m);
	return action;
}

enum answer_action
answer_receive(struct client *c, const void *data, size_t len)
{
	enum answer_action action;

	if (c->close_code != 0)
		return ANSWER_NOTHING;
	if (lws_frame_is_binary(c->wsi)) {
		client_close(c, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE);
		return ANSWER_NOTHING;
	}
	if (lws_is_first_fragment(c->wsi))
		buf_init(&c->in, MESSAGE_MAX);
	if (buf_add(&c->in, data, len) == -1) {
		client_close(c, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE);
		return ANSWER_NOTHING;
	}
	if (!lws_is_final_fragment(c->wsi))
		return ANSWER_NOTHING;
	action = handle(c, c->in.data, c->in.len);
	buf_done(&c->in);
	return action;
}
