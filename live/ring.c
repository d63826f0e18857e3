/* ring.c: the newest entries of the stream, each rendered once. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "live/ring.h"

void
ring_init(struct ring *r, size_t entries_max, size_t bytes_max, size_t headroom)
{
	assert(entries_max > 0);
	memset(r, 0, sizeof(*r));
	r->entries = mem_new(entries_max, sizeof(*r->entries));
	r->entries_max = entries_max;
	r->bytes_max = bytes_max;
	r->headroom = headroom;
	r->first = r->next = 1;
}

static struct ring_entry *
slot(const struct ring *r, uint64_t n)
{
	return &r->entries[n % r->entries_max];
}

static void
drop_first(struct ring *r)
{
	struct ring_entry *e = slot(r, r->first);

	r->before_first = e->id;
	r->before_known = true;
	r->bytes -= e->len + r->headroom;
	free(e->text - r->headroom);
	e->text = NULL;
	r->first++;
}

void
ring_clear(struct ring *r, const struct event_id *before)
{
	while (r->first < r->next)
		drop_first(r);
	r->before_known = before != NULL;
	if (before != NULL)
		r->before_first = *before;
}

void
ring_done(struct ring *r)
{
	ring_clear(r, NULL);
	free(r->entries);
	memset(r, 0, sizeof(*r));
}

bool
ring_last_id(const struct ring *r, struct event_id *id)
{
	return ring_id_before(r, r->next, id);
}

bool
ring_id_before(const struct ring *r, uint64_t n, struct event_id *id)
{
	if (n > r->first && n <= r->next)
		*id = slot(r, n - 1)->id;
	else if (n == r->first && r->before_known)
		*id = r->before_first;
	else
		return false;
	return true;
}

static bool
is_empty(const char *object)
{
	do
		object++;
	while ((unsigned char)*object <= ' '); /* as cJSON has it */
	return *object == '}';
}

/* One rendering for everyone. An empty object has no comma before its end. */
static void
render(struct ring_entry *e, size_t headroom, const char *data, size_t len)
{
	char head[EVENT_ID_SIZE + 16], id[EVENT_ID_SIZE];
	size_t head_len =
	    (size_t)snprintf(head, sizeof(head), "{\"id\":\"%s\"%s",
		event_id_text(e->id, id), is_empty(data) ? "" : ",");
	unsigned char *at = mem_new(1, headroom + head_len + len);

	e->text = at + headroom;
	e->len = head_len + len - 1;
	memcpy(e->text, head, head_len);
	memcpy(e->text + head_len, data + 1, len - 1);
}

bool
ring_add(struct ring *r, struct event_id id, uint64_t account, const char *data,
    size_t len)
{
	struct event_id last;
	struct ring_entry *e;

	assert(len >= 2 && data[0] == '{');
	if (ring_last_id(r, &last) && event_id_compare(id, last) <= 0)
		return false;
	if (r->next - r->first == r->entries_max)
		drop_first(r);
	e = slot(r, r->next++);
	e->id = id;
	e->account = account;
	e->type = 0;
	e->replaced = false;
	render(e, r->headroom, data, len);
	r->bytes += e->len + r->headroom;
	while (r->bytes > r->bytes_max && r->first < r->next)
		drop_first(r);
	return true;
}

void
ring_describe(struct ring *r, unsigned type, uint64_t *newest)
{
	uint64_t n = r->next - 1;

	if (n < r->first)
		return;
	slot(r, n)->type = type;
	if (newest == NULL)
		return;
	if (*newest >= r->first && *newest < n)
		slot(r, *newest)->replaced = true;
	*newest = n;
}

const struct ring_entry *
ring_get(const struct ring *r, uint64_t n)
{
	return n >= r->first && n < r->next ? slot(r, n) : NULL;
}

/* The number of the first entry whose id is not below id. */
static uint64_t
not_below(const struct ring *r, struct event_id id)
{
	uint64_t low = r->first, high = r->next;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (event_id_compare(slot(r, middle)->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum ring_answer
ring_find(const struct ring *r, struct event_id id, uint64_t *n)
{
	struct event_id last;
	uint64_t at;

	if (r->before_known && event_id_compare(id, r->before_first) == 0) {
		*n = r->first;
		return RING_FOUND;
	}
	if (!ring_last_id(r, &last))
		return RING_GONE;
	if (event_id_compare(id, last) > 0)
		return RING_AHEAD;
	at = not_below(r, id);
	if (at == r->next || event_id_compare(slot(r, at)->id, id) != 0)
		return RING_GONE;
	*n = at + 1;
	return RING_FOUND;
}
