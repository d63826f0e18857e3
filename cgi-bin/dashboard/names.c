/* names.c: words that occur, each with a number of its own. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/names.h"
#include "lib/base/hash.h"
#include "lib/base/mem.h"

#define SLOTS_FIRST 64

static size_t *
slot_of(const struct names *n, const char *word)
{
	size_t i = (size_t)hash_add_text(HASH_START, word);

	for (;; i++) {
		size_t *slot = &n->slots[i & (n->slots_len - 1)];

		if (*slot == 0 || strcmp(n->words[*slot - 1], word) == 0)
			return slot;
	}
}

/* At most half of the slots are taken. */
static void
make_room(struct names *n)
{
	if (2 * n->len < n->slots_len)
		return;
	free(n->slots);
	n->slots_len = n->slots_len > 0 ? 2 * n->slots_len : SLOTS_FIRST;
	n->slots = mem_new(n->slots_len, sizeof(*n->slots));
	for (size_t i = 0; i < n->len; i++)
		*slot_of(n, n->words[i]) = i + 1;
}

size_t
names_number(struct names *n, const char *word)
{
	size_t *slot;

	make_room(n);
	slot = slot_of(n, word);
	if (*slot == 0) {
		n->words =
		    mem_room(n->words, n->len, &n->size, sizeof(*n->words));
		n->words[n->len++] = word;
		*slot = n->len;
	}
	return *slot - 1;
}

void
names_done(struct names *n)
{
	free(n->words);
	free(n->slots);
	memset(n, 0, sizeof(*n));
}
