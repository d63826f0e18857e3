/*
 * GET /api/alerts: {"alerts":[{"key","level","open","server","login","text",
 * "since_utc"}],"mutes":[{"key","until_utc","who"}],"acks":[{"key","at_utc",
 * "who"}]}: the list of the job that calls people, and what was said of it.
 * alerts null: that job has not run. A mute is of an alert's key, SERVER/LOGIN
 * or all.
 * Who may see some accounts alone is told of theirs, and says it of theirs.
 * POST /api/alerts: {"action","keys":[…],"minutes"}: ack, unack, mute (for so
 * many minutes), unmute; all of them, or none.
 */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/body.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/ledger/alerts.h"
#include "lib/redis/keys.h"

#define KEYS_MAX 200
#define KEY_MAX 400
#define MINUTES_MAX (30 * 24 * 60)

/* Which alerts and mutes are for who asks: keys. */
struct shown {
	struct app *app;
	const struct request *req;
	struct json *j;
	cJSON *doc; /* the list of alerts; NULL: none was made */
};

static bool
is_for(const struct shown *s, const cJSON *o)
{
	const char *server = NULL, *text = NULL;
	int64_t login = 0;

	jsonin_string(o, "server", &server);
	if (jsonin_string(o, "login", &text) && text != NULL &&
	    num_int64(text, 1, INT64_MAX, &login) == -1)
		return false;
	return app_may_see(s->app, s->req, server, login);
}

/* An alert's key, or SERVER/LOGIN. */
static bool
is_key_for(const struct shown *s, const char *key)
{
	const char *slash = strrchr(key, '/'), *name;
	const cJSON *o;
	char *server;
	int64_t login;
	bool may = app_sees_all(s->req);

	if (!may && slash != NULL &&
	    num_int64(slash + 1, 1, INT64_MAX, &login) == 0) {
		server = mem_strndup(key, (size_t)(slash - key));
		may = app_may_see(s->app, s->req, server, login);
		free(server);
	}
	if (!may)
		cJSON_ArrayForEach(o, jsonin_array(s->doc, "alerts"))
			may =
			    may || (jsonin_string(o, "key", &name) &&
				       strcmp(name, key) == 0 && is_for(s, o));
	return may;
}

static void
put_moment(struct json *j, const char *name, int64_t utc_ms)
{
	char text[CLOCK_ISO_SIZE];

	json_string(j, name, utc_ms != 0 ? clock_iso(utc_ms, text) : NULL);
}

static void
put_alert(struct json *j, const cJSON *o)
{
	const char *key, *level, *text, *server = NULL, *login = NULL;
	int64_t since = 0;
	bool open = false;

	if (!jsonin_string(o, "key", &key) ||
	    !jsonin_string(o, "level", &level) ||
	    !jsonin_string(o, "text", &text))
		return;
	jsonin_string(o, "server", &server);
	jsonin_string(o, "login", &login);
	jsonin_int64(o, "since_msc", &since);
	jsonin_bool(o, "open", &open);
	json_object(j, NULL);
	json_string(j, "key", key);
	json_string(j, "level", level);
	json_bool(j, "open", open);
	json_string(j, "server", server);
	json_string(j, "login", login);
	json_string(j, "text", text);
	put_moment(j, "since_utc", since);
	json_end(j);
}

/* -1: Redis does not answer. shown_done in both cases. */
static int
shown_read(
    struct shown *s, struct app *app, const struct request *req, struct json *j)
{
	char *data;
	size_t len;

	*s = (struct shown){.app = app, .req = req, .j = j};
	if (cache_get(app->cache, KEY_ALERTS, &data, &len) == -1)
		return -1;
	s->doc = data != NULL ? jsonin_parse(data, len) : NULL;
	free(data);
	return 0;
}

static void
shown_done(struct shown *s)
{
	cJSON_Delete(s->doc);
}

static void
put_list(const struct shown *s)
{
	const cJSON *o;

	if (s->doc == NULL) {
		json_null(s->j, "alerts");
		return;
	}
	json_array(s->j, "alerts");
	cJSON_ArrayForEach(o, jsonin_array(s->doc, "alerts"))
		if (is_for(s, o))
			put_alert(s->j, o);
	json_end(s->j);
}

static int
put_mute(const struct ledger_mute *m, void *arg)
{
	const struct shown *s = arg;
	struct json *j = s->j;

	/* that of all is of his, too */
	if (strcmp(m->alert, "all") != 0 && !is_key_for(s, m->alert))
		return 0;
	json_object(j, NULL);
	json_string(j, "key", m->alert);
	put_moment(j, "until_utc", m->until_utc_ms);
	json_string(j, "who", m->who);
	json_end(j);
	return 0;
}

static int
put_ack(const struct ledger_ack *a, void *arg)
{
	const struct shown *s = arg;
	struct json *j = s->j;

	if (!is_key_for(s, a->alert))
		return 0;
	json_object(j, NULL);
	json_string(j, "key", a->alert);
	put_moment(j, "at_utc", a->at_utc_ms);
	json_string(j, "who", a->who);
	json_end(j);
	return 0;
}

