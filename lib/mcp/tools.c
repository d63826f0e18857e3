/* tools.c: the tools: their names, their arguments, what they ask. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/url.h"
#include "lib/base/utf8.h"
#include "lib/mcp/tools.h"

#define ARGS_MAX 10
#define TEXT_MAX 400

enum arg_type {
	ARG_TEXT,
	ARG_LOGIN, /* digits, as text or as a number */
	ARG_COUNT, /* a whole number, min to max */
};

struct arg {
	const char *name, *about;
	enum arg_type type;
	bool required;
	int min, max;
	int def; /* asked where it is not given; 0: nothing is */
};

struct tool {
	const char *name, *title, *about;
	const char *path; /* {name} is an argument; the others are its query */
	bool down_is_good;
	struct arg args[ARGS_MAX];
};

#define TEXT(n, what)                        \
	{                                    \
		.name = (n), .about = (what) \
	}
#define COUNT(n, from, to, without, what)                                   \
	{                                                                   \
		.name = (n), .type = ARG_COUNT, .min = (from), .max = (to), \
		.def = (without), .about = (what)                           \
	}
#define ACCOUNT                                                       \
	{.name = "server",                                            \
	    .required = true,                                         \
	    .about = "the broker's server, as accounts has it"},      \
	{                                                             \
		.name = "login", .type = ARG_LOGIN, .required = true, \
		.about = "the account's number"                       \
	}
#define FILTERS                                                          \
	TEXT("q", "each word stands in login, server, node, name, "      \
		  "company, holder, firm, VS group or tags"),            \
	    TEXT("status", "one or more with commas: ok, stale, "        \
			   "unreachable …"),                             \
	    TEXT("phase", "one or more with commas; none: without one"), \
	    TEXT("firm", "one or more with commas; none: without one")
#define PAGES                                             \
	COUNT("limit", 1, 500, 100, "at most so many"),   \
	    TEXT("after", "`next` of the answer before"), \
	    TEXT("order", "newest (first) or oldest; newest")

