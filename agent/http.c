/* http.c: the HTTP server; the only file that knows libmicrohttpd. */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/http.h"
#include "agent/platform.h"
#include "agent/question.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"

#define CONNECTIONS_MAX 256
#define CONNECTIONS_PER_ADDRESS 64
#define WAITING_MAX 96        /* of them may be parked */
#define HEADERS_MAX 16384     /* bytes, with all else MHD keeps for a request */
#define REQUEST_TIME_MS 30000 /* for a request to come in whole */
#define RESPONSE_TIME_MS 90000 /* for an answer to be taken */
#define SWEEP_MS 1000
#define LAST_TURNS 4 /* a parked one needs some to take its answer */

/* A connection, from accept to close. */
struct link {
	struct link *next, **back;
	int fd;
	int64_t deadline_msc; /* INT64_MAX: it is our turn */
	char address[48];
};

/* A request, from its first line to the end of its answer. */
struct exchange {
	struct http *http;
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

struct http {
	struct MHD_Daemon *daemon;
	struct http_options options;
	struct link *links;
	struct exchange *waiting; /* the last one first */
	int waiting_len;
	int64_t sweep_msc;
	bool resumed; /* MHD has to run: nothing else tells it so */
	bool ending;
};

static struct link *
link_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

static void
set_address(struct link *l, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	if (info != NULL)
		platform_address_text(
		    info->client_addr, l->address, sizeof(l->address));
}

static void
link_notify(void *cls, struct MHD_Connection *c, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	const union MHD_ConnectionInfo *info;
	struct http *h = cls;
	struct link *l = *context;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (l == NULL)
			return;
		*l->back = l->next;
		if (l->next != NULL)
			l->next->back = l->back;
		free(l);
		*context = NULL;
		return;
	}
	l = mem_new(1, sizeof(*l));
	info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	l->fd = (int)info->connect_fd;
	l->deadline_msc = clock_mono_msc() + REQUEST_TIME_MS;
	set_address(l, c);
	l->next = h->links;
	l->back = &h->links;
	if (l->next != NULL)
		l->next->back = &l->next;
	h->links = l;
	*context = l;
}

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
exchange_new(struct http *h, struct MHD_Connection *c, const char *path,
    const char *method)
{
	struct exchange *x = mem_new(1, sizeof(*x));
	struct request *req = &x->req;

	x->http = h;
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
	x->http->waiting_len--;
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
	struct http *h = x->http;

	x->req.now_msc = now_msc;
	if (h->ending)
		x->req.hurry = true;
	response_reset(&x->res);
	h->options.answer(h->options.arg, &x->req, &x->res);
	return x->res.wait_until_msc == 0;
}

/* Calls a parked one again. Once it has its answer MHD resumes it and comes
 * to on_request for that. */
static void
call_again(struct exchange *x, int64_t now_msc)
{
	if (!call_handler(x, now_msc))
		return;
	unpark(x);
	x->answered = true;
	x->http->resumed = true;
	MHD_resume_connection(x->connection);
}

/* Where too many wait the one that came first is answered now. */
static void
make_room(struct http *h, int64_t now_msc)
{
	struct exchange *x = h->waiting;

	if (h->waiting_len < WAITING_MAX)
		return;
	while (x->next != NULL)
		x = x->next;
	x->req.hurry = true;
	call_again(x, now_msc);
}

