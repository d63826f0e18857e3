/* row_json.c: a row as the API says it. */
#include <math.h>
#include <string.h>

#include "cgi-bin/dashboard/row_json.h"
#include "lib/json_amount.h"

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
put_pl(struct json *j, const struct view_row *row, const struct book_pl *pl)
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

/* What is left, against the account's own money as it is now. */
static void
put_rules(struct json *j, const struct book_entry *e,
    const struct view_row *row, int64_t now_msc)
{
	struct rule_left left;

	if (e == NULL || !book_limits_hold(e) || !row->money_known ||
	    !book_has_cash(e, row)) {
		json_null(j, "rules");
		return;
	}
	rules_left(&e->limits, row->balance, row->equity - row->credit,
	    &e->synced, now_msc, &left);
	json_object(j, "rules");
	json_amount(j, "today_left", &left.today_left);
	json_amount(j, "total_left", &left.total_left);
	json_amount(j, "target_left", &left.target_left);
	put_used(j, "used_today", left.used_known_today, left.used_today);
	put_used(j, "used_total", left.used_known_total, left.used_total);
	json_int(j, "days_done", e->limits.days_done);
	json_int(j, "days_needed", e->limits.days_needed);
	json_bool(j, "best_day_passed", e->limits.best_day_passed);
	json_utc(j, "resets_utc", e->limits.resets_msc);
	json_bool(j, "estimated", left.estimated);
	json_end(j);
}

void
row_json(struct json *j, const struct view_row *row, const struct book *book,
    int64_t now_msc)
{
	const struct book_entry *e = book_find(book, row->server, row->login);
	struct book_pl pl;

	book_pl(e, row, now_msc, &pl);
	row_json_identity(j, row, now_msc);
	put_fragment(j, row);
	put_pl(j, row, &pl);
	if (e != NULL)
		json_raw(j, "phase", e->phase, strlen(e->phase));
	else
		json_null(j, "phase");
	put_rules(j, e, row, now_msc);
}
