/*
 * GET /metrics: counts and ages for Prometheus, public; the accounts' figures
 * only with a session.
 */
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/collector.h"
#include "lib/trading/money.h"

static void
put_help(struct buf *b, const char *name, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* A label's value: backslash, quote and line feed are escaped. */
static void
put_label(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, "%s=\"", name);
	for (; *value != '\0'; value++)
		if (*value == '\n')
			buf_puts(b, "\\n");
		else {
			if (*value == '"' || *value == '\\')
				buf_putc(b, '\\');
			buf_putc(b, *value);
		}
	buf_putc(b, '"');
}

static void
put_counts(struct buf *b, const char *name, const int counts[STATUS_COUNT])
{
	for (int s = 0; s < STATUS_COUNT; s++) {
		buf_printf(b, "%s{", name);
		put_label(b, "status", status_word((enum status)s));
		buf_printf(b, "} %d\n", counts[s]);
	}
}

static void
put_nodes(struct buf *b, const struct view *v)
{
	int nodes[STATUS_COUNT] = {0}, accounts[STATUS_COUNT] = {0};

	for (size_t i = 0; i < v->nodes_len; i++)
		if (v->nodes[i].node->enabled)
			nodes[v->nodes[i].status]++;
	for (size_t i = 0; i < v->rows_len; i++)
		accounts[v->rows[i].status]++;
	put_help(b, "mt5fleet_nodes", "Nodes by status.");
	put_counts(b, "mt5fleet_nodes", nodes);
	put_help(b, "mt5fleet_accounts", "Accounts by status.");
	put_counts(b, "mt5fleet_accounts", accounts);
}

static void
put_row(struct buf *b, const char *name, const struct view_row *row,
    const char *value)
{
	buf_printf(b, "%s{", name);
	put_label(b, "server", row->server);
	buf_printf(b, ",login=\"%lld\",", (long long)row->login);
	put_label(b, "node", row->node->id);
	buf_putc(b, ',');
	put_label(b, "currency", row->currency);
	buf_printf(b, "} %s\n", value);
}

/* Live accounts only: stale figures are not exported. */
static void
put_money(struct buf *b, const struct view *v, const char *name,
    const char *help, int64_t (*value)(const struct view_row *))
{
	char text[MONEY_SIZE];

	put_help(b, name, help);
	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *row = &v->rows[i];

		if (row->server != NULL && row->currency != NULL &&
		    row->money_known && status_is_live(row->status))
			put_row(
			    b, name, row, money_format(value(row), -1, text));
	}
}

static int64_t
balance(const struct view_row *row)
{
	return row->balance;
}

static int64_t
equity(const struct view_row *row)
{
	return row->equity;
}

static int64_t
profit(const struct view_row *row)
{
	return row->profit;
}

static void
put_accounts(struct buf *b, const struct view *v)
{
	put_money(
	    b, v, "mt5fleet_balance", "Balance of live accounts.", balance);
	put_money(b, v, "mt5fleet_equity", "Equity of live accounts.", equity);
	put_money(
	    b, v, "mt5fleet_profit", "Floating P/L of live accounts.", profit);
}

void
metrics_get(struct app *app, const struct request *req, struct response *res)
{
	struct buf *b = response_text(res, "text/plain; version=0.0.4");
	struct view v;
	bool redis;

	fleet_refresh(&app->fleet, &app->config);
	redis = view_read(
		    &v, &app->fleet, app->cache, app->config.cache_ttl_s) == 0;
	put_help(b, "mt5fleet_redis_up", "Does Redis answer?");
	buf_printf(b, "mt5fleet_redis_up %d\n", redis);
	if (redis) {
		put_help(
		    b, "mt5fleet_collector_up", "Does the collector live?");
		buf_printf(
		    b, "mt5fleet_collector_up %d\n", collector_age_s(&v) >= 0);
		put_nodes(b, &v);
		if (req->user.role >= WEB_VIEWER)
			put_accounts(b, &v);
	}
	view_done(&v);
}
