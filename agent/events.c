/* events.c: the last things that happened to the supervised terminal. */
#include <stdarg.h>
#include <stdio.h>

#include "agent/events.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

void
events_add(struct events *e, const char *kind, const char *fmt, ...)
{
	struct event *event = &e->list[e->next];
	va_list ap;

	event->utc_ms = clock_utc_ms();
	event->kind = kind;
	va_start(ap, fmt);
	vsnprintf(event->text, sizeof(event->text), fmt, ap);
	va_end(ap);
	e->next = (e->next + 1) % EVENTS_MAX;
	if (e->len < EVENTS_MAX)
		e->len++;
	log_warnx("event=%s %s", kind, event->text);
}

const struct event *
events_at(const struct events *e, size_t i)
{
	return &e->list[(e->next + EVENTS_MAX - e->len + i) % EVENTS_MAX];
}
