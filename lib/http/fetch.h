/*
 * fetch.h: many HTTP requests in parallel, by libcurl.
 *
 * A request waits in a queue until one of `parallel` slots is free; its
 * timers start only then. It ends with one call of its function: with the
 * whole answer, or with an error text. Three limits: connect time, total
 * time (a trickle of bytes does not extend it) and size (16 MiB when max is
 * 0; 1 MiB while all answers of a handle together hold 256 MiB). Redirects
 * are not followed, proxies of the environment not used, certificates are
 * always verified. No text returned contains a token.
 *
 * A kept-alive connection that turns out closed is retried once; every other
 * failure is reported.
 */
#ifndef LIB_HTTP_FETCH_H
#define LIB_HTTP_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#define FETCH_PARALLEL_MAX 10000
#define FETCH_BODY_MAX ((size_t)16 << 20)

struct fetch;

/* A message to a mail server, in place of an HTTP request. */
struct fetch_mail {
	const char *from; /* the envelope's addresses */
	const char *const *to;
	size_t to_len;
	const char *user; /* NULL: without a log-in; password: token */
	bool plain;       /* smtp:// without TLS; else STARTTLS or fail */
};

struct fetch_request {
	const char *method; /* NULL: GET, or POST where there is a body */
	const char *url;    /* http or https; smtp or smtps of a mail */
	const char *token;  /* for Authorization: Bearer; NULL: none. One with
			       a line end in it is not sent */
	const char *ca;     /* PEM file; NULL: the system's certificates */
	bool pinned;        /* ca holds the server's own certificate, or more
			       than one: no key but theirs is accepted, not
			       even one whose certificate they signed */
	const char *proxy;  /* "http://host:port"; NULL or "": none */
	const char *type;   /* of the body; NULL: application/json */
	const char *body;   /* NULL: none */
	size_t body_len;
	/* "Name: value" each, ends with NULL; NULL: none. One with a line end
	 * in it is not sent */
	const char *const *headers;
	const struct fetch_mail *mail; /* NULL: HTTP */
	int connect_ms;
	int total_ms;
	size_t max; /* bytes of an answer */
};

/* Lives until the function returns. */
struct fetch_answer {
	int code;          /* HTTP's or SMTP's; 0: there was no answer */
	const char *error; /* NULL: code is 200 to 299 and the body whole */
	const char *body;  /* zero-terminated; "" where there is none */
	size_t len;
	int took_ms;
	int retry_after_s; /* as the answer said; 0: it did not */
	bool unsure;       /* an error, and the other side may have done it */
};

typedef void fetch_done(void *arg, const struct fetch_answer *answer);

/*
 * parallel: 1 to FETCH_PARALLEL_MAX. keep: connections stay open for the next
 * request to that agent. NULL with errno set: epoll_create failed.
 */
struct fetch *fetch_new(int parallel, bool keep);
void fetch_free(struct fetch *f); /* what still runs ends without a call */

/* From now on; connections: how many may stay open at most. */
void fetch_keep(struct fetch *f, bool keep, int connections);

/* Copies what it needs of the request. */
void fetch_start(struct fetch *f, const struct fetch_request *req,
    fetch_done *done, void *arg);

/* The requests started with that arg end without a call. */
void fetch_cancel(struct fetch *f, const void *arg);

/*
 * Waits for something to happen, timeout_ms at most, and works on it. The
 * functions are called from in here, and may start more. How many ended.
 */
int fetch_run_once(struct fetch *f, int timeout_ms);

size_t fetch_pending(const struct fetch *f); /* in the queue and in flight */

/* One request, waited for; the function is called before it returns. */
void fetch_now(const struct fetch_request *req, fetch_done *done, void *arg);

#endif
