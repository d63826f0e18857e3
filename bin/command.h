/* command.h: the commands of `mt5fleet`, one file each. */
#ifndef BIN_COMMAND_H
#define BIN_COMMAND_H

#include "lib/base/config.h"
#include "lib/ledger/ledger.h"

/* Exit codes of every command. */
enum { COMMAND_OK, COMMAND_FAILED, COMMAND_USAGE, COMMAND_LEDGER };

/* argv[0] is the command's own name. */
typedef int command_fn(const struct config *config, int argc, char *argv[]);

/* What root is while it runs. NODES: the owner of NODES_FILE, who alone writes
 * it. ANYHOW: root, and settings with mistakes are no reason to end. */
enum command_as { COMMAND_OWNER, COMMAND_NODES, COMMAND_ROOT, COMMAND_ANYHOW };

struct command {
	const char *name, *args, *what;
	command_fn *run;
	enum command_as as; /* OWNER: of STATE_DIR */
};

/* Set by main before it calls run. */
extern const struct command *command_running;

command_fn command_accounts, command_deal, command_check, command_nodes,
    command_node, command_import, command_export, command_passwd, command_token,
    command_backup, command_restore, command_rules, command_flow, command_zone,
    command_demo, command_site, command_setup;
command_fn command_ledger, command_mcp, command_redis, command_user;

command_fn command_alerts, command_phase, command_verdict;

/* The folder of our programs: /usr/lib/mt5fleet, or that of this one. */
#define COMMAND_PATH_SIZE 4096
void command_programs(char folder[COMMAND_PATH_SIZE]);

/* Prints the usage of the running command; COMMAND_USAGE. */
int command_usage(void);

/* NULL: the reason was logged. */
struct ledger *command_open_ledger(
    const struct config *config, enum ledger_mode mode);

/* The account that "SERVER/LOGIN" names, or a login that is unique. COMMAND_OK,
 * or why not, which was logged. */
int command_account(struct ledger *l, const char *text, int64_t *id);

/*
 * The account that a person names: SERVER:LOGIN, SERVER/LOGIN, or a login that
 * only one server has. COMMAND_OK, or why not was logged.
 */
int command_find_account(struct ledger *l, const char *text, int64_t *id);
/* SERVER:LOGIN or SERVER/LOGIN in two; false: it is none. server: the caller's.
 */
bool command_split_account(const char *text, char **server, int64_t *login);

/* False: what is behind --role is none, which was logged. */
bool command_is_role(const char *word);

/* A user's copies in Redis, whose sessions in the ledger have ended: while the
 * ledger is away Redis would not know. */
void command_end_sessions(
    const struct config *config, struct ledger *l, const char *name);

/* Logs why the ledger failed; COMMAND_LEDGER. */
int command_ledger_failed(const struct ledger *l, enum ledger_result r);

#endif
