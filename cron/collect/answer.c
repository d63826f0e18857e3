/* answer.c: what an agent answers to GET /snapshot, checked. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cron/collect/answer.h"
#include "lib/base/mem.h"
#include "lib/base/utf8.h"
#include "lib/fleet/fields.h"

#define TERMINALS_MAX 256
/* 16 MiB of "0,0,0," would become half a gigabyte of parsed values. */
#define VALUES_MAX 1000000
#define AGENT_MAX 4096
#define AGE_MAX INT64_C(31536000000) /* a year */
#define QUOTED 40

static bool
is_word(const char *s, size_t max)
{
	size_t len = strlen(s);

	for (const char *p = s; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			return false;
	return len > 0 && len <= max;
}

static bool
too_many_values(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == ',' || text[i] == '[' || text[i] == '{';
	return n > VALUES_MAX;
}

/* "not JSON: "<html><head>…"": what came, as far as it can be printed. */
static int
say_not_json(const char *text, size_t len, char why[WHY_SIZE])
{
	char quoted[QUOTED + 1];
	size_t n = len < QUOTED ? len : QUOTED;

	for (size_t i = 0; i < n; i++)
		quoted[i] = isprint((unsigned char)text[i]) ? text[i] : '?';
	quoted[n] = '\0';
	snprintf(why, WHY_SIZE, "answer is not JSON: \"%s%s\"", quoted,
	    len > n ? "..." : "");
	return -1;
}

static int
say(char why[WHY_SIZE], const char *what)
{
	snprintf(why, WHY_SIZE, "bad answer: %s", what);
	return -1;
}

static int
read_terminal_head(struct terminal *t, const cJSON *o, char why[WHY_SIZE])
{
	const char *id;
	double age;

	if (!jsonin_string(o, "terminal_id", &id) ||
	    !is_word(id, TERMINAL_ID_SIZE - 1))
		return say(why, "a terminal without an id");
	snprintf(t->id, sizeof(t->id), "%s", id);
	if (!jsonin_number(o, "age_ms", &age) || age < 0 || age > AGE_MAX)
		return say(why, "a terminal without an age");
	t->age_ms = (int64_t)age;
	return 0;
}

/* A fact that is not told is the worse one. */
static void
read_facts(struct status_facts *f, const cJSON *doc)
{
	const cJSON *account = jsonin_object(doc, "account");
	const cJSON *terminal = jsonin_object(doc, "terminal");

	jsonin_bool(terminal, "connected", &f->connected);
	jsonin_bool(
	    jsonin_object(doc, "history"), "complete", &f->history_complete);
	jsonin_bool(terminal, "trade_allowed", &f->terminal_trade_allowed);
	jsonin_bool(account, "trade_allowed", &f->account_trade_allowed);
	jsonin_bool(account, "trade_expert", &f->account_trade_expert);
}

/* What the terminal wrote is not believed, here or by its agent. */
static void
take_refusal(struct terminal *t, const cJSON *doc, const char *error)
{
	char why[WHY_SIZE];
	const char *server;
	int64_t login;

	(void)utf8_copy(why, sizeof(why), error);
	t->facts.bad_data = true;
	snprintf(t->why, sizeof(t->why), "%s", why);
	if (!account_identity(doc, &server, &login))
		return;
	t->facts.logged_in = true;
	t->account = account_refused(server, login, why);
	snprintf(t->account->terminal_id, TERMINAL_ID_SIZE, "%s", t->id);
}

static int
read_snapshot(struct terminal *t, const cJSON *doc, char why[WHY_SIZE])
{
	const cJSON *account;
	char inner[WHY_SIZE];

	if (cJSON_IsNull(doc))
		return 0; /* found, not yet read */
	if (!cJSON_IsObject(doc))
		return say(why, "a terminal without a snapshot");
	account = cJSON_GetObjectItemCaseSensitive(doc, "account");
	if (cJSON_IsNull(account))
		return 0;
	if (!cJSON_IsObject(account))
		return say(why, "a snapshot without an account");
	read_facts(&t->facts, doc);
	t->account = account_from_bridge(doc, inner);
	if (t->account == NULL) {
		snprintf(why, WHY_SIZE, "bad answer: terminal %s: %.180s",
		    t->id, inner);
		return -1;
	}
	t->facts.logged_in = true;
	t->facts.bad_data = t->account->error != NULL;
	snprintf(t->account->terminal_id, TERMINAL_ID_SIZE, "%s", t->id);
	return 0;
}

static int
read_terminal(
    struct terminal *t, const cJSON *o, bool unchanged, char why[WHY_SIZE])
{
	const char *bridge, *process, *error;
	const cJSON *doc;

	if (read_terminal_head(t, o, why) == -1)
		return -1;
	if (unchanged)
		return 0;
	if (!jsonin_string(o, "bridge", &bridge) ||
	    (strcmp(bridge, "ok") != 0 && strcmp(bridge, "silent") != 0))
		return say(why, "a bridge neither ok nor silent");
	t->facts.bridge_silent = *bridge == 's';
	t->facts.process_down = jsonin_string(o, "process", &process) &&
				strcmp(process, "down") == 0;
	doc = cJSON_GetObjectItemCaseSensitive(o, "snapshot");
	if (jsonin_string(o, "error", &error)) {
		take_refusal(t, doc, error);
		return 0;
	}
	return read_snapshot(t, doc, why);
}

/*
 * One terminal that nobody can make sense of costs its own account at most,
 * the one it names, or else the one that was last seen in it.
 */
static void
refuse_terminal(struct terminal *t, const cJSON *o, const char *why)
{
	account_free(t->account);
	t->account = NULL;
	t->facts = (struct status_facts){.bad_data = true};
	take_refusal(t, cJSON_GetObjectItemCaseSensitive(o, "snapshot"), why);
}

static int
read_terminals(struct answer *a, const cJSON *list, char why[WHY_SIZE])
{
	char wrong[WHY_SIZE];
	size_t refused = 0;
	const cJSON *o;

	if (list == NULL)
		return say(why, "no list of terminals");
	if (cJSON_GetArraySize(list) > TERMINALS_MAX)
		return say(why, "too many terminals");
	a->terminals = mem_new(TERMINALS_MAX, sizeof(*a->terminals));
	cJSON_ArrayForEach(o, list) {
		struct terminal *t = &a->terminals[a->len++];

		if (read_terminal(t, o, a->unchanged, wrong) == 0)
			continue;
		if (refused++ == 0)
			snprintf(why, WHY_SIZE, "%s", wrong);
		if (*t->id == '\0' || a->unchanged)
			return -1;
		refuse_terminal(t, o, wrong);
	}
	/* where there is nothing else the agent itself makes no sense */
	return refused > 0 && refused == a->len ? -1 : 0;
}

/* "2026-11-21T14:05:06.789Z" */
static bool
read_utc(const cJSON *doc, const char *key, int64_t *utc_ms)
{
	struct tm tm = {.tm_isdst = 0};
	const char *text, *rest;

	if (!jsonin_string(doc, key, &text) ||
	    (rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm)) == NULL ||
	    (*rest != '.' && *rest != 'Z'))
		return false;
	*utc_ms = (int64_t)timegm(&tm) * 1000;
	return true;
}

