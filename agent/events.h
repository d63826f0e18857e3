/* events.h: the last things that happened to the supervised terminal. */
#ifndef AGENT_EVENTS_H
#define AGENT_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#define EVENTS_MAX 200
#define EVENT_TEXT_SIZE 200

struct event {
	int64_t utc_ms;
	const char *kind; /* a literal */
	char text[EVENT_TEXT_SIZE];
};

struct events {
	struct event list[EVENTS_MAX];
	size_t next, len;
};

/* Kept, and logged. */
void events_add(struct events *e, const char *kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The i-th, oldest first. */
const struct event *events_at(const struct events *e, size_t i);

#endif
