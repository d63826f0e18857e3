/* token.c: mt5fleet token: tokens of programs. */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bin/command.h"
#include "bin/scope.h"
#include "lib/auth/password.h"
#include "lib/auth/token.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/num.h"

#define NAME_MAX_LEN 32
#define DAY_MS (24 * 60 * 60 * INT64_C(1000))

static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	for (const char *p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			return false;
	return len > 0 && len <= NAME_MAX_LEN;
}

/* "90d", or "2027-06-30": the beginning of that day, UTC. -1: neither, or
 * past. */
static int
read_expiry(const char *text, int64_t now_utc_ms, int64_t *out)
{
	size_t len = strlen(text);
	struct tm tm = {0};
	char digits[8];
	const char *end;
	int days;

	if (len > 1 && len < sizeof(digits) && text[len - 1] == 'd') {
		memcpy(digits, text, len - 1);
		digits[len - 1] = '\0';
		if (num_int(digits, 1, 36500, &days) == -1)
			return -1;
		*out = now_utc_ms + days * DAY_MS;
		return 0;
	}
	end = strptime(text, "%Y-%m-%d", &tm);
	if (end == NULL || *end != '\0')
		return -1;
	*out = (int64_t)timegm(&tm) * 1000;
	return *out > now_utc_ms ? 0 : -1;
}

/* The token is the only line on stdout: it can go straight into a file. */
static int
add(struct ledger *l, const char *name, const char *scope, int64_t expires,
    const char *accounts)
{
	struct ledger_actor actor = {
	    .who = "mt5fleet token", .at_utc_ms = clock_utc_ms()};
	char token[PASSWORD_TOKEN_SIZE], digest[PASSWORD_TOKEN_SIZE];
	struct ledger_token t = {.name = name,
	    .digest = digest,
	    .scope = scope,
	    .created_utc_ms = actor.at_utc_ms,
	    .expires_utc_ms = expires,
	    .who = actor.who,
	    .accounts = accounts};
	enum ledger_result r;

	password_token(token);
	password_digest(token, digest);
	r = ledger_token_add(l, &t, &actor);
	if (r == LEDGER_CONFLICT) {
		log_error("there is a token \"%s\"; remove it first", name);
		return COMMAND_FAILED;
	}
	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	puts(token);
	return COMMAND_OK;
}

static int
remove_token(struct ledger *l, const char *name)
{
	struct ledger_actor actor = {
	    .who = "mt5fleet token", .at_utc_ms = clock_utc_ms()};
	enum ledger_result r = ledger_token_remove(l, name, &actor);

	if (r == LEDGER_NOT_FOUND) {
		log_error("no such token: \"%s\"", name);
		return COMMAND_FAILED;
	}
	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}

static int
print(const struct ledger_token *t, void *arg)
{
	int64_t now = *(int64_t *)arg;
	char text[CLOCK_ISO_SIZE];

	printf("%-32s  %-7s  %s", t->name, t->scope,
	    t->expires_utc_ms == 0     ? "no expiry"
	    : t->expires_utc_ms <= now ? "expired"
				       : clock_iso(t->expires_utc_ms, text));
	for (const char *p = t->accounts; *p != '\0'; p++) {
		fputs(p == t->accounts ? "  " : *p == '\n' ? ", " : "", stdout);
		if (*p != '\n')
			putchar(*p);
	}
	putchar('\n');
	return 0;
}

int
command_token(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"scope", required_argument, NULL, 's'},
	    {"expires", required_argument, NULL, 'e'},
	    SCOPE_OPTIONS,
	    {NULL, 0, NULL, 0},
	};
	const char *scope = NULL, *what, *name;
	int64_t now = clock_utc_ms(), expires = 0;
	enum web_role role;
	struct ledger *l;
	struct scope_given given = {.text = ""};
	bool is_add, is_list;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (c == 's')
			scope = optarg;
		else if (c != 'e' && !scope_option(&given, c, optarg))
			return given.said ? COMMAND_USAGE : command_usage();
		else if (c != 'e')
			continue;
		else if (read_expiry(optarg, now, &expires) == -1) {
			log_error("--expires: 90d or a coming YYYY-MM-DD, not "
				  "\"%s\"",
			    optarg);
			return COMMAND_USAGE;
		}
	what = optind < argc ? argv[optind] : "";
	name = optind + 1 < argc ? argv[optind + 1] : NULL;
	is_add = strcmp(what, "add") == 0;
	is_list = strcmp(what, "list") == 0;
	if ((!is_add && !is_list && strcmp(what, "remove") != 0) ||
	    argc - optind != (is_list ? 1 : 2) || is_add != (scope != NULL) ||
	    (given.is_given && !is_add))
		return command_usage();
	if (is_add && !token_scope_role(scope, &role)) {
		log_error("--scope: metrics, read or write, not \"%s\"", scope);
		return COMMAND_USAGE;
	}
	if (name != NULL && !is_name(name)) {
		log_error("not a name (1 to %d letters, digits, . _ -): \"%s\"",
		    NAME_MAX_LEN, name);
		return COMMAND_USAGE;
	}
	l = command_open_ledger(config, is_list ? LEDGER_READ : LEDGER_WRITE);
	if (l == NULL)
		return COMMAND_LEDGER;
	if (is_list) {
		enum ledger_result r = ledger_tokens(l, print, &now);

		rc = r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
	} else
		rc = is_add ? add(l, name, scope, expires, given.text)
			    : remove_token(l, name);
	ledger_close(l);
	return rc;
}
