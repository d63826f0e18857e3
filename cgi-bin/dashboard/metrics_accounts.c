/*
 * metrics_accounts.c: nodes and accounts by name.
 *
 * Only what is live: a stale figure has no sample, its age does. What is not
 * known has none either.
 */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "cgi-bin/dashboard/metrics.h"
#include "cgi-bin/dashboard/prometheus.h"
#include "lib/base/mem.h"
#include "lib/fleet/row.h"
#include "lib/trading/money.h"

/* An account, ready to be asked for each metric. */
struct account_metrics {
	const struct view_row *row;
	struct pl pl;
	bool is_pl_known;
	const struct pl_facts *facts; /* NULL: no limits are known */
	struct rule_left left;
	double margin_level; /* NAN: unknown, or no margin is used */
	double positions, orders, build; /* NAN: unknown */
};

static void
open_account(struct buf *b, const char *name, const struct view_row *row)
{
	char login[24];

	snprintf(login, sizeof(login), "%lld", (long long)row->login);
	metric_open(b, name);
	metric_label(b, "server", row->server);
	metric_label(b, "login", login);
	metric_label(b, "node", row->node->id);
	metric_label(b, "currency", row->currency);
}

static void
put_money(struct buf *b, money_t v)
{
	char text[MONEY_SIZE];

	metric_text_value(b, money_format(v, -1, text));
}

/* What only the row's text says. */
static void
read_fragment(struct account_metrics *m, const struct view_row *row)
{
	cJSON *doc = row->fragment.data == NULL
			 ? NULL
			 : jsonin_parse(row->fragment.data, row->fragment.len);
	const cJSON *account = jsonin_object(doc, "account");
	double level, margin;

	m->margin_level = m->positions = m->orders = m->build = NAN;
	/* a level of 0 without margin means none, not danger */
	if (jsonin_number(account, "margin", &margin) && margin > 0 &&
	    jsonin_number(account, "margin_level", &level))
		m->margin_level = level;
	jsonin_number(doc, "positions", &m->positions);
	jsonin_number(doc, "orders", &m->orders);
	jsonin_number(jsonin_object(doc, "terminal"), "build", &m->build);
	cJSON_Delete(doc);
}

static void
prepare(struct account_metrics *m, const struct view_row *row,
    const struct facts *facts, int64_t now_utc_ms)
{
	const struct account_facts *known =
	    facts_find(facts, row->server, row->login);
	const struct pl_money money = {
	    row->balance, row->equity, row->credit, row->cash};

	*m = (struct account_metrics){.row = row};
	m->is_pl_known = row_pl(row, known, now_utc_ms, &m->pl);
	if (known != NULL && row->money_known &&
	    pl_left(&known->pl, &money, now_utc_ms, &m->left))
		m->facts = &known->pl;
	read_fragment(m, row);
}

enum money_metric { BALANCE, EQUITY, PROFIT, DAY, TOTAL };

static struct amount
money_of(const struct account_metrics *m, enum money_metric which)
{
	const struct view_row *row = m->row;

	switch (which) {
	case BALANCE:
		return (struct amount){row->money_known, row->balance};
	case EQUITY:
		return (struct amount){row->money_known, row->equity};
	case PROFIT:
		return (struct amount){row->money_known, row->profit};
	case DAY:
		return m->is_pl_known ? m->pl.day : (struct amount){false, 0};
	case TOTAL:
		break;
	}
	return m->is_pl_known ? m->pl.total : (struct amount){false, 0};
}

static void
put_amounts(struct buf *b, const struct account_metrics *list, size_t len)
{
	static const struct {
		const char *name, *help;
	} metrics[] = {
	    [BALANCE] = {"mt5fleet_balance", "Balance."},
	    [EQUITY] = {"mt5fleet_equity", "Equity."},
	    [PROFIT] = {"mt5fleet_profit", "Floating P/L."},
	    [DAY] = {"mt5fleet_profit_day", "P/L since the day's reset."},
	    [TOTAL] = {"mt5fleet_profit_phase", "P/L of the phase."},
	};

	for (size_t k = 0; k < sizeof(metrics) / sizeof(metrics[0]); k++) {
		metric_gauge(b, metrics[k].name, metrics[k].help);
		for (size_t i = 0; i < len; i++) {
			struct amount a =
			    money_of(&list[i], (enum money_metric)k);

			if (!a.known)
				continue;
			open_account(b, metrics[k].name, list[i].row);
			put_money(b, a.v);
		}
	}
}

/* One number of each account; none where it is not known. */
static void
put_numbers(struct buf *b, const struct account_metrics *list, size_t len)
{
	static const struct {
		const char *name, *help;
		size_t at;
	} metrics[] = {
	    {"mt5fleet_margin_level",
		"Equity by margin, in percent; no sample without margin.",
		offsetof(struct account_metrics, margin_level)},
	    {"mt5fleet_positions", "Open positions.",
		offsetof(struct account_metrics, positions)},
	    {"mt5fleet_orders", "Pending orders.",
		offsetof(struct account_metrics, orders)},
	    {"mt5fleet_terminal_build", "Build of the terminal.",
		offsetof(struct account_metrics, build)},
	};

	for (size_t k = 0; k < sizeof(metrics) / sizeof(metrics[0]); k++) {
		metric_gauge(b, metrics[k].name, metrics[k].help);
		for (size_t i = 0; i < len; i++) {
			double v = *(const double *)(const void
				*)((const char *)&list[i] + metrics[k].at);

			if (isnan(v))
				continue;
			open_account(b, metrics[k].name, list[i].row);
			metric_value(b, v);
		}
	}
}

