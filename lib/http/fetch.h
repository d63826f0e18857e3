/*
 * fetch.h: many HTTP requests at a time, by libcurl, which nobody else sees.
 *
 * A request waits in our own queue until one of `parallel` places is free
 * and its clocks start only then. It ends by one call of its function:
 * with the whole answer, or with a text that says why there is none. Each
 * has three ends it cannot pass: time to connect, time in all (a byte a
 * second does not stretch it) and bytes (16 MiB where max is 0; 1 MiB while
 * all answers of a handle together hold 256). Redirects and proxies are not
 * followed, certificates always verified. Tokens are in no text that comes
 * out of here.
 *
 * A connection that was kept and turns out closed is tried anew once by
 * itself; every other failure is the caller's to see.
 */
#ifndef LIB_HTTP_FETCH_H
#define LIB_HTTP_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#define FETCH_PARALLEL_MAX 10000
#define FETCH_BODY_MAX ((size_t)16 << 20)

struct fetch;

struct fetch_request {
	const char *method; /* NULL: GET, or POST where there is a body */
	const char *url;    /* http or https */
	const char *token;  /* for Authorization: Bearer; NULL: none. One with
			       a line end in it is not sent */
	const char *ca;     /* PEM file; NULL: the system's certificates */
	const char *type;   /* of the body; NULL: application/json */
	const char *body;   /* NULL: none */
	size_t body_len;
	int connect_ms;
	int total_ms;
	size_t max; /* bytes of an answer */
};

/* Lives until the function returns. */
struct fetch_answer {
	int code;          /* HTTP; 0: there was no answer */
	const char *error; /* NULL: code is 200 to 299 and the body whole */
	const char *body;  /* zero-terminated; "" where there is none */
	size_t len;
	int took_ms;
};

typedef void fetch_done(void *arg, const struct fetch_answer *answer);

/*
 * parallel: 1 to FETCH_PARALLEL_MAX. keep: connections stay open for the next
 * request to that agent. NULL with errno set: no epoll is to be had.
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