static const struct tool tools[] = {
    {"fleet_health", "State of the system",
	"Whether the system can tell the truth now: Redis, ledger, collector, "
	"nodes by status, accounts and alert targets that fail. Ask this first "
	"when figures are missing.",
	"/health", true, {{.name = NULL}}},
    {"fleet_summary", "The fleet in figures",
	"Totals per currency and trade mode, counts by status, each firm, the "
	"accounts nearest to a loss limit. Accounts that are not live are left "
	"out of the totals and counted as left_out.",
	"/api/summary", false,
	{COUNT("worst", 0, 100, 0, "how many of the most used limits"),
	    FILTERS}},
    {"accounts", "Accounts",
	"A page of accounts: status, age_s (seconds since the values were "
	"known to be true), balance, equity, floating P/L, day and phase P/L. "
	"A row whose status is not live has last known values, which are not "
	"current.",
	"/api/accounts", false,
	{COUNT("limit", 1, 200, 50, "at most so many; 50"),
	    TEXT("after", "`next` of the answer before, with the same sort"),
	    TEXT("sort",
		"profit, balance, equity, day, total, used, status, login, "
		"server, firm, holder …; with - from the highest down"),
	    TEXT("fields",
		"members of a row instead of all, with commas: login,"
		"account.balance,pl.day"),
	    FILTERS}},
    {"limits", "Limits of accounts",
	"What each firm rule leaves, the accounts that used most of a loss "
	"limit first: rules has left and used of each, null where it is not "
	"known.",
	"/api/accounts?sort=-used&fields=server,login,node,status,since_utc,"
	"age_s,at_utc,error,phase,pl,rules",
	false,
	{COUNT("limit", 1, 200, 50, "at most so many; 50"),
	    TEXT("after", "`next` of the answer before"), FILTERS}},
    {"exposure", "Open positions of all accounts together",
	"Lots and floating P/L by symbol and account, P/L by currency, "
	"accounts that hold opposite positions, pairs; what is not live is "
	"left out and counted.",
	"/api/exposure", false, {FILTERS}},
    {"account", "One account",
	"All that is known of one account, with its open positions and "
	"pending orders.",
	"/api/accounts/{server}/{login}", false, {ACCOUNT}},
    {"positions", "Open positions",
	"The open positions of an account; null (not an empty list) where "
	"they are not known.",
	"/api/accounts/{server}/{login}/positions", false, {ACCOUNT}},
    {"orders", "Pending orders",
	"The pending orders of an account; null where they are not known.",
	"/api/accounts/{server}/{login}/orders", false, {ACCOUNT}},
    {"trades", "Trades",
	"An account's closed and open trades as the ledger has them, with how "
	"far its history is read (sync).",
	"/api/accounts/{server}/{login}/trades", false, {ACCOUNT, PAGES}},
    {"cashflows", "Deposits and withdrawals",
	"What moved an account's balance besides trades: deposits, "
	"withdrawals, payouts, credit, charges.",
	"/api/accounts/{server}/{login}/cashflows", false, {ACCOUNT, PAGES}},
    {"statistics", "Statistics",
	"What an account's deals amount to, day by day.",
	"/api/accounts/{server}/{login}/statistics", false, {ACCOUNT}},
    {"phases", "Phases and verdicts",
	"An account's phases so far, and what the rules found.",
	"/api/accounts/{server}/{login}/phases", false, {ACCOUNT}},
    {"alerts", "Alerts",
	"The alerts that there are, open or ended, what is muted and "
	"acknowledged, by whom. alerts is null where the alerts job has not "
	"run.",
	"/api/alerts", false, {{.name = NULL}}},
    {"nodes", "Nodes",
	"Each VPS: its agent, status, since when, latency, error.",
	"/api/agents/status", false, {{.name = NULL}}},
    {"rule_sets", "Rule sets", "The rule sets of the firms, as stored.",
	"/api/rules", false, {{.name = NULL}}},
};
#define TOOLS (sizeof(tools) / sizeof(tools[0]))

const struct tool *
tool_find(const char *name)
{
	for (size_t i = 0; i < TOOLS; i++)
		if (strcmp(tools[i].name, name) == 0)
			return &tools[i];
	return NULL;
}

bool
tool_status_is_good(const struct tool *t, int status)
{
	return status == 200 || (status == 503 && t->down_is_good);
}

/* ---- what they are, for the list ---- */

static void
put_arg(struct json *j, const struct arg *a)
{
	json_object(j, a->name);
	if (a->type == ARG_LOGIN) {
		json_array(j, "type");
		json_string(j, NULL, "string");
		json_string(j, NULL, "integer");
		json_end(j);
	} else
		json_string(
		    j, "type", a->type == ARG_COUNT ? "integer" : "string");
	if (a->type == ARG_COUNT) {
		json_int(j, "minimum", a->min);
		json_int(j, "maximum", a->max);
	}
	json_string(j, "description", a->about);
	json_end(j);
}

static void
put_schema(struct json *j, const struct tool *t)
{
	json_object(j, "inputSchema");
	json_string(j, "type", "object");
	json_object(j, "properties");
	for (const struct arg *a = t->args; a->name != NULL; a++)
		put_arg(j, a);
	json_end(j);
	json_array(j, "required");
	for (const struct arg *a = t->args; a->name != NULL; a++)
		if (a->required)
			json_string(j, NULL, a->name);
	json_end(j);
	json_bool(j, "additionalProperties", false);
	json_end(j);
}

