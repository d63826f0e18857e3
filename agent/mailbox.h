/*
 * mailbox.h: finds the terminals of this machine by their folders and reads
 * what they write (docs/mailbox.md).
 */
#ifndef AGENT_MAILBOX_H
#define AGENT_MAILBOX_H

#include <stdint.h>

#include "agent/platform.h"
#include "agent/terminal.h"

struct mailbox;

/* common: one or more Common/Files folders. They need not be there yet. */
struct mailbox *mailbox_new(
    const char *common, struct platform *platform, struct terminals *ts);
void mailbox_free(struct mailbox *m);

/*
 * Reads what changed, sends and receives questions. Returns when it wants
 * to be called again although no watched folder changed.
 */
int64_t mailbox_look(struct mailbox *m, int64_t now_mono_ms);

#endif
