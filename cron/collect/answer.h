/* answer.h: what an agent answers to GET /snapshot, checked
 * (docs/agent-api.md). */
#ifndef COLLECT_ANSWER_H
#define COLLECT_ANSWER_H

#include "cron/collect/account.h"

#define REV_SIZE 65

/*
 * A machine's clock this far from ours may shift broker_offset_s, which its
 * bridge rounds to quarters of an hour: it is taken for unknown.
 */
#define CLOCK_OFF_MS INT64_C(300000)

struct terminal {
	char id[TERMINAL_ID_SIZE];
	int64_t age_ms;
	struct status_facts facts;
	struct account *account; /* NULL: nobody is logged in, or unchanged */
	char why[WHY_SIZE];      /* it cannot be understood, and whose it is
				    not be told; "": else */
};

struct answer {
	char rev[REV_SIZE];
	bool unchanged;
	char *agent; /* JSON object; NULL where unchanged */
	bool clock_known;
	int64_t clock_ahead_ms; /* its machine's clock before ours */
	struct terminal *terminals;
	size_t len;
};

/*
 * now_utc_ms: when it arrived, UTC. 0, or -1 with why: then nothing of it may
 * be used, since what is wrong in one place may be wrong in all. answer_done in
 * both cases.
 */
int answer_read(struct answer *a, const char *text, size_t len,
    int64_t now_utc_ms, char why[WHY_SIZE]);
void answer_done(struct answer *a);

#endif
