/*
 * question.h: what a terminal is asked through its mailbox, one at a time.
 *
 * Whoever asked owns the question and looks at its state; the terminal's
 * queue only points at it. Nothing here waits.
 */
#ifndef AGENT_QUESTION_H
#define AGENT_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/envelope.h"
#include "agent/jsonscan.h"
#include "lib/base/buf.h"

#define QUESTIONS_MAX 16 /* waiting for one terminal */

enum question_state {
	QUESTION_QUEUED,
	QUESTION_SENT,
	QUESTION_ANSWERED,
	QUESTION_TIMED_OUT,
	QUESTION_BAD_REPLY,
	QUESTION_REFUSED, /* the request could not be written */
	QUESTION_GONE,    /* the terminal's folder went away */
};

struct question {
	enum question_state state;
	char id[24];
	struct buf request; /* the file's bytes */
	char *server;       /* of the account it is about */
	int64_t login;
	int64_t deadline_mono_ms;
	struct buf reply;
	struct members answer;   /* of the reply's body */
	struct questions *queue; /* NULL: not in it */
	struct question *next;
};

/* One terminal's queue: the first was sent, the others wait. */
struct questions {
	const char *dir; /* of its mailbox */
	struct envelope_counts *counts;
	struct question *first;
};

/*
 * NULL where QUESTIONS_MAX already wait. id has letters and digits and is
 * never used twice; members is what follows "id" in the JSON, comma first.
 */
struct question *question_ask(struct questions *qs, const char *id,
    const char *kind, const char *members, int64_t deadline_mono_ms);
void question_free(struct question *q);

/* It is answered or has failed. False for NULL. */
bool question_is_done(const struct question *q);

/* Sends the next one, takes the reply, gives up at the deadline. Returns
 * when to call it again, INT64_MAX: the queue is empty. */
int64_t questions_step(struct questions *qs, int64_t now_mono_ms);

/* The terminal was removed. */
void questions_drop(struct questions *qs);

#endif
