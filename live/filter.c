/* filter.c: which accounts a client wants to hear of. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "live/filter.h"

#define FNV_START UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

/* FNV-1a, the terminating zero too: "a","bc" is not "ab","c". */
static uint64_t
add_text(uint64_t hash, const char *s)
{
	do
		hash = (hash ^ (unsigned char)*s) * FNV_PRIME;
	while (*s++ != '\0');
	return hash;
}

uint64_t
account_hash(const char *server, const char *login)
{
	uint64_t hash = add_text(add_text(FNV_START, server), login);

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
filter_wants(const struct filter *f, uint64_t account)
{
	if (f->everything || account == 0)
		return true;
	return bsearch(&account, f->accounts, f->len, sizeof(account),
		   compare) != NULL;
}
