/*
 * link.h: one connection to Redis in lws' loop, made anew whenever it is lost.
 *
 * hiredis 0.14 has no time limits here and restores nothing by itself:
 * log-in and database are sent each time, and who waits too long for an
 * answer calls link_drop().
 */
#ifndef LIVE_LINK_H
#define LIVE_LINK_H

#include <hiredis/async.h>
#include <libwebsockets.h>
#include <stdbool.h>

#include "lib/redis/cache_url.h"

struct link;
typedef void link_fn(void *arg, bool up);

/* Address is borrowed. fn is told when it is up, and when no longer. */
struct link *link_new(struct lws_context *context, struct lws_vhost *vhost,
    const struct cache_address *address, link_fn *fn, void *arg);
void link_free(struct link *l);

/*
 * fn gets the redisReply, or NULL where the connection was lost. -1, and fn
 * is never called, where it is not up.
 */
int link_send(
    struct link *l, redisCallbackFn *fn, void *arg, int n, const char *words[]);

/* Ends the connection; it is made anew. */
void link_drop(struct link *l);

#endif
