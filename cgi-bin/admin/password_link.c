/* password_link.c: who may set a password by which token. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/password_link.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"

static char *
key_of_token(const char *token)
{
	char digest[PASSWORD_TOKEN_SIZE];

	password_digest(token, digest);
	return mem_printf(KEY_LOGIN "link:%s", digest);
}

int
password_link_make(
    struct cache *cache, const char *user, char token[PASSWORD_TOKEN_SIZE])
{
	char *key;
	int rc;

	password_token(token);
	key = key_of_token(token);
	rc = cache_set_ttl(cache, key, user, strlen(user), PASSWORD_LINK_S);
	free(key);
	return rc;
}

int
password_link_find(struct cache *cache, const char *token, char **user)
{
	char *key = key_of_token(token);
	int rc = cache_get(cache, key, user, NULL);

	free(key);
	return rc;
}

int
password_link_end(struct cache *cache, const char *token)
{
	char *key = key_of_token(token);
	int rc = cache_del(cache, key);

	free(key);
	return rc;
}
