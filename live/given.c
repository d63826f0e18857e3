/* given.c: the accounts that were given to who opened a connection. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/fleet/event.h"
#include "lib/fleet/scope.h"
#include "live/given.h"

void
given_done(struct given *g)
{
	free(g->text);
	filter_done(&g->accounts);
	memset(g, 0, sizeof(*g));
}

void
given_told(struct given *g, const char *text)
{
	if (g->text != NULL && strcmp(g->text, text) == 0)
		return;
	free(g->text);
	g->text = mem_strdup(text);
	g->facts_seen = false;
}

static bool
is_same(const struct filter *a, const struct filter *b)
{
	return a->len == b->len &&
	       (a->len == 0 || memcmp(a->accounts, b->accounts,
				   a->len * sizeof(*a->accounts)) == 0);
}

static void
add(struct filter *f, const char *server, int64_t login)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, login);
	filter_add(f, account_hash(server, text));
}

/* Those that were named, also where the ledger has not seen them yet. */
static void
add_named(struct filter *f, const char *text)
{
	char server[SCOPE_SIZE];
	int64_t login;

	while (text != NULL)
		if (scope_next_account(&text, server, &login))
			add(f, server, login);
}

bool
given_refresh(struct given *g, const struct facts *facts)
{
	bool was_known = g->known, changed;
	struct filter now;

	/* while the ledger is away they are those of before */
	if (!g->some || g->text == NULL || (was_known && !facts->known) ||
	    (g->facts_seen && g->revision == facts->revision))
		return false;
	filter_init(&now);
	filter_none(&now, facts->len + SCOPE_SIZE);
	add_named(&now, g->text);
	for (size_t i = 0; i < facts->len; i++)
		if (scope_has(g->text, facts, facts->list[i].server,
			facts->list[i].login))
			add(&now, facts->list[i].server, facts->list[i].login);
	filter_sort(&now);
	changed = was_known && !is_same(&now, &g->accounts);
	filter_done(&g->accounts);
	g->accounts = now;
	g->known = true;
	g->facts_seen = facts->known;
	g->revision = facts->revision;
	return changed;
}

bool
given_has(const struct given *g, uint64_t account, unsigned type)
{
	if (!g->some)
		return true;
	if (!g->known)
		return false;
	if (account == 0)
		return type == 1U << EVENT_RESET;
	return filter_wants(&g->accounts, account, 0);
}
