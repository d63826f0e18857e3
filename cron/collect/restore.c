/* restore.c: what the run before knew, from Redis. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/fleet/fields.h"
#include "lib/fleet/fresh.h"
#include "lib/redis/keys.h"

#define NODES_AT_ONCE 400

static void
take_node(struct node_state *n, const struct cache_value *v)
{
	struct node_record r;
	struct json j;

	if (node_record_read(&r, v)) {
		n->link = r.link;
		n->link_since_utc_ms = r.since_utc_ms;
		snprintf(n->error, sizeof(n->error), "%s",
		    r.error != NULL ? r.error : "");
		n->polled_utc_ms = r.polled_utc_ms;
		n->latency_ms = r.latency_ms;
		n->terminals = r.terminals >= 0 ? r.terminals : 0;
		memcpy(n->alerts, r.alerts, sizeof(n->alerts));
	}
	if (r.agent_read != NULL) {
		json_init(&j, v->len + 64);
		fields_put(&j, NULL, r.agent_read, agent_fields);
		n->agent = json_take(&j);
		json_done(&j);
	}
	node_record_done(&r);
}

/* What cannot be read is polled whole. */
static void
take_snapshot(struct node_state *n, const struct cache_value *v)
{
	struct snapshot s;
	struct account *a = NULL;
	size_t i = 0;

	if (snapshot_read(&s, v)) {
		for (; i < s.len &&
		       (a = account_from_snapshot(&s.accounts[i])) != NULL;
		     i++)
			node_add_account(n, a);
		if (s.has_status)
			n->said = s.head.status;
		if (i == s.len && s.has_status && n->agent != NULL &&
		    strlen(s.head.rev) < sizeof(n->rev))
			snprintf(n->rev, sizeof(n->rev), "%s", s.head.rev);
	}
	snapshot_done(&s);
}

/* The words that readers saw until now, and since when. */
static void
settle(struct node_state *n, bool live, int ttl_s)
{
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];

		/* written by age, not by the agent: ask for all of it */
		if (a->said == STATUS_STALE && !a->carried)
			*n->rev = '\0';
		if (n->link != LINK_OK) {
			a->status = link_status(n->link);
			a->since_utc_ms = n->link_since_utc_ms;
		} else if (!live && status_is_live(a->status)) {
			a->status = STATUS_STALE;
			a->since_utc_ms = fresh_until(a->at_utc_ms, ttl_s);
		}
	}
	if (n->link == LINK_OK)
		n->head = n->said;
	else if (n->link == LINK_UNAUTHORIZED)
		n->head = STATUS_UNAUTHORIZED;
	n->head_since_utc_ms = n->link_since_utc_ms;
}

static void
make_keys(struct node_state **nodes, size_t n, const char *kind, char **keys)
{
	for (size_t i = 0; i < n; i++)
		keys[i] = mem_printf("%s%s", kind, nodes[i]->id);
}

static void
take_values(struct app *app, struct node_state **nodes, size_t n,
    const struct cache_values *v)
{
	for (size_t i = 0; i < n; i++) {
		const struct cache_value *snapshot = &v->list[n + i];
		bool live = snapshot->data != NULL;

		if (v->list[i].data == NULL)
			continue; /* never polled */
		take_node(nodes[i], &v->list[i]);
		if (!live)
			snapshot = &v->list[2 * n + i];
		if (snapshot->data != NULL)
			take_snapshot(nodes[i], snapshot);
		settle(nodes[i], live, app->config.cache_ttl_s);
	}
}

static int
restore_some(struct app *app, struct node_state **nodes, size_t n)
{
	char **keys = mem_new(3 * n, sizeof(*keys));
	struct cache_values values;
	int rc;

	make_keys(nodes, n, KEY_NODE, keys);
	make_keys(nodes, n, KEY_SNAPSHOT, keys + n);
	make_keys(nodes, n, KEY_LAST, keys + 2 * n);
	rc = cache_mget(
	    app->cache, (const char *const *)keys, 3 * n, NULL, &values);
	if (rc == 0) {
		take_values(app, nodes, n, &values);
		cache_values_done(&values);
	}
	for (size_t i = 0; i < 3 * n; i++)
		free(keys[i]);
	free(keys);
	return rc;
}

int
restore_nodes(struct app *app)
{
	size_t at = 0, n;

	for (; at < app->nodes_len; at += n) {
		n = app->nodes_len - at;
		if (n > NODES_AT_ONCE)
			n = NODES_AT_ONCE;
		if (restore_some(app, app->nodes + at, n) == -1)
			return -1;
		heartbeat_renew(app, clock_mono_ms());
	}
	app->restored = true;
	return 0;
}

int
restore_node(struct app *app, struct node_state *n)
{
	return restore_some(app, &n, 1);
}

/* An account that only Redis knows: it was there, and may be no longer. */
static void
adopt_account(struct node_state *n, struct account *a)
{
	a->carried = true;
	a->said = STATUS_STALE;
	a->status = n->link == LINK_OK ? STATUS_STALE : n->head;
	*n->rev = '\0'; /* the next answer says how it is */
	node_add_account(n, a);
}

/*
 * An alert and the word that it is out are written together: where Redis does
 * not have both nobody heard of the alert. was NULL: it has neither.
 */
static void
adopt_sent(struct alert_state *states, const struct alert_state *was)
{
	for (int k = 0; k < ALERT_KINDS; k++)
		states[k].sent = was != NULL ? was[k].sent : ALERT_INFO;
}

static void
adopt(struct node_state *n, struct node_state *was, bool has_alerts)
{
	adopt_sent(n->alerts, has_alerts ? was->alerts : NULL);
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];
		const struct account *b =
		    node_find_account(was, a->server, a->login);

		adopt_sent(
		    a->alerts, has_alerts && b != NULL ? b->alerts : NULL);
	}
	for (size_t i = was->accounts_len; !n->app->restored && i-- > 0;) {
		struct account *a = was->accounts[i];

		if (node_find_account(n, a->server, a->login) != NULL)
			continue;
		adopt_account(n, a);
		was->accounts[i] = was->accounts[--was->accounts_len];
	}
}

static int
restore_some_again(
    struct app *app, struct node_state **nodes, size_t n, bool has_alerts)
{
	struct node_state **was = mem_new(n, sizeof(struct node_state *));
	int rc;

	for (size_t i = 0; i < n; i++)
		was[i] = node_new(app, nodes[i]->id);
	rc = restore_some(app, was, n);
	for (size_t i = 0; i < n; i++) {
		if (rc == 0)
			adopt(nodes[i], was[i], has_alerts);
		node_free(was[i]);
	}
	free(was);
	return rc;
}

int
restore_again(struct app *app)
{
	size_t at = 0, n;
	bool has_alerts;

	/* gone when Redis was emptied, whatever we wrote before we noticed */
	if (cache_exists(app->cache, KEY_ALERT_STREAM, &has_alerts) == -1)
		return -1;
	for (; at < app->nodes_len; at += n) {
		n = app->nodes_len - at;
		if (n > NODES_AT_ONCE)
			n = NODES_AT_ONCE;
		if (restore_some_again(app, app->nodes + at, n, has_alerts) ==
		    -1)
			return -1;
	}
	app->restored = true;
	return 0;
}