void
alerts_api(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	struct shown s;
	enum ledger_result r;

	if (shown_read(&s, app, req, j) == -1) {
		app_cache_failed(app, res);
		shown_done(&s);
		return;
	}
	json_object(j, NULL);
	put_list(&s);
	json_array(j, "mutes");
	r = ledger_mutes(app_ledger(app), clock_utc_ms(), put_mute, &s);
	json_end(j);
	json_array(j, "acks");
	if (r == LEDGER_OK)
		r = ledger_acks(app->ledger, put_ack, &s);
	json_end(j);
	json_end(j);
	shown_done(&s);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

/* What is asked for; the mistake in b->why. */
struct asked {
	const char *action;
	const cJSON *keys;
	int64_t minutes;
};

static bool
is_key(const cJSON *key)
{
	return cJSON_IsString(key) && *key->valuestring != '\0' &&
	       strlen(key->valuestring) <= KEY_MAX;
}

static void
read_asked(struct body *b, struct asked *a)
{
	static const char *const actions[] = {"ack", "unack", "mute", "unmute"};
	const cJSON *key;
	bool known = false;

	a->action = body_text(b, "action", NULL);
	for (size_t i = 0; a->action != NULL && i < 4; i++)
		known |= strcmp(a->action, actions[i]) == 0;
	if (!known)
		body_wrong(b, "action: ack, unack, mute or unmute, not",
		    a->action != NULL ? a->action : "");
	a->keys = body_member(b, "keys");
	if (!cJSON_IsArray(a->keys) || cJSON_GetArraySize(a->keys) < 1 ||
	    cJSON_GetArraySize(a->keys) > KEYS_MAX)
		body_wrong(b, "a list of 1 to 200 keys is needed", "keys");
	cJSON_ArrayForEach(key, a->keys)
		if (!is_key(key))
			body_wrong(b, "not a list of alerts' keys", "keys");
	if (known && strcmp(a->action, "mute") == 0 &&
	    (!jsonin_int64(b->doc, "minutes", &a->minutes) || a->minutes < 1 ||
		a->minutes > MINUTES_MAX))
		body_wrong(b, "1 to 43200 are needed", "minutes");
}

static enum ledger_result
say(struct app *app, const struct asked *a, const char *key,
    const struct ledger_actor *actor)
{
	if (strcmp(a->action, "ack") == 0)
		return ledger_ack_put(app->ledger, key, actor);
	if (strcmp(a->action, "unack") == 0)
		return ledger_ack_remove(app->ledger, key, actor);
	if (strcmp(a->action, "mute") == 0)
		return ledger_mute_put(app->ledger, key,
		    actor->at_utc_ms + a->minutes * 60000, actor);
	return ledger_mute_remove(app->ledger, key, actor);
}

/* What `alerts --mute` said, too. */
static void
unmute_in_redis(struct app *app, const cJSON *keys)
{
	const cJSON *key;

	cJSON_ArrayForEach(key, keys) {
		char *name = mem_printf(KEY_ALERT_MUTE "%s", key->valuestring);

		cache_del(app->cache, name);
		free(name);
	}
}

static enum ledger_result
say_all(struct app *app, const struct request *req, const struct asked *a)
{
	const struct ledger_actor actor = {
	    .who = req->user.name, .at_utc_ms = clock_utc_ms()};
	enum ledger_result r = ledger_begin(app_ledger(app));
	const cJSON *key;

	cJSON_ArrayForEach(key, a->keys) {
		if (r == LEDGER_OK)
			r = say(app, a, key->valuestring, &actor);
		/* taken back already: as it was asked for */
		if (r == LEDGER_NOT_FOUND)
			r = LEDGER_OK;
	}
	if (r == LEDGER_OK)
		r = ledger_commit(app->ledger);
	if (r != LEDGER_OK)
		ledger_rollback(app->ledger);
	else if (strcmp(a->action, "unmute") == 0)
		unmute_in_redis(app, a->keys);
	return r;
}

/* Are all of them his? False with the answer made. */
static bool
may_say(struct app *app, const struct request *req, struct response *res,
    const struct asked *a)
{
	const cJSON *key;
	struct shown s;
	bool may = true;

	if (app_sees_all(req))
		return true;
	if (shown_read(&s, app, req, NULL) == -1) {
		app_cache_failed(app, res);
		may = false;
	}
	cJSON_ArrayForEach(key, a->keys)
		if (may && !is_key_for(&s, key->valuestring)) {
			response_error(res, 404, "not_found",
			    "no such alert: \"%.200s\"", key->valuestring);
			may = false;
		}
	shown_done(&s);
	return may;
}

void
alerts_api_post(
    struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {"action", "keys", "minutes", NULL};
	struct asked a = {.action = NULL};
	enum ledger_result r;
	struct body b;

	if (!body_open(&b, req, res, known))
		return;
	read_asked(&b, &a);
	if (*b.why != '\0')
		response_error(res, 400, "bad_request", "%s", b.why);
	else if (!may_say(app, req, res, &a))
		;
	else if ((r = say_all(app, req, &a)) != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else {
		json_object(&res->json, NULL);
		json_bool(&res->json, "ok", true);
		json_end(&res->json);
	}
	body_done(&b);
}
