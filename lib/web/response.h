/* response.h: what is answered; sent after the handler returned. */
#ifndef LIB_WEB_RESPONSE_H
#define LIB_WEB_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/json/json.h"

#define WEB_ETAG_SIZE 32

struct response {
	int status;       /* 200 */
	const char *type; /* "application/json"; a literal */
	struct json json; /* the body, unless */
	struct buf text;  /* response_text() was called */
	bool is_text;
	char etag[WEB_ETAG_SIZE]; /* "": of the body, for a 200 to GET */
	bool cacheable;           /* nginx may keep it for a second */
	struct buf headers;       /* "Name: value\r\n" more */
	const char *base;         /* the request's */

	/*
	 * More body, a piece at a time: adds to text (empty each time) and
	 * gives 1, 0 at the end, -1 to break off so that the client sees it.
	 */
	int (*more)(void *arg, struct buf *text);
	void (*more_done)(void *arg);
	void *more_arg;

	/* by response_wait and response_keep */
	int64_t wait_until_mono_ms; /* 0: it is answered */
	void *kept;
	bool (*kept_ready)(const void *kept);
	void (*kept_done)(void *kept);
};

void response_init(struct response *res);
void response_done(struct response *res);

/* As after response_init, but for what a handler keeps. */
void response_reset(struct response *res);

/* A body of another type, from its beginning. */
struct buf *response_text(struct response *res, const char *type);

/* {"error":{"code":…,"message":…}}, in place of what was there. */
void response_error(struct response *res, int status, const char *code,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* 303, for a browser after a form. The path is ours, below base, not from
 * outside. */
void response_redirect(struct response *res, const char *path);

/*
 * Not answered yet: the handler is called again, with the same request, at
 * that moment at the latest and whenever something changed. Not where
 * req->hurry is set.
 */
void response_wait(struct response *res, int64_t until_mono_ms);

/*
 * What the handler needs when it is called again: res->kept until then, and
 * done(kept) at the end. ready(kept): it is to be called now.
 */
void response_keep(struct response *res, void *kept,
    bool (*ready)(const void *kept), void (*done)(void *kept));

/* One more header. A line feed or other control in value is left out. */
void response_header(struct response *res, const char *name, const char *value);

/* A weak ETag out of what the caller says makes the answer what it is. */
void response_etag(struct response *res, uint64_t hash);
uint64_t web_hash(uint64_t hash, const void *data, size_t len);

/* The ETag, and 304 where the client has it; for a 200 to GET only. */
void response_conditional(struct response *res, const char *if_none_match);

/* Body so far; "" and 0 where there is none. NULL: it could not be made. */
const char *response_body(const struct response *res, size_t *len);

/* The body's bytes for the caller to free; NULL: it could not be made. */
char *response_take_body(struct response *res, size_t *len);

/* Calls put for each header but Content-Length. */
void response_headers(const struct response *res,
    void (*put)(void *arg, const char *name, const char *value), void *arg);

/* "Status: 200 OK\r\n…\r\n\r\n" */
void response_head(const struct response *res, struct buf *out);

#endif
