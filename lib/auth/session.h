/*
 * session.h: who is logged in: session:<hash of id> in Redis, <id> in a cookie.
 *
 * It ends after SESSION_TTL_S, by logging out, and when the user is changed
 * in the ledger (password, role, disabled).
 */
#ifndef LIB_AUTH_SESSION_H
#define LIB_AUTH_SESSION_H

#include "lib/ledger/ledger.h"
#include "lib/redis/cache.h"
#include "lib/web/web.h"

/* Over https the browser itself sees to it that it is this host's alone; below
 * a path of the host, that it came by https. */
#define SESSION_COOKIE "mt5fleet"
#define SESSION_COOKIE_HOST "__Host-mt5fleet"
#define SESSION_COOKIE_PATH "__Secure-mt5fleet"
#define SESSION_TTL_S (12 * 60 * 60)

/*
 * Fills *user by the request's cookie. 0, with role WEB_ANYONE where there
 * is no such session or its user is not who he was; -1 when Redis cannot say
 * (cache_error). ledger NULL or not to be read: what the session says is taken;
 * one that was once seen to be over has ended for good.
 */
int session_find(struct cache *cache, struct ledger *ledger,
    const struct request *req, struct web_user *user);

/* The same by the digest of its id (password.h). */
int session_look(struct cache *cache, struct ledger *ledger, const char *digest,
    struct web_user *user);

/* A new one for that user of the ledger. -1: cache_error. */
int session_begin(
    struct cache *cache, const struct ledger_user *who, struct web_user *user);
int session_end(struct cache *cache, const struct web_user *user);

/* "viewer", "admin". */
const char *session_role_word(enum web_role role);

/*
 * The cookie that brings the session back, or with id "" takes it away. Not
 * Secure only where the site is plain http and the request came by it.
 */
void session_cookie(struct response *res, const struct request *req,
    const struct config *config, const char *id);

#endif
