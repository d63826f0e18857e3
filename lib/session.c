/* session.c: who is logged in: session:<id> in Redis, <id> in a cookie. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/jsonin.h"
#include "lib/session.h"

#define KEY_SIZE 80

/* Only what we made ourselves: it becomes part of a key. */
static bool
id_is_good(const char *id)
{
	return id != NULL && strlen(id) == WEB_TOKEN_SIZE - 1 &&
	       strspn(id, "0123456789abcdef") == WEB_TOKEN_SIZE - 1;
}

static void
read_session(const char *text, size_t len, struct web_user *user)
{
	cJSON *doc = jsonin_parse(text, len);
	const char *name, *role, *csrf;

	if (jsonin_string(doc, "user", &name) &&
	    jsonin_string(doc, "role", &role) &&
	    jsonin_string(doc, "csrf", &csrf)) {
		snprintf(user->name, sizeof(user->name), "%s", name);
		snprintf(user->csrf, sizeof(user->csrf), "%s", csrf);
		user->role =
		    strcmp(role, "admin") == 0 ? WEB_ADMIN : WEB_VIEWER;
	}
	cJSON_Delete(doc);
}

int
session_find(
    struct cache *cache, const struct request *req, struct web_user *user)
{
	const char *id = web_params_get(&req->cookies, SESSION_COOKIE);
	char key[KEY_SIZE], *text;
	size_t len;

	memset(user, 0, sizeof(*user));
	if (!id_is_good(id))
		return 0;
	snprintf(key, sizeof(key), "session:%s", id);
	if (cache_get(cache, key, &text, &len) == -1)
		return -1;
	if (text != NULL) {
		read_session(text, len, user);
		if (user->role != WEB_ANYONE)
			snprintf(
			    user->session, sizeof(user->session), "%s", id);
	}
	free(text);
	return 0;
}
