/* import.h: one file of the legacy system on its way into the ledger. */
#ifndef BIN_IMPORT_H
#define BIN_IMPORT_H

#include "lib/base/config.h"
#include "lib/json/jsonin.h"
#include "lib/ledger/ledger.h"

struct terminals; /* import_terminals.c */

struct import {
	struct ledger *l;
	const struct terminals *terminals; /* that are known by their paths */
	const char *node; /* agents.json is that node's; NULL: not said */
	const char *file; /* its name without the folder */
	int64_t now_utc_ms;
	int64_t begun_mono_ms; /* the transaction under way */
	int placed, same, aside;
	enum ledger_result result; /* not OK: give up */
};

/* One member of the file: a login (or a name) and what stands there. */
typedef void import_fn(struct import *im, const char *key, const cJSON *value);

import_fn import_phase, import_vs, import_trades, import_agent;

/*
 * The one account with that login. False: there is none, or there are
 * several, and value was put aside.
 */
bool import_account(
    struct import *im, const char *login, const cJSON *value, int64_t *account);

/* Keeps what could not be placed, and says so. */
void import_aside(
    struct import *im, const char *key, const cJSON *value, const char *why);

/* It has its place; no longer aside. changed: something is new by it. */
void import_placed(struct import *im, const char *key, bool changed);

/*
 * Call it after each record: a transaction that took its time is committed,
 * and another begun after a pause, in which others write.
 */
void import_yield(struct import *im);

/* "phases", "vs", "trades", "agents"; -1: none of them. */
int import_kind(const char *name);

/*
 * Where each terminal is, as collect saw it last: agents.json has an agent for
 * each, and names its program. Redis may be away: then none is known.
 */
struct terminals *terminals_load(const struct config *config);
void terminals_free(struct terminals *ts);

/*
 * The account of the terminal with that program; node NULL: on any node, name
 * where there are several. 1, and server and login (borrowed), 0 there is none,
 * else how many there are.
 */
int terminals_find(const struct terminals *ts, const char *program,
    const char *node, const char *name, const char **server, int64_t *login);

/* What all files of one call have in common. */
struct import_context {
	struct ledger *l;
	const struct terminals *terminals;
	const char *node;
};

/* A file, of that kind or (-1) of the one it seems to be. An exit code. */
int import_file(const struct import_context *c, const char *path, int kind);

/* All files of the legacy system's folder, and what its .env is here. */
int import_folder(const struct import_context *c, const char *dir);

/* Who changes the ledger here. */
struct ledger_actor import_actor(const struct import *im);

#endif
