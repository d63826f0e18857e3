/*
 * forget.c: what Redis holds of nodes that are polled no more goes.
 *
 * The key `polled` lists the nodes of the run before, one a line, with a '-'
 * before one that was switched off; so it is also noticed that one was taken
 * out of nodes.json while no collector ran.
 */
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/log.h"
#include "lib/redis/keys.h"

#define LIST_MAX ((size_t)8 << 20)

/* Nobody waits for it to come back: what is out of it ends. */
static void
end_alerts(struct app *app, const char *id, const char *why)
{
	struct node_state *gone = node_new(app, id);

	if (restore_node(app, gone) == 0) {
		cache_batch_begin(&app->batch);
		alert_end(app, gone, why);
		cache_batch_end(&app->batch);
	}
	node_free(gone);
}

static void
consider(struct app *app, const char *line)
{
	bool was_on = *line != '-';
	const char *id = was_on ? line : line + 1, *why;
	const struct node *conf;

	if (*id == '\0' || roster_find(app, id) != NULL)
		return;
	conf = nodes_find(&app->roster, id);
	if (conf == NULL || (was_on && !conf->enabled)) {
		why = conf == NULL ? "forgotten" : "switched off";
		log_info("node=%s: %s", id, why);
		end_alerts(app, id, why);
		publish_gone(app, id, conf == NULL);
	}
}

static void
put_list(struct app *app, const char *key)
{
	struct buf list;

	buf_init(&list, LIST_MAX);
	for (size_t i = 0; i < app->roster.len; i++) {
		const struct node *conf = &app->roster.list[i];

		if (roster_is_ours(app, conf))
			buf_printf(&list, "%s%s\n", conf->enabled ? "" : "-",
			    conf->id);
	}
	if (list.len > 0)
		cache_batch_set(&app->batch, key, list.data, list.len, 0);
	else
		cache_batch_del(&app->batch, key);
	buf_done(&list);
}

void
forget_nodes(struct app *app)
{
	char key[KEY_SIZE], *data, *rest, *line;
	size_t len;

	if (!app->forget || app->redis_down)
		return;
	key_of_polled(app->opt.shard, app->opt.shards, key);
	if (cache_get(app->cache, key, &data, &len) == -1)
		return; /* once Redis is back */
	for (rest = data; (line = strsep(&rest, "\n")) != NULL;)
		consider(app, line);
	free(data);
	put_list(app, key);
	app->forget = false;
}