/* Every account by name, live or not. */
static void
put_live(struct buf *b, const struct view *v)
{
	metric_gauge(
	    b, "mt5fleet_account_live", "1 while the account is live, else 0.");
	for (size_t i = 0; i < v->rows_len; i++)
		if (v->rows[i].server != NULL) {
			open_account(b, "mt5fleet_account_live", &v->rows[i]);
			metric_value(b, status_is_live(v->rows[i].status));
		}
}

/* Of what is stored, so also of accounts that are not live. */
static void
put_differences(struct buf *b, const struct view *v, const struct facts *facts)
{
	static const char name[] = "mt5fleet_reconciliation_difference";

	metric_gauge(b, name,
	    "Balance less the sum of the stored deals; 0 is in order.");
	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *row = &v->rows[i];
		const struct account_facts *known =
		    facts_find(facts, row->server, row->login);

		if (row->currency == NULL || known == NULL ||
		    !known->difference.known)
			continue;
		open_account(b, name, row);
		put_money(b, known->difference.v);
	}
}

static void
put_rules(struct buf *b, const struct account_metrics *list, size_t len)
{
	metric_gauge(b, "mt5fleet_rule_left",
	    "Until the rule is broken, reached or done, in its unit.");
	for (size_t i = 0; i < len; i++)
		for (int k = 0; list[i].facts != NULL && k < RULE_KINDS; k++) {
			const struct rule_line_left *left =
			    &list[i].left.line[k];

			if (!list[i].facts->limits.line[k].is_set ||
			    !left->left.known)
				continue;
			open_account(b, "mt5fleet_rule_left", list[i].row);
			metric_label(
			    b, "kind", rule_kind_word((enum rule_kind)k));
			metric_label(
			    b, "unit", rule_kind_unit((enum rule_kind)k));
			put_money(b, left->left.v);
		}
	metric_gauge(b, "mt5fleet_rule_used_ratio",
	    "Share of the allowance used; 1 is all of it.");
	for (size_t i = 0; i < len; i++)
		for (int k = 0; list[i].facts != NULL && k < RULE_KINDS; k++) {
			const struct rule_line_left *left =
			    &list[i].left.line[k];

			if (!list[i].facts->limits.line[k].is_set ||
			    !left->used_known)
				continue;
			open_account(
			    b, "mt5fleet_rule_used_ratio", list[i].row);
			metric_label(
			    b, "kind", rule_kind_word((enum rule_kind)k));
			metric_value(b, left->used);
		}
}

/* The age of what is shown, also of what is not live any more. */
static void
put_ages(struct buf *b, const struct view *v)
{
	metric_gauge(b, "mt5fleet_snapshot_age_seconds",
	    "Since the values of the account were known to be true.");
	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *row = &v->rows[i];

		if (row->server == NULL || row->at_utc_ms == 0)
			continue;
		open_account(b, "mt5fleet_snapshot_age_seconds", row);
		metric_value(
		    b, (double)(v->now_utc_ms - row->at_utc_ms) / 1000);
	}
}

static void
put_latencies(struct buf *b, const struct view *v)
{
	metric_gauge(b, "mt5fleet_node_latency_seconds",
	    "Time of the agent's last answer.");
	for (size_t i = 0; i < v->nodes_len; i++) {
		const struct node_view *n = &v->nodes[i];
		struct node_record r;

		node_record_read(&r, &n->state);
		if (n->node->enabled && n->live && r.latency_ms >= 0) {
			metric_open(b, "mt5fleet_node_latency_seconds");
			metric_label(b, "node", n->node->id);
			metric_value(b, r.latency_ms / 1000.0);
		}
		node_record_done(&r);
	}
}

static void
put_agents(struct buf *b, const struct view *v)
{
	metric_gauge(
	    b, "mt5fleet_agent_info", "The version of the node's agent.");
	for (size_t i = 0; i < v->nodes_len; i++) {
		const struct node_view *n = &v->nodes[i];
		const char *version;
		struct node_record r;

		node_record_read(&r, &n->state);
		if (n->node->enabled &&
		    jsonin_string(r.agent_read, "version", &version)) {
			metric_open(b, "mt5fleet_agent_info");
			metric_label(b, "node", n->node->id);
			metric_label(b, "version", version);
			metric_value(b, 1);
		}
		node_record_done(&r);
	}
}

void
metrics_put_accounts(
    struct buf *b, const struct view *v, const struct facts *facts)
{
	struct account_metrics *list = mem_new(v->rows_len, sizeof(*list));
	size_t len = 0;

	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *row = &v->rows[i];

		if (row->server != NULL && row->currency != NULL &&
		    status_is_live(row->status))
			prepare(&list[len++], row, facts, v->now_utc_ms);
	}
	put_amounts(b, list, len);
	put_numbers(b, list, len);
	put_rules(b, list, len);
	put_live(b, v);
	put_differences(b, v, facts);
	put_ages(b, v);
	put_latencies(b, v);
	put_agents(b, v);
	free(list);
}
