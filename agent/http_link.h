/* http_link.h: a connection, from accept to close. For agent/http*.c, the
 * only files that know libmicrohttpd. */
#ifndef AGENT_HTTP_LINK_H
#define AGENT_HTTP_LINK_H

#include <microhttpd.h>
#include <stdint.h>

#define REQUEST_TIME_MS 30000  /* for a request to come in whole */
#define RESPONSE_TIME_MS 90000 /* for an answer to be taken */

struct link {
	struct link *next, **back;
	int fd;
	int64_t deadline_mono_ms; /* INT64_MAX: our handler is at work */
	char address[48];
};

/* Called by MHD for each connection opened or closed; cls is a struct link
 * **list. */
void link_notify(void *cls, struct MHD_Connection *c, void **context,
    enum MHD_ConnectionNotificationCode code);

/* NULL where link_notify was not called for it. */
struct link *link_of(struct MHD_Connection *c);

/* Shuts down those past their deadline, even where bytes keep dripping. */
void links_sweep(struct link *list, int64_t now_mono_ms);

#endif
