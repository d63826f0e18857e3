/* passwd.c: makes or changes a user; the password is never an argument. */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "bin/command.h"
#include "lib/auth/password.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

static bool
is_name(const char *s)
{
	size_t len = strlen(s);

	for (; *s != '\0'; s++)
		if (!isalnum((unsigned char)*s) && strchr("._-@", *s) == NULL)
			return false;
	return len >= 1 && len <= 64;
}

/* One line of standard input; unseen where that is a terminal. */
static int
read_password(char *text, size_t size)
{
	struct termios before, quiet;
	bool tty =
	    isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &before) == 0;
	char *got;

	if (tty) {
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		fputs("password: ", stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(text, (int)size, stdin);
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputs("\n", stderr);
	}
	if (got == NULL || strlen(text) + 1 == size)
		return -1;
	text[strcspn(text, "\r\n")] = '\0';
	return strlen(text) >= PASSWORD_MIN ? 0 : -1;
}

/* What is stored of a user, when only part of it changes. */
struct stored {
	bool found, some; /* some: not all accounts */
	char role[16], hash[PASSWORD_HASH_SIZE];
};

static int
keep(const struct ledger_user *u, void *arg)
{
	struct stored *s = arg;

	s->found = true;
	snprintf(s->role, sizeof(s->role), "%s", u->role);
	snprintf(s->hash, sizeof(s->hash), "%s", u->hash);
	s->some = *u->accounts != '\0';
	return 0;
}

static int
store(const struct config *config, const char *name, const char *role,
    const char *hash, bool disable)
{
	struct ledger_actor actor = {
	    .who = "mt5fleet passwd", .at_utc_ms = clock_utc_ms()};
	struct ledger *l = command_open_ledger(config, LEDGER_WRITE);
	struct stored was = {.found = false};
	struct ledger_user user = {.name = name, .disabled = disable};
	enum ledger_result r;
	int rc = COMMAND_OK;

	if (l == NULL)
		return COMMAND_LEDGER;
	r = ledger_user_get(l, name, keep, &was);
	user.role = role != NULL ? role : was.found ? was.role : "viewer";
	user.hash = hash != NULL ? hash : was.hash;
	if (r == LEDGER_OK && strcmp(user.role, "admin") == 0 && was.some) {
		log_error("an admin sees all accounts: mt5fleet user set %s "
			  "--role admin --all-accounts",
		    name);
		rc = COMMAND_FAILED;
	} else if (r == LEDGER_NOT_FOUND && disable) {
		log_error("no such user: \"%s\"", name);
		rc = COMMAND_FAILED;
	} else if (r != LEDGER_OK && r != LEDGER_NOT_FOUND)
		rc = command_ledger_failed(l, r);
	else if ((r = ledger_user_put(l, &user, &actor)) != LEDGER_OK)
		rc = command_ledger_failed(l, r);
	else {
		command_end_sessions(config, l, name);
		printf("user %s: %s\n", name, disable ? "disabled" : user.role);
	}
	ledger_close(l);
	return rc;
}

static int
set_password(const struct config *config, const char *name, const char *role)
{
	char password[PASSWORD_MAX + 2], hash[PASSWORD_HASH_SIZE];
	int rc = COMMAND_FAILED;

	if (read_password(password, sizeof(password)) == -1)
		log_error("a password has %d to %d characters", PASSWORD_MIN,
		    PASSWORD_MAX);
	else if (password_hash(password, hash) == -1)
		log_error("no memory to hash the password");
	else
		rc = store(config, name, role, hash, false);
	explicit_bzero(password, sizeof(password));
	return rc;
}

int
command_passwd(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"role", required_argument, NULL, 'r'},
	    {"disable", no_argument, NULL, 'd'},
	    {NULL, 0, NULL, 0},
	};
	const char *role = NULL;
	bool disable = false;
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (c) {
		case 'r':
			role = optarg;
			break;
		case 'd':
			disable = true;
			break;
		default:
			return command_usage();
		}
	if (optind + 1 != argc)
		return command_usage();
	if (role != NULL && !command_is_role(role))
		return COMMAND_USAGE;
	if (!is_name(argv[optind])) {
		log_error("not a name: \"%s\"", argv[optind]);
		return COMMAND_USAGE;
	}
	if (disable)
		return store(config, argv[optind], role, NULL, true);
	return set_password(config, argv[optind], role);
}
