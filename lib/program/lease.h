/*
 * lease.h: a job's lease (lib/ledger/lease.h), taken before it works and
 * renewed by a thread of its own. Where the ledger is a file there is none, and
 * each call says so at once.
 */
#ifndef LIB_PROGRAM_LEASE_H
#define LIB_PROGRAM_LEASE_H

#include <pthread.h>
#include <signal.h>

#include "lib/base/config.h"
#include "lib/ledger/lease.h"

struct program_lease {
	bool needed;
	int64_t token;

	/* its own */
	const char *where;
	struct lease_name name;
	char shard[32], holder[LEASE_HOLDER_SIZE], *file;
	struct ledger *ledger;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool running, ending;
};

enum lease_got {
	LEASE_OURS,      /* or none is needed */
	LEASE_ELSEWHERE, /* another coordinator has it, or did the work */
	LEASE_NO_LEDGER, /* it cannot be reached: said */
};

enum lease_wait {
	LEASE_THIS_RUN, /* as long as the other is at work; if he ends it by
			   himself the work is done */
	LEASE_AT_ONCE,  /* or not at all */
	LEASE_FOR_GOOD, /* until it is ours. While the ledger is away whoever
			   had it goes on */
};

/* Connects, before anyone is asked to go. job is borrowed. */
void program_lease_open(struct program_lease *p, const struct config *c,
    const char *job, int shard, int shards);

/* Waits until it is ours, a signal says *stop, or that time is over. What a
 * thread finds out later ends the process by SIGTERM. */
enum lease_got program_lease_take(struct program_lease *p, enum lease_wait wait,
    const volatile sig_atomic_t *stop, int64_t until_mono_ms);

/* Another coordinator has a later token: nothing is kept of ours. */
void program_lease_lost(struct program_lease *p);

/* It is renewed no more; done: it is free at once, else when it is over. */
void program_lease_close(struct program_lease *p, bool done);

#endif
