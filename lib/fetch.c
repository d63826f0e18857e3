/* fetch.c: many HTTP requests at a time, by libcurl's multi and epoll. */
#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/fetch.h"
#include "lib/mem.h"

#define EVENTS 64
/* While all answers together hold this much, none may pass its fair share. */
#define HELD_MAX ((size_t)256 << 20)
#define HELD_SHARE ((size_t)1 << 20)
#define ERROR_SIZE (CURL_ERROR_SIZE + 64)

struct transfer {
	struct transfer *next, *prev;
	struct fetch *fetch; /* NULL: alone */
	CURL *easy;
	char *url, *method, *ca, *body;
	size_t body_len;
	struct curl_slist *headers;
	int connect_ms, total_ms;
	struct buf answer;
	bool too_large;
	char curl_text[CURL_ERROR_SIZE];
	fetch_done *done;
	void *arg;
};

struct list {
	struct transfer *first, *last;
	size_t len;
};

struct fetch {
	CURLM *multi;
	int epoll;
	int64_t timer_msc; /* when curl wants to be called; -1: never */
	size_t parallel;
	bool keep;
	size_t held; /* bytes of answers in memory */
	struct list queue, flying;
	CURL **spare; /* easy handles for the next transfers */
	size_t spare_len;
};

static void
list_add(struct list *l, struct transfer *t)
{
	t->next = NULL;
	t->prev = l->last;
	*(l->last != NULL ? &l->last->next : &l->first) = t;
	l->last = t;
	l->len++;
}

static void
list_remove(struct list *l, struct transfer *t)
{
	*(t->prev != NULL ? &t->prev->next : &l->first) = t->next;
	*(t->next != NULL ? &t->next->prev : &l->last) = t->prev;
	l->len--;
}

static char *
copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static void
add_header(struct transfer *t, const char *name, const char *value)
{
	char *line = mem_printf("%s: %s", name, value);

	t->headers = curl_slist_append(t->headers, line);
	free(line);
}

static struct transfer *
transfer_new(const struct fetch_request *req, fetch_done *done, void *arg)
{
	struct transfer *t = mem_new(1, sizeof(*t));
	char *bearer;

	t->url = mem_strdup(req->url);
	t->method = copy(req->method);
	t->ca = copy(req->ca);
	t->connect_ms = req->connect_ms;
	t->total_ms = req->total_ms;
	t->done = done;
	t->arg = arg;
	buf_init(&t->answer, req->max > 0 ? req->max : FETCH_BODY_MAX);
	/* a line feed in it would start a header of its own */
	if (req->token != NULL && strpbrk(req->token, "\r\n") == NULL) {
		bearer = mem_printf("Bearer %s", req->token);
		add_header(t, "Authorization", bearer);
		free(bearer);
	}
	if (req->body != NULL) {
		t->body = mem_strndup(req->body, req->body_len);
		t->body_len = req->body_len;
		add_header(t, "Content-Type",
		    req->type != NULL ? req->type : "application/json");
		t->headers = curl_slist_append(t->headers, "Expect:");
	}
	return t;
}

static void
transfer_free(struct transfer *t)
{
	if (t->fetch != NULL)
		t->fetch->held -= t->answer.len;
	curl_slist_free_all(t->headers);
	buf_done(&t->answer);
	free(t->url);
	free(t->method);
	free(t->ca);
	free(t->body);
	free(t);
}

/* The cap holds here for chunked answers, too: curl's own does not. */
static size_t
take_bytes(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct fetch *f = t->fetch;
	size_t len = size * n;

	if (f != NULL && f->held + len > HELD_MAX &&
	    t->answer.len + len > HELD_SHARE)
		t->too_large = true;
	else if (buf_add(&t->answer, data, len) == -1)
		t->too_large = true;
	else if (f != NULL)
		f->held += len;
	return t->too_large ? 0 : len;
}

static void
set_limits(CURL *e, struct transfer *t)
{
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)t->connect_ms);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)t->total_ms);
	curl_easy_setopt(
	    e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->answer.cap);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	/* a dead resolver must not hold up the end of the program */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	/* else each transfer walks the whole cache: O(n^2) */
	curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
	/* with Debian's CAPATH the bundle is parsed for each connection */
	curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (t->ca != NULL)
		curl_easy_setopt(e, CURLOPT_CAINFO, t->ca);
}

