/* fetch.c: many HTTP requests at a time: their queue, curl's multi, epoll. */
#include <assert.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/http/fetch_transfer.h"

#define EVENTS 64

struct list {
	struct transfer *first, *last;
	size_t len;
};

struct fetch {
	CURLM *multi;
	int epoll;
	int64_t timer_mono_ms; /* when curl wants to be called; -1: never */
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
	f->timer_mono_ms = timeout_ms < 0 ? -1 : clock_mono_ms() + timeout_ms;
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
	f->timer_mono_ms = -1;
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
	struct transfer *t = transfer_new(req, done, arg, &f->held);

	list_add(&f->queue, t);
}

static CURL *
new_easy(void)
{
	CURL *e = curl_easy_init();

	if (e == NULL)
		abort(); /* out of memory, as lib/base/mem.h has it */
	return e;
}

static void
take_off(struct fetch *f)
{
	struct transfer *t;

	while (f->flying.len < f->parallel && (t = f->queue.first) != NULL) {
		list_remove(&f->queue, t);
		list_add(&f->flying, t);
		transfer_start(t,
		    f->spare_len > 0 ? f->spare[--f->spare_len] : new_easy(),
		    f->keep);
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
		transfer_end(t, code);
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

	if (f->timer_mono_ms < 0)
		return timeout_ms;
	left = f->timer_mono_ms - clock_mono_ms();
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
	if (f->timer_mono_ms >= 0 && f->timer_mono_ms <= clock_mono_ms()) {
		f->timer_mono_ms = -1;
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
	struct transfer *t = transfer_new(req, done, arg, NULL);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	transfer_start(t, new_easy(), true);
	transfer_end(t, curl_easy_perform(t->easy));
	curl_easy_cleanup(t->easy);
	transfer_free(t);
	curl_global_cleanup();
}
