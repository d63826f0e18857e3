/* account.h: which terminal has the account that a request names. */
#ifndef AGENT_ACCOUNT_H
#define AGENT_ACCOUNT_H

#include "agent/app.h"
#include "lib/web/request.h"
#include "lib/web/response.h"

/* ?server=&login=, or the only account there is. NULL: 400, 404 or 409 with
 * the candidates is already answered. */
struct terminal *account_named(
    struct app *app, const struct request *req, struct response *res);

/* "server" and "login" of the account in t, null where there is none. */
void account_put_key(struct json *j, const struct terminal *t);

#endif
