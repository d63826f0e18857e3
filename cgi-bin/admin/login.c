/*
 * POST /auth/login: {"user","password"} or a form: starts a session (cookie)
 * and answers {"user","role","csrf"} or 303. GET /admin/login: the form.
 *
 * argon2id is slow on purpose, and one is made at a time. Within TRIES_TTL_S
 * the answer is 429, whatever the password, after TRIES for one name from one
 * network, and after ADDRESS_TRIES from one, for an office shares one. After
 * USER_TRIES for one name from everywhere each network has FEW_TRIES for it,
 * but for those from which he has logged in: many that guess are slowed down,
 * and nobody is shut out by them. A try refused for its network counts for none
 * of the others. What failed is in the audit.
 */
#include <arpa/inet.h>
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
#include "lib/fleet/scope.h"
#include "lib/json/jsonin.h"
#include "lib/redis/keys.h"

#define TRIES 10
#define FEW_TRIES 3
#define ADDRESS_TRIES 100
#define USER_TRIES 50
#define TRIES_TTL_S 600
#define KNOWN_TTL_S (30 * 24 * 3600)

/* The credentials given, and the ledger's user of that name. */
struct attempt {
	char user[WEB_USER_SIZE];
	char password[PASSWORD_MAX + 1];
	bool found, disabled;
	char hash[PASSWORD_HASH_SIZE];
	char role[16], accounts[WEB_ACCOUNTS_SIZE];
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
	snprintf(a->accounts, sizeof(a->accounts), "%s", u->accounts);
	return 0;
}

/* A key of log-ins: of an address, a name, or of the two together. */
static char *
tries_key(const char *kind, const char *user, const char *address)
{
	return mem_printf(KEY_LOGIN "%s:%s%s%s", kind, user,
	    *user != '\0' && *address != '\0' ? "@" : "", address);
}

/* The address, of IPv6 the /64 of it: one machine has all of that. */
static const char *
network_of(const char *address, char text[INET6_ADDRSTRLEN + 4])
{
	char name[INET6_ADDRSTRLEN];
	struct in6_addr ip;

	if (inet_pton(AF_INET6, address, &ip) != 1 || IN6_IS_ADDR_V4MAPPED(&ip))
		return address;
	memset(&ip.s6_addr[8], 0, 8);
	inet_ntop(AF_INET6, &ip, name, sizeof(name));
	snprintf(text, INET6_ADDRSTRLEN + 4, "%s/64", name);
	return text;
}

/* Counts one more; *n: how many there are. */
static int
count_try(struct app *app, char *key, int64_t *n)
{
	int rc = cache_count(app->cache, key, TRIES_TTL_S, n);

	free(key);
	return rc;
}

static void
forget_tries(struct app *app, char *key)
{
	cache_del(app->cache, key);
	free(key);
}

/* Has that user logged in from there? */
static int
is_known(struct app *app, const char *user, const char *address, bool *known)
{
	char *key = tries_key("known", user, address);
	int rc = cache_exists(app->cache, key, known);

	free(key);
	return rc;
}

/* Counted before the password is checked: no attempt is free. */
static bool
may_try(struct app *app, const struct request *req, const struct attempt *a,
    struct response *res)
{
	char text[INET6_ADDRSTRLEN + 4];
	const char *from = network_of(req->remote, text);
	int64_t pair = 0, all = 0, name = 0;
	bool known = false, refused;
	int rc;

	rc = count_try(app, tries_key("pair", a->user, from), &pair);
	refused = pair > TRIES;
	if (rc == 0 && !refused) {
		rc = count_try(app, tries_key("from", "", from), &all);
		refused = all > ADDRESS_TRIES;
	}
	if (rc == 0 && !refused)
		rc = is_known(app, a->user, from, &known);
	if (rc == 0 && !refused && !known) {
		rc = count_try(app, tries_key("user", a->user, ""), &name);
		refused = name > USER_TRIES && pair > FEW_TRIES;
	}
	if (rc == -1) {
		app_cache_failed(app, res);
		return false;
	}
	if (!refused)
		return true;
	response_header(res, "Retry-After", "600");
	refuse(req, res, 429, "too_many",
	    "too many attempts; try again in ten minutes");
	return false;
}

/* A name that nobody has may be a password in the wrong field. */
static void
note_refused(
    struct app *app, const struct request *req, const struct attempt *a)
{
	const struct ledger_audit audit = {.at_utc_ms = clock_utc_ms(),
	    .who = a->found ? a->user : "(no such user)",
	    .action = "login",
	    .field = "refused",
	    .to = req->remote};

	if (ledger_audit_add(app_ledger(app), &audit) != LEDGER_OK)
		log_warnx("a refused log-in is not in the audit: %s",
		    ledger_error(app->ledger) != NULL
			? ledger_error(app->ledger)
			: "the ledger is away");
}

/* Checks the password; false when the refusal has been answered. */
static bool
verify(struct app *app, const struct request *req, struct attempt *a,
    struct response *res)
{
	enum ledger_result r =
	    ledger_user_get(app_ledger(app), a->user, take_user, a);
	char *turn;
	bool fits;

	if (r != LEDGER_OK && r != LEDGER_NOT_FOUND) {
		app_ledger_failed(app, r, res);
		return false;
	}
	turn = mem_printf("%s/password.lock", app->config.state_dir);
	fits = password_fits(a->password, a->found ? a->hash : NULL, turn);
	free(turn);
	if (fits && !a->disabled)
		return true;
	log_info("login refused from=%s user=%s", req->remote, a->user);
	note_refused(app, req, a);
	refuse(req, res, 401, "unauthorized", "wrong user or password");
	return false;
}

static void
put_session(struct response *res, const struct web_user *user)
{
	struct json *j = &res->json;

	json_object(j, NULL);
	json_string(j, "user", user->name);
	json_string(j, "role", web_role_word(user->role));
	json_string(j, "csrf", user->csrf);
	scope_json(j, "accounts", user->accounts);
	json_end(j);
}

/* The tries of who is in are forgotten; others at his address keep theirs. */
static void
remember(struct app *app, const char *user, const char *address)
{
	char text[INET6_ADDRSTRLEN + 4], *known;

	address = network_of(address, text);
	known = tries_key("known", user, address);
	cache_set_ttl(app->cache, known, "1", 1, KNOWN_TTL_S);
	free(known);
	forget_tries(app, tries_key("pair", user, address));
	forget_tries(app, tries_key("user", user, ""));
}

static void
begin(struct app *app, const struct request *req, const struct attempt *a,
    struct response *res)
{
	const struct ledger_user who = {.name = a->user,
	    .role = a->role,
	    .accounts = a->accounts,
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
	if ((r = session_begin(app_ledger(app), &who, &user)) != LEDGER_OK) {
		app_ledger_failed(app, r, res);
		return;
	}
	remember(app, a->user, req->remote);
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

/* GET /auth/session: the user and the CSRF token. optional=1: 204, not 401,
 * where nobody is logged in (lib/web/route.c). */
void
session_get(struct app *app, const struct request *req, struct response *res)
{
	(void)app;
	put_session(res, &req->user);
}
