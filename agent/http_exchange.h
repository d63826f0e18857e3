/*
 * http_exchange.h: a request, from its first line to the end of its answer.
 * For agent/http*.c, the only files that know libmicrohttpd.
 *
 * One whose handler waits is parked: MHD forgets its socket meanwhile.
 */
#ifndef AGENT_HTTP_EXCHANGE_H
#define AGENT_HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/web/web.h"

struct exchange;

struct exchanges {
	const struct web *web;
	struct exchange *waiting; /* newest first */
	int waiting_len;
	bool resumed; /* MHD has to run although no descriptor is ready */
	bool ending;  /* the agent stops: no handler may wait */
};

/* What MHD calls for a request line with its raw URI, for what comes after
 * it, and for a request that is over; cls is the struct exchanges. */
void *exchange_begin(void *cls, const char *uri, struct MHD_Connection *c);
enum MHD_Result exchange_take(void *cls, struct MHD_Connection *c,
    const char *url, const char *method, const char *version, const char *data,
    size_t *size, void **context);
void exchange_completed(void *cls, struct MHD_Connection *c, void **context,
    enum MHD_RequestTerminationCode code);

/* As http_wake. */
void exchanges_wake(struct exchanges *xs, bool moved, int64_t now_mono_ms);

/* Requests whose client has hung up get their answer now. */
void exchanges_sweep(struct exchanges *xs, int64_t now_mono_ms);

/* As http_deadline_mono_ms. */
int64_t exchanges_deadline_mono_ms(const struct exchanges *xs);

#endif
