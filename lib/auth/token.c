/* token.c: tokens of programs. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/auth/password.h"
#include "lib/auth/token.h"

bool
token_scope_role(const char *scope, enum web_role *role)
{
	if (strcmp(scope, "metrics") == 0)
		*role = WEB_METRICS;
	else if (strcmp(scope, "read") == 0)
		*role = WEB_VIEWER;
	else if (strcmp(scope, "write") == 0)
		*role = WEB_ADMIN;
	else
		return false;
	return true;
}

const char *
token_given(const struct request *req)
{
	static const char scheme[] = "Bearer ";
	size_t len = sizeof(scheme) - 1;

	return strncasecmp(req->authorization, scheme, len) == 0
		   ? req->authorization + len
		   : NULL;
}

struct found {
	struct web_user *user;
	int64_t now_utc_ms;
};

static int
take(const struct ledger_token *t, void *arg)
{
	struct found *f = arg;

	if ((t->expires_utc_ms != 0 && t->expires_utc_ms <= f->now_utc_ms) ||
	    strlen(t->accounts) >= sizeof(f->user->accounts) ||
	    !token_scope_role(t->scope, &f->user->role))
		return 0;
	f->user->bearer = true;
	snprintf(
	    f->user->accounts, sizeof(f->user->accounts), "%s", t->accounts);
	snprintf(f->user->name, sizeof(f->user->name), "token:%s", t->name);
	return 0;
}

int
token_look(struct ledger *ledger, const char *digest, int64_t now_utc_ms,
    struct web_user *user)
{
	struct found f = {user, now_utc_ms};
	enum ledger_result r;

	memset(user, 0, sizeof(*user));
	if (ledger == NULL)
		return -1;
	r = ledger_token_find(ledger, digest, take, &f);
	return r == LEDGER_OK || r == LEDGER_NOT_FOUND ? 0 : -1;
}

int
token_find(struct ledger *ledger, const struct request *req, int64_t now_utc_ms,
    struct web_user *user)
{
	char digest[PASSWORD_TOKEN_SIZE];

	password_digest(token_given(req), digest);
	return token_look(ledger, digest, now_utc_ms, user);
}
