/* shared.c: the accounts that more than one node shows, here or in another
 * shard. claims.c decides which of them is believed. */
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/mem.h"

struct account *
node_find_account(const struct node_state *n, const char *server, int64_t login)
{
	for (size_t i = 0; i < n->accounts_len; i++)
		if (account_is(n->accounts[i], server, login))
			return n->accounts[i];
	return NULL;
}

static bool
is_shared(const struct claims *c, const char *server, int64_t login)
{
	for (size_t i = 0; i < c->len; i++)
		if (account_key_is(
			c->shared[i].server, c->shared[i].login, server, login))
			return true;
	return false;
}

void
shared_add(struct claims *c, const char *server, int64_t login)
{
	if (is_shared(c, server, login))
		return;
	c->shared = mem_room(c->shared, c->len, &c->size, sizeof(*c->shared));
	c->shared[c->len++] = (struct account_key){mem_strdup(server), login};
}

int
shared_compare(const void *pa, const void *pb)
{
	const struct remote_claim *a = pa, *b = pb;

	return account_key_compare(a->server, a->login, b->server, b->login);
}

/* The first of those of that account; NULL: there is none. */
const struct remote_claim *
shared_remote(const struct claims *c, const char *server, int64_t login)
{
	const struct remote_claim key = {
	    (char *)(uintptr_t)server, NULL, login};
	const struct remote_claim *found = NULL;

	if (c->remote_len > 0)
		found = bsearch(&key, c->remote, c->remote_len,
		    sizeof(*c->remote), shared_compare);
	while (found != NULL && found > c->remote &&
	       shared_compare(found - 1, &key) == 0)
		found--;
	return found;
}

void
shared_note(struct app *app, const struct node_state *n, const char *server,
    int64_t login)
{
	if (shared_remote(&app->claims, server, login) != NULL)
		shared_add(&app->claims, server, login);
	for (size_t i = 0; i < app->nodes_len; i++)
		if (strcmp(app->nodes[i]->id, n->id) != 0 &&
		    node_find_account(app->nodes[i], server, login) != NULL) {
			shared_add(&app->claims, server, login);
			return;
		}
}
