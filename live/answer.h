/* answer.h: what a client says, and what is done about it. */
#ifndef LIVE_ANSWER_H
#define LIVE_ANSWER_H

#include <stddef.h>

struct client;

void answer_start(struct client *c);

/* What the gateway has to do about it. */
enum answer_action { ANSWER_NOTHING, ANSWER_REFRESH, ANSWER_SUBSCRIBED };

/* A part of a message, as lws gives them. */
enum answer_action answer_receive(
    struct client *c, const void *data, size_t len);

/* {"type":"error"} in reply. */
void answer_error(struct client *c, const char *code, const char *text);

#endif
