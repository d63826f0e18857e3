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

/* Connections from now on are shown this certificate. NULL, or what failed. */
const char *http_set_identity(
    struct http *h, const char *cert, const char *key);

int http_port(const struct http *h);

/* The descriptor to wait on, -1: http_run waits by itself. */
int http_fd(const struct http *h);

/* Milliseconds until http_run has to be called, at most max_ms. */
int http_timeout_ms(const struct http *h, int max_ms);

/* Handles what is ready; waits up to wait_ms where http_fd is -1. */
void http_run(struct http *h, int wait_ms);

/* Calls waiting handlers again: those past their time, and all of them where
 * moved says that the terminals changed. */
void http_wake(struct http *h, bool moved, int64_t now_mono_ms);

/* When the first waiting handler has to be called; INT64_MAX: none waits. */
int64_t http_deadline_mono_ms(const struct http *h);

#endif
