/*
 * session.h: who is logged in: <id> in a cookie, its hash in the ledger.
 *
 * It ends after SESSION_TTL_S, by logging out, and when the user is changed
 * in the ledger (password, role, disabled). Redis has a copy of those that were
 * seen in the last SESSION_SEEN_S: while the ledger is away they go on reading,
 * unless they were ended, and nobody else is let in.
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

#define SESSION_SEEN_S (5 * 60)

enum session_answer {
	SESSION_GOOD,       /* *user is who it is */
	SESSION_NONE,       /* there is none, or it is over: WEB_ANYONE */
	SESSION_UNKNOWN,    /* the ledger is away, and it was not seen lately */
	SESSION_NOBODY_SAYS /* and Redis is away, too */
};

/* Fills *user by the request's cookie. ledger NULL: it is away. */
enum session_answer session_find(struct cache *cache, struct ledger *ledger,
    const struct request *req, struct web_user *user);

/* The same by the digest of its id (password.h). */
enum session_answer session_look(struct cache *cache, struct ledger *ledger,
    const char *digest, struct web_user *user);

/* A new one for that user of the ledger. */
enum ledger_result session_begin(struct ledger *ledger,
    const struct ledger_user *who, struct web_user *user);

/* Its copy ends, too; with an error of the ledger it is back when that is. */
enum ledger_result session_end(
    struct cache *cache, struct ledger *ledger, const struct web_user *user);

/* The copies of all sessions of a user who was changed. */
void session_forget_user(
    struct cache *cache, struct ledger *ledger, const char *name);

/*
 * The cookie that brings the session back, or with id "" takes it away. Not
 * Secure only where the site is plain http and the request came by it.
 */
void session_cookie(struct response *res, const struct request *req,
    const struct config *config, const char *id);

#endif
