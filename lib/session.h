/* session.h: who is logged in: session:<id> in Redis, <id> in a cookie. */
#ifndef LIB_SESSION_H
#define LIB_SESSION_H

#include "lib/cache.h"
#include "lib/web.h"

#define SESSION_COOKIE "mt5fleet"
#define SESSION_TTL_S (12 * 60 * 60)

/*
 * Fills *user by the request's cookie. 0, with role WEB_ANYONE where there
 * is no such session; -1 when Redis cannot say (cache_error).
 */
int session_find(
    struct cache *cache, const struct request *req, struct web_user *user);

#endif
