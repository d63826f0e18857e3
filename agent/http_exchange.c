/* http_exchange.c: a request, from its first line to the end of its answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/http_exchange.h"
#include "agent/http_link.h"
#include "agent/platform.h"
#include "agent/question.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define WAITING_MAX 96 /* of the connections may be parked */

struct exchange {
	struct exchanges *all;
	struct MHD_Connection *connection;
	struct link *link;
	char *path;
	struct request req;
	struct response res;
	struct buf body;
	struct exchange *next, **back; /* among those that wait */
	bool waits;
	bool answered; /* by its handler; MHD has not asked for it yet */
};

static enum MHD_Result
add_param(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
	struct request *req = cls;

	(void)kind;
	if (value == NULL)
		value = "";
	if (req->params_len == REQUEST_PARAMS_MAX || strlen(name) != name_len ||
	    strlen(value) != value_len) {
		req->malformed = true;
		return MHD_NO;
	}
	req->params[req->params_len].name = name;
	req->params[req->params_len++].value = value;
	return MHD_YES;
}

static struct exchange *
exchange_new(struct exchanges *xs, struct MHD_Connection *c, const char *path,
    const char *method)
{
	struct exchange *x = mem_new(1, sizeof(*x));
	struct request *req = &x->req;

	x->all = xs;
	x->connection = c;
	x->link = link_of(c);
	x->path = mem_strdup(path);
	buf_init(&x->body, REQUEST_BODY_MAX);
	response_init(&x->res);
	req->path = x->path;
	req->method = method;
	req->address = x->link->address;
	req->authorization = MHD_lookup_connection_value(
	    c, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
	MHD_get_connection_values_n(c, MHD_GET_ARGUMENT_KIND, add_param, req);
	return x;
}

static void
unpark(struct exchange *x)
{
	*x->back = x->next;
	if (x->next != NULL)
		x->next->back = x->back;
	x->waits = false;
	x->all->waiting_len--;
}

static void
exchange_free(struct exchange *x)
{
	if (x->waits)
		unpark(x);
	question_free(x->req.question);
	response_done(&x->res);
	buf_done(&x->body);
	free(x->path);
	free(x);
}

static void
add_headers(struct MHD_Response *r, const struct response *res)
{
	char seconds[16];

	MHD_add_response_header(
	    r, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
	MHD_add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (res->allow != NULL)
		MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, res->allow);
	if (res->authenticate)
		MHD_add_response_header(
		    r, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
	if (res->retry_after_s > 0) {
		snprintf(seconds, sizeof(seconds), "%d", res->retry_after_s);
		MHD_add_response_header(
		    r, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	}
}

/* Hands the answer to MHD. */
static enum MHD_Result
queue(struct exchange *x)
{
	struct response *res = &x->res;
	struct MHD_Response *r;
	enum MHD_Result rc;
	size_t len;

	if (json_text(&res->json, &len) == NULL) {
		log_error("path=%s the answer could not be made", x->path);
		response_error(res, 500, "internal", "no answer was made");
		json_text(&res->json, &len);
	}
	r = MHD_create_response_from_buffer(
	    len, buf_take(&res->json.out), MHD_RESPMEM_MUST_FREE);
	if (r == NULL)
		return MHD_NO;
	add_headers(r, res);
	x->link->deadline_msc = clock_mono_msc() + RESPONSE_TIME_MS;
	rc = MHD_queue_response(x->connection, (unsigned)res->status, r);
	MHD_destroy_response(r);
	log_debug("%s %s %s -> %d", x->req.address, x->req.method, x->path,
	    res->status);
	return rc;
}

/* False: the handler waits. */
static bool
call_handler(struct exchange *x, int64_t now_msc)
{
	struct exchanges *xs = x->all;

	x->req.now_msc = now_msc;
	if (xs->ending)
		x->req.hurry = true;
	response_reset(&x->res);
	xs->answer(xs->arg, &x->req, &x->res);
	return x->res.wait_until_msc == 0;
}

/* Calls a parked one again. Once it has its answer MHD resumes it and comes
 * to exchange_take for that. */
static void
call_again(struct exchange *x, int64_t now_msc)
{
	if (!call_handler(x, now_msc))
		return;
	unpark(x);
	x->answered = true;
	x->all->resumed = true;
	MHD_resume_connection(x->connection);
}

/* Where too many wait the one that came first is answered now. */
static void
make_room(struct exchanges *xs, int64_t now_msc)
{
	struct exchange *x = xs->waiting;

	if (xs->waiting_len < WAITING_MAX)
		return;
	while (x->next != NULL)
		x = x->next;
	x->req.hurry = true;
	call_again(x, now_msc);
}

static void
park(struct exchange *x, int64_t now_msc)
{
	struct exchanges *xs = x->all;

	make_room(xs, now_msc);
	x->next = xs->waiting;
	x->back = &xs->waiting;
	if (x->next != NULL)
		x->next->back = &x->next;
	xs->waiting = x;
	xs->waiting_len++;
	x->waits = true;
	MHD_suspend_connection(x->connection);
}

static enum MHD_Result
answer(struct exchange *x)
{
	int64_t now_msc = clock_mono_msc();

	x->link->deadline_msc = INT64_MAX;
	x->req.body = x->body.data;
	x->req.body_len = x->body.len;
	x->req.body_too_large = x->body.overflow;
	x->req.came_msc = now_msc;
	if (call_handler(x, now_msc))
		return queue(x);
	park(x, now_msc);
	return MHD_YES;
}

enum MHD_Result
exchange_take(void *cls, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *size,
    void **context)
{
	struct exchange *x = *context;

	(void)version;
	if (x == NULL) {
		if (link_of(c) == NULL)
			return MHD_NO;
		*context = exchange_new(cls, c, url, method);
		return MHD_YES;
	}
	if (*size > 0) {
		buf_add(&x->body, data, *size);
		*size = 0;
		return MHD_YES;
	}
	return x->answered ? queue(x) : answer(x);
}

void
exchange_completed(void *cls, struct MHD_Connection *c, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct exchange *x = *context;

	(void)cls;
	(void)c;
	(void)code;
	if (x == NULL)
		return;
	x->link->deadline_msc = clock_mono_msc() + REQUEST_TIME_MS;
	exchange_free(x);
	*context = NULL;
}

void
exchanges_wake(struct exchanges *xs, bool moved, int64_t now_msc)
{
	struct exchange *x, *next;

	for (x = xs->waiting; x != NULL; x = next) {
		next = x->next;
		if (moved || question_is_done(x->req.question) ||
		    x->res.wait_until_msc <= now_msc)
			call_again(x, now_msc);
	}
}

void
exchanges_sweep(struct exchanges *xs, int64_t now_msc)
{
	struct exchange *x, *next;

	for (x = xs->waiting; x != NULL; x = next) {
		next = x->next;
		if (!platform_hung_up(x->link->fd))
			continue;
		x->req.hurry = true;
		call_again(x, now_msc);
	}
}

int64_t
exchanges_deadline_msc(const struct exchanges *xs)
{
	int64_t first = INT64_MAX;

	for (const struct exchange *x = xs->waiting; x != NULL; x = x->next)
		if (x->res.wait_until_msc < first)
			first = x->res.wait_until_msc;
	return first;
}
