/* startfile.h: the file that logs a terminal in. It holds the password: it
 * lives only from the start until the terminal is up. */
#ifndef AGENT_STARTFILE_H
#define AGENT_STARTFILE_H

#include "lib/buf.h"
#include "lib/config.h"

/* UTF-16LE with its mark and CRLF, as the terminal wants it. -1: a text in
 * it is no UTF-8 or does not fit a line. */
int startfile_make(const struct config *c, struct buf *out);

/* To a file that its owner alone may read; what was in memory is wiped. */
int startfile_write(const struct config *c, const char *path);

#endif