static void
configure(CURL *e, struct transfer *t)
{
	t->easy = e;
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->curl_text);
	curl_easy_setopt(e, CURLOPT_URL, t->url);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "mt5fleet");
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	if (t->body != NULL) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, t->body);
		curl_easy_setopt(
		    e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_len);
	}
	if (t->method != NULL)
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, t->method);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
	if (t->fetch != NULL && !t->fetch->keep)
		curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	set_limits(e, t);
}

static void
say_connect(const struct transfer *t, char *text, size_t size)
{
	long no = 0;

	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &no);
	if (no == ECONNREFUSED)
		snprintf(text, size, "connection refused");
	else if (no != 0)
		snprintf(text, size, "no connection: %s", strerror((int)no));
	else
		snprintf(text, size, "no connection: %s", t->curl_text);
}

static void
say_timeout(const struct transfer *t, char *text, size_t size)
{
	curl_off_t connected = 0, sent = 0;

	curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connected);
	curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
	if (connected == 0 && sent == 0)
		snprintf(text, size, "no connection within %.1f s",
		    (t->connect_ms < t->total_ms ? t->connect_ms
						 : t->total_ms) /
			1000.0);
	else
		snprintf(
		    text, size, "timed out after %.1f s", t->total_ms / 1000.0);
}

static void
say_failure(
    const struct transfer *t, CURLcode curl_code, char *text, size_t size)
{
	if (t->too_large || curl_code == CURLE_FILESIZE_EXCEEDED)
		snprintf(text, size, "answer is larger than %zu bytes",
		    t->answer.cap);
	else if (curl_code == CURLE_COULDNT_CONNECT)
		say_connect(t, text, size);
	else if (curl_code == CURLE_OPERATION_TIMEDOUT)
		say_timeout(t, text, size);
	else if (curl_code == CURLE_GOT_NOTHING)
		snprintf(text, size, "closed without an answer");
	else if (*t->curl_text != '\0')
		snprintf(text, size, "%s", t->curl_text);
	else
		snprintf(text, size, "%s", curl_easy_strerror(curl_code));
}

/* The function's one call. */
static void
finish(struct transfer *t, CURLcode curl_code)
{
	struct fetch_answer a = {.body = ""};
	char text[ERROR_SIZE];
	curl_off_t took = 0;
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &took);
	a.took_ms = (int)(took / 1000);
	if (curl_code != CURLE_OK) {
		say_failure(t, curl_code, text, sizeof(text));
		a.error = text;
	} else {
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &code);
		a.code = (int)code;
		if (t->answer.len > 0) {
			a.body = t->answer.data;
			a.len = t->answer.len;
		}
		if (code < 200 || code > 299) {
			snprintf(text, sizeof(text), "HTTP %ld", code);
			a.error = text;
		}
	}
	t->done(t->arg, &a);
}

