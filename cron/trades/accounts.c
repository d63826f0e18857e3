/* accounts.c: which accounts there are: from Redis, else from the agents. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/ledger/people.h"
#include "lib/redis/keys.h"
#include "lib/trading/money.h"
#include "lib/trading/status.h"

#define ACCOUNTS_MAX ((size_t)8 << 20)
#define CONNECT_MS 5000
/* Time zones end there; what is beyond is a clock that stands still. */
#define OFFSET_MIN_S (-12 * 3600)
#define OFFSET_MAX_S (14 * 3600)

/* Its history can be asked for, and would be of now. */
static bool
is_readable(const cJSON *entry)
{
	const char *word;
	enum status status;

	return jsonin_string(entry, "status", &word) &&
	       status_from(word, &status) && status_is_live(status);
}

static void
read_account(const cJSON *account, struct ledger_seen *seen)
{
	(void)jsonin_string(account, "currency", &seen->currency);
	(void)jsonin_string(account, "company", &seen->company);
	(void)jsonin_string(account, "name", &seen->name);
	(void)jsonin_int(account, "currency_digits", &seen->currency_digits);
	(void)jsonin_int(account, "trade_mode", &seen->trade_mode);
	(void)jsonin_int(account, "margin_mode", &seen->margin_mode);
	(void)jsonin_int(account, "leverage", &seen->leverage);
}

static void
read_money(const cJSON *account, const char *key, struct amount *a)
{
	double v;

	a->known =
	    jsonin_number(account, key, &v) && money_from_double(v, &a->v) == 0;
}

static int
keep_offset(const struct ledger_account *a, void *arg)
{
	struct reading *told = arg;

	told->offset_known = a->offset_known;
	told->offset_s = a->offset_s;
	return 0;
}

/* entry has the key, the status and perhaps since; row the account. */
static void
start_account(struct app *app, const struct node *node, const cJSON *entry,
    const cJSON *row)
{
	struct reading told = {.node = node, .digits = -1};
	struct ledger_seen seen = {.node = node->id,
	    .currency_digits = -1,
	    .trade_mode = -1,
	    .margin_mode = -1,
	    .leverage = -1};
	enum ledger_result result;

	if (app->ledger_down != LEDGER_OK || !is_readable(entry) ||
	    !jsonin_string(entry, "server", &seen.server) ||
	    !jsonin_int64(entry, "login", &seen.login))
		return;
	(void)jsonin_int64(entry, "since_msc", &told.since_msc);
	read_account(jsonin_object(row, "account"), &seen);
	read_money(jsonin_object(row, "account"), "balance", &told.now_balance);
	read_money(jsonin_object(row, "account"), "credit", &told.now_credit);
	seen.offset_known = told.offset_known =
	    jsonin_int(row, "broker_offset_s", &seen.offset_s) &&
	    seen.offset_s >= OFFSET_MIN_S && seen.offset_s <= OFFSET_MAX_S;
	told.offset_s = seen.offset_s;
	told.digits = seen.currency_digits;
	told.login = seen.login;
	told.server = mem_strdup(seen.server);
	result = ledger_account_seen(app->ledger, &seen, &told.account);
	/* a terminal started on a week-end does not know it: the last good */
	if (result == LEDGER_OK && !told.offset_known)
		result = ledger_account_get(
		    app->ledger, told.account, keep_offset, &told);
	if (result == LEDGER_OK)
		reading_start(app, &told);
	else if (result == LEDGER_REJECTED) {
		app->tally.failed++;
		log_warnx("node=%s server=%s login=%" PRId64 ": %s", node->id,
		    seen.server, seen.login, ledger_error(app->ledger));
	} else
		app->ledger_down = result;
	free(told.server);
}

/* ---- from Redis: a head line, then three lines an account ---- */

/* The next line's bytes; *text goes behind it. */
static const char *
next_line(const char **text, const char *end, size_t *len)
{
	const char *line = *text;
	const char *lf = memchr(line, '\n', (size_t)(end - line));

	*len = (size_t)((lf != NULL ? lf : end) - line);
	*text = lf != NULL ? lf + 1 : end;
	return line;
}

static bool
start_from_snapshot(
    struct app *app, const struct node *node, const char *text, size_t size)
{
	const char *end = text + size, *line;
	const cJSON *entry;
	cJSON *head, *row;
	size_t len;

	line = next_line(&text, end, &len);
	head = jsonin_parse(line, len);
	if (jsonin_array(head, "accounts") == NULL) {
		cJSON_Delete(head);
		return false;
	}
	cJSON_ArrayForEach(entry, jsonin_array(head, "accounts")) {
		line = next_line(&text, end, &len);
		row = jsonin_parse(line, len);
		next_line(&text, end, &len);
		next_line(&text, end, &len);
		start_account(app, node, entry, row);
		cJSON_Delete(row);
	}
	cJSON_Delete(head);
	return true;
}

/* ---- from the agent ---- */

static void
accounts_done(void *arg, const struct fetch_answer *a)
{
	const struct asking *asking = arg;
	struct app *app = asking->app;
	const struct node *node = asking->node;
	const cJSON *list, *entry;
	cJSON *doc = NULL;

	if (a->error == NULL)
		doc = jsonin_parse(a->body, a->len);
	list = jsonin_array(doc, "accounts");
	if (list == NULL) {
		app->tally.nodes_failing++;
		log_warnx("node=%s: accounts: %s", node->id,
		    a->error != NULL ? a->error : "not understood");
	}
	cJSON_ArrayForEach(entry, list)
		start_account(app, node, entry, entry);
	cJSON_Delete(doc);
}

static void
ask_node(struct app *app, const struct node *node)
{
	struct asking *asking = &app->askings[node - app->nodes.list];
	char *url = mem_printf("%s/accounts", node->url);
	struct fetch_request req = {.url = url,
	    .token = node->token,
	    .ca = node->ca,
	    .connect_ms = CONNECT_MS,
	    .total_ms = app->config.agent_timeout_s * 1000,
	    .max = ACCOUNTS_MAX};

	asking->app = app;
	asking->node = node;
	fetch_start(app->fetch, &req, accounts_done, asking);
	free(url);
}

static void
start_node(struct app *app, const struct node *node)
{
	char key[KEY_SIZE], *text = NULL;
	size_t len = 0;

	if (app->cache != NULL &&
	    cache_get(app->cache, key_of(KEY_SNAPSHOT, node->id, key), &text,
		&len) == -1) {
		log_warnx(
		    "redis: %s: asking the agents", cache_error(app->cache));
		cache_close(app->cache);
		app->cache = NULL;
	}
	if (text == NULL || !start_from_snapshot(app, node, text, len))
		ask_node(app, node);
	free(text);
}

void
accounts_start(struct app *app)
{
	app->askings = mem_new(app->nodes.len + 1, sizeof(*app->askings));
	for (size_t i = 0; i < app->nodes.len; i++)
		if (app->nodes.list[i].enabled && !*app->stop &&
		    app->ledger_down == LEDGER_OK)
			start_node(app, &app->nodes.list[i]);
}
