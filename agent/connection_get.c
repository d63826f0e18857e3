/* connection_get.c: how each terminal is, also one that cannot be read. */
#include "agent/account.h"
#include "agent/routes.h"

static void
put_terminal_field(struct json *j, const struct terminal *t, const char *name)
{
	const struct member *m = NULL;

	if (t->snapshot != NULL)
		m = members_find(&t->snapshot->terminal, name);
	if (m == NULL)
		json_null(j, name);
	else
		json_raw(j, name, m->value, m->len);
}

static void
put_counts(struct json *j, const struct terminal *t)
{
	json_object(j, "mailbox");
	json_int(j, "read", (int64_t)t->mailbox.read);
	json_int(j, "torn", (int64_t)t->mailbox.torn);
	json_int(j, "bad", (int64_t)t->mailbox.bad);
	json_int(j, "oversized", (int64_t)t->mailbox.oversized);
	json_end(j);
}

static void
put_terminal(struct json *j, const struct terminal *t, int64_t now_mono_ms)
{
	json_object(j, NULL);
	json_string(j, "terminal_id", t->id);
	account_put_key(j, t);
	json_string(j, "status", status_word(terminal_status(t)));
	if (t->snapshot != NULL)
		json_int(j, "age_ms", terminal_age_ms(t, now_mono_ms));
	else
		json_null(j, "age_ms");
	put_terminal_field(j, t, "connected");
	put_terminal_field(j, t, "trade_allowed");
	put_terminal_field(j, t, "build");
	put_terminal_field(j, t, "ping_last");
	json_string(j, "process", terminal_process_word(t));
	json_string(j, "error", t->error);
	put_counts(j, t);
	json_end(j);
}

/* GET /connection-status, GET /mt5/status */
void
connection_get(struct app *app, const struct request *req, struct response *res)
{
	const struct terminals *ts = &app->terminals;

	json_object(&res->json, NULL);
	json_array(&res->json, "terminals");
	for (size_t i = 0; i < ts->len; i++)
		put_terminal(&res->json, ts->list[i], req->now_mono_ms);
	json_end(&res->json);
	json_end(&res->json);
}
