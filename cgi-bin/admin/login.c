/*
 * POST /auth/login: {"user","password"} or a form: starts a session (cookie)
 * and answers {"user","role","csrf"} or 303. GET /admin/login: the form.
 *
 * argon2id is slow on purpose; after TRIES from one address, or USER_TRIES for
 * one name, within TRIES_TTL_S the answer is 429 whatever the password.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"
#include "lib/auth/password.h"
#include "lib/auth/session.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/site.h"
#include "lib/json/jsonin.h"
#include "lib/redis/keys.h"

#define TRIES 10
#define USER_TRIES 50
#define TRIES_TTL_S 600

/* The credentials given, and the ledger's user of that name. */
struct attempt {
	char user[WEB_USER_SIZE];
	char password[PASSWORD_MAX + 1];
	bool found, disabled;
	char hash[PASSWORD_HASH_SIZE];
	char role[16];
	int64_t changed_utc_ms;
};

static void
put_form(struct buf *b, const struct request *req)
{
	page_form(b, req, "/auth/login");
	page_input(b, "User", "user", NULL);
	page_input(b, "Password", "password", NULL);
	page_form_end(b, "Log in");
}

void
login_page(struct app *app, const struct request *req, struct response *res)
{
	struct buf *b = page_begin(res, req, "Log in");

	(void)app;
	put_form(b, req);
	page_end(b);
}

/* An error in the caller's format: JSON, or the form again. */
static void
refuse(const struct request *req, struct response *res, int status,
    const char *code, const char *message)
{
	struct buf *b;

	if (request_is_json(req)) {
		response_error(res, status, code, "%s", message);
		return;
	}
	res->status = status;
	b = page_begin(res, req, "Log in");
	buf_puts(b, "<p class=\"wrong\" role=\"alert\">");
	html_text(b, message);
	buf_puts(b, "</p>");
	put_form(b, req);
	page_end(b);
}

static bool
copy(char *to, size_t size, const char *from)
{
	if (from == NULL || *from == '\0' || strlen(from) >= size)
		return false;
	snprintf(to, size, "%s", from);
	return true;
}

static bool
read_attempt(struct attempt *a, const struct request *req)
{
	const char *user = web_params_get(&req->form, "user");
	const char *password = web_params_get(&req->form, "password");
	cJSON *doc = NULL;
	bool good;

	if (request_is_json(req)) {
		doc = jsonin_parse(req->body, req->body_len);
		jsonin_string(doc, "user", &user);
		jsonin_string(doc, "password", &password);
	}
	good = copy(a->user, sizeof(a->user), user) &&
	       copy(a->password, sizeof(a->password), password);
	cJSON_Delete(doc);
	return good;
}

static int
take_user(const struct ledger_user *u, void *arg)
{
	struct attempt *a = arg;

	a->found = true;
	a->disabled = u->disabled;
	a->changed_utc_ms = u->changed_utc_ms;
	snprintf(a->hash, sizeof(a->hash), "%s", u->hash);
	snprintf(a->role, sizeof(a->role), "%s", u->role);
	return 0;
}

static int
count_try(struct app *app, const char *kind, const char *name, int64_t *n)
{
	char *key = mem_printf(KEY_LOGIN "%s:%s", kind, name);
	int rc = cache_count(app->cache, key, TRIES_TTL_S, n);

	free(key);
	return rc;
}

static void
forget_tries(struct app *app, const char *kind, const char *name)
{
	char *key = mem_printf(KEY_LOGIN "%s:%s", kind, name);

	cache_del(app->cache, key);
	free(key);
}

/* Counted before the password is checked: no attempt is free. */
static bool
may_try(struct app *app, const struct request *req, const struct attempt *a,
    struct response *res)
{
	int64_t here, name;

	if (count_try(app, "from", req->remote, &here) == -1 ||
	    count_try(app, "user", a->user, &name) == -1) {
		app_cache_failed(app, res);
		return false;
	}
	if (here <= TRIES && name <= USER_TRIES)
		return true;
	response_header(res, "Retry-After", "600");
	refuse(req, res, 429, "too_many",
	    "too many attempts; try again in ten minutes");
	return false;
}

/* Checks the password; false when the refusal has been answered. */
static bool
verify(struct app *app, const struct request *req, struct attempt *a,
    struct response *res)
{
	enum ledger_result r =
	    ledger_user_get(app_ledger(app), a->user, take_user, a);

	if (r != LEDGER_OK && r != LEDGER_NOT_FOUND) {
		app_ledger_failed(app, r, res);
		return false;
	}
	if (password_fits(a->password, a->found ? a->hash : NULL) &&
	    !a->disabled)
		return true;
	log_info("login refused from=%s user=%s", req->remote, a->user);
	refuse(req, res, 401, "unauthorized", "wrong user or password");
	return false;
}

static void
put_session(struct response *res, const struct web_user *user)
{
	struct json *j = &res->json;

	json_object(j, NULL);
	json_string(j, "user", user->name);
	json_string(j, "role", session_role_word(user->role));
	json_string(j, "csrf", user->csrf);
	json_end(j);
}

static void
begin(struct app *app, const struct request *req, const struct attempt *a,
    struct response *res)
{
	const struct ledger_user who = {.name = a->user,
	    .role = a->role,
	    .changed_utc_ms = a->changed_utc_ms};
	struct ledger_audit audit = {.at_utc_ms = clock_utc_ms(),
	    .who = a->user,
	    .action = "login",
	    .field = "from",
	    .to = req->remote};
	struct web_user user;
	enum ledger_result r;

	if (!req->https && site_is_secure(&app->config) &&
	    !request_is_json(req)) {
		/* the browser would not send the cookie back: a loop */
		refuse(req, res, 403, "https_needed",
		    "this page came by plain http, and the log-in is kept over "
		    "https only: open the site by its https address");
		return;
	}
	if ((r = ledger_audit_add(app_ledger(app), &audit)) != LEDGER_OK) {
		app_ledger_failed(app, r, res);
		return;
	}
	if (session_begin(app->cache, &who, &user) == -1) {
		app_cache_failed(app, res);
		return;
	}
	forget_tries(app, "from", req->remote);
	forget_tries(app, "user", a->user);
	session_cookie(res, req, &app->config, user.session);
	if (request_is_json(req))
		put_session(res, &user);
	else
		response_redirect(res, "/admin/phases");
}

void
login_post(struct app *app, const struct request *req, struct response *res)
{
	struct attempt a = {0};

	if (!read_attempt(&a, req))
		refuse(req, res, 400, "bad_request",
		    "user and password are required");
	else if (may_try(app, req, &a, res) && verify(app, req, &a, res))
		begin(app, req, &a, res);
	explicit_bzero(&a, sizeof(a));
}

/* GET /auth/session: the user and the CSRF token. */
void
session_get(struct app *app, const struct request *req, struct response *res)
{
	(void)app;
	put_session(res, &req->user);
}
