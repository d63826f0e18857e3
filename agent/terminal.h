/*
 * terminal.h: the terminals of this machine, and the revision of all they
 * show.
 */
#ifndef AGENT_TERMINAL_H
#define AGENT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/platform.h"
#include "agent/question.h"
#include "agent/snapshot.h"
#include "lib/trading/status.h"

#define TERMINAL_ID_LEN 16
#define TERMINALS_MAX 256
#define RUN_SIZE 17
#define REV_SIZE 40

enum process { PROCESS_UNKNOWN, PROCESS_RUNNING, PROCESS_DOWN };

struct terminal {
	char id[TERMINAL_ID_LEN + 1];
	char *dir;
	struct snapshot *snapshot; /* NULL: none was read yet */
	char *error; /* why what was written last is not believed; NULL */
	int64_t written_mono_ms; /* when it was, by our monotonic clock */
	bool silent;
	enum process process;   /* of a supervised one */
	char *expected_server;  /* of the configured account; NULL: any */
	int64_t expected_login; /* 0: any */

	struct envelope_counts mailbox;

	/* for mailbox.c */
	int watch;
	bool dirty; /* a file in it changed */
	bool seen;
	int64_t look_mono_ms; /* when to look again, whatever the watch says */
	struct stamp stamp;
	bool torn; /* the file with this stamp is to be read again */

	struct questions questions; /* requests to its bridge */
};

struct terminals {
	struct terminal *list[TERMINALS_MAX];
	size_t len;
	char run[RUN_SIZE]; /* names this run of the agent */
	uint64_t moves;
	int64_t silent_ms;
};

void terminals_init(struct terminals *ts, const char *run, int64_t silent_ms);
void terminals_done(struct terminals *ts);

const char *terminals_rev(const struct terminals *ts, char rev[REV_SIZE]);

/* NULL where there are TERMINALS_MAX. */
struct terminal *terminals_add(
    struct terminals *ts, const char *id, const char *dir);
void terminals_remove(struct terminals *ts, struct terminal *t);
struct terminal *terminals_find(const struct terminals *ts, const char *dir);

/*
 * Stores a snapshot whose file is age_ms old; takes s. One that was stored
 * before changes nothing (false): only a new write resets the age. One that
 * the same bridge wrote before the stored one is an error of the terminal,
 * whose stored one stays and ages.
 */
bool terminal_take(struct terminals *ts, struct terminal *t, struct snapshot *s,
    int64_t now_mono_ms, int64_t age_ms);

/* Marks the terminals that fell silent. Returns when the next one would,
 * INT64_MAX: none. */
int64_t terminals_tick(struct terminals *ts, int64_t now_mono_ms);

void terminal_set_process(
    struct terminals *ts, struct terminal *t, enum process process);

int64_t terminal_age_ms(const struct terminal *t, int64_t now_mono_ms);
enum status terminal_status(const struct terminal *t);

/* "running", "down", or NULL where it is not supervised. */
const char *terminal_process_word(const struct terminal *t);

#endif
