/*
 * caller.h: who opened a connection that goes on, as text that says nothing
 * secret: "session <digest>" or "token <digest>", and " some" behind it where
 * he may see some accounts alone. By it another program asks, later and again,
 * whether he may still read.
 */
#ifndef LIB_AUTH_CALLER_H
#define LIB_AUTH_CALLER_H

#include "lib/auth/password.h"
#include "lib/ledger/ledger.h"
#include "lib/redis/cache.h"
#include "lib/web/web.h"

#define CALLER_SIZE (PASSWORD_TOKEN_SIZE + sizeof("session  some"))

/* Gives caller; "" where nobody has logged in. */
const char *caller_of(const struct request *req, char caller[CALLER_SIZE]);

/* Nobody else's words: made by caller_of. */
bool caller_is_good(const char *caller);

/* He may see some accounts alone. */
bool caller_sees_some(const char *caller);

/*
 * false: his session or token is over, or he is disabled, or may no longer
 * read. accounts: which he may see (lib/fleet/scope.h). -1, and both are as
 * they were: Redis or the ledger cannot say.
 */
int caller_holds(struct cache *cache, struct ledger *ledger, const char *caller,
    bool *holds, char accounts[WEB_ACCOUNTS_SIZE]);

#endif
