/* replica.c: this process's copy of what Redis holds of the nodes. */
#include <stdlib.h>
#include <string.h>

#include "lib/fleet/replica.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"

#define LOOK_AGAIN_MS 5000
#define LOOK_AGAIN 64 /* nodes a question */

static void
free_node(struct replica *r, struct replica_node *n)
{
	for (size_t i = 0; n->made != NULL && i < n->snapshot.len; i++)
		if (n->made[i] != NULL)
			r->made_free(n->made[i]);
	free(n->made);
	snapshot_done(&n->snapshot);
	free((char *)n->text.data);
	n->made = NULL;
	n->text = (struct cache_value){NULL, 0};
}

static void
free_nodes(struct replica *r)
{
	for (size_t i = 0; i < r->len; i++) {
		free_node(r, &r->nodes[i]);
		free((char *)r->nodes[i].state.data);
	}
	free(r->nodes);
	free(r->order);
	r->nodes = NULL;
	r->order = NULL;
	r->len = r->order_len = 0;
}

void
replica_done(struct replica *r)
{
	free_nodes(r);
	free(r->collector);
	memset(r, 0, sizeof(*r));
}

static bool
same_bytes(const struct cache_value *a, const struct cache_value *b)
{
	if (a->data == NULL || b->data == NULL)
		return a->data == b->data;
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static struct cache_value
copy_of(const struct cache_value *v)
{
	return (struct cache_value){
	    v->data != NULL ? mem_strndup(v->data, v->len) : NULL, v->len};
}

/* The same bytes: what was made of them counts. */
static void
take_text(
    struct replica *r, struct replica_node *n, const struct cache_value *text)
{
	if (n->known && same_bytes(&n->text, text))
		return;
	free_node(r, n);
	n->text = copy_of(text);
	snapshot_read(&n->snapshot, &n->text);
	n->made = mem_new(n->snapshot.len, sizeof(*n->made));
}

static void
take_state(struct replica_node *n, const struct cache_value *state)
{
	if (same_bytes(&n->state, state))
		return;
	free((char *)n->state.data);
	n->state = copy_of(state);
}

/* Of those without a snapshot what was known last. */
static int
read_last(struct replica *r, const struct fleet *f, struct cache *cache,
    const size_t *absent, size_t len)
{
	const char **keys = mem_new(len, sizeof(*keys));
	char(*text)[KEY_SIZE] = mem_new(len, KEY_SIZE);
	struct cache_values got = {0};
	int rc = 0;

	for (size_t i = 0; i < len; i++)
		keys[i] =
		    key_of(KEY_LAST, f->nodes.list[absent[i]].id, text[i]);
	if (len > 0)
		rc = cache_mget(cache, keys, len, NULL, &got);
	for (size_t i = 0; rc == 0 && i < len; i++)
		take_text(r, &r->nodes[absent[i]], &got.list[i]);
	if (rc == 0 && len > 0)
		cache_values_done(&got);
	free(text);
	free(keys);
	return rc;
}

static void
take_collector(struct replica *r, const struct cache_value *v)
{
	free(r->collector);
	r->collector = v->data != NULL ? mem_strndup(v->data, v->len) : NULL;
	r->collector_len = v->len;
}

/* The nodes of those numbers, the collector, and where the stream is. */
static int
read_nodes(struct replica *r, const struct fleet *f, struct cache *cache,
    const size_t *numbers, size_t len)
{
	const char **keys = mem_new(2 * len + 1, sizeof(*keys));
	size_t *absent = mem_new(len, sizeof(*absent)), absent_len = 0;
	struct cache_values got;
	int rc;

	for (size_t i = 0; i < len; i++) {
		keys[2 * i] = f->keys[2 * numbers[i]];
		keys[2 * i + 1] = f->keys[2 * numbers[i] + 1];
	}
	keys[2 * len] = f->keys[f->keys_len - 1];
	rc = cache_mget(cache, keys, 2 * len + 1, r->live_id, &got);
	for (size_t i = 0; rc == 0 && i < len; i++) {
		struct replica_node *n = &r->nodes[numbers[i]];

		n->present = got.list[2 * i].data != NULL;
		n->read_mono_ms = clock_mono_ms();
		if (n->present)
			take_text(r, n, &got.list[2 * i]);
		else
			absent[absent_len++] = numbers[i];
		take_state(n, &got.list[2 * i + 1]);
	}
	if (rc == 0) {
		take_collector(r, &got.list[2 * len]);
		cache_values_done(&got);
		rc = read_last(r, f, cache, absent, absent_len);
	}
	for (size_t i = 0; rc == 0 && i < len; i++)
		r->nodes[numbers[i]].known = true;
	free(absent);
	free(keys);
	return rc;
}

/* Which nodes are to be read. */
struct chosen {
	struct replica *r;
	const struct fleet *f;
	size_t *numbers, len;
	bool *is;
};

static void
choose(struct chosen *c, size_t number)
{
	if (c->is[number])
		return;
	c->is[number] = true;
	c->numbers[c->len++] = number;
}

static void
choose_changed(void *arg, const char *id)
{
	struct chosen *c = arg;
	const struct node *n = nodes_find(&c->f->nodes, id);

	if (n != NULL)
		choose(c, (size_t)(n - c->f->nodes.list));
}

/* In turn, those that nobody said anything of for a while. */
static void
choose_old(struct chosen *c)
{
	int64_t now = clock_mono_ms();
	struct replica *r = c->r;

	for (size_t i = 0; i < LOOK_AGAIN && i < r->len; i++) {
		size_t number = r->look_at++ % r->len;

		if (now - r->nodes[number].read_mono_ms >= LOOK_AGAIN_MS)
			choose(c, number);
	}
}

static bool
is_same_list(const struct replica *r, const struct fleet *f)
{
	return r->nodes != NULL && r->len == f->nodes.len &&
	       memcmp(&r->stamp, &f->stamp, sizeof(f->stamp)) == 0;
}

int
replica_refresh(struct replica *r, const struct fleet *f, struct cache *cache)
{
	struct chosen c = {.r = r, .f = f};
	bool all = !is_same_list(r, f);
	int rc;

	if (all) {
		free_nodes(r);
		r->nodes = mem_new(f->nodes.len, sizeof(*r->nodes));
		r->len = f->nodes.len;
		r->stamp = f->stamp;
		*r->at = '\0';
	}
	c.numbers = mem_new(r->len, sizeof(*c.numbers));
	c.is = mem_new(r->len, sizeof(*c.is));
	/* before the keys: they may be newer than it says, not older */
	rc = cache_changes(cache, r->at, &all, choose_changed, &c);
	for (size_t i = 0; rc == 0 && i < r->len; i++)
		if (all || !r->nodes[i].known)
			choose(&c, i);
	if (rc == 0) {
		choose_old(&c);
		rc = read_nodes(r, f, cache, c.numbers, c.len);
	}
	/* what was said to have changed may not have been read */
	if (rc == -1)
		*r->at = '\0';
	free(c.numbers);
	free(c.is);
	return rc;
}
