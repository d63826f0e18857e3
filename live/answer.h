/* answer.h: what a client says, and what is done about it. */
#ifndef LIVE_ANSWER_H
#define LIVE_ANSWER_H

#include <stddef.h>

struct client;
struct live;

void answer_start(struct client *c);

/* A part of a message, as lws gives them. */
void answer_receive(
    struct live *live, struct client *c, const void *data, size_t len);

#endif
