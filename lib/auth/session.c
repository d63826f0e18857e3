/* session.c: who is logged in: session:<hash of id> in Redis, <id> in a
 * cookie. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/site.h"
#include "lib/json/json.h"
#include "lib/auth/password.h"
#include "lib/auth/session.h"
#include "lib/json/jsonin.h"
#include "lib/redis/keys.h"

#define TEXT_MAX 1024

static bool
read_role(const char *word, enum web_role *role)
{
	if (strcmp(word, "admin") == 0)
		*role = WEB_ADMIN;
	else if (strcmp(word, "viewer") == 0)
		*role = WEB_VIEWER;
	else
		return false;
	return true;
}

const char *
session_role_word(enum web_role role)
{
	return role == WEB_ADMIN ? "admin" : "viewer";
}

/* Only what we made ourselves. */
static bool
id_is_good(const char *id)
{
	return id != NULL && strlen(id) == WEB_TOKEN_SIZE - 1 &&
	       strspn(id, "0123456789abcdef") == WEB_TOKEN_SIZE - 1;
}

/* Redis holds a hash in place of the id: who reads it cannot log in by it. */
static void
session_key(const char *id, char key[KEY_SIZE])
{
	char digest[PASSWORD_TOKEN_SIZE];

	password_digest(id, digest);
	key_of(KEY_SESSION, digest, key);
}

/* What the session says; *changed_utc_ms is of the user when it began. */
static void
read_session(const char *text, size_t len, struct web_user *user,
    int64_t *changed_utc_ms)
{
	cJSON *doc = jsonin_parse(text, len);
	const char *name, *role, *csrf;

	if (jsonin_string(doc, "user", &name) &&
	    jsonin_string(doc, "role", &role) &&
	    jsonin_string(doc, "csrf", &csrf) &&
	    jsonin_int64(doc, "changed_msc", changed_utc_ms) &&
	    read_role(role, &user->role)) {
		snprintf(user->name, sizeof(user->name), "%s", name);
		snprintf(user->csrf, sizeof(user->csrf), "%s", csrf);
	}
	cJSON_Delete(doc);
}

static int
take_changed(const struct ledger_user *u, void *arg)
{
	int64_t *changed_utc_ms = arg;

	*changed_utc_ms = u->disabled ? -1 : u->changed_utc_ms;
	return 0;
}

/* Is the user still who he was when he logged in? */
static bool
still_good(struct ledger *ledger, const char *name, int64_t changed_utc_ms)
{
	int64_t now_changed = -1;
	enum ledger_result r;

	if (ledger == NULL)
		return true;
	r = ledger_user_get(ledger, name, take_changed, &now_changed);
	return (r != LEDGER_OK && r != LEDGER_NOT_FOUND) ||
	       now_changed == changed_utc_ms;
}

int
session_look(struct cache *cache, struct ledger *ledger, const char *digest,
    struct web_user *user)
{
	char key[KEY_SIZE], *text;
	int64_t changed_utc_ms = 0;
	size_t len;

	memset(user, 0, sizeof(*user));
	key_of(KEY_SESSION, digest, key);
	if (cache_get(cache, key, &text, &len) == -1)
		return -1;
	if (text != NULL)
		read_session(text, len, user, &changed_utc_ms);
	free(text);
	if (user->role == WEB_ANYONE ||
	    still_good(ledger, user->name, changed_utc_ms))
		return 0;
	/* for good, also while the ledger cannot be read */
	cache_del(cache, key);
	memset(user, 0, sizeof(*user));
	return 0;
}

static const char *
cookie_name(const struct request *req, bool secure)
{
	if (!secure)
		return SESSION_COOKIE;
	return *req->base == '\0' ? SESSION_COOKIE_HOST : SESSION_COOKIE_PATH;
}

int
session_find(struct cache *cache, struct ledger *ledger,
    const struct request *req, struct web_user *user)
{
	const char *id =
	    web_params_get(&req->cookies, cookie_name(req, req->https));
	char digest[PASSWORD_TOKEN_SIZE];

	memset(user, 0, sizeof(*user));
	if (!id_is_good(id))
		return 0;
	password_digest(id, digest);
	if (session_look(cache, ledger, digest, user) == -1)
		return -1;
	if (user->role != WEB_ANYONE)
		snprintf(user->session, sizeof(user->session), "%s", id);
	return 0;
}

int
session_begin(
    struct cache *cache, const struct ledger_user *who, struct web_user *user)
{
	char key[KEY_SIZE];
	const char *text;
	struct json j;
	size_t len;
	int rc = -1;

	memset(user, 0, sizeof(*user));
	read_role(who->role, &user->role);
	snprintf(user->name, sizeof(user->name), "%s", who->name);
	password_token(user->session);
	password_token(user->csrf);
	json_init(&j, TEXT_MAX);
	json_object(&j, NULL);
	json_string(&j, "user", user->name);
	json_string(&j, "role", session_role_word(user->role));
	json_string(&j, "csrf", user->csrf);
	json_int(&j, "changed_msc", who->changed_utc_ms);
	json_end(&j);
	session_key(user->session, key);
	if ((text = json_text(&j, &len)) != NULL)
		rc = cache_set_ttl(cache, key, text, len, SESSION_TTL_S);
	json_done(&j);
	return rc;
}

int
session_end(struct cache *cache, const struct web_user *user)
{
	char key[KEY_SIZE];

	session_key(user->session, key);
	return cache_del(cache, key);
}

void
session_cookie(struct response *res, const struct request *req,
    const struct config *config, const char *id)
{
	bool secure = req->https || site_is_secure(config);
	char *text = mem_printf(
	    "%s=%s; Path=%s; HttpOnly; SameSite=Strict; Max-Age=%d%s",
	    cookie_name(req, secure), id, *req->base != '\0' ? req->base : "/",
	    *id != '\0' ? SESSION_TTL_S : 0, secure ? "; Secure" : "");

	response_header(res, "Set-Cookie", text);
	free(text);
}
