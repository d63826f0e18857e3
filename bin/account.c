/* account.c: mt5fleet account: two accounts joined, or one renamed. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

/* The ledger is waited for, five seconds each time. */
#define TRIES 12

static const struct ledger_actor *
actor_now(void)
{
	static struct ledger_actor actor = {.who = "mt5fleet account"};

	actor.at_utc_ms = clock_utc_ms();
	return &actor;
}

static int
failed(const struct ledger *l, enum ledger_result r)
{
	if (r != LEDGER_REJECTED && r != LEDGER_CONFLICT)
		return command_ledger_failed(l, r);
	log_error("%s", r == LEDGER_REJECTED ? ledger_error(l)
					     : "it was changed again since");
	return COMMAND_FAILED;
}

static int
print_name(const struct ledger_account *a, void *arg)
{
	printf("%s %" PRId64 "%s", a->server, a->login, (const char *)arg);
	return 0;
}

/* What would be joined; true: it can be, and somebody said so. */
static int
preview(struct ledger *l, int64_t from, int64_t into, bool yes)
{
	struct ledger_merge_preview p;
	char answer[16] = "";
	enum ledger_result r = ledger_merge_preview(l, from, into, &p);

	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	ledger_account_get(l, from, print_name, " goes into ");
	ledger_account_get(l, into, print_name, ":\n");
	printf("%" PRId64 " deals come over, %" PRId64 " are in both, %" PRId64
	       " trades, %" PRId64 " samples, %" PRId64 " periods, %" PRId64
	       " verdicts\n",
	    p.deals, p.same, p.trades, p.samples, p.periods, p.verdicts);
	if (p.differing > 0) {
		log_error("both have other deals with the tickets %s: nothing "
			  "was joined",
		    p.differ);
		return COMMAND_FAILED;
	}
	if (yes)
		return COMMAND_OK;
	printf("join them? Type yes: ");
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) == NULL ||
	    strcmp(answer, "yes\n") != 0) {
		puts("nothing was changed");
		return COMMAND_FAILED;
	}
	return COMMAND_OK;
}

static int
merge(struct ledger *l, const char *from_text, const char *into_text, bool yes)
{
	enum ledger_result r = LEDGER_BUSY;
	int64_t from, into;
	int rc = command_find_account(l, from_text, &from);

	if (rc == COMMAND_OK)
		rc = command_find_account(l, into_text, &into);
	if (rc != COMMAND_OK)
		return rc;
	if (from == into) {
		log_error(
		    "%s and %s are one account already", from_text, into_text);
		return COMMAND_FAILED;
	}
	if ((rc = preview(l, from, into, yes)) != COMMAND_OK)
		return rc;
	/* jobs write, too, each for a moment */
	for (int i = 0; i < TRIES; i++)
		if ((r = ledger_merge(l, from, into, actor_now())) !=
		    LEDGER_BUSY)
			break;
	if (r != LEDGER_OK)
		return failed(l, r);
	puts("joined; `mt5fleet account undo` or the audit's undo parts them "
	     "again");
	return COMMAND_OK;
}

static int
keep_login(const struct ledger_account *a, void *arg)
{
	*(int64_t *)arg = a->login;
	return 0;
}

static int
rename_account(struct ledger *l, const char *account, const char *name)
{
	char *server;
	enum ledger_result r;
	int64_t id, login;
	int rc = command_find_account(l, account, &id);

	if (rc != COMMAND_OK)
		return rc;
	/* without a login it keeps its own */
	if (!command_split_account(name, &server, &login)) {
		server = mem_strdup(name);
		r = ledger_account_get(l, id, keep_login, &login);
	} else
		r = LEDGER_OK;
	if (r == LEDGER_OK && *server != '\0')
		r = ledger_rename(l, id, server, login, actor_now());
	free(server);
	if (r != LEDGER_OK)
		return failed(l, r);
	puts("renamed; its old name finds it, too");
	return COMMAND_OK;
}

/* The last joining or renaming of it that stands. */
static int
keep_last(const struct ledger_audit *a, void *arg)
{
	int64_t *id = arg;

	if (a->undone || strcmp(a->action, "edit") != 0 || a->field == NULL ||
	    (strcmp(a->field, "merge") != 0 && strcmp(a->field, "name") != 0))
		return 0;
	*id = a->id;
	return 1;
}

static int
undo(struct ledger *l, const char *account)
{
	int64_t id, audit = 0;
	enum ledger_result r;
	int rc = command_find_account(l, account, &id);

	if (rc != COMMAND_OK)
		return rc;
	r = ledger_audits(l, id, 0, 0, keep_last, &audit);
	if (r == LEDGER_OK && audit == 0) {
		log_error("%s: nothing was joined or renamed", account);
		return COMMAND_FAILED;
	}
	if (r == LEDGER_OK)
		r = ledger_undo(l, audit, actor_now());
	if (r != LEDGER_OK)
		return failed(l, r);
	puts("undone");
	return COMMAND_OK;
}

int
command_accounts(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"yes", no_argument, NULL, 'y'},
	    {NULL, 0, NULL, 0},
	};
	const char *what;
	struct ledger *l;
	bool yes = false, is_merge, is_undo;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (c == 'y')
			yes = true;
		else
			return command_usage();
	what = optind < argc ? argv[optind] : "";
	is_merge = strcmp(what, "merge") == 0;
	is_undo = strcmp(what, "undo") == 0;
	if ((!is_merge && !is_undo && strcmp(what, "rename") != 0) ||
	    argc - optind != (is_undo ? 2 : 3))
		return command_usage();
	l = command_open_ledger(config, LEDGER_WRITE);
	if (l == NULL)
		return COMMAND_LEDGER;
	rc = is_merge  ? merge(l, argv[optind + 1], argv[optind + 2], yes)
	     : is_undo ? undo(l, argv[optind + 1])
		       : rename_account(l, argv[optind + 1], argv[optind + 2]);
	ledger_close(l);
	return rc;
}
