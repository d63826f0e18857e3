/* command.c: what the commands share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "lib/auth/session.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/program/program.h"
#include "lib/redis/cache.h"
#include "lib/web/request.h"

const struct command *command_running;

int
command_usage(void)
{
	fprintf(stderr, "usage: mt5fleet %s %s\n", command_running->name,
	    command_running->args);
	return COMMAND_USAGE;
}

int
command_ledger_failed(const struct ledger *l, enum ledger_result r)
{
	const char *why = ledger_error(l);

	log_error("%s", why != NULL ? why : ledger_result_word(r));
	return COMMAND_LEDGER;
}

struct by_login {
	int n;
	int64_t id;
};

static int
count_account(const struct ledger_account *a, void *arg)
{
	struct by_login *found = arg;

	found->n++;
	found->id = a->id;
	return 0;
}

int
command_account(struct ledger *l, const char *text, int64_t *id)
{
	const char *slash = strrchr(text, '/');
	struct by_login found = {0, 0};
	enum ledger_result r;
	char *server;
	int64_t login;

	if (num_int64(slash != NULL ? slash + 1 : text, 1, INT64_MAX, &login) ==
	    -1) {
		log_error(
		    "not an account (SERVER/LOGIN, or LOGIN): \"%s\"", text);
		return COMMAND_USAGE;
	}
	if (slash != NULL) {
		server = mem_strndup(text, (size_t)(slash - text));
		r = ledger_account_find(l, server, login, id);
		free(server);
	} else {
		r = ledger_accounts_by_login(l, login, count_account, &found);
		*id = found.id;
		if (r == LEDGER_OK && found.n == 0)
			r = LEDGER_NOT_FOUND;
	}
	if (r == LEDGER_NOT_FOUND) {
		log_error("no such account: \"%s\"", text);
		return COMMAND_FAILED;
	}
	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	if (found.n > 1) {
		log_error("%d servers have an account %s: say SERVER/LOGIN",
		    found.n, text);
		return COMMAND_FAILED;
	}
	return COMMAND_OK;
}

struct ledger *
command_open_ledger(const struct config *config, enum ledger_mode mode)
{
	struct ledger *l = ledger_open(config_ledger(config), mode);

	if (ledger_state(l) == LEDGER_OK)
		return l;
	command_ledger_failed(l, ledger_state(l));
	ledger_close(l);
	return NULL;
}

void
command_end_sessions(
    const struct config *config, struct ledger *l, const char *name)
{
	struct cache *cache = program_cache(config);

	if (cache != NULL)
		session_forget_user(cache, l, name);
	cache_close(cache);
}

bool
command_is_role(const char *word)
{
	enum web_role known;

	if (web_role_from(word, &known))
		return true;
	log_error("--role: viewer, trader, manager or admin, not \"%s\"", word);
	return false;
}
