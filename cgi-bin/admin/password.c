/*
 * GET /admin/password?token=: the form of a link that an admin made (users.c).
 * POST /auth/password: {"token","password"} or that form: the user whose link
 * it is has that password, and his sessions end. The link is good once: it goes
 * before the password is stored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"
#include "cgi-bin/admin/password_link.h"
#include "lib/auth/session.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/json/jsonin.h"
#include "lib/redis/keys.h"

#define TRIES 20 /* from an address, in TRIES_TTL_S */
#define TRIES_TTL_S 600

static void
put_form(struct response *res, const struct request *req, const char *token,
    const char *wrong)
{
	struct buf *b = page_begin(res, req, "Set a password");

	response_header(res, "Cache-Control", "no-store");
	if (wrong != NULL) {
		buf_puts(b, "<p class=\"wrong\" role=\"alert\">");
		html_text(b, wrong);
		buf_puts(b, "</p>");
	}
	page_form(b, req, "/auth/password");
	page_hidden(b, "token", token);
	page_input(b, "Password", "password", NULL);
	page_form_end(b, "Save");
	page_end(b);
}

void
password_page(struct app *app, const struct request *req, struct response *res)
{
	const char *token = request_query(req, "token");

	(void)app;
	put_form(res, req, token != NULL ? token : "", NULL);
}

struct given {
	char token[PASSWORD_TOKEN_SIZE], password[PASSWORD_MAX + 1];
};

static bool
copy(char *to, size_t size, const char *from)
{
	if (from == NULL || *from == '\0' || strlen(from) >= size)
		return false;
	snprintf(to, size, "%s", from);
	return true;
}

static bool
read_given(struct given *g, const struct request *req)
{
	const char *token = web_params_get(&req->form, "token");
	const char *password = web_params_get(&req->form, "password");
	cJSON *doc = NULL;
	bool good;

	if (request_is_json(req)) {
		doc = jsonin_parse(req->body, req->body_len);
		jsonin_string(doc, "token", &token);
		jsonin_string(doc, "password", &password);
	}
	good = copy(g->token, sizeof(g->token), token) &&
	       copy(g->password, sizeof(g->password), password);
	cJSON_Delete(doc);
	return good;
}

static void
refuse(const struct request *req, struct response *res, const struct given *g,
    int status, const char *code, const char *why)
{
	if (request_is_json(req)) {
		response_error(res, status, code, "%s", why);
		return;
	}
	res->status = status;
	put_form(res, req, g->token, why);
}

static bool
may_try(struct app *app, const struct request *req, const struct given *g,
    struct response *res)
{
	char *key = mem_printf(KEY_LOGIN "password:%s", req->remote);
	int64_t n = 0;
	int rc = cache_count(app->cache, key, TRIES_TTL_S, &n);

	free(key);
	if (rc == -1) {
		app_cache_failed(app, res);
		return false;
	}
	if (n <= TRIES)
		return true;
	response_header(res, "Retry-After", "600");
	refuse(req, res, g, 429, "too_many",
	    "too many attempts; try again in ten minutes");
	return false;
}

struct known {
	bool found, disabled;
	char role[16];
};

static int
take(const struct ledger_user *u, void *arg)
{
	struct known *k = arg;

	k->found = true;
	k->disabled = u->disabled;
	snprintf(k->role, sizeof(k->role), "%s", u->role);
	return 0;
}

static bool
store(struct app *app, struct response *res, const char *name,
    const char *password)
{
	const struct ledger_actor actor = {
	    .who = name, .at_utc_ms = clock_utc_ms()};
	char hash[PASSWORD_HASH_SIZE];
	struct known k = {.found = false};
	struct ledger_user user = {.name = name, .role = k.role, .hash = hash};
	enum ledger_result r = ledger_user_get(app_ledger(app), name, take, &k);

	user.disabled = k.disabled;
	if (r == LEDGER_OK && password_hash(password, hash) == -1) {
		response_error(res, 503, "not_done",
		    "no memory to hash the password; try again");
		return false;
	}
	if (r == LEDGER_OK)
		r = ledger_user_put(app->ledger, &user, &actor);
	explicit_bzero(hash, sizeof(hash));
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else
		session_forget_user(app->cache, app->ledger, name);
	return r == LEDGER_OK;
}

static void
set_password(struct app *app, const struct request *req, struct response *res,
    const struct given *g)
{
	char *user = NULL;

	if (password_link_find(app->cache, g->token, &user) == -1) {
		app_cache_failed(app, res);
	} else if (user == NULL) {
		log_info("password link refused from=%s", req->remote);
		refuse(req, res, g, 403, "link_refused",
		    "this link was used, or is older than a day: ask for "
		    "another one");
	} else if (password_link_end(app->cache, g->token) == -1) {
		app_cache_failed(app, res);
	} else if (store(app, res, user, g->password)) {
		if (!request_is_json(req)) {
			response_redirect(res, "/admin/login");
		} else {
			json_object(&res->json, NULL);
			json_bool(&res->json, "ok", true);
			json_string(&res->json, "user", user);
			json_end(&res->json);
		}
	}
	free(user);
}

void
password_post(struct app *app, const struct request *req, struct response *res)
{
	struct given g = {.token = ""};

	if (!read_given(&g, req))
		refuse(req, res, &g, 400, "bad_request",
		    "a token and a password are required");
	else if (strlen(g.password) < PASSWORD_MIN)
		refuse(req, res, &g, 400, "bad_request",
		    "a password has 8 characters at least");
	else if (may_try(app, req, &g, res))
		set_password(app, req, res, &g);
	explicit_bzero(&g, sizeof(g));
}
