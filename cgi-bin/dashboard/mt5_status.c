/* GET /mt5/status: each terminal: connected, trading allowed, build, ping. */
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/rows.h"

/* Copies a member; null when absent. */
static void
put_flag(struct json *j, const cJSON *o, const char *key)
{
	bool v;

	if (jsonin_bool(o, key, &v))
		json_bool(j, key, v);
	else
		json_null(j, key);
}

static void
put_whole(struct json *j, const cJSON *o, const char *key)
{
	int64_t v;

	if (jsonin_int64(o, key, &v))
		json_int(j, key, v);
	else
		json_null(j, key);
}

static void
put_terminal(struct json *j, const struct view *v, const struct view_row *row)
{
	cJSON *doc = row->fragment.data == NULL
			 ? NULL
			 : jsonin_parse(row->fragment.data, row->fragment.len);
	const cJSON *terminal = jsonin_object(doc, "terminal");

	json_object(j, NULL);
	row_json_identity(j, row, v->now_utc_ms);
	put_flag(j, terminal, "connected");
	put_flag(j, terminal, "trade_allowed");
	put_whole(j, terminal, "build");
	put_whole(j, terminal, "ping_last");
	json_end(j);
	cJSON_Delete(doc);
}

static void
put_terminals(struct json *j, const struct view *v)
{
	json_array(j, "terminals");
	for (size_t i = 0; i < v->rows_len; i++)
		put_terminal(j, v, &v->rows[i]);
	json_end(j);
}

void
mt5_status_get(struct app *app, const struct request *req, struct response *res)
{
	app_answer(app, req, res, put_terminals);
}