static void
read_clock(struct answer *a, const cJSON *doc, int64_t now_utc_ms)
{
	int64_t its_utc_ms;

	if (!read_utc(doc, "now_utc", &its_utc_ms))
		return;
	a->clock_known = true;
	a->clock_ahead_ms = its_utc_ms - now_utc_ms;
}

static void
forget_offsets(cJSON *doc)
{
	cJSON *o, *list = cJSON_GetObjectItemCaseSensitive(doc, "terminals");

	cJSON_ArrayForEach(o, list)
		cJSON_DeleteItemFromObjectCaseSensitive(
		    cJSON_GetObjectItemCaseSensitive(o, "snapshot"),
		    "broker_offset_s");
}

static int
read_head(struct answer *a, const cJSON *doc, char why[WHY_SIZE])
{
	const cJSON *agent = jsonin_object(doc, "agent");
	const char *rev;
	struct json j;

	if (!jsonin_string(doc, "rev", &rev) || !is_word(rev, REV_SIZE - 1))
		return say(why, "no rev");
	snprintf(a->rev, sizeof(a->rev), "%s", rev);
	jsonin_bool(doc, "unchanged", &a->unchanged);
	if (a->unchanged)
		return 0;
	if (agent == NULL)
		return say(why, "no agent");
	json_init(&j, AGENT_MAX);
	fields_put(&j, NULL, agent, agent_fields);
	a->agent = json_take(&j);
	json_done(&j);
	return a->agent != NULL ? 0 : say(why, "an agent's name too long");
}

int
answer_read(struct answer *a, const char *text, size_t len, int64_t now_utc_ms,
    char why[WHY_SIZE])
{
	cJSON *doc;
	int rc;

	memset(a, 0, sizeof(*a));
	if (too_many_values(text, len))
		return say(why, "too many values");
	if ((doc = jsonin_parse_foreign(text, len)) == NULL ||
	    !cJSON_IsObject(doc))
		rc = say_not_json(text, len, why);
	else if ((rc = read_head(a, doc, why)) == 0) {
		read_clock(a, doc, now_utc_ms);
		if (llabs(a->clock_ahead_ms) > CLOCK_OFF_MS)
			forget_offsets(doc);
		rc = read_terminals(a, jsonin_array(doc, "terminals"), why);
	}
	cJSON_Delete(doc);
	return rc;
}

void
answer_done(struct answer *a)
{
	for (size_t i = 0; i < a->len; i++)
		account_free(a->terminals[i].account);
	free(a->terminals);
	free(a->agent);
	memset(a, 0, sizeof(*a));
}
