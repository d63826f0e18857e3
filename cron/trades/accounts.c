/* accounts.c: which accounts there are: from Redis, else from the agents. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/fields.h"
#include "lib/fleet/fresh.h"
#include "lib/fleet/reported.h"
#include "lib/fleet/snapshot.h"
#include "lib/ledger/zones.h"
#include "lib/redis/keys.h"
#include "lib/trading/money.h"
#include "lib/trading/status.h"

#define ACCOUNTS_MAX ((size_t)8 << 20)
#define CONNECT_MS 5000

static struct amount
amount_of(double v)
{
	struct amount a = {0};

	a.known = isfinite(v) && money_from_double(v, &a.v) == 0;
	return a;
}

static int
keep_offset(const struct ledger_account *a, void *arg)
{
	struct reading *told = arg;

	told->offset_known = a->offset_known;
	told->offset_s = a->offset_s;
	return 0;
}

static void
read_account(struct app *app, const struct candidate *c)
{
	const struct reported *r = &c->reported;
	struct ledger_seen seen =
	    reported_seen(r, c->server, c->login, c->node->id);
	struct reading told = {.node = c->node,
	    .server = mem_strdup(c->server),
	    .login = c->login,
	    .since_utc_ms = c->since_utc_ms,
	    .digits = r->currency_digits,
	    .now_balance = amount_of(r->balance),
	    .now_credit = amount_of(r->credit),
	    .offset_known = r->offset_known,
	    .offset_s = r->offset_s};
	enum ledger_result result =
	    ledger_account_seen(app->ledger, &seen, &told.account);

	if (result == LEDGER_OK && told.offset_known)
		result = ledger_offset_seen(
		    app->ledger, c->server, told.offset_s, clock_utc_ms());
	if (result == LEDGER_OK)
		result = ledger_account_origin(
		    app->ledger, c->server, c->login, &told.origin);
	/* a terminal started on a week-end does not know it: the last good */
	if (result == LEDGER_OK && !told.offset_known)
		result = ledger_account_get(
		    app->ledger, told.account, keep_offset, &told);
	if (result == LEDGER_OK)
		reading_start(app, &told);
	else if (result == LEDGER_REJECTED) {
		app->tally.failed++;
		log_warnx("node=%s server=%s login=%" PRId64 ": %s",
		    c->node->id, seen.server, seen.login,
		    ledger_error(app->ledger));
	} else
		app->ledger_down = result;
	free(told.server);
}

/*
 * Where it is live; its values would be old else. Of two nodes in conflict
 * candidates_start decides. row: JSON.
 */
static void
consider(struct app *app, struct candidates *all, const struct candidate *c,
    enum status status, const cJSON *row)
{
	if (c->server == NULL ||
	    (!status_is_live(status) && status != STATUS_CONFLICT))
		return;
	if (nodes_pinned_elsewhere(&app->nodes, c->node, c->server, c->login) ||
	    (c->node->pins_len > 0 &&
		!node_pins(c->node, c->server, c->login))) {
		log_warnx("node=%s server=%s login=%" PRId64
			  ": not pinned to this node: its deals are not taken",
		    c->node->id, c->server, c->login);
		return;
	}
	candidates_add(all, c->node, c->server, c->login, c->since_utc_ms, row);
}

/* ---- from Redis ---- */

static bool
take_snapshot(struct app *app, struct candidates *all, const struct node *node,
    const struct cache_value *text)
{
	int64_t now = clock_utc_ms();
	struct snapshot s;
	bool good = snapshot_read(&s, text) && s.has_accounts;

	for (size_t i = 0; i < s.len; i++) {
		const struct snapshot_entry *e = &s.accounts[i].entry;
		const struct cache_value *line = &s.accounts[i].row;
		struct candidate c = {.node = node,
		    .server = (char *)(uintptr_t)e->server,
		    .login = e->login,
		    .since_utc_ms = e->since_utc_ms};
		cJSON *row = line->data != NULL
				 ? jsonin_parse(line->data, line->len)
				 : NULL;

		consider(app, all, &c,
		    fresh_status(
			e->status, e->at_utc_ms, now, app->config.cache_ttl_s),
		    row);
		cJSON_Delete(row);
	}
	snapshot_done(&s);
	return good;
}

