/* scope.h: which accounts, as options of a command. */
#ifndef BIN_SCOPE_H
#define BIN_SCOPE_H

#include "lib/fleet/scope.h"

#define SCOPE_OPTIONS                                  \
	{"firm", required_argument, NULL, 'F'},        \
	    {"holder", required_argument, NULL, 'H'},  \
	    {"tag", required_argument, NULL, 'T'},     \
	    {"account", required_argument, NULL, 'A'}, \
	    {"all-accounts", no_argument, NULL, 'L'},  \
	{                                              \
		"no-accounts", no_argument, NULL, 'N'  \
	}

struct scope_given {
	bool is_given;
	bool said; /* what is wrong was logged */
	char text[SCOPE_SIZE];
};

/* One of them; false: it is none, or cannot be. */
bool scope_option(struct scope_given *g, int option, const char *value);

#endif
