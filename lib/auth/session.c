/* session.c: who is logged in: <id> in a cookie, its hash in the ledger. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/site.h"
#include "lib/json/json.h"
#include "lib/auth/password.h"
#include "lib/auth/session.h"
#include "lib/json/jsonin.h"
#include "lib/redis/keys.h"

#define TEXT_MAX ((size_t)16 * 1024)

/* Only what we made ourselves. */
static bool
id_is_good(const char *id)
{
	return id != NULL && strlen(id) == WEB_TOKEN_SIZE - 1 &&
	       strspn(id, "0123456789abcdef") == WEB_TOKEN_SIZE - 1;
}

/* ---- the copy in Redis ---- */

/* What was copied when by this process: not with each request. */
#define COPIES 64
#define OVER "over"
#define COPY_AGAIN_MS 60000
static struct {
	char digest[PASSWORD_TOKEN_SIZE];
	int64_t at_mono_ms;
} copies[COPIES];
static size_t next_copy;
static pthread_mutex_t copies_lock = PTHREAD_MUTEX_INITIALIZER;

/* True once in a while for each; forget: it is not copied now. */
static bool
is_to_be_copied(const char *digest, bool forget)
{
	int64_t now = clock_mono_ms();
	bool is = !forget;
	size_t at = COPIES;

	pthread_mutex_lock(&copies_lock);
	for (size_t i = 0; i < COPIES; i++)
		if (strcmp(copies[i].digest, digest) == 0)
			at = i;
	if (at < COPIES && !forget)
		is = now - copies[at].at_mono_ms >= COPY_AGAIN_MS;
	if (at == COPIES && !forget) {
		at = next_copy;
		next_copy = (next_copy + 1) % COPIES;
		snprintf(
		    copies[at].digest, sizeof(copies[at].digest), "%s", digest);
	}
	if (at < COPIES && forget)
		copies[at].digest[0] = '\0';
	else if (is)
		copies[at].at_mono_ms = now;
	pthread_mutex_unlock(&copies_lock);
	return is;
}

static void
copy(struct cache *cache, const char *digest, const struct web_user *user)
{
	char key[KEY_SIZE];
	const char *text;
	struct json j;
	size_t len;

	if (!is_to_be_copied(digest, false))
		return;
	json_init(&j, TEXT_MAX);
	json_object(&j, NULL);
	json_string(&j, "user", user->name);
	json_string(&j, "role", web_role_word(user->role));
	json_string(&j, "csrf", user->csrf);
	json_string(&j, "accounts", user->accounts);
	json_end(&j);
	/* without one it is only not known while the ledger is away */
	if ((text = json_text(&j, &len)) != NULL)
		cache_set_ttl(cache, key_of(KEY_SESSION, digest, key), text,
		    len, SESSION_SEEN_S);
	json_done(&j);
}

/* Where it was seen it is known to be over. */
static void
end_copy(struct cache *cache, const char *digest)
{
	char key[KEY_SIZE];

	is_to_be_copied(digest, true);
	cache_replace(cache, key_of(KEY_SESSION, digest, key), OVER,
	    strlen(OVER), SESSION_TTL_S);
}

static bool
fill(struct web_user *user, const char *name, const char *role,
    const char *csrf, const char *accounts)
{
	/* what is cut off would be something else than he was given */
	if (strlen(accounts) >= sizeof(user->accounts) ||
	    !web_role_from(role, &user->role))
		return false;
	snprintf(user->accounts, sizeof(user->accounts), "%s", accounts);
	snprintf(user->name, sizeof(user->name), "%s", name);
	snprintf(user->csrf, sizeof(user->csrf), "%s", csrf);
	return true;
}

