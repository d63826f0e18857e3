/*
 * supervise.h: one terminal that is started, watched and started again.
 *
 * It is known by its program file, not by who started it, and there is
 * never a second one of that file. What happened is in its events.
 */
#ifndef AGENT_SUPERVISE_H
#define AGENT_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/events.h"
#include "agent/journal.h"
#include "agent/startfile.h"
#include "agent/terminal.h"
#include "lib/base/buf.h"
#include "lib/base/config.h"

enum phase {
	PHASE_OFF,      /* not wanted */
	PHASE_STARTING, /* not yet known to be up */
	PHASE_RUNNING,
	PHASE_MISSING, /* gone, perhaps updating itself: wait a little */
	PHASE_WAITING, /* for the next try */
	PHASE_ENDING,
	PHASE_FAILED /* too many tries */
};

struct supervisor {
	const struct config *config;
	struct terminals *terminals;
	struct events events;
	struct journal journal;
	struct startfile startfile;
	char *program, *data;
	enum phase phase;
	int64_t since_mono_ms;    /* of this phase */
	int64_t due_mono_ms;      /* PHASE_WAITING: the next try */
	int64_t pid;              /* 0: it does not run */
	int tries;                /* since it last ran for long */
	int starts;               /* all of them */
	bool restart;             /* PHASE_ENDING: start it afterwards */
	bool authorized, refused; /* what the journal said since the start */
	bool bridge_seen;         /* its bridge wrote since the start */
	bool wrong_account;       /* already logged */
	int64_t started_mono_ms;
};

/* What is wrong with the settings, added to errors. */
void supervise_check(const struct config *c, struct buf *errors);

/* NULL where no terminal is to be supervised. */
struct supervisor *supervise_new(
    const struct config *c, struct terminals *ts, int64_t now_mono_ms);
void supervise_free(struct supervisor *s);

/* One step of the state machine. Returns when to call it again. s may be
 * NULL. */
int64_t supervise_step(struct supervisor *s, int64_t now_mono_ms);

void supervise_connect(struct supervisor *s, int64_t now_mono_ms);
void supervise_disconnect(struct supervisor *s, int64_t now_mono_ms);
void supervise_reconnect(struct supervisor *s, int64_t now_mono_ms);

const char *phase_word(enum phase phase);

#endif
