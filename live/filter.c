/* filter.c: which accounts a client wants to hear of. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "live/filter.h"

uint64_t
account_hash(const char *server, const char *login)
{
	uint64_t hash = hash_add_text(hash_add_text(HASH_START, server), login);

	return hash != 0 ? hash : 1;
}

void
filter_init(struct filter *f)
{
	memset(f, 0, sizeof(*f));
	f->everything = true;
}

void
filter_done(struct filter *f)
{
	free(f->accounts);
	memset(f, 0, sizeof(*f));
}

void
filter_none(struct filter *f, size_t room)
{
	filter_done(f);
	f->accounts = mem_new(room + 1, sizeof(*f->accounts));
}

void
filter_add(struct filter *f, uint64_t account)
{
	f->accounts[f->len++] = account;
}

static int
compare(const void *va, const void *vb)
{
	uint64_t a = *(const uint64_t *)va, b = *(const uint64_t *)vb;

	return a < b ? -1 : a > b;
}

void
filter_sort(struct filter *f)
{
	qsort(f->accounts, f->len, sizeof(*f->accounts), compare);
}

bool
filter_wants(const struct filter *f, uint64_t account, unsigned type)
{
	if (f->everything || account == 0 || (f->also & type) != 0)
		return true;
	return bsearch(&account, f->accounts, f->len, sizeof(account),
		   compare) != NULL;
}