/* An admin stays one: what he writes needs the ledger, and fails without it. */
static enum session_answer
look_at_copy(struct cache *cache, const char *digest, struct web_user *user)
{
	const char *name, *role, *csrf, *accounts;
	char key[KEY_SIZE], *text;
	enum session_answer a = SESSION_UNKNOWN;
	cJSON *doc;
	size_t len;

	if (cache_get(cache, key_of(KEY_SESSION, digest, key), &text, &len) ==
	    -1)
		return SESSION_NOBODY_SAYS;
	if (text == NULL)
		return SESSION_UNKNOWN;
	if (strcmp(text, OVER) == 0)
		a = SESSION_NONE;
	doc = jsonin_parse(text, len);
	if (jsonin_string(doc, "user", &name) &&
	    jsonin_string(doc, "role", &role) &&
	    jsonin_string(doc, "csrf", &csrf) &&
	    jsonin_string(doc, "accounts", &accounts) &&
	    fill(user, name, role, csrf, accounts))
		a = SESSION_GOOD;
	cJSON_Delete(doc);
	free(text);
	return a;
}

/* ---- the ledger's ---- */

static void
take(void *arg, const char *name, const char *role, const char *csrf,
    const char *accounts)
{
	fill(arg, name, role, csrf, accounts);
}

enum session_answer
session_look(struct cache *cache, struct ledger *ledger, const char *digest,
    struct web_user *user)
{
	enum ledger_result r = LEDGER_UNREACHABLE;

	memset(user, 0, sizeof(*user));
	if (ledger != NULL)
		r = ledger_session_find(
		    ledger, digest, clock_utc_ms(), take, user);
	if (r == LEDGER_OK && user->role != WEB_ANYONE) {
		copy(cache, digest, user);
		return SESSION_GOOD;
	}
	memset(user, 0, sizeof(*user));
	/* NOT_FOUND is also a ledger that is not there */
	if (r == LEDGER_OK ||
	    (r == LEDGER_NOT_FOUND && ledger_state(ledger) == LEDGER_OK)) {
		end_copy(cache, digest);
		return SESSION_NONE;
	}
	return look_at_copy(cache, digest, user);
}

enum ledger_result
session_begin(
    struct ledger *ledger, const struct ledger_user *who, struct web_user *user)
{
	char digest[PASSWORD_TOKEN_SIZE];
	struct ledger_session s = {.digest = digest,
	    .user = who->name,
	    .user_changed_utc_ms = who->changed_utc_ms,
	    .began_utc_ms = clock_utc_ms()};

	memset(user, 0, sizeof(*user));
	fill(user, who->name, who->role, "",
	    who->accounts != NULL ? who->accounts : "");
	password_token(user->session);
	password_token(user->csrf);
	password_digest(user->session, digest);
	s.csrf = user->csrf;
	s.until_utc_ms = s.began_utc_ms + SESSION_TTL_S * INT64_C(1000);
	return ledger_session_add(ledger, &s);
}

enum ledger_result
session_end(
    struct cache *cache, struct ledger *ledger, const struct web_user *user)
{
	char digest[PASSWORD_TOKEN_SIZE];

	password_digest(user->session, digest);
	end_copy(cache, digest);
	return ledger_session_end(ledger, digest);
}

static int
forget_one(const char *digest, void *arg)
{
	end_copy(arg, digest);
	return 0;
}

void
session_forget_user(
    struct cache *cache, struct ledger *ledger, const char *name)
{
	(void)ledger_sessions_of(ledger, name, forget_one, cache);
}

static const char *
cookie_name(const struct request *req, bool secure)
{
	if (!secure)
		return SESSION_COOKIE;
	return *req->base == '\0' ? SESSION_COOKIE_HOST : SESSION_COOKIE_PATH;
}

enum session_answer
session_find(struct cache *cache, struct ledger *ledger,
    const struct request *req, struct web_user *user)
{
	const char *id =
	    web_params_get(&req->cookies, cookie_name(req, req->https));
	char digest[PASSWORD_TOKEN_SIZE];
	enum session_answer a;

	memset(user, 0, sizeof(*user));
	if (!id_is_good(id))
		return SESSION_NONE;
	password_digest(id, digest);
	a = session_look(cache, ledger, digest, user);
	if (a == SESSION_GOOD)
		snprintf(user->session, sizeof(user->session), "%s", id);
	return a;
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
