/* view.c: what Redis holds of the fleet at one moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fleet/view.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/fleet/fresh.h"
#include "lib/redis/keys.h"

/*
 * Nothing live: what the collector said of the node, as long as it is there to
 * say so; else it is stale, since the TTL of the last one ended.
 */
static void
judge_absent(struct node_view *n, int64_t now_utc_ms, int ttl_s)
{
	struct node_record r;

	n->status = STATUS_STALE;
	n->since_utc_ms = fresh_until(n->at_utc_ms, ttl_s);
	if (node_record_read(&r, &n->state) && r.link != LINK_UNKNOWN &&
	    r.link != LINK_OK && fresh_is(r.polled_utc_ms, now_utc_ms, ttl_s)) {
		n->status = link_status(r.link);
		if (r.error != NULL)
			n->error = mem_strdup(r.error);
		n->since_utc_ms = r.since_utc_ms;
	}
	node_record_done(&r);
	n->since_utc_ms = fresh_moment(n->since_utc_ms, now_utc_ms);
}

/*
 * A clock that was set back by less than the TTL makes what is old young again;
 * what this process has seen for longer than that is not.
 */
static bool
is_news(struct fleet_seen *seen, int64_t at_utc_ms, int ttl_s)
{
	int64_t now = clock_mono_ms();

	if (seen == NULL)
		return true;
	if (seen->at_utc_ms != at_utc_ms)
		*seen = (struct fleet_seen){at_utc_ms, now};
	return now - seen->since_mono_ms <= ttl_s * INT64_C(1000);
}

static void
judge(
    struct node_view *n, struct fleet_seen *seen, int64_t now_utc_ms, int ttl_s)
{
	int64_t at_utc_ms;

	at_utc_ms = n->snapshot->head.at_utc_ms;
	n->at_utc_ms = fresh_moment(at_utc_ms, now_utc_ms);
	n->live = n->live && n->snapshot->has_status &&
		  fresh_is(at_utc_ms, now_utc_ms, ttl_s) &&
		  is_news(seen, at_utc_ms, ttl_s);
	if (n->live)
		n->status = n->snapshot->head.status;
	else
		judge_absent(n, now_utc_ms, ttl_s);
}

int
view_renew(struct view *v, const struct fleet *f, struct cache *cache,
    int ttl_s, struct replica *replica)
{
	memset(v, 0, sizeof(*v));
	if (replica_refresh(replica, f, cache) == -1)
		return -1;
	v->replica = replica;
	memcpy(v->live_id, replica->live_id, sizeof(v->live_id));
	v->collector =
	    (struct cache_value){replica->collector, replica->collector_len};
	v->now_utc_ms = clock_utc_ms();
	v->ttl_s = ttl_s;
	v->nodes = mem_new(f->nodes.len, sizeof(*v->nodes));
	for (size_t i = 0; i < f->nodes.len; i++) {
		const struct replica_node *known = &replica->nodes[i];
		struct node_view *n = &v->nodes[v->nodes_len++];

		n->node = &f->nodes.list[i];
		n->text = known->text;
		n->state = known->state;
		n->snapshot = &known->snapshot;
		n->made = known->made;
		n->live = known->present;
		judge(n, f->seen != NULL ? &f->seen[i] : NULL, v->now_utc_ms,
		    ttl_s);
	}
	rows_make(v);
	return 0;
}

int
view_read(struct view *v, const struct fleet *f, struct cache *cache, int ttl_s)
{
	struct replica own = {0};
	int rc = view_renew(v, f, cache, ttl_s, &own);

	v->own = own;
	v->replica = &v->own;
	return rc;
}

void
view_done(struct view *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->nodes_len; i++)
		free(v->nodes[i].error);
	free(v->nodes);
	free(v->rows);
	free(v->claims);
	replica_done(&v->own);
	memset(v, 0, sizeof(*v));
}
