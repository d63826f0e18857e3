/*
 * owner.h: whose the state is. A program that root starts by hand works as the
 * owner of STATE_DIR, so that nothing in it becomes root's.
 */
#ifndef LIB_PROGRAM_OWNER_H
#define LIB_PROGRAM_OWNER_H

#include "lib/base/config.h"

/*
 * Root becomes the owner of STATE_DIR, for good; anyone else, and a folder that
 * is root's or not there, changes nothing. -1: it was said why not.
 */
int owner_become(const struct config *c);

#endif
