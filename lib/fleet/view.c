/* view.c: what Redis holds of the fleet at one moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fleet/view.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/fleet/fresh.h"
#include "lib/redis/keys.h"

/* Where there is no snapshot, the greyed row has what was known last. */
static int
read_last(struct view *v, struct cache *cache)
{
	const char **keys = mem_new(v->nodes_len, sizeof(*keys));
	char(*text)[KEY_SIZE] = mem_new(v->nodes_len, KEY_SIZE);
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < v->nodes_len; i++)
		if (!v->nodes[i].live) {
			keys[n] =
			    key_of(KEY_LAST, v->nodes[i].node->id, text[n]);
			n++;
		}
	if (n > 0)
		rc = cache_mget(cache, keys, n, NULL, &v->last);
	for (size_t i = 0, k = 0; rc == 0 && i < v->nodes_len; i++)
		if (!v->nodes[i].live)
			v->nodes[i].text = v->last.list[k++];
	free(text);
	free(keys);
	return rc;
}

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

	snapshot_read(&n->snapshot, &n->text);
	at_utc_ms = n->snapshot.head.at_utc_ms;
	n->at_utc_ms = fresh_moment(at_utc_ms, now_utc_ms);
	n->live = n->live && n->snapshot.has_status &&
		  fresh_is(at_utc_ms, now_utc_ms, ttl_s) &&
		  is_news(seen, at_utc_ms, ttl_s);
	if (n->live)
		n->status = n->snapshot.head.status;
	else
		judge_absent(n, now_utc_ms, ttl_s);
}

int
view_read(struct view *v, const struct fleet *f, struct cache *cache, int ttl_s)
{
	memset(v, 0, sizeof(*v));
	if (cache_mget(cache, (const char *const *)f->keys, f->keys_len,
		v->live_id, &v->fresh) == -1)
		return -1;
	v->collector = v->fresh.list[v->fresh.len - 1];
	v->nodes = mem_new(f->nodes.len, sizeof(*v->nodes));
	for (size_t i = 0; i < f->nodes.len; i++) {
		struct node_view *n = &v->nodes[v->nodes_len++];

		n->node = &f->nodes.list[i];
		n->text = v->fresh.list[2 * i];
		n->state = v->fresh.list[2 * i + 1];
		n->live = n->text.data != NULL;
	}
	if (read_last(v, cache) == -1)
		return -1;
	v->now_utc_ms = clock_utc_ms();
	v->ttl_s = ttl_s;
	for (size_t i = 0; i < v->nodes_len; i++)
		judge(&v->nodes[i], f->seen != NULL ? &f->seen[i] : NULL,
		    v->now_utc_ms, ttl_s);
	rows_make(v);
	return 0;
}

void
view_done(struct view *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->nodes_len; i++) {
		snapshot_done(&v->nodes[i].snapshot);
		free(v->nodes[i].error);
	}
	free(v->nodes);
	free(v->rows);
	free(v->claims);
	cache_values_done(&v->fresh);
	cache_values_done(&v->last);
	memset(v, 0, sizeof(*v));
}
