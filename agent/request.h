/*
 * request.h: what a client asked, and what a handler answers.
 *
 * A handler fills the response; it is sent after the handler returns. One
 * that has to wait says until when (response_wait) and is called again
 * with the same request whenever something moved.
 */
#ifndef AGENT_REQUEST_H
#define AGENT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/json/json.h"

#define REQUEST_PARAMS_MAX 16
#define REQUEST_BODY_MAX 65536

struct question;

struct param {
	const char *name, *value;
};

struct request {
	const char *method, *path;
	const char *authorization; /* the header, or NULL */
	const char *address;       /* of the client */
	struct param params[REQUEST_PARAMS_MAX];
	size_t params_len;
	bool malformed; /* too many parameters, or a zero byte in one */
	const char *body;
	size_t body_len;
	bool body_too_large;
	int64_t came_msc, now_msc; /* monotonic */
	bool entered;              /* its token was right */
	bool hurry;                /* nobody waits any more: do not wait */
	struct question *question; /* what the handler asked a terminal */
};

struct response {
	int status;
	struct json json;
	const char *allow;      /* 405: the methods there are */
	bool authenticate;      /* 401: say which scheme */
	int retry_after_s;      /* 429, 503; 0: none */
	int64_t wait_until_msc; /* > 0: not answered yet */
};

void response_init(struct response *res);
void response_done(struct response *res);
void response_reset(struct response *res);

/* {"error":{"code":…,"message":…}} */
void response_error(struct response *res, int status, const char *code,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

void response_wait(struct response *res, int64_t until_msc);

/* NULL where it was not given. */
const char *request_param(const struct request *req, const char *name);

/* False: 400 is already answered. An absent parameter leaves *out alone. */
bool request_int64(const struct request *req, struct response *res,
    const char *name, int64_t min, int64_t max, int64_t *out);

/* All names are of this list (NULL ends it), none twice; else 400. */
bool request_params_known(
    const struct request *req, struct response *res, const char *const *names);

#endif
