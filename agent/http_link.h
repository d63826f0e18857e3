/* http_link.h: a connection, from accept to close. For agent/http*.c, the
 * only files that know libmicrohttpd. */
#ifndef AGENT_HTTP_LINK_H
#define AGENT_HTTP_LINK_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#define REQUEST_TIME_MS 30000  /* for a request to come in whole */
#define CROWD_TIME_MS 2000     /* the same where connections get scarce */
#define RESPONSE_TIME_MS 90000 /* for an answer to be taken */

struct link {
	struct link *next, **back;
	int fd;
	bool reads;               /* the client has to send a request */
	int64_t deadline_mono_ms; /* INT64_MAX: our handler is at work */
	char address[48];
};

/* Called by MHD for each connection opened or closed; cls is a struct link
 * **list. */
void link_notify(void *cls, struct MHD_Connection *c, void **context,
    enum MHD_ConnectionNotificationCode code);

/* NULL where link_notify was not called for it. */
struct link *link_of(struct MHD_Connection *c);

/* It is the client's turn: to send a request, or to take the answer. */
void link_reads(struct link *l);
void link_writes(struct link *l);

/*
 * Shuts down those past their deadline, even where bytes keep dripping. Where
 * there are crowd connections, one that has sent no request gets little time:
 * silent ones must not keep others out.
 */
void links_sweep(struct link *list, int64_t now_mono_ms, int crowd);

#endif
