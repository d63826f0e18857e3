/* GET /api/agents/status: each node with its agent, status and since when. */
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/rows.h"

static void
put_accounts(struct json *j, const struct view *v, const struct node *node)
{
	json_array(j, "accounts");
	for (size_t i = 0; i < v->rows_len; i++)
		if (v->rows[i].node == node && v->rows[i].server != NULL) {
			json_object(j, NULL);
			row_json_identity(j, &v->rows[i], v->now_utc_ms);
			json_end(j);
		}
	json_end(j);
}

static void
put_text(struct json *j, const cJSON *o, const char *key)
{
	const char *text = NULL;

	jsonin_string(o, key, &text);
	json_string(j, key, text);
}

static void
put_known(struct json *j, const char *key, int v)
{
	if (v >= 0)
		json_int(j, key, v);
	else
		json_null(j, key);
}

/* The collector's result of the last poll; null before the first. */
static void
put_poll(struct json *j, const struct node_view *n)
{
	struct node_record r;

	node_record_read(&r, &n->state);
	json_string(j, "error", r.error);
	json_utc(j, "polled_utc", r.polled_utc_ms);
	put_known(j, "latency_ms", r.latency_ms);
	put_known(j, "terminals", r.terminals);
	if (r.agent_read != NULL) {
		json_object(j, "agent");
		put_text(j, r.agent_read, "name");
		put_text(j, r.agent_read, "version");
		json_end(j);
	} else
		json_null(j, "agent");
	node_record_done(&r);
}

static void
put_node(struct json *j, const struct view *v, const struct node_view *n)
{
	const struct node *node = n->node;

	json_object(j, NULL);
	json_string(j, "node", node->id);
	json_bool(j, "enabled", node->enabled);
	json_bool(j, "maintenance", node->maintenance);
	json_string(j, "note", node->note);
	json_string(j, "status", node->enabled ? status_word(n->status) : NULL);
	json_utc(j, "since_utc", n->since_utc_ms);
	put_poll(j, n);
	put_accounts(j, v, node);
	json_end(j);
}

static void
put_agents(struct json *j, const struct view *v)
{
	json_array(j, "agents");
	for (size_t i = 0; i < v->nodes_len; i++)
		put_node(j, v, &v->nodes[i]);
	json_end(j);
}

void
agents_get(struct app *app, const struct request *req, struct response *res)
{
	app_answer(app, req, res, put_agents);
}
