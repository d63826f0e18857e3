/* app.c: what the handlers of admin.fcgi have in common: the ledger, the
 * audit, the answers where one of the two stores fails. */
#include <ctype.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "lib/auth/session.h"
#include "lib/auth/token.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/fleet/scope.h"

struct ledger *
app_ledger(struct app *app)
{
	if (app->ledger == NULL || ledger_state(app->ledger) != LEDGER_OK) {
		ledger_close(app->ledger);
		app->ledger =
		    ledger_open(config_ledger(&app->config), LEDGER_WRITE);
	}
	return app->ledger;
}

void
app_ledger_failed(struct app *app, enum ledger_result r, struct response *res)
{
	if (r == LEDGER_NOT_FOUND) {
		response_error(res, 404, "not_found", "not found");
		return;
	}
	if (r == LEDGER_CONFLICT) {
		response_error(res, 409, "conflict",
		    "changed by somebody else meanwhile: reload and try again");
		return;
	}
	if (r == LEDGER_REJECTED) {
		response_error(
		    res, 400, "bad_request", "%s", ledger_error(app->ledger));
		return;
	}
	log_warnx("ledger: %s", ledger_error(app->ledger) != NULL
				    ? ledger_error(app->ledger)
				    : ledger_result_word(r));
	if (r == LEDGER_UNKNOWN) {
		response_error(res, 503, "ledger_unavailable",
		    "the connection to the ledger was lost while it was being "
		    "written: look whether the change is there before you "
		    "make it again");
		return;
	}
	response_error(res, 503, "ledger_unavailable",
	    "the ledger cannot be written now (%s); nothing was changed",
	    ledger_result_word(r));
}

void
app_cache_failed(struct app *app, struct response *res)
{
	log_warnx("redis: %s", cache_error(app->cache));
	response_error(res, 503, "cache_unavailable", "Redis does not answer");
}

bool
app_sees_all(const struct request *req)
{
	return *req->user.accounts == '\0';
}

bool
app_may_see(struct app *app, const struct request *req, const char *server,
    int64_t login)
{
	return scope_has(req->user.accounts, &app->facts, server, login);
}

bool
app_is_name(const char *text)
{
	size_t len = strlen(text);

	for (const char *s = text; *s != '\0'; s++)
		if (!isalnum((unsigned char)*s) && strchr("._-@", *s) == NULL)
			return false;
	return len >= 1 && len <= 64;
}

int
app_audit(struct app *app, const struct request *req, struct response *res,
    const char *action, const char *field, const char *to)
{
	struct ledger_audit a = {.at_utc_ms = clock_utc_ms(),
	    .who = req->user.name,
	    .action = action,
	    .field = field,
	    .to = to};
	enum ledger_result r = ledger_audit_add(app_ledger(app), &a);

	if (r == LEDGER_OK)
		return 0;
	app_ledger_failed(app, r, res);
	return -1;
}

static int
find_user(struct app *app, struct request *req)
{
	if (token_given(req) != NULL)
		return token_find(
		    app_ledger(app), req, clock_utc_ms(), &req->user);
	switch (session_find(app->cache, app_ledger(app), req, &req->user)) {
	case SESSION_GOOD:
	case SESSION_NONE:
		return 0;
	case SESSION_UNKNOWN:
	case SESSION_NOBODY_SAYS:
		break;
	}
	log_warnx("a session cannot be looked up: %s",
	    ledger_error(app->ledger) != NULL ? ledger_error(app->ledger)
					      : "the ledger is away");
	return -1;
}

int
app_authenticate(struct app *app, struct request *req)
{
	int rc = find_user(app, req);

	/* what was given to him is as the ledger has it now */
	if (!app_sees_all(req)) {
		app->source.path = config_ledger(&app->config);
		facts_refresh(&app->facts, &app->source, 0);
	}
	return rc;
}