/* ---- from the agent ---- */

static void
consider_told(struct app *app, const struct node *node, const cJSON *entry)
{
	struct candidate c = {.node = node};
	enum status status = STATUS_STALE;
	char why[FIELDS_WHY_SIZE];
	const char *word, *server;

	if (!jsonin_string(entry, "status", &word) ||
	    !status_from(word, &status) ||
	    !jsonin_string(entry, "server", &server) ||
	    !jsonin_int64(entry, "login", &c.login))
		return;
	if (fields_check_snapshot(entry, why) == -1) {
		app->tally.accounts++;
		app->tally.failed++;
		log_warnx("node=%s server=%s login=%" PRId64 ": %s", node->id,
		    server, c.login, why);
		return;
	}
	c.server = (char *)(uintptr_t)server;
	jsonin_int64(entry, "since_msc", &c.since_utc_ms);
	consider(app, &app->told, &c, status, entry);
}

/* The last of the agents has answered: no more claims come. */
static void
end_asking(struct app *app)
{
	if (--app->askings_open == 0)
		candidates_start(app, &app->told, read_account);
}

static void
accounts_done(void *arg, const struct fetch_answer *a)
{
	const struct asking *asking = arg;
	struct app *app = asking->app;
	const struct node *node = asking->node;
	const cJSON *list, *entry;
	cJSON *doc = NULL;

	if (a->error == NULL)
		doc = jsonin_parse_foreign(a->body, a->len);
	list = jsonin_array(doc, "accounts");
	if (list == NULL) {
		app->tally.nodes_failing++;
		log_warnx("node=%s: accounts: %s", node->id,
		    a->error != NULL ? a->error : "not understood");
	}
	cJSON_ArrayForEach(entry, list)
		consider_told(app, node, entry);
	cJSON_Delete(doc);
	end_asking(app);
}

static void
ask_node(struct app *app, const struct node *node)
{
	struct asking *asking = &app->askings[node - app->nodes.list];
	char *url = mem_printf("%s/accounts", node->url);
	struct fetch_request req = {.url = url,
	    .token = node->token,
	    .ca = node->ca,
	    .pinned = !node->ca_signs,
	    .connect_ms = CONNECT_MS,
	    .total_ms = app->config.agent_timeout_s * 1000,
	    .max = ACCOUNTS_MAX};

	asking->app = app;
	asking->node = node;
	app->askings_open++;
	fetch_start(app->fetch, &req, accounts_done, asking);
	free(url);
}

static void
look_at_node(struct app *app, struct candidates *all, const struct node *node)
{
	struct cache_value text = {NULL, 0};
	char key[KEY_SIZE], *data = NULL;

	if (app->cache != NULL &&
	    cache_get(app->cache, key_of(KEY_SNAPSHOT, node->id, key), &data,
		&text.len) == -1) {
		log_warnx(
		    "redis: %s: asking the agents", cache_error(app->cache));
		cache_close(app->cache);
		app->cache = NULL;
	}
	text.data = data;
	if (data == NULL || !take_snapshot(app, all, node, &text))
		ask_node(app, node);
	free(data);
}

/* What Redis shows is read at once; agents that have to be asked may be slow,
 * and what they show is read after that. */
void
accounts_start(struct app *app)
{
	struct candidates all = {.len = 0};

	app->askings = mem_new(app->nodes.len + 1, sizeof(*app->askings));
	for (size_t i = 0; i < app->nodes.len; i++)
		if (app->nodes.list[i].enabled && !*app->stop &&
		    app->ledger_down == LEDGER_OK)
			look_at_node(app, &all, &app->nodes.list[i]);
	candidates_start(app, &all, read_account);
}
