/*
 * program.h: how each program begins: its options, its settings, and what a
 * job needs before it works. The mains read as lists by it.
 *
 *   -n check   -v verbose   -V version   -h help   -c FILE where it is taken
 *
 * Unlike the rest of lib/ it logs errors itself.
 */
#ifndef LIB_PROGRAM_PROGRAM_H
#define LIB_PROGRAM_PROGRAM_H

#include <signal.h>
#include <stdbool.h>

#include "lib/base/config.h"
#include "lib/program/lease.h"

struct app; /* the program's own */
struct cache;
struct nodes;

/* An option of its own, --name; one of the pointers says what it sets. */
struct program_option {
	const char *name; /* NULL ends a table */
	bool *flag;       /* it takes no value */
	const char **text;
	int *number, min, max;
	int (*read)(void *arg, const char *text); /* -1: invalid */
	void *arg;
};

struct program {
	const char *name;  /* in the log */
	const char *title; /* what -V says before the version */
	const char *usage;
	bool settings;         /* -h lists them, too */
	bool file;             /* -c FILE is taken */
	int bad_option;        /* the exit code where it cannot begin */
	const bool *arguments; /* where true: words may follow the options */
	enum lease_wait lease; /* of what several coordinators share */
	int lease_wait_s;      /* 0: as long as it takes */

	/* what the options said */
	const char *config_file; /* NULL: where config_load looks by itself */
	bool check, verbose;
};

#define PROGRAM_OPTIONS_MAX 12

/*
 * Opens the log and reads the options. False: the program exits with *rc. own
 * may be NULL.
 */
bool program_begin(struct program *p, const struct program_option *own,
    int argc, char *argv[], int *rc);

/* 0, or -1 with every error logged. config_done in both cases. */
int program_settings(const struct program *p, struct config *c);

/* The same for what works on the state: root becomes its owner (owner.h). */
int program_configure(const struct program *p, struct config *c);

/* Redis by the settings; NULL with the error logged. Does not connect yet. */
struct cache *program_cache(const struct config *c);

/*
 * Both at once: 0, or -1 with the errors logged. config_done and
 * cache_close in both cases.
 */
int program_prepare(
    const struct program *p, struct config *c, struct cache **cache);

/* The nodes by the settings; -1 with every error logged. nodes_done in both
 * cases. */
int program_nodes(const struct config *c, struct nodes *n);

/* Set by SIGTERM and SIGINT. SIGPIPE and SIGXFSZ are ignored: write() fails
 * instead. */
const volatile sig_atomic_t *program_catch_signals(void);

/*
 * run(app), one at a time by the lock STATE_DIR/<name>.lock, and of several
 * coordinators that share a ledger by its lease; its exit code. 0 where another
 * run holds it, or a coordinator did it meanwhile; bad_option where it cannot
 * be taken: run is not called then, and the log says why.
 */
int program_run(const struct program *p, const struct config *c,
    int (*run)(struct app *app), struct app *app);

#endif
