/* account_name.c: the account that a person names. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

bool
command_split_account(const char *text, char **server, int64_t *login)
{
	const char *colon = strrchr(text, ':'), *slash = strrchr(text, '/');
	const char *at = colon > slash ? colon : slash;

	if (at == NULL || at == text ||
	    num_int64(at + 1, 1, INT64_MAX, login) == -1)
		return false;
	*server = mem_strndup(text, (size_t)(at - text));
	return true;
}

/* Those of one login. */
struct found {
	int64_t id;
	int n;
};

static int
keep(const struct ledger_account *a, void *arg)
{
	struct found *f = arg;

	f->id = a->id;
	f->n++;
	return 0;
}

int
command_find_account(struct ledger *l, const char *text, int64_t *id)
{
	struct found found = {0, 0};
	enum ledger_result r;
	char *server;
	int64_t login;

	if (command_split_account(text, &server, &login)) {
		r = ledger_account_find(l, server, login, id);
		free(server);
	} else if (num_int64(text, 1, INT64_MAX, &login) == 0) {
		r = ledger_accounts_by_login(l, login, keep, &found);
		*id = found.id;
		if (r == LEDGER_OK && found.n > 1) {
			log_error(
			    "%s: %d servers have that login: SERVER:LOGIN "
			    "says which",
			    text, found.n);
			return COMMAND_FAILED;
		}
		if (r == LEDGER_OK && found.n == 0)
			r = LEDGER_NOT_FOUND;
	} else {
		log_error("not an account, SERVER:LOGIN: \"%s\"", text);
		return COMMAND_USAGE;
	}
	if (r == LEDGER_NOT_FOUND) {
		log_error("no such account: \"%s\"", text);
		return COMMAND_FAILED;
	}
	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}
