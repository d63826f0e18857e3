/*
 * owner.h: whose the state is. A program that root starts by hand works as the
 * user of its unit, so that no file becomes root's: admin.fcgi as the owner of
 * NODES_FILE, sheets as that of Google's key, all others as that of STATE_DIR.
 */
#ifndef LIB_PROGRAM_OWNER_H
#define LIB_PROGRAM_OWNER_H

#include "lib/base/config.h"

/*
 * Root becomes the owner of STATE_DIR, for good; anyone else, and a folder that
 * is root's or not there, changes nothing. -1: it was said why not.
 */
int owner_become(const struct config *c);

/* The same of that program's user. */
int owner_become_for(const struct config *c, const char *program);

#endif
