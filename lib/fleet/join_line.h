/*
 * join_line.h: the lines that are typed on a machine to make it a node. They
 * name the site, the hash of its certificate's key, and the token; nothing is
 * fetched from whoever else answers there.
 */
#ifndef LIB_FLEET_JOIN_LINE_H
#define LIB_FLEET_JOIN_LINE_H

#include "lib/base/config.h"

struct join_lines {
	char *shell;      /* Linux, as root */
	char *powershell; /* Windows, as administrator */
	char *error;      /* why there is none; NULL */
};

/* 0, or -1 with the error. join_lines_done in both cases. */
int join_lines_make(
    struct join_lines *j, const struct config *c, const char *token);
void join_lines_done(struct join_lines *j);

#endif
