/*
 * token.h: tokens of programs: "Authorization: Bearer …", made by `mt5fleet
 * token add`, kept in the ledger as a digest.
 */
#ifndef LIB_AUTH_TOKEN_H
#define LIB_AUTH_TOKEN_H

#include "lib/ledger/ledger.h"
#include "lib/web/web.h"

/* "metrics", "read", "write"; false: no such scope. */
bool token_scope_role(const char *scope, enum web_role *role);

/* The token that the request brings, good or not: then no cookie counts. NULL:
 * none. */
const char *token_given(const struct request *req);

/*
 * Fills *user by the token; role WEB_ANYONE: unknown or expired. -1 when the
 * ledger cannot be read: nobody is let in by a token then.
 */
int token_find(struct ledger *ledger, const struct request *req,
    int64_t now_utc_ms, struct web_user *user);

/* The same by the token's digest. */
int token_look(struct ledger *ledger, const char *digest, int64_t now_utc_ms,
    struct web_user *user);

#endif
