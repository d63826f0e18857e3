/* GET /connection-status: does each part reach the next one? */
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/collector.h"

void
connection_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	struct view v;

	(void)req;
	if (app_view(app, &v, res) == 0) {
		json_object(j, NULL);
		json_utc(j, "as_of_utc", v.now_msc);
		json_bool(j, "redis", true);
		collector_json(j, &v);
		json_array(j, "nodes");
		for (size_t i = 0; i < v.nodes_len; i++) {
			const struct node_view *n = &v.nodes[i];

			if (!n->node->enabled)
				continue;
			json_object(j, NULL);
			json_string(j, "node", n->node->id);
			json_string(j, "status", status_word(n->status));
			json_utc(j, "since_utc", n->since_msc);
			json_end(j);
		}
		json_end(j);
		json_end(j);
	}
	view_done(&v);
}
