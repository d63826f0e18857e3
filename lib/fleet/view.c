/* view.c: what Redis holds of the fleet at one moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fleet/view.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"

static struct cache_value
first_line(const struct cache_value *text)
{
	const char *end = memchr(text->data, '\n', text->len);

	if (end == NULL)
		return *text;
	return (struct cache_value){text->data, (size_t)(end - text->data)};
}

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
 * No snapshot: what the collector said of the node, as long as it is there to
 * say so; else it is stale, since the TTL of the last one ended.
 */
static void
judge_absent(struct node_view *n, int64_t now_msc, int ttl_s)
{
	cJSON *state = n->state.data == NULL
			   ? NULL
			   : jsonin_parse(n->state.data, n->state.len);
	int64_t ttl_msc = (int64_t)ttl_s * 1000, polled;
	const char *word;
	enum status said;

	n->status = STATUS_STALE;
	n->since_msc = n->at_msc > 0 ? n->at_msc + ttl_msc : 0;
	if (jsonin_string(state, "status", &word) && status_from(word, &said) &&
	    said != STATUS_OK && jsonin_int64(state, "polled_msc", &polled) &&
	    now_msc - polled <= ttl_msc) {
		n->status = said;
		n->since_msc = 0;
		jsonin_int64(state, "since_msc", &n->since_msc);
	}
	cJSON_Delete(state);
}

static void
judge(struct node_view *n, int64_t now_msc, int ttl_s)
{
	struct cache_value line;
	const char *word;

	if (n->text.data != NULL) {
		line = first_line(&n->text);
		n->head = jsonin_parse(line.data, line.len);
		jsonin_int64(n->head, "at_msc", &n->at_msc);
	}
	if (!n->live || !jsonin_string(n->head, "status", &word) ||
	    !status_from(word, &n->status))
		judge_absent(n, now_msc, ttl_s);
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
	v->now_msc = clock_utc_msc();
	for (size_t i = 0; i < v->nodes_len; i++)
		judge(&v->nodes[i], v->now_msc, ttl_s);
	rows_make(v);
	return 0;
}

void
view_done(struct view *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->nodes_len; i++)
		cJSON_Delete(v->nodes[i].head);
	free(v->nodes);
	free(v->rows);
	cache_values_done(&v->fresh);
	cache_values_done(&v->last);
	memset(v, 0, sizeof(*v));
}
