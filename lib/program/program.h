/*
 * program.h: how each program begins: its options, its settings, and what a
 * job needs before it works. The mains read as lists by it.
 *
 *   -n check   -v verbose   -V version   -h help   -c FILE where it is taken
 *
 * Unlike the rest of lib/ it says itself what is wrong, in the log.
 */
#ifndef LIB_PROGRAM_PROGRAM_H
#define LIB_PROGRAM_PROGRAM_H

#include <signal.h>
#include <stdbool.h>

#include "lib/base/config.h"

struct app; /* the program's own */
struct cache;
struct nodes;

/* An option of its own, --name; one of the pointers says what it sets. */
struct program_option {
	const char *name; /* NULL ends a table */
	bool *flag;       /* it takes no value */
	const char **text;
	int *number, min, max;
	int (*read)(void *arg, const char *text); /* -1: not understood */
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

	/* what the options said */
	const char *config_file; /* NULL: where config_load looks by itself */
	bool check, verbose;
};

#define PROGRAM_OPTIONS_MAX 8

/*
 * Begins the log and reads the options. False: the program ends with *rc,
 * all is said. own may be NULL.
 */
bool program_begin(struct program *p, const struct program_option *own,
    int argc, char *argv[], int *rc);

/* 0, or -1: every mistake was said. config_done in both cases. */
int program_configure(const struct program *p, struct config *c);

/* Redis by the settings; NULL: it was said why. Does not connect yet. */
struct cache *program_cache(const struct config *c);

/*
 * The two at once: 0, or -1: it was said what is wrong. config_done and
 * cache_close in both cases.
 */
int program_prepare(
    const struct program *p, struct config *c, struct cache **cache);

/* The nodes by the settings; -1: every mistake was said. nodes_done in both
 * cases. */
int program_nodes(const struct config *c, struct nodes *n);

/* SIGTERM and SIGINT make it true; a pipe or a full disk is an answer of
 * write(), not a signal. */
const volatile sig_atomic_t *program_catch_signals(void);

/*
 * run(app), one at a time by the lock STATE_DIR/<name>.lock; its exit code.
 * 0 while another run is at work, bad_option where there is no lock to be
 * had: then run is not called, and it is said why.
 */
int program_run(const struct program *p, const struct config *c,
    int (*run)(struct app *app), struct app *app);

#endif
