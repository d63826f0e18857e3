/* watch.c: looks after who looks after the nodes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/alerts.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/fleet/fresh.h"
#include "lib/fleet/snapshot.h"
#include "lib/json/json.h"
#include "lib/redis/keys.h"

#define LOOKS 3      /* this often not polled, one look after the other */
#define GAP_MS 15000 /* between two runs lies less */

/* An alert of our own goes the way of all others: into the stream. node NULL:
 * of the whole fleet; words NULL: those of its kind. */
static int
say(struct app *app, enum alert_kind kind, const char *node,
    enum alert_level level, const char *words)
{
	const struct alert_kind_info *info = alert_kind_info(kind);
	char *key = alert_key(kind, node), *text;
	struct event_alert e = {.key = key, .level = level};
	struct cache_batch b;
	struct json j;
	int rc;

	if (words == NULL)
		words = level == ALERT_INFO ? info->over : info->text;
	e.text = text = node == NULL ? mem_strdup(words)
				     : mem_printf("%s: %s", node, words);
	json_init(&j, 1024);
	event_put_alert(&j, &e);
	cache_batch_init(&b);
	cache_batch_begin(&b);
	event_add(&b, EVENT_ALERT, &j);
	cache_batch_end(&b);
	rc = cache_batch_run(app->cache, &b);
	cache_batch_done(&b);
	json_done(&j);
	free(text);
	free(key);
	return rc;
}

static bool
is_out(const struct app *app, enum alert_kind kind, const char *node)
{
	char *key = alert_key(kind, node);
	const struct alert *a = alert_list_find(&app->store.alerts, key);

	free(key);
	return a != NULL && a->open;
}

bool
watch_misses_collector(const struct app *app)
{
	return is_out(app, ALERT_COLLECTOR, NULL);
}

int
watch_collector(struct app *app, int64_t now)
{
	struct store *s = &app->store;
	struct cache_value text = {NULL, 0};
	struct heartbeat h;
	bool is_there;
	char *data;

	if (cache_get(app->cache, KEY_COLLECTOR, &data, &text.len) == -1)
		return -1;
	text.data = data;
	is_there = heartbeat_read(&h, &text) &&
		   fresh_is(h.at_utc_ms, now, app->config.cache_ttl_s);
	free(data);
	/* while nobody could look, or write, it was not missed */
	if (is_there || s->collector_seen_utc_ms == 0 ||
	    now - s->looked_utc_ms > GAP_MS)
		s->collector_seen_utc_ms = now;
	if (is_there && watch_misses_collector(app))
		return say(app, ALERT_COLLECTOR, NULL, ALERT_INFO, NULL);
	if (!is_there && !watch_misses_collector(app) &&
	    now - s->collector_seen_utc_ms >=
		alert_after_ms(ALERT_COLLECTOR, &app->config))
		return say(app, ALERT_COLLECTOR, NULL, ALERT_CRITICAL, NULL);
	return 0;
}

/* Did a collector poll the node, with or without success? */
static bool
is_polled(const struct cache_value *state, int64_t now_utc_ms, int ttl_s)
{
	struct node_record r;
	bool polled;

	node_record_read(&r, state);
	polled = fresh_is(r.polled_utc_ms, now_utc_ms, ttl_s);
	node_record_done(&r);
	return polled;
}

static int
judge(struct app *app, size_t i, bool polled)
{
	const struct node *n = &app->fleet.nodes.list[i];
	int *unpolled = &app->watch.unpolled[i];
	bool out = is_out(app, ALERT_NOT_POLLED, n->id);

	*unpolled = polled || !n->enabled || n->maintenance ? 0 : *unpolled + 1;
	if (*unpolled == 0 && out)
		return say(app, ALERT_NOT_POLLED, n->id, ALERT_INFO,
		    polled ? NULL : "switched off or in maintenance");
	if (*unpolled <= LOOKS || out)
		return 0;
	return say(app, ALERT_NOT_POLLED, n->id, ALERT_CRITICAL, NULL);
}

/* What was taken out of the list is missed by nobody. */
static int
forget_gone(struct app *app)
{
	const struct alert_list *l = &app->store.alerts;
	enum alert_kind kind;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < l->len; i++) {
		const struct alert *a = &l->list[i];
		const char *node;

		if (!a->open || !alert_kind_of(a->key, &kind) ||
		    kind != ALERT_NOT_POLLED)
			continue;
		node = strchr(a->key, '/') + 1;
		if (nodes_find(&app->fleet.nodes, node) == NULL)
			rc = say(app, kind, node, ALERT_INFO,
			    "removed from nodes.json");
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
	if (w->unpolled != NULL &&
	    memcmp(&before, &app->fleet.stamp, sizeof(before)) == 0)
		return;
	free(w->unpolled);
	w->unpolled = mem_new(app->fleet.nodes.len + 1, sizeof(*w->unpolled));
}

/*
 * One of several shards may have died, or a machine have another nodes.json.
 * Where none of them runs, or Redis is new, that is said by others.
 */
int
watch_nodes(struct app *app)
{
	int64_t now = clock_mono_ms(), now_utc_ms;
	struct cache_values states;
	int rc = 0;

	if (now - app->watch.at_mono_ms <
		alert_after_ms(ALERT_NOT_POLLED, &app->config) / LOOKS &&
	    app->watch.at_mono_ms != 0)
		return 0;
	app->watch.at_mono_ms = now;
	follow_list(app);
	if (!app->fleet.listed || watch_misses_collector(app))
		return 0;
	if (forget_gone(app) == -1 || read_states(app, &states) == -1)
		return -1;
	now_utc_ms = clock_utc_ms();
	for (size_t i = 0; rc == 0 && i < app->fleet.nodes.len; i++)
		rc = judge(app, i,
		    is_polled(
			&states.list[i], now_utc_ms, app->config.cache_ttl_s));
	cache_values_done(&states);
	return rc;
}

void
watch_done(struct app *app)
{
	free(app->watch.unpolled);
	fleet_done(&app->fleet);
}
