/* nodes_index.c: nodes by their id, and by the accounts that they pin: a list
 * of 20,000 is looked through a hash, not from its beginning. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/fleet/nodes.h"

#define SLOTS_FIRST 64

/* Room for so many at half full. */
static void
make_room(struct nodes_slots *s, size_t len)
{
	s->len = SLOTS_FIRST;
	while (s->len < 2 * len)
		s->len *= 2;
	s->list = mem_new(s->len, sizeof(*s->list));
}

static void
put(struct nodes_slots *s, uint64_t hash, size_t number)
{
	size_t i = (size_t)hash & (s->len - 1);

	while (s->list[i] != 0)
		i = (i + 1) & (s->len - 1);
	s->list[i] = number + 1;
}

void
nodes_index_begin(struct nodes *n, size_t most)
{
	make_room(&n->by_id, most);
}

/* Of two of one id the first is found. */
void
nodes_index_add(struct nodes *n, size_t number)
{
	put(&n->by_id, hash_add_text(HASH_START, n->list[number].id), number);
}

static uint64_t
hash_of(const char *server, int64_t login)
{
	return hash_add_number(
	    hash_add_text(HASH_START, server), (uint64_t)login);
}

void
nodes_index_pins(struct nodes *n)
{
	size_t pins = 0;

	for (size_t i = 0; i < n->len; i++)
		pins += n->list[i].pins_len;
	make_room(&n->by_pin, pins);
	for (size_t i = 0; i < n->len; i++)
		for (size_t k = 0; k < n->list[i].pins_len; k++)
			put(&n->by_pin,
			    hash_of(n->list[i].pins[k].server,
				n->list[i].pins[k].login),
			    i);
}

void
nodes_index_done(struct nodes *n)
{
	free(n->by_id.list);
	free(n->by_pin.list);
}

/* Lists that were not loaded have no index. */
const struct node *
nodes_find(const struct nodes *n, const char *id)
{
	const struct nodes_slots *s = &n->by_id;
	size_t at;

	for (size_t i = 0; s->len == 0 && i < n->len; i++)
		if (strcmp(n->list[i].id, id) == 0)
			return &n->list[i];
	if (s->len == 0)
		return NULL;
	at = (size_t)hash_add_text(HASH_START, id) & (s->len - 1);
	for (; s->list[at] != 0; at = (at + 1) & (s->len - 1))
		if (strcmp(n->list[s->list[at] - 1].id, id) == 0)
			return &n->list[s->list[at] - 1];
	return NULL;
}

static bool
is_listed(const struct account_key *list, size_t len, const char *server,
    int64_t login)
{
	for (size_t i = 0; i < len; i++)
		if (account_key_is(
			list[i].server, list[i].login, server, login))
			return true;
	return false;
}

bool
node_pins(const struct node *n, const char *server, int64_t login)
{
	return is_listed(n->pins, n->pins_len, server, login);
}

bool
node_has_retired(const struct node *n, const char *server, int64_t login)
{
	return is_listed(n->retired, n->retired_len, server, login);
}

bool
nodes_pinned_elsewhere(const struct nodes *all, const struct node *here,
    const char *server, int64_t login)
{
	const struct nodes_slots *s = &all->by_pin;
	size_t at;

	if (node_pins(here, server, login))
		return false;
	for (size_t i = 0; s->len == 0 && i < all->len; i++)
		if (node_pins(&all->list[i], server, login))
			return true;
	if (s->len == 0)
		return false;
	at = (size_t)hash_of(server, login) & (s->len - 1);
	for (; s->list[at] != 0; at = (at + 1) & (s->len - 1))
		if (node_pins(&all->list[s->list[at] - 1], server, login))
			return true;
	return false;
}
