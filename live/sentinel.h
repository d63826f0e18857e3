/* sentinel.h: asks the sentinels who is the master, in lws' loop, where nothing
 * may wait (lib/redis/sentinel.h waits). */
#ifndef LIVE_SENTINEL_H
#define LIVE_SENTINEL_H

#include <hiredis/async.h>
#include <libwebsockets.h>

#include "lib/redis/sentinel.h"

struct sentinel;
/* NULL: none of them says. */
typedef void sentinel_fn(void *arg, const struct sentinel_master *master);

/* The address is borrowed. */
struct sentinel *sentinel_new(struct lws_context *context,
    struct lws_vhost *vhost, const struct cache_address *address,
    sentinel_fn *fn, void *arg);
void sentinel_free(struct sentinel *s);

/* fn is told later; nothing where a question is under way. */
void sentinel_question(struct sentinel *s);

#endif
