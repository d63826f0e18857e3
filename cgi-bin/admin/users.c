/*
 * GET /api/users: {"users":[{"name","role","disabled","accounts",
 * "changed_utc","has_password"}]}.
 * POST /api/users: {"user", "role", "disabled", "accounts"}: adds one, or
 * changes what is given. accounts: null for all, or a list (scope.h). {"user",
 * "action": "link"}: a link by which that user sets a password of his own, once
 * and within a day. A new user gets one with the answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/body.h"
#include "cgi-bin/admin/password_link.h"
#include "lib/base/clock.h"
#include "lib/auth/password.h"
#include "lib/auth/session.h"
#include "lib/fleet/scope.h"

/* What no password fits: argon2id never gives it. */
#define NO_PASSWORD "!"

static int
put_user(const struct ledger_user *u, void *arg)
{
	char text[CLOCK_ISO_SIZE];
	struct json *j = arg;

	json_object(j, NULL);
	json_string(j, "name", u->name);
	json_string(j, "role", u->role);
	json_bool(j, "disabled", u->disabled);
	scope_json(j, "accounts", u->accounts);
	json_string(j, "changed_utc", clock_iso(u->changed_utc_ms, text));
	json_bool(j, "has_password", strcmp(u->hash, NO_PASSWORD) != 0);
	json_end(j);
	return 0;
}

void
users_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	enum ledger_result r;

	(void)req;
	json_object(j, NULL);
	json_array(j, "users");
	r = ledger_users(app_ledger(app), put_user, j);
	json_end(j);
	json_end(j);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

/* A user as stored, and as it will be. */
struct change {
	bool found;
	char name[WEB_USER_SIZE], role[16], hash[PASSWORD_HASH_SIZE];
	bool disabled;
	char accounts[SCOPE_SIZE];
};

static int
take(const struct ledger_user *u, void *arg)
{
	struct change *c = arg;

	c->found = true;
	c->disabled = u->disabled;
	snprintf(c->role, sizeof(c->role), "%s", u->role);
	snprintf(c->hash, sizeof(c->hash), "%s", u->hash);
	snprintf(c->accounts, sizeof(c->accounts), "%s", u->accounts);
	return 0;
}

/* The site would be left without anybody who may change it. */
struct admins {
	const char *but;
	int others;
};

static int
count_admin(const struct ledger_user *u, void *arg)
{
	struct admins *a = arg;

	a->others += strcmp(u->role, "admin") == 0 && !u->disabled &&
		     strcmp(u->hash, NO_PASSWORD) != 0 &&
		     strcmp(u->name, a->but) != 0;
	return 0;
}

static bool
is_last_admin(struct app *app, const struct change *c)
{
	struct admins a = {.but = c->name};

	return (c->disabled || strcmp(c->role, "admin") != 0) &&
	       ledger_users(app_ledger(app), count_admin, &a) == LEDGER_OK &&
	       a.others == 0;
}

/* What the body says of it; the mistake in b->why. */
static void
read_change(struct body *b, struct change *c)
{
	const char *role = body_text(b, "role", NULL);
	const cJSON *disabled = body_member(b, "disabled");
	const cJSON *accounts = body_member(b, "accounts");
	char why[SCOPE_WHY_SIZE];
	enum web_role known;

	if (role != NULL && !web_role_from(role, &known))
		body_wrong(
		    b, "role: viewer, trader, manager or admin, not", role);
	else if (role != NULL)
		snprintf(c->role, sizeof(c->role), "%s", role);
	if (disabled != NULL && !cJSON_IsBool(disabled))
		body_wrong(b, "not true or false", "disabled");
	else if (disabled != NULL)
		c->disabled = cJSON_IsTrue(disabled);
	if (accounts != NULL && !scope_read(c->accounts, accounts, why))
		body_wrong(b, why, "accounts");
	/* he could take that back */
	if (strcmp(c->role, "admin") == 0 && *c->accounts != '\0')
		body_wrong(b, "an admin sees all, give null", "accounts");
}

static bool
store(struct app *app, const struct request *req, struct response *res,
    const struct change *c)
{
	const struct ledger_user user = {.name = c->name,
	    .role = c->role,
	    .hash = c->hash,
	    .accounts = c->accounts,
	    .disabled = c->disabled};
	const struct ledger_actor actor = {
	    .who = req->user.name, .at_utc_ms = clock_utc_ms()};
	enum ledger_result r = ledger_user_put(app_ledger(app), &user, &actor);

	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else
		session_forget_user(app->cache, app->ledger, c->name);
	return r == LEDGER_OK;
}

static bool
put_link(struct app *app, const struct request *req, struct response *res,
    const char *name)
{
	char token[PASSWORD_TOKEN_SIZE];
	char text[CLOCK_ISO_SIZE];

	if (app_audit(app, req, res, "user", "password link", name) == -1)
		return false;
	if (password_link_make(app->cache, name, token) == -1) {
		app_cache_failed(app, res);
		return false;
	}
	json_string(&res->json, "token", token);
	json_string(&res->json, "expires_utc",
	    clock_iso(clock_utc_ms() + PASSWORD_LINK_S * 1000LL, text));
	explicit_bzero(token, sizeof(token));
	return true;
}

static void
answer(struct app *app, const struct request *req, struct response *res,
    const struct change *c, bool link)
{
	json_object(&res->json, NULL);
	json_bool(&res->json, "ok", true);
	json_string(&res->json, "user", c->name);
	if (link && !put_link(app, req, res, c->name))
		return;
	json_end(&res->json);
	response_header(res, "Cache-Control", "no-store");
}

static void
change(struct app *app, const struct request *req, struct response *res,
    struct body *b)
{
	const char *name = body_text(b, "user", NULL);
	const char *action = body_text(b, "action", NULL);
	struct change c = {.role = "viewer", .hash = NO_PASSWORD};
	bool link = action != NULL;
	enum ledger_result r;

	if (name == NULL || !app_is_name(name))
		body_wrong(b, "user: letters, digits, . _ - @, 64 at most, not",
		    name != NULL ? name : "");
	else
		snprintf(c.name, sizeof(c.name), "%s", name);
	if (action != NULL && strcmp(action, "link") != 0)
		body_wrong(b, "action: only link is known, not", action);
	r = *b->why != '\0'
		? LEDGER_OK
		: ledger_user_get(app_ledger(app), c.name, take, &c);
	read_change(b, &c);
	if (*b->why != '\0')
		response_error(res, 400, "bad_request", "%s", b->why);
	else if (r != LEDGER_OK && (r != LEDGER_NOT_FOUND || link))
		app_ledger_failed(app, r, res);
	else if (c.found && is_last_admin(app, &c))
		response_error(res, 409, "last_admin",
		    "nobody else could log in and change anything: make "
		    "another admin first");
	else if (link || store(app, req, res, &c))
		answer(app, req, res, &c, link || !c.found);
}

void
users_post(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {
	    "user", "role", "disabled", "accounts", "action", NULL};
	struct body b;

	if (!body_open(&b, req, res, known))
		return;
	change(app, req, res, &b);
	body_done(&b);
}
