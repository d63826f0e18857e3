/* caller.c: may who opened a connection still read? */
#include <stdio.h>
#include <string.h>

#include "lib/auth/caller.h"
#include "lib/auth/session.h"
#include "lib/auth/token.h"
#include "lib/base/clock.h"

#define SESSION "session "
#define TOKEN "token "

/* The rest of text after prefix, where that is a digest; or NULL. */
static const char *
digest_after(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(text, prefix, len) != 0)
		return NULL;
	text += len;
	return strlen(text) == PASSWORD_TOKEN_SIZE - 1 &&
		       strspn(text, "0123456789abcdef") ==
			   PASSWORD_TOKEN_SIZE - 1
		   ? text
		   : NULL;
}

const char *
caller_of(const struct request *req, char caller[CALLER_SIZE])
{
	char digest[PASSWORD_TOKEN_SIZE];
	const char *token = token_given(req);

	*caller = '\0';
	if (*req->user.name == '\0')
		return caller;
	password_digest(token != NULL ? token : req->user.session, digest);
	snprintf(caller, CALLER_SIZE, "%s%s", token != NULL ? TOKEN : SESSION,
	    digest);
	return caller;
}

bool
caller_is_good(const char *caller)
{
	return digest_after(caller, SESSION) != NULL ||
	       digest_after(caller, TOKEN) != NULL;
}

int
caller_holds(
    struct cache *cache, struct ledger *ledger, const char *caller, bool *holds)
{
	const char *session = digest_after(caller, SESSION);
	const char *token = digest_after(caller, TOKEN);
	struct web_user user = {0};
	int rc = 0;

	if (session != NULL)
		rc = session_look(cache, ledger, session, &user) ==
			     SESSION_NOBODY_SAYS
			 ? -1
			 : 0;
	else if (token != NULL)
		rc = token_look(ledger, token, clock_utc_ms(), &user);
	if (rc == 0)
		*holds = user.role >= WEB_VIEWER;
	return rc;
}
