/*
 * startfile.h: the file that logs a terminal in.
 *
 * It holds the password: it is there only from the start until the terminal
 * is up. Who removes it: we do, once the terminal is up or its start has
 * failed; its guard (platform.h), when we end in between, however that is;
 * the next run of the agent, when the whole machine went down.
 */
#ifndef AGENT_STARTFILE_H
#define AGENT_STARTFILE_H

#include <stdbool.h>

#include "lib/base/config.h"

struct startfile {
	char *path;
	bool there; /* or it may be */
};

/* In that folder; one that was left there is removed. */
void startfile_init(struct startfile *f, const char *dir);
void startfile_done(struct startfile *f);

/* With a guard, or not at all; its owner alone reads it. -1: it cannot be
 * written, or a text in it is no UTF-8 or does not fit a line. */
int startfile_write(struct startfile *f, const struct config *c);

/* Where somebody else has it open it stays there: to be called again. */
void startfile_remove(struct startfile *f);

#endif
