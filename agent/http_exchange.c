/* http_exchange.c: a request, from its first line to the end of its answer. */
#include <assert.h>
#include <stdlib.h>

#include "agent/http_exchange.h"
#include "agent/http_link.h"
#include "agent/platform.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define WAITING_MAX 96 /* of the connections may be parked */

struct exchange {
	struct exchanges *all;
	struct MHD_Connection *connection;
	struct link *link;
	const char *method;
	struct request req;
	struct response res;
	struct buf body;
	struct exchange *next, **back; /* among those that wait */
	bool begun;                    /* its headers are there */
	bool waits;
	bool answered; /* by its handler; MHD has not asked for it yet */
};

/* The raw URI: MHD decodes its own copy, lib/web decodes for all back ends. */
void *
exchange_begin(void *cls, const char *uri, struct MHD_Connection *c)
{
	struct exchanges *xs = cls;
	struct exchange *x;

	if (link_of(c) == NULL)
		return NULL;
	x = mem_new(1, sizeof(*x));
	x->all = xs;
	x->connection = c;
	x->link = link_of(c);
	buf_init(&x->body, web_body_max(xs->web));
	response_init(&x->res);
	request_init(&x->req);
	request_set_target(&x->req, &x->res, uri, "");
	return x;
}

static const char *
header(struct exchange *x, const char *name)
{
	const char *value =
	    MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);

	return value != NULL ? value : "";
}

static void
take_headers(struct exchange *x, const char *method)
{
	struct request *req = &x->req;

	x->begun = true;
	x->method = method;
	request_set_method(req, method);
	req->content_type = header(x, MHD_HTTP_HEADER_CONTENT_TYPE);
	req->origin = header(x, MHD_HTTP_HEADER_ORIGIN);
	req->fetch_site = header(x, "Sec-Fetch-Site");
	req->accept = header(x, MHD_HTTP_HEADER_ACCEPT);
	req->authorization = header(x, MHD_HTTP_HEADER_AUTHORIZATION);
	req->host = header(x, MHD_HTTP_HEADER_HOST);
	req->remote = x->link->address;
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
	response_done(&x->res);
	request_done(&x->req);
	buf_done(&x->body);
	free(x);
}

static void
add_header(void *arg, const char *name, const char *value)
{
	MHD_add_response_header(arg, name, value);
}

/* Hands the answer to MHD. */
static enum MHD_Result
queue(struct exchange *x)
{
	struct response *res = &x->res;
	struct MHD_Response *r;
	enum MHD_Result rc;
	size_t len;
	char *body;

	assert(res->more == NULL); /* no answer here comes in pieces */
	if ((body = response_take_body(res, &len)) == NULL) {
		log_error("path=%s the answer could not be built", x->req.path);
		response_error(
		    res, 500, "internal", "the answer could not be built");
		body = response_take_body(res, &len);
	}
	r = MHD_create_response_from_buffer(len, body, MHD_RESPMEM_MUST_FREE);
	if (r == NULL)
		return MHD_NO;
	response_headers(res, add_header, r);
	link_writes(x->link);
	rc = MHD_queue_response(x->connection, (unsigned)res->status, r);
	MHD_destroy_response(r);
	log_debug("%s %s %s -> %d", x->req.remote, x->method, x->req.path,
	    res->status);
	return rc;
}

/* Calls a parked one again. Once it has its answer MHD resumes it and comes
 * to exchange_take for that. */
static void
call_again(struct exchange *x, int64_t now_mono_ms)
{
	x->req.now_mono_ms = now_mono_ms;
	x->req.hurry = x->req.hurry || x->all->ending;
	response_reset(&x->res);
	web_resume(x->all->web, &x->req, &x->res);
	if (x->res.wait_until_mono_ms != 0)
		return;
	unpark(x);
	x->answered = true;
	x->all->resumed = true;
	MHD_resume_connection(x->connection);
}

/* Where too many wait the oldest is answered now. */
static void
make_room(struct exchanges *xs, int64_t now_mono_ms)
{
	struct exchange *x = xs->waiting;

	if (xs->waiting_len < WAITING_MAX)
		return;
	while (x->next != NULL)
		x = x->next;
	x->req.hurry = true;
	call_again(x, now_mono_ms);
}

static void
park(struct exchange *x, int64_t now_mono_ms)
{
	struct exchanges *xs = x->all;

	make_room(xs, now_mono_ms);
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
	int64_t now_mono_ms = clock_mono_ms();
	struct request *req = &x->req;
	struct response *res = &x->res;
	size_t len = x->body.len;

	x->link->reads = false;
	x->link->deadline_mono_ms = INT64_MAX;
	req->came_mono_ms = req->now_mono_ms = now_mono_ms;
	req->hurry = x->all->ending;
	if (x->body.overflow)
		response_error(res, 413, "too_large",
		    "the body may have %zu bytes", x->body.cap);
	else if (res->status == 200)
		request_set_body(req, res, buf_take(&x->body), len);
	web_dispatch(x->all->web, req, res);
	if (res->wait_until_mono_ms == 0)
		return queue(x);
	park(x, now_mono_ms);
	return MHD_YES;
}

enum MHD_Result
exchange_take(void *cls, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *size,
    void **context)
{
	struct exchange *x = *context;

	(void)cls;
	(void)c;
	(void)url;
	(void)version;
	if (x == NULL)
		return MHD_NO;
	if (!x->begun) {
		take_headers(x, method);
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
	link_reads(x->link);
	exchange_free(x);
	*context = NULL;
}

static bool
is_due(const struct exchange *x, int64_t now_mono_ms)
{
	const struct response *res = &x->res;

	return res->wait_until_mono_ms <= now_mono_ms ||
	       (res->kept_ready != NULL && res->kept_ready(res->kept));
}

void
exchanges_wake(struct exchanges *xs, bool moved, int64_t now_mono_ms)
{
	struct exchange *x, *next;

	for (x = xs->waiting; x != NULL; x = next) {
		next = x->next;
		if (moved || is_due(x, now_mono_ms))
			call_again(x, now_mono_ms);
	}
}

void
exchanges_sweep(struct exchanges *xs, int64_t now_mono_ms)
{
	struct exchange *x, *next;

	for (x = xs->waiting; x != NULL; x = next) {
		next = x->next;
		if (!platform_hung_up(x->link->fd))
			continue;
		x->req.hurry = true;
		call_again(x, now_mono_ms);
	}
}

int64_t
exchanges_deadline_mono_ms(const struct exchanges *xs)
{
	int64_t first = INT64_MAX;

	for (const struct exchange *x = xs->waiting; x != NULL; x = x->next)
		if (x->res.wait_until_mono_ms < first)
			first = x->res.wait_until_mono_ms;
	return first;
}