static void
park(struct exchange *x, int64_t now_msc)
{
	struct http *h = x->http;

	make_room(h, now_msc);
	x->next = h->waiting;
	x->back = &h->waiting;
	if (x->next != NULL)
		x->next->back = &x->next;
	h->waiting = x;
	h->waiting_len++;
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

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *c, const char *url,
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

static void
on_completed(void *cls, struct MHD_Connection *c, void **context,
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

static void __attribute__((format(printf, 2, 0)))
on_log(void *cls, const char *fmt, va_list ap)
{
	char line[512];

	(void)cls;
	vsnprintf(line, sizeof(line), fmt, ap);
	line[strcspn(line, "\n")] = '\0';
	log_debug("http: %s", line);
}

static struct MHD_Daemon *
start(struct http *h, unsigned flags, const void *address)
{
	const struct http_options *o = &h->options;
	struct MHD_OptionItem tls[] = {
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)o->cert},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)o->key},
	    {MHD_OPTION_END, 0, NULL}};

	if (o->cert == NULL)
		tls[0].option = MHD_OPTION_END;
	else
		flags |= MHD_USE_TLS;
	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, h,
	    MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_SOCK_ADDR,
	    address, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, link_notify, h,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	    (unsigned)CONNECTIONS_PER_ADDRESS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(REQUEST_TIME_MS / 1000),
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, tls,
	    MHD_OPTION_END);
}

struct http *
http_new(const struct http_options *o, char **error)
{
	_Alignas(16) unsigned char address[PLATFORM_ADDRESS_SIZE];
	unsigned flags = MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	struct http *h;
	bool loopback, ipv6;

	if (!platform_address(o->host, o->port, &loopback, &ipv6, address)) {
		*error = mem_printf("not an address: \"%s\"", o->host);
		return NULL;
	}
	if (MHD_is_feature_supported(MHD_FEATURE_EPOLL) == MHD_YES)
		flags |= MHD_USE_EPOLL;
	if (ipv6)
		flags |= MHD_USE_IPv6;
	h = mem_new(1, sizeof(*h));
	h->options = *o;
	if ((h->daemon = start(h, flags, address)) != NULL)
		return h;
	*error = mem_printf("cannot listen on %s port %d: %s", o->host, o->port,
	    platform_error());
	free(h);
	return NULL;
}

/* MHD must not be stopped while a connection is parked. */
void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	h->ending = true;
	http_wake(h, true, clock_mono_msc());
	for (int i = 0; i < LAST_TURNS; i++)
		MHD_run(h->daemon);
	MHD_stop_daemon(h->daemon);
	free(h);
}

int
http_port(const struct http *h)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info != NULL ? info->port : 0;
}

int
http_fd(const struct http *h)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info != NULL ? info->epoll_fd : -1;
}

int
http_timeout_ms(const struct http *h, int max_ms)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (h->resumed)
		return 0;
	if (MHD_get_timeout(h->daemon, &ms) == MHD_YES &&
	    ms < (MHD_UNSIGNED_LONG_LONG)max_ms)
		return (int)ms;
	return max_ms;
}

/* Ends connections that take too long, however busy they look, and tells
 * those that wait for nobody. */
static void
sweep(struct http *h, int64_t now_msc)
{
	struct exchange *x, *next;

	for (struct link *l = h->links; l != NULL; l = l->next)
		if (l->deadline_msc <= now_msc)
			platform_shutdown(l->fd);
	for (x = h->waiting; x != NULL; x = next) {
		next = x->next;
		if (!platform_hung_up(x->link->fd))
			continue;
		x->req.hurry = true;
		call_again(x, now_msc);
	}
	h->sweep_msc = now_msc + SWEEP_MS;
}

void
http_run(struct http *h, int wait_ms)
{
	int64_t now_msc = clock_mono_msc();

	if (now_msc >= h->sweep_msc)
		sweep(h, now_msc);
	h->resumed = false;
	MHD_run_wait(h->daemon, wait_ms);
}

void
http_wake(struct http *h, bool moved, int64_t now_msc)
{
	struct exchange *x, *next;

	for (x = h->waiting; x != NULL; x = next) {
		next = x->next;
		if (moved || question_is_done(x->req.question) ||
		    x->res.wait_until_msc <= now_msc)
			call_again(x, now_msc);
	}
}

int64_t
http_deadline_msc(const struct http *h)
{
	int64_t first = INT64_MAX;

	for (const struct exchange *x = h->waiting; x != NULL; x = x->next)
		if (x->res.wait_until_msc < first)
			first = x->res.wait_until_msc;
	return first;
}
