/* id.c: the ids of the stream's entries. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/num.h"
#include "live/id.h"

bool
event_id_from(const char *text, struct event_id *out)
{
	size_t ms = strcspn(text, "-");
	char part[EVENT_ID_SIZE];
	struct event_id id = {0, 0};

	if (ms >= sizeof(part))
		return false;
	memcpy(part, text, ms);
	part[ms] = '\0';
	if (num_int64(part, 0, INT64_MAX, &id.ms) == -1)
		return false;
	if (text[ms] == '-' &&
	    num_int64(text + ms + 1, 0, INT64_MAX, &id.seq) == -1)
		return false;
	*out = id;
	return true;
}

const char *
event_id_text(struct event_id id, char text[EVENT_ID_SIZE])
{
	snprintf(text, EVENT_ID_SIZE, "%" PRId64 "-%" PRId64, id.ms, id.seq);
	return text;
}

int
event_id_compare(struct event_id a, struct event_id b)
{
	if (a.ms != b.ms)
		return a.ms < b.ms ? -1 : 1;
	return a.seq < b.seq ? -1 : a.seq > b.seq;
}
