/* id.h: the ids of the stream's entries, "1782154438950-0": ms, then number. */
#ifndef LIVE_ID_H
#define LIVE_ID_H

#include <stdbool.h>
#include <stdint.h>

struct event_id {
	int64_t ms, seq;
};

#define EVENT_ID_SIZE 48

/* "ms" alone is "ms-0"; false where it is no id, *out is untouched then. */
bool event_id_from(const char *text, struct event_id *out);
const char *event_id_text(struct event_id id, char text[EVENT_ID_SIZE]);

/* < 0, 0, > 0: a is older, the same, newer. */
int event_id_compare(struct event_id a, struct event_id b);

#endif
