/* watch.h: a descriptor that is not lws' own, in lws' loop. */
#ifndef LIVE_WATCH_H
#define LIVE_WATCH_H

#include <libwebsockets.h>

enum watch_event {
	WATCH_READ,
	WATCH_WRITE, /* once for each watch_want_write() */
	WATCH_GONE   /* lws gave it up: nothing more comes */
};

struct watch;
typedef void watch_fn(void *arg, enum watch_event event);

extern const struct lws_protocols watch_protocol;

/* fd stays the caller's (lws gets a copy of it). NULL: no descriptor left. */
struct watch *watch_new(
    struct lws_vhost *vhost, int fd, watch_fn *fn, void *arg);
void watch_want_write(struct watch *w);

/* May be called from fn. */
void watch_free(struct watch *w);

#endif
