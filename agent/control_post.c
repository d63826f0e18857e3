/* control_post.c: POST /mt5/connect, /mt5/disconnect, /reconnect and GET
 * /events: the supervised terminal. */
#include "agent/routes.h"
#include "agent/supervise.h"

static void
put_state(struct json *j, const struct supervisor *s)
{
	json_string(j, "state", phase_word(s->phase));
	json_int(j, "starts", s->starts);
	json_int(j, "tries", s->tries);
	json_bool(j, "login_refused", s->refused);
}

/* What was asked for is under way; how it goes on is in the state. */
static void
control(struct app *app, const struct request *req, struct response *res,
    void (*act)(struct supervisor *, int64_t))
{
	struct supervisor *s = app->supervisor;

	if (s == NULL)
		return response_error(res, 501, "not_supervised",
		    "no terminal is supervised here: set MT5_TERMINAL_PATH");
	act(s, req->now_mono_ms);
	res->status = s->phase == PHASE_RUNNING ? 200 : 202;
	json_object(&res->json, NULL);
	put_state(&res->json, s);
	json_end(&res->json);
}

/* POST /mt5/connect: it shall run; nothing happens where it does */
void
connect_post(struct app *app, const struct request *req, struct response *res)
{
	control(app, req, res, supervise_connect);
}

/* POST /mt5/disconnect: it is ended and stays so until connect */
void
disconnect_post(
    struct app *app, const struct request *req, struct response *res)
{
	control(app, req, res, supervise_disconnect);
}

/* POST /reconnect: it is ended and started again */
void
reconnect_post(struct app *app, const struct request *req, struct response *res)
{
	control(app, req, res, supervise_reconnect);
}

/* GET /events: the last 200, oldest first */
void
events_get(struct app *app, const struct request *req, struct response *res)
{
	const struct supervisor *s = app->supervisor;
	struct json *j = &res->json;

	(void)req;
	json_object(j, NULL);
	json_bool(j, "supervised", s != NULL);
	if (s != NULL)
		put_state(j, s);
	json_array(j, "events");
	for (size_t i = 0; s != NULL && i < s->events.len; i++) {
		const struct event *e = events_at(&s->events, i);

		json_object(j, NULL);
		json_utc(j, "at_utc", e->utc_ms);
		json_string(j, "kind", e->kind);
		json_string(j, "text", e->text);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}