static int
on_socket(CURL *e, curl_socket_t fd, int what, void *arg, void *known)
{
	struct fetch *f = arg;
	struct epoll_event ev = {.data.fd = fd};

	(void)e, (void)known;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(f->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		ev.events |= EPOLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		ev.events |= EPOLLOUT;
	if (epoll_ctl(f->epoll, EPOLL_CTL_MOD, fd, &ev) == 0)
		return 0;
	return epoll_ctl(f->epoll, EPOLL_CTL_ADD, fd, &ev);
}

static int
on_timer(CURLM *m, long timeout_ms, void *arg)
{
	struct fetch *f = arg;

	(void)m;
	f->timer_msc = timeout_ms < 0 ? -1 : clock_mono_msc() + timeout_ms;
	return 0;
}

struct fetch *
fetch_new(int parallel, bool keep)
{
	struct fetch *f = mem_new(1, sizeof(*f));

	assert(parallel > 0 && parallel <= FETCH_PARALLEL_MAX);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	f->parallel = (size_t)parallel;
	f->keep = keep;
	f->timer_msc = -1;
	f->spare = mem_new(f->parallel, sizeof(*f->spare));
	f->multi = curl_multi_init();
	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (f->multi == NULL || f->epoll == -1) {
		fetch_free(f);
		return NULL;
	}
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
	return f;
}

void
fetch_keep(struct fetch *f, bool keep, int connections)
{
	f->keep = keep;
	curl_multi_setopt(
	    f->multi, CURLMOPT_MAXCONNECTS, (long)(keep ? connections : 0));
}

/* Ends those of the list that were started with arg; arg NULL: all. */
static void
drop(struct fetch *f, struct list *l, const void *arg)
{
	struct transfer *t, *next;

	for (t = l->first; t != NULL; t = next) {
		next = t->next;
		if (arg != NULL && t->arg != arg)
			continue;
		list_remove(l, t);
		if (t->easy != NULL) {
			curl_multi_remove_handle(f->multi, t->easy);
			curl_easy_cleanup(t->easy);
		}
		transfer_free(t);
	}
}

void
fetch_cancel(struct fetch *f, const void *arg)
{
	assert(arg != NULL);
	drop(f, &f->queue, arg);
	drop(f, &f->flying, arg);
}

void
fetch_free(struct fetch *f)
{
	if (f == NULL)
		return;
	drop(f, &f->flying, NULL);
	drop(f, &f->queue, NULL);
	while (f->spare_len > 0)
		curl_easy_cleanup(f->spare[--f->spare_len]);
	free(f->spare);
	if (f->multi != NULL)
		curl_multi_cleanup(f->multi);
	if (f->epoll != -1)
		close(f->epoll);
	free(f);
	curl_global_cleanup();
}

void
fetch_start(struct fetch *f, const struct fetch_request *req, fetch_done *done,
    void *arg)
{
	struct transfer *t = transfer_new(req, done, arg);

	t->fetch = f;
	list_add(&f->queue, t);
}

static CURL *
new_easy(void)
{
	CURL *e = curl_easy_init();

	if (e == NULL)
		abort(); /* out of memory, as lib/mem.h has it */
	return e;
}

static void
take_off(struct fetch *f)
{
	struct transfer *t;

	while (f->flying.len < f->parallel && (t = f->queue.first) != NULL) {
		list_remove(&f->queue, t);
		list_add(&f->flying, t);
		configure(
		    f->spare_len > 0 ? f->spare[--f->spare_len] : new_easy(),
		    t);
		curl_multi_add_handle(f->multi, t->easy);
	}
}

static int
land(struct fetch *f)
{
	struct transfer *t;
	CURLMsg *msg;
	CURLcode code;
	int left, n = 0;

	while ((msg = curl_multi_info_read(f->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		code = msg->data.result; /* gone once the handle is removed */
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		curl_multi_remove_handle(f->multi, t->easy);
		list_remove(&f->flying, t);
		finish(t, code);
		curl_easy_reset(t->easy);
		f->spare[f->spare_len++] = t->easy;
		transfer_free(t);
		n++;
	}
	return n;
}

static int
wait_ms(const struct fetch *f, int timeout_ms)
{
	int64_t left;

	if (f->timer_msc < 0)
		return timeout_ms;
	left = f->timer_msc - clock_mono_msc();
	return left <= 0 ? 0 : left < timeout_ms ? (int)left : timeout_ms;
}

int
fetch_run_once(struct fetch *f, int timeout_ms)
{
	struct epoll_event events[EVENTS];
	int n, running, what;

	take_off(f);
	n = epoll_wait(f->epoll, events, EVENTS, wait_ms(f, timeout_ms));
	for (int i = 0; i < n; i++) {
		what = 0;
		if (events[i].events & EPOLLIN)
			what |= CURL_CSELECT_IN;
		if (events[i].events & EPOLLOUT)
			what |= CURL_CSELECT_OUT;
		if (events[i].events & (EPOLLERR | EPOLLHUP))
			what |= CURL_CSELECT_ERR;
		curl_multi_socket_action(
		    f->multi, events[i].data.fd, what, &running);
	}
	if (f->timer_msc >= 0 && f->timer_msc <= clock_mono_msc()) {
		f->timer_msc = -1;
		curl_multi_socket_action(
		    f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	return land(f);
}

size_t
fetch_pending(const struct fetch *f)
{
	return f->queue.len + f->flying.len;
}

void
fetch_now(const struct fetch_request *req, fetch_done *done, void *arg)
{
	struct transfer *t = transfer_new(req, done, arg);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	configure(new_easy(), t);
	finish(t, curl_easy_perform(t->easy));
	curl_easy_cleanup(t->easy);
	transfer_free(t);
	curl_global_cleanup();
}
