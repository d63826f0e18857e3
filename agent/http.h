/*
 * http.h: the back end of lib/web that libmicrohttpd is, driven by the
 * program's own loop.
 *
 * One thread does everything. A request whose handler waits is parked, and
 * its handler is called again by http_wake; no client can hold up another.
 */
#ifndef AGENT_HTTP_H
#define AGENT_HTTP_H

#include <stdint.h>

#include "lib/web/web.h"

struct http;

struct http_options {
	const char *host;
	int port;               /* 0: any free one */
	const char *cert, *key; /* PEM texts, or NULL: no TLS */
	const struct web *web;  /* outlives the server */
};

/* NULL, and *error (for the caller to free) says why. */
struct http *http_new(const struct http_options *o, char **error);
void http_free(struct http *h);

int http_port(const struct http *h);

/* The descriptor to wait on, -1: http_run waits by itself. */
int http_fd(const struct http *h);

/* The ms until http_run has to be called, at most max_ms. */
int http_timeout_ms(const struct http *h, int max_ms);

/* Does what there is to do; waits up to wait_ms where http_fd is -1. */
void http_run(struct http *h, int wait_ms);

/* Calls the handlers that wait once more; moved: something they may wait
 * for has changed, and not only the time. */
void http_wake(struct http *h, bool moved, int64_t now_msc);

/* When the first of those that wait has to be called, INT64_MAX: none. */
int64_t http_deadline_msc(const struct http *h);

#endif
