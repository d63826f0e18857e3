/* row.c: an account's row as JSON. */
#include <math.h>
#include <string.h>

#include "lib/fleet/row.h"
#include "lib/trading/json_amount.h"
#include "lib/trading/rules_json.h"

void
row_json_identity(struct json *j, const struct view_row *row, int64_t now_ms)
{
	char why[VIEW_WHY_SIZE];
	int64_t age_ms = now_ms > row->at_utc_ms ? now_ms - row->at_utc_ms : 0;

	json_string(j, "server", row->server);
	if (row->server != NULL)
		json_id(j, "login", row->login);
	else
		json_null(j, "login");
	json_string(j, "node", row->node->id);
	json_string(j, "status", status_word(row->status));
	json_utc(j, "since_utc", row->since_utc_ms);
	if (row->at_utc_ms > 0)
		json_number(j, "age_s", (double)age_ms / 1000);
	else
		json_null(j, "age_s");
	json_utc(j, "at_utc", row->at_utc_ms);
	json_string(j, "error", view_row_why(row, why));
	if (row->claims_len == 0) {
		json_null(j, "claims");
		return;
	}
	json_array(j, "claims");
	for (size_t i = 0; i < row->claims_len; i++)
		json_string(j, NULL, row->claims[i]->id);
	json_end(j);
}

/* What the terminal says, and the names of it where nothing is known. */
static void
put_fragment(struct json *j, const struct view_row *row)
{
	static const char *const unknown[] = {"account", "terminal",
	    "broker_offset_s", "usd_rate", "positions", "orders",
	    "equity_range", "history"};

	if (row->fragment.data != NULL) {
		json_members(j, row->fragment.data, row->fragment.len);
		return;
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		json_null(j, unknown[i]);
}

/* To four decimals, as a percentage or as a share. */
static void
put_ratio(struct json *j, const char *key, bool is_known, double v)
{
	json_number(j, key, is_known ? round(v * 1e4) / 1e4 : NAN);
}

static void
put_pl(struct json *j, const struct row_money *m, const struct pl *pl)
{
	const struct amount floating = {m->known, m->profit};

	json_object(j, "pl");
	json_amount(j, "floating", &floating);
	json_amount(j, "day", &pl->day);
	put_ratio(j, "day_pct", pl->day_pct_known, pl->day_pct);
	json_amount(j, "total", &pl->total);
	put_ratio(j, "total_pct", pl->pct_known, pl->total_pct);
	json_bool(j, "estimated", pl->estimated);
	json_end(j);
}

void
row_json_ledger(struct json *j, const struct row_money *m,
    const struct account_facts *facts, int64_t now_ms)
{
	bool is_known = m->known && facts != NULL;
	struct rule_left left;
	struct pl pl = {0};

	if (is_known)
		pl_find(&facts->pl, &m->money, now_ms, &pl);
	put_pl(j, m, &pl);
	if (is_known && pl_left(&facts->pl, &m->money, now_ms, &left))
		rules_json(j, &facts->pl.limits, &left);
	else
		rules_json(j, NULL, NULL);
}

static struct row_money
money_of(const struct view_row *row)
{
	return (struct row_money){row->money_known, row->profit,
	    {row->balance, row->equity, row->credit, row->cash}};
}

void
row_json_of_ledger(struct json *j, const struct view_row *row,
    const struct account_facts *facts, int64_t now_ms)
{
	const struct row_money m = money_of(row);

	row_json_ledger(j, &m, facts, now_ms);
}

void
row_json(struct json *j, const struct view_row *row,
    const struct account_facts *facts, int64_t now_ms)
{
	row_json_identity(j, row, now_ms);
	put_fragment(j, row);
	json_string(
	    j, "broker_zone", facts != NULL ? facts->broker_zone : NULL);
	row_json_of_ledger(j, row, facts, now_ms);
	if (facts != NULL)
		json_raw(j, "phase", facts->phase, strlen(facts->phase));
	else
		json_null(j, "phase");
}

bool
row_pl(const struct view_row *row, const struct account_facts *facts,
    int64_t now_ms, struct pl *out)
{
	const struct row_money m = money_of(row);

	if (facts == NULL || !m.known)
		return false;
	pl_find(&facts->pl, &m.money, now_ms, out);
	return true;
}

bool
row_left(const struct view_row *row, const struct account_facts *facts,
    int64_t now_ms, struct rule_left *out)
{
	const struct row_money m = money_of(row);

	return facts != NULL && m.known &&
	       pl_left(&facts->pl, &m.money, now_ms, out);
}

void
row_put_age(struct buf *b, int64_t age_ms)
{
	char text[24], *end = text + sizeof(text), *at = end;
	int64_t whole = age_ms / 1000;
	int rest = (int)(age_ms % 1000);

	for (int digits = 3; digits > 0; digits--, rest /= 10)
		if (at != end || rest % 10 != 0)
			*--at = (char)('0' + rest % 10);
	if (at != end)
		*--at = '.';
	do
		*--at = (char)('0' + whole % 10);
	while ((whole /= 10) > 0);
	buf_add(b, at, (size_t)(end - at));
}
