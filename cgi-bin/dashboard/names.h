/* names.h: words that occur, each with a number of its own, from 0. */
#ifndef DASHBOARD_NAMES_H
#define DASHBOARD_NAMES_H

#include <stddef.h>

/* {0} is an empty one; words are borrowed. */
struct names {
	const char **words;
	size_t len, size;
	size_t *slots; /* by hash: the number and 1; 0: free */
	size_t slots_len;
};

/* The number of that word, a new one where it is. */
size_t names_number(struct names *n, const char *word);
void names_done(struct names *n);

#endif
