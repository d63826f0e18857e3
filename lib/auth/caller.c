/* caller.c: may who opened a connection still read? */
#include <stdio.h>
#include <string.h>

#include "lib/auth/caller.h"
#include "lib/auth/session.h"
#include "lib/auth/token.h"
#include "lib/base/clock.h"

#define SESSION "session "
#define TOKEN "token "
#define SOME " some"

bool
caller_sees_some(const char *caller)
{
	size_t len = strlen(caller);

	return len > strlen(SOME) &&
	       strcmp(caller + len - strlen(SOME), SOME) == 0;
}

/* What is between the prefix and the end, where that is a digest; or NULL. */
static const char *
digest_after(const char *caller, const char *prefix, char text[CALLER_SIZE])
{
	size_t len = strlen(prefix);

	snprintf(text, CALLER_SIZE, "%s", caller);
	if (caller_sees_some(text))
		text[strlen(text) - strlen(SOME)] = '\0';

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
	snprintf(caller, CALLER_SIZE, "%s%s%s", token != NULL ? TOKEN : SESSION,
	    digest, *req->user.accounts != '\0' ? SOME : "");
	return caller;
}

bool
caller_is_good(const char *caller)
{
	char text[CALLER_SIZE];

	return strlen(caller) < CALLER_SIZE &&
	       (digest_after(caller, SESSION, text) != NULL ||
		   digest_after(caller, TOKEN, text) != NULL);
}

int
caller_holds(struct cache *cache, struct ledger *ledger, const char *caller,
    bool *holds, char accounts[WEB_ACCOUNTS_SIZE])
{
	char text[2][CALLER_SIZE];
	const char *session = digest_after(caller, SESSION, text[0]);
	const char *token = digest_after(caller, TOKEN, text[1]);
	struct web_user user = {0};
	int rc = 0;

	if (session != NULL)
		rc = session_look(cache, ledger, session, &user) ==
			     SESSION_NOBODY_SAYS
			 ? -1
			 : 0;
	else if (token != NULL)
		rc = token_look(ledger, token, clock_utc_ms(), &user);
	if (rc == -1)
		return -1;
	/* what was not so when he came: he is to come again */
	*holds = user.role >= WEB_VIEWER &&
		 (*user.accounts != '\0') == caller_sees_some(caller);
	memcpy(accounts, user.accounts, WEB_ACCOUNTS_SIZE);
	return 0;
}
