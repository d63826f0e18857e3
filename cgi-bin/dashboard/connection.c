/* GET /connection-status: whether each part reaches the next. */
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/collector.h"

static void
put_node(struct json *j, const struct node_view *n)
{
	json_object(j, NULL);
	json_string(j, "node", n->node->id);
	json_string(j, "status", status_word(n->status));
	json_utc(j, "since_utc", n->since_utc_ms);
	json_end(j);
}

static void
put_parts(struct json *j, const struct view *v)
{
	json_bool(j, "redis", true);
	collector_json(j, v);
	json_array(j, "nodes");
	for (size_t i = 0; i < v->nodes_len; i++)
		if (v->nodes[i].node->enabled)
			put_node(j, &v->nodes[i]);
	json_end(j);
}

void
connection_get(struct app *app, const struct request *req, struct response *res)
{
	app_answer(app, req, res, put_parts);
}
