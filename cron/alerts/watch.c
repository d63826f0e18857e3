/* watch.c: looks after who looks after the nodes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/alerts.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/redis/keys.h"

#define EVERY_MS 10000
#define LOOKS \
	(PATIENCE_MS / EVERY_MS) /* this often unasked, one after the other */

/* An alert of our own goes the way of all others: into the stream. */
static int
say(struct app *app, const char *key, const char *level, const char *text)
{
	struct cache_batch b;
	struct json j;
	int rc;

	json_init(&j, 1024);
	json_object(&j, NULL);
	json_string(&j, "type", "alert");
	json_string(&j, "key", key);
	json_string(&j, "level", level);
	json_null(&j, "server");
	json_null(&j, "login");
	json_string(&j, "text", text);
	json_end(&j);
	cache_batch_init(&b);
	cache_batch_begin(&b);
	cache_batch_event(&b, "alert", j.out.data, j.out.len);
	cache_batch_end(&b);
	rc = cache_batch_run(app->cache, &b);
	cache_batch_done(&b);
	json_done(&j);
	return rc;
}

static bool
is_out(const struct app *app, const char *key)
{
	const struct alert *a = alert_list_find(&app->store.alerts, key);

	return a != NULL && a->open;
}

bool
watch_misses_collector(const struct app *app)
{
	return is_out(app, COLLECTOR_KEY);
}

int
watch_collector(struct app *app, int64_t now)
{
	struct store *s = &app->store;
	bool is_there;
	char *data;

	if (cache_get(app->cache, KEY_COLLECTOR, &data, NULL) == -1)
		return -1;
	is_there = data != NULL;
	free(data);
	if (is_there || s->collector_seen_msc == 0)
		s->collector_seen_msc = now;
	if (is_there && watch_misses_collector(app))
		return say(app, COLLECTOR_KEY, "info", "the collector is back");
	if (!is_there && !watch_misses_collector(app) &&
	    now - s->collector_seen_msc >= PATIENCE_MS)
		return say(app, COLLECTOR_KEY, "critical",
		    "no collector runs: all that is shown is stale");
	return 0;
}

/* Did a collector ask the node, with or without success? */
static bool
is_asked(const struct cache_value *state, int64_t oldest_msc)
{
	cJSON *doc =
	    state->data != NULL ? jsonin_parse(state->data, state->len) : NULL;
	int64_t polled_msc = 0;

	jsonin_int64(doc, "polled_msc", &polled_msc);
	cJSON_Delete(doc);
	return polled_msc >= oldest_msc;
}

static int
judge(struct app *app, size_t i, bool asked)
{
	const struct node *n = &app->fleet.nodes.list[i];
	char key[NODE_KEY_SIZE], text[NODE_KEY_SIZE + 64];
	int *unasked = &app->watch.unasked[i];

	snprintf(key, sizeof(key), NODE_PREFIX "%s", n->id);
	*unasked = asked || !n->enabled || n->maintenance ? 0 : *unasked + 1;
	if (*unasked == 0 && is_out(app, key)) {
		snprintf(text, sizeof(text), "%s: %s", n->id,
		    asked ? "is asked again" : "is not expected");
		return say(app, key, "info", text);
	}
	if (*unasked <= LOOKS || is_out(app, key))
		return 0;
	snprintf(text, sizeof(text),
	    "%s: no collector asks it: what is shown of it is stale", n->id);
	return say(app, key, "critical", text);
}

/* What was taken out of the list is missed by nobody. */
static int
forget_gone(struct app *app)
{
	const struct alert_list *l = &app->store.alerts;
	size_t skip = strlen(NODE_PREFIX);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < l->len; i++) {
		const struct alert *a = &l->list[i];

		if (a->open && strncmp(a->key, NODE_PREFIX, skip) == 0 &&
		    nodes_find(&app->fleet.nodes, a->key + skip) == NULL)
			rc = say(app, a->key, "info", "it was taken out");
	}
	return rc;
}

/* The keys node:<id>, in the order of the list. */
static int
read_states(struct app *app, struct cache_values *out)
{
	size_t n = app->fleet.nodes.len;
	const char **keys = mem_new(n + 1, sizeof(*keys));
	int rc;

	for (size_t i = 0; i < n; i++)
		keys[i] = app->fleet.keys[2 * i + 1];
	rc = cache_mget(app->cache, keys, n, NULL, out);
	free(keys);
	return rc;
}

static void
follow_list(struct app *app)
{
	struct watch *w = &app->watch;
	struct stat before = app->fleet.stamp;

	fleet_refresh(&app->fleet, &app->config);
	if (w->unasked != NULL &&
	    memcmp(&before, &app->fleet.stamp, sizeof(before)) == 0)
		return;
	free(w->unasked);
	w->unasked = mem_new(app->fleet.nodes.len + 1, sizeof(*w->unasked));
}

/*
 * One of several shards may have died, or a machine have another nodes.json.
 * Where none of them runs, or Redis is new, that is said by others.
 */
int
watch_nodes(struct app *app)
{
	int64_t now = clock_mono_msc(), oldest_msc;
	struct cache_values states;
	int rc = 0;

	if (now - app->watch.at_msc < EVERY_MS && app->watch.at_msc != 0)
		return 0;
	app->watch.at_msc = now;
	follow_list(app);
	if (!app->fleet.listed || watch_misses_collector(app))
		return 0;
	if (forget_gone(app) == -1 || read_states(app, &states) == -1)
		return -1;
	oldest_msc = clock_utc_msc() - app->config.cache_ttl_s * INT64_C(1000);
	for (size_t i = 0; rc == 0 && i < app->fleet.nodes.len; i++)
		rc = judge(app, i, is_asked(&states.list[i], oldest_msc));
	cache_values_done(&states);
	return rc;
}

void
watch_done(struct app *app)
{
	free(app->watch.unasked);
	fleet_done(&app->fleet);
}
