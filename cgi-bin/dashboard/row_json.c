/* row_json.c: a row as the API says it. */
#include "cgi-bin/dashboard/row_json.h"
#include "lib/json_amount.h"

void
row_json_identity(struct json *j, const struct row *row, int64_t now_msc)
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
put_fragment(struct json *j, const struct row *row)
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

/* What the ledger alone knows is null until it is asked. */
static void
put_pl(struct json *j, const struct row *row)
{
	json_object(j, "pl");
	if (row->money_known)
		json_money(j, "floating", row->profit);
	else
		json_null(j, "floating");
	json_null(j, "day");
	json_null(j, "total");
	json_null(j, "total_pct");
	json_end(j);
}

void
row_json(struct json *j, const struct row *row, int64_t now_msc)
{
	row_json_identity(j, row, now_msc);
	put_fragment(j, row);
	put_pl(j, row);
	json_null(j, "phase");
	json_null(j, "rules");
}
