/* account.c: which terminal has the account that a request names. */
#include <string.h>

#include "agent/account.h"

void
account_put_key(struct json *j, const struct terminal *t)
{
	const struct snapshot *s = t->snapshot;

	if (s == NULL || s->server == NULL) {
		json_null(j, "server");
		json_null(j, "login");
		return;
	}
	json_string(j, "server", s->server);
	json_id(j, "login", s->login);
}

static bool
has_account(const struct terminal *t, const char *server, int64_t login)
{
	const struct snapshot *s = t->snapshot;

	return s != NULL && s->server != NULL &&
	       (server == NULL || strcmp(server, s->server) == 0) &&
	       (login == 0 || login == s->login);
}

static bool
is_same_account(const struct terminal *a, const struct terminal *b)
{
	return has_account(a, b->snapshot->server, b->snapshot->login);
}

static void
answer_ambiguous(
    struct app *app, const char *server, int64_t login, struct response *res)
{
	struct json *j = &res->json;

	res->status = 409;
	json_object(j, NULL);
	json_object(j, "error");
	json_string(j, "code", "ambiguous");
	json_string(j, "message",
	    "more than one account fits: name it by server= and login=");
	json_end(j);
	json_array(j, "candidates");
	for (size_t i = 0; i < app->terminals.len; i++) {
		if (!has_account(app->terminals.list[i], server, login))
			continue;
		json_object(j, NULL);
		account_put_key(j, app->terminals.list[i]);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

/* Of two terminals in one account the one that wrote last. */
static struct terminal *
younger(struct terminal *a, struct terminal *b)
{
	return a == NULL || b->written_mono_ms > a->written_mono_ms ? b : a;
}

struct terminal *
account_named(struct app *app, const struct request *req, struct response *res)
{
	const char *server = request_query(req, "server");
	struct terminal *found = NULL;
	int64_t login = 0;

	if (!request_int64(req, res, "login", 1, INT64_MAX, &login))
		return NULL;
	for (size_t i = 0; i < app->terminals.len; i++) {
		struct terminal *t = app->terminals.list[i];

		if (!has_account(t, server, login))
			continue;
		if (found != NULL && !is_same_account(found, t)) {
			answer_ambiguous(app, server, login, res);
			return NULL;
		}
		found = younger(found, t);
	}
	if (found == NULL)
		response_error(res, 404, "no_account",
		    "no terminal here is logged in as server \"%.100s\" "
		    "login \"%.30s\"",
		    server != NULL ? server : "any",
		    login != 0 ? request_query(req, "login") : "any");
	return found;
}
