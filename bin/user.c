/* user.c: mt5fleet user: who may log in, as what, and to which accounts. */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "bin/scope.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

static void
print_accounts(const char *accounts)
{
	if (*accounts == '\0')
		fputs("all accounts", stdout);
	for (const char *p = accounts; *p != '\0'; p++)
		if (*p == '\n')
			fputs(", ", stdout);
		else
			putchar(*p);
	putchar('\n');
}

static int
print(const struct ledger_user *u, void *arg)
{
	(void)arg;
	printf("%-24s  %-7s  %-8s  ", u->name, u->role,
	    u->disabled ? "disabled" : "active");
	print_accounts(u->accounts);
	return 0;
}

static int
list(const struct config *config)
{
	struct ledger *l = command_open_ledger(config, LEDGER_READ);
	enum ledger_result r;
	int rc = COMMAND_OK;

	if (l == NULL)
		return COMMAND_LEDGER;
	if ((r = ledger_users(l, print, NULL)) != LEDGER_OK)
		rc = command_ledger_failed(l, r);
	ledger_close(l);
	return rc;
}

/* A user as stored, and as it will be. */
struct change {
	char role[16], hash[256], accounts[SCOPE_SIZE];
	bool disabled;
};

static int
take(const struct ledger_user *u, void *arg)
{
	struct change *c = arg;

	snprintf(c->role, sizeof(c->role), "%s", u->role);
	snprintf(c->hash, sizeof(c->hash), "%s", u->hash);
	snprintf(c->accounts, sizeof(c->accounts), "%s", u->accounts);
	c->disabled = u->disabled;
	return 0;
}

static int
store(const struct config *config, struct ledger *l, const char *name,
    const struct change *c)
{
	const struct ledger_actor actor = {
	    .who = "mt5fleet user", .at_utc_ms = clock_utc_ms()};
	const struct ledger_user user = {.name = name,
	    .role = c->role,
	    .hash = c->hash,
	    .accounts = c->accounts,
	    .disabled = c->disabled};
	enum ledger_result r = ledger_user_put(l, &user, &actor);

	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	command_end_sessions(config, l, name);
	printf(
	    "%s: %s, %s, ", name, c->role, c->disabled ? "disabled" : "active");
	print_accounts(c->accounts);
	return COMMAND_OK;
}

/* role, accounts: NULL is as it is. */
static int
set(const struct config *config, const char *name, const char *role,
    const char *accounts)
{
	struct ledger *l = command_open_ledger(config, LEDGER_WRITE);
	struct change c = {.role = ""};
	enum ledger_result r;
	int rc = COMMAND_FAILED;

	if (l == NULL)
		return COMMAND_LEDGER;
	r = ledger_user_get(l, name, take, &c);
	if (role != NULL)
		snprintf(c.role, sizeof(c.role), "%s", role);
	if (accounts != NULL)
		snprintf(c.accounts, sizeof(c.accounts), "%s", accounts);
	if (r == LEDGER_NOT_FOUND)
		log_error(
		    "no such user: \"%s\"; mt5fleet passwd makes one", name);
	else if (r != LEDGER_OK)
		rc = command_ledger_failed(l, r);
	else if (strcmp(c.role, "admin") == 0 && *c.accounts != '\0')
		log_error("an admin sees all accounts: --all-accounts, or "
			  "another role");
	else
		rc = store(config, l, name, &c);
	explicit_bzero(c.hash, sizeof(c.hash));
	ledger_close(l);
	return rc;
}

int
command_user(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"role", required_argument, NULL, 'r'}, SCOPE_OPTIONS,
	    {NULL, 0, NULL, 0}};
	struct scope_given given = {.text = ""};
	const char *role = NULL, *what;
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (c == 'r')
			role = optarg;
		else if (!scope_option(&given, c, optarg))
			return given.said ? COMMAND_USAGE : command_usage();
	what = optind < argc ? argv[optind] : "";
	if (strcmp(what, "list") == 0 && optind + 1 == argc && role == NULL &&
	    !given.is_given)
		return list(config);
	if (strcmp(what, "set") != 0 || optind + 2 != argc ||
	    (role == NULL && !given.is_given))
		return command_usage();
	if (role != NULL && !command_is_role(role))
		return COMMAND_USAGE;
	return set(
	    config, argv[optind + 1], role, given.is_given ? given.text : NULL);
}
