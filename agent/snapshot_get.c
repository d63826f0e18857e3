/* snapshot_get.c: all terminals' snapshots, now or as soon as one moves. */
#include <string.h>

#include "agent/routes.h"
#include "lib/base/clock.h"
#include "lib/base/version.h"

#define WAIT_MAX_S 55

static void
put_terminal(struct json *j, const struct terminal *t, int64_t now_mono_ms)
{
	json_object(j, NULL);
	json_string(j, "terminal_id", t->id);
	json_int(j, "age_ms", terminal_age_ms(t, now_mono_ms));
	json_string(j, "bridge", t->silent ? "silent" : "ok");
	json_string(j, "process", terminal_process_word(t));
	if (t->error != NULL)
		json_string(j, "error", t->error);
	json_raw(j, "snapshot", t->snapshot->text, t->snapshot->len);
	json_end(j);
}

static void
put_age(struct json *j, const struct terminal *t, int64_t now_mono_ms)
{
	json_object(j, NULL);
	json_string(j, "terminal_id", t->id);
	json_int(j, "age_ms", terminal_age_ms(t, now_mono_ms));
	json_end(j);
}

static void
put_terminals(struct json *j, const struct terminals *ts, int64_t now_mono_ms,
    void (*put)(struct json *, const struct terminal *, int64_t))
{
	json_array(j, "terminals");
	for (size_t i = 0; i < ts->len; i++)
		if (ts->list[i]->snapshot != NULL)
			put(j, ts->list[i], now_mono_ms);
	json_end(j);
}

static void
put_agent(struct json *j, const struct app *app)
{
	json_object(j, "agent");
	json_string(j, "name", app->name);
	json_string(j, "version", MT5FLEET_VERSION);
	json_utc(j, "started_utc", app->started_utc_ms);
	json_end(j);
}

/* GET /snapshot?after=<rev>&wait=<s> */
void
snapshot_get(struct app *app, const struct request *req, struct response *res)
{
	const char *after = request_query(req, "after");
	struct json *j = &res->json;
	char rev[REV_SIZE];
	int64_t wait_s = 0;
	bool unchanged;

	if (!request_int64(req, res, "wait", 0, WAIT_MAX_S, &wait_s))
		return;
	terminals_rev(&app->terminals, rev);
	unchanged = after != NULL && strcmp(after, rev) == 0;
	if (unchanged && !req->hurry &&
	    req->now_mono_ms < req->came_mono_ms + wait_s * 1000)
		return response_wait(res, req->came_mono_ms + wait_s * 1000);

	json_object(j, NULL);
	json_string(j, "rev", rev);
	json_utc(j, "now_utc", clock_utc_ms());
	if (unchanged) {
		json_bool(j, "unchanged", true);
		put_terminals(j, &app->terminals, req->now_mono_ms, put_age);
	} else {
		put_agent(j, app);
		put_terminals(
		    j, &app->terminals, req->now_mono_ms, put_terminal);
	}
	json_end(j);
}
