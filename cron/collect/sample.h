/*
 * sample.h: equity of every live account, each minute, into the ledger.
 *
 * Written by a thread: a ledger that another job holds, or a slow disk, must
 * not stop the polls. What could not be written waits for the next minute.
 */
#ifndef COLLECT_SAMPLE_H
#define COLLECT_SAMPLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fleet/reported.h"
#include "lib/ledger/samples.h"

struct app;

struct sample {
	char *node, *server;
	int64_t login;
	struct reported reported;
	struct ledger_equity equity;
};

struct samples {
	struct sample *list; /* gathered, not yet given to the thread */
	size_t len, size;
	int64_t minute_utc_ms; /* the one that is being gathered */

	const char *where; /* the ledger */
	pthread_t thread;
	bool running;
	atomic_bool done;
	struct sample *work; /* the thread's, while it runs */
	size_t work_len;
	bool failed; /* the thread's last word */
};

/* now_utc_ms: UTC. Starts writing when a minute is over. */
void sample_check(struct app *app, int64_t now_utc_ms);
/* At the end: what is left of the minute too; waits until it is written. */
void sample_finish(struct app *app);

#endif
