/* row_json.c: a row as the API says it. */
#include <math.h>
#include <string.h>

#include "cgi-bin/dashboard/row_json.h"
#include "lib/trading/json_amount.h"

void
row_json_identity(struct json *j, const struct view_row *row, int64_t now_msc)
{
	int64_t age_msc = now_msc > row->at_msc ? now_msc - row->at_msc : 0;

	json_string(j, "server", row->server);
	if (row->server != NULL)
		json_id(j, "login", row->login);
	else
		json_null(j, "login");
	json_string(j, "node", row->node->id);
	json_string(j, "status", status_word(row->status));
	json_utc(j, "since_utc", row->since_msc);
	if (row->at_msc > 0)
		json_number(j, "age_s", (double)age_msc / 1000);
	else
		json_null(j, "age_s");
	json_utc(j, "at_utc", row->at_msc);
}

static void
put_fragment(struct json *j, const struct view_row *row)
{
	static const char *const unknown[] = {"account", "terminal",
	    "broker_offset_s", "positions", "orders", "equity_range",
	    "history"};

	if (row->fragment.data != NULL) {
		json_members(j, row->fragment.data, row->fragment.len);
		return;
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		json_null(j, unknown[i]);
}

static void
put_pl(struct json *j, const struct view_row *row, const struct standing_pl *pl)
{
	json_object(j, "pl");
	if (row->money_known)
		json_money(j, "floating", row->profit);
	else
		json_null(j, "floating");
	json_amount(j, "day", &pl->day);
	json_amount(j, "total", &pl->total);
	json_number(j, "total_pct",
	    pl->pct_known ? round(pl->total_pct * 1e4) / 1e4 : NAN);
	json_bool(j, "estimated", pl->estimated);
	json_end(j);
}

static void
put_used(struct json *j, const char *key, bool is_known, double used)
{
	json_number(j, key, is_known ? round(used * 1e4) / 1e4 : NAN);
}

static void
put_rules(struct json *j, const struct rule_limits *limits,
    const struct rule_left *left)
{
	json_object(j, "rules");
	json_amount(j, "today_left", &left->today_left);
	json_amount(j, "total_left", &left->total_left);
	json_amount(j, "target_left", &left->target_left);
	put_used(j, "used_today", left->used_known_today, left->used_today);
	put_used(j, "used_total", left->used_known_total, left->used_total);
	json_string(j, "today_test", rule_metric_word(limits->daily_test));
	json_string(j, "total_test", rule_metric_word(limits->total_test));
	json_string(j, "target_test", rule_metric_word(limits->target_basis));
	json_string(j, "total_mode", rule_mode_word(limits->total_mode));
	json_string(j, "total_high", rule_metric_word(limits->total_high));
	json_amount(j, "total_room", &left->total_room);
	json_amount(j, "total_rise", &left->total_rise);
	json_int(j, "days_done", limits->days_done);
	json_int(j, "days_needed", limits->days_needed);
	json_bool(j, "best_day_passed", limits->best_day_passed);
	json_utc(j, "resets_utc", limits->resets_msc);
	json_bool(j, "estimated", left->estimated);
	json_end(j);
}

void
row_json(struct json *j, const struct view_row *row, const struct book *book,
    int64_t now_msc)
{
	const struct book_entry *e = book_find(book, row->server, row->login);
	struct standing_money money;
	bool is_known = book_money(e, row, &money);
	struct standing_pl pl = {0};
	struct rule_left left;

	if (is_known)
		standing_pl(&e->standing, &money, now_msc, &pl);
	row_json_identity(j, row, now_msc);
	put_fragment(j, row);
	put_pl(j, row, &pl);
	if (e != NULL)
		json_raw(j, "phase", e->phase, strlen(e->phase));
	else
		json_null(j, "phase");
	if (is_known && standing_left(&e->standing, &money, now_msc, &left))
		put_rules(j, &e->standing.limits, &left);
	else
		json_null(j, "rules");
}
