/* service.c: who this agent is and whether it runs. Nothing here waits. */
#include "agent/routes.h"
#include "lib/base/version.h"

/* GET / */
void
service_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;

	(void)req;
	json_object(j, NULL);
	json_string(j, "service", "mt5fleet-agent");
	json_string(j, "name", app->name);
	json_string(j, "version", MT5FLEET_VERSION);
	json_utc(j, "started_utc", app->started_utc_ms);
	json_end(j);
}

/* GET /ping: open to all */
void
ping_get(struct app *app, const struct request *req, struct response *res)
{
	(void)app;
	(void)req;
	json_object(&res->json, NULL);
	json_bool(&res->json, "ok", true);
	json_end(&res->json);
}

/* GET /health: open to all; degraded where not all terminals can be read */
void
health_get(struct app *app, const struct request *req, struct response *res)
{
	const struct terminals *ts = &app->terminals;
	struct json *j = &res->json;
	int silent = 0;

	for (size_t i = 0; i < ts->len; i++)
		silent += ts->list[i]->silent ? 1 : 0;
	json_object(j, NULL);
	json_string(
	    j, "status", ts->len == 0 || silent > 0 ? "degraded" : "ok");
	json_int(j, "terminals", (int64_t)ts->len);
	json_int(j, "silent", silent);
	json_int(
	    j, "uptime_s", (req->now_mono_ms - app->started_mono_ms) / 1000);
	json_end(j);
}
