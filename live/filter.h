/* filter.h: which accounts a client wants to hear of. */
#ifndef LIVE_FILTER_H
#define LIVE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Never 0, which stands for an event that concerns everyone. */
uint64_t account_hash(const char *server, const char *login);

struct filter {
	uint64_t *accounts;
	size_t len;
	bool everything; /* as at the start */
	unsigned also;   /* types, a bit each, that it wants of all accounts */
};

void filter_init(struct filter *f); /* everything */
void filter_done(struct filter *f);
void filter_none(struct filter *f, size_t room); /* then filter_add */
void filter_add(struct filter *f, uint64_t account);

/* To be called once after the last filter_add. */
void filter_sort(struct filter *f);

bool filter_wants(const struct filter *f, uint64_t account, unsigned type);

#endif
