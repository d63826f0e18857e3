/* message.h: what a client may say, read from its text. */
#ifndef LIVE_MESSAGE_H
#define LIVE_MESSAGE_H

#include <stddef.h>

#include "live/filter.h"
#include "live/id.h"

#define MESSAGE_MAX (32 * 1024)
#define SUBSCRIBE_MAX 512         /* accounts of one subscribe */
#define SUBSCRIBE_EVERY_MAX 10000 /* ms */

enum message_kind { MESSAGE_PING, MESSAGE_REFRESH, MESSAGE_SUBSCRIBE };

struct message {
	enum message_kind kind;
	struct filter filter; /* of a subscribe */
	int every_ms;         /* its rate; 0: each change as it comes */
	bool has_after;       /* it goes on behind that id */
	struct event_id after;
	const char *error_code; /* after -1: a word */
	char error_text[160];   /* and what is wrong, quoting it */
};

/* 0, or -1 with the error filled in. message_done in both cases. */
int message_read(struct message *m, const char *text, size_t len);
void message_done(struct message *m);

#endif