void
tools_json(struct json *j)
{
	json_array(j, "tools");
	for (size_t i = 0; i < TOOLS; i++) {
		json_object(j, NULL);
		json_string(j, "name", tools[i].name);
		json_string(j, "title", tools[i].title);
		json_string(j, "description", tools[i].about);
		put_schema(j, &tools[i]);
		json_object(j, "annotations");
		json_string(j, "title", tools[i].title);
		json_bool(j, "readOnlyHint", true);
		json_bool(j, "openWorldHint", false);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

/* ---- what they ask ---- */

static const struct arg *
arg_find(const struct tool *t, const char *name, size_t len)
{
	for (const struct arg *a = t->args; a->name != NULL; a++)
		if (strlen(a->name) == len && memcmp(a->name, name, len) == 0)
			return a;
	return NULL;
}

static int __attribute__((format(printf, 2, 3)))
refuse(char why[TOOL_WHY_SIZE], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, TOOL_WHY_SIZE, fmt, ap);
	va_end(ap);
	return -1;
}

/* The argument as the API takes it, "": it is not given. -1: it cannot be. */
static int
arg_text(const struct arg *a, const cJSON *arguments, char text[TEXT_MAX + 1],
    char why[TOOL_WHY_SIZE])
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(arguments, a->name);
	const char *s = cJSON_GetStringValue(v);
	int64_t n;

	*text = '\0';
	if (v == NULL || cJSON_IsNull(v)) {
		if (a->required)
			return refuse(why, "%s: missing", a->name);
		if (a->def != 0)
			snprintf(text, TEXT_MAX + 1, "%d", a->def);
		return 0;
	}
	if (a->type == ARG_TEXT) {
		if (s == NULL || *s == '\0' || strlen(s) > TEXT_MAX ||
		    !utf8_valid(s, strlen(s)))
			return refuse(why,
			    "%s: expected a text of 1 to %d bytes", a->name,
			    TEXT_MAX);
		/* as a part of a path these mean another path */
		if (strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
			return refuse(why, "%s: not \"%s\"", a->name, s);
		snprintf(text, TEXT_MAX + 1, "%s", s);
		return 0;
	}
	if (!jsonin_int64(arguments, a->name, &n) ||
	    (a->type == ARG_COUNT ? n < a->min || n > a->max : n < 1)) {
		if (a->type == ARG_LOGIN)
			return refuse(why,
			    "%s: expected the number of an account", a->name);
		return refuse(why, "%s: expected a whole number, %d to %d",
		    a->name, a->min, a->max);
	}
	snprintf(text, TEXT_MAX + 1, "%" PRId64, n);
	return 0;
}

/* All names are the tool's own. */
static int
check_names(
    const struct tool *t, const cJSON *arguments, char why[TOOL_WHY_SIZE])
{
	const cJSON *v;

	cJSON_ArrayForEach(v, arguments)
		if (arg_find(t, v->string, strlen(v->string)) == NULL)
			return refuse(why, "%s has no argument \"%.64s\"",
			    t->name, v->string);
	return 0;
}

int
tool_target(const struct tool *t, const cJSON *arguments, struct buf *out,
    char why[TOOL_WHY_SIZE])
{
	bool in_path[ARGS_MAX] = {false}, has_query;
	char text[TEXT_MAX + 1];

	if (check_names(t, arguments, why) == -1)
		return -1;
	for (const char *p = t->path; *p != '\0'; p++) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		const struct arg *a;

		a = end != NULL ? arg_find(t, p + 1, (size_t)(end - p) - 1)
				: NULL;
		if (a == NULL) {
			buf_putc(out, *p);
			continue;
		}
		if (arg_text(a, arguments, text, why) == -1)
			return -1;
		url_escape(out, text);
		in_path[a - t->args] = true;
		p = end;
	}
	has_query = strchr(t->path, '?') != NULL;
	for (const struct arg *a = t->args; a->name != NULL; a++) {
		if (in_path[a - t->args])
			continue;
		if (arg_text(a, arguments, text, why) == -1)
			return -1;
		if (*text == '\0')
			continue;
		buf_printf(out, "%c%s=", has_query ? '&' : '?', a->name);
		url_escape(out, text);
		has_query = true;
	}
	return 0;
}
