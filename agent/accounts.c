/* accounts.c: the accounts of this machine and what is open in them. */
#include "agent/account.h"
#include "agent/routes.h"

/* The bridge's own text of a member; null where it has none. */
static void
put_raw(struct json *j, const char *key, const struct member *m)
{
	if (m == NULL)
		json_null(j, key);
	else
		json_raw(j, key, m->value, m->len);
}

static void
put_count(struct json *j, const char *key, const struct member *m)
{
	if (member_is(m, '['))
		json_int(j, key, (int64_t)m->count);
	else
		json_null(j, key);
}

static void
put_account(struct json *j, const struct terminal *t, int64_t now_mono_ms)
{
	const struct members *m = &t->snapshot->members;

	json_object(j, NULL);
	account_put_key(j, t);
	json_string(j, "terminal_id", t->id);
	json_string(j, "status", status_word(terminal_status(t)));
	json_int(j, "age_ms", terminal_age_ms(t, now_mono_ms));
	json_string(j, "error", t->error);
	put_raw(j, "account",
	    t->snapshot->refused == NULL ? members_find(m, "account") : NULL);
	put_raw(j, "terminal", members_find(m, "terminal"));
	put_raw(j, "broker_offset_s", members_find(m, "broker_offset_s"));
	json_number(j, "usd_rate", t->snapshot->usd_rate);
	put_count(j, "positions", members_find(m, "positions"));
	put_count(j, "orders", members_find(m, "orders"));
	json_end(j);
}

/* GET /accounts */
void
accounts_get(struct app *app, const struct request *req, struct response *res)
{
	const struct terminals *ts = &app->terminals;

	json_object(&res->json, NULL);
	json_array(&res->json, "accounts");
	for (size_t i = 0; i < ts->len; i++)
		if (ts->list[i]->snapshot != NULL)
			put_account(&res->json, ts->list[i], req->now_mono_ms);
	json_end(&res->json);
	json_end(&res->json);
}

/* GET /account?server=&login= */
void
account_get(struct app *app, const struct request *req, struct response *res)
{
	const struct terminal *t = account_named(app, req, res);

	if (t != NULL)
		put_account(&res->json, t, req->now_mono_ms);
}

static void
put_list(struct app *app, const struct request *req, struct response *res,
    const char *name)
{
	const struct terminal *t = account_named(app, req, res);
	struct json *j = &res->json;

	if (t == NULL)
		return;
	json_object(j, NULL);
	account_put_key(j, t);
	json_int(j, "age_ms", terminal_age_ms(t, req->now_mono_ms));
	json_string(j, "error", t->error);
	put_raw(j, name, members_find(&t->snapshot->members, name));
	json_end(j);
}

/* GET /positions?server=&login= */
void
positions_get(struct app *app, const struct request *req, struct response *res)
{
	put_list(app, req, res, "positions");
}

/* GET /orders?server=&login= */
void
orders_get(struct app *app, const struct request *req, struct response *res)
{
	put_list(app, req, res, "orders");
}
