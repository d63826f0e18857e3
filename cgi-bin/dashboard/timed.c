/* timed.c: open positions and orders, with the UTC of their broker times. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/timed.h"
#include "lib/fleet/facts.h"
#include "lib/json/jsonin.h"
#include "lib/ledger/zones.h"
#include "lib/trading/deal.h"

/* The end of the JSON value that begins at text. */
static const char *
value_end(const char *text, const char *end)
{
	bool quoted = false;
	int depth = 0;

	for (const char *s = text; s < end; s++) {
		if (quoted) {
			if (*s == '\\')
				s++;
			else if (*s == '"')
				quoted = false;
			continue;
		}
		if (*s == '"')
			quoted = true;
		else if (*s == '{' || *s == '[')
			depth++;
		else if ((*s == '}' || *s == ']') && --depth == 0)
			return s + 1;
	}
	return end;
}

/* What all rows of a list have in common. */
struct timing {
	struct ledger *ledger;
	int64_t account; /* 0: the ledger does not know it */
	bool orders;
	struct deal now; /* the offset reported now, and when that is */
};

static void
put_utc(struct json *j, const struct timing *t, const cJSON *o)
{
	struct deal d = t->now;
	bool known = jsonin_int64(o, t->orders ? "time_setup_msc" : "time_msc",
			 &d.time_msc) &&
		     d.time_msc > 0 && d.time_msc <= DEAL_TIME_MAX_S * 1000;

	if (!t->orders)
		(void)jsonin_int64(o, "identifier", &d.position_id);
	if (known)
		known = ledger_utc_of(t->ledger, t->account, &d) == LEDGER_OK;
	json_utc(
	    j, t->orders ? "time_setup_utc" : "time_utc", known ? d.utc_ms : 0);
	json_bool(j, "time_utc_estimated", known && d.utc_estimated);
}

static struct timing
timing_of(struct app *app, const struct view_row *row, bool orders)
{
	struct timing t = {
	    .ledger = facts_ledger(&app->source), .orders = orders};
	cJSON *said = row->fragment.data != NULL
			  ? jsonin_parse(row->fragment.data, row->fragment.len)
			  : NULL;

	t.now.offset_known =
	    jsonin_int(said, "broker_offset_s", &t.now.offset_s);
	t.now.seen_utc_ms = row->at_utc_ms;
	cJSON_Delete(said);
	if (t.ledger == NULL || ledger_account_find(t.ledger, row->server,
				    row->login, &t.account) != LEDGER_OK)
		t.account = 0;
	return t;
}

void
timed_list(struct app *app, struct json *j, const char *key,
    const struct view_row *row, const struct cache_value *line, bool orders)
{
	const char *at = line->data, *end, *next;
	struct timing t;
	cJSON *o;

	if (at == NULL) {
		json_null(j, key);
		return;
	}
	end = at + line->len;
	t = timing_of(app, row, orders);
	json_array(j, key);
	while (at < end && (at = memchr(at, '{', (size_t)(end - at))) != NULL) {
		next = value_end(at, end);
		if ((o = jsonin_parse(at, (size_t)(next - at))) == NULL)
			break;
		json_object(j, NULL);
		json_members(j, at, (size_t)(next - at));
		put_utc(j, &t, o);
		json_end(j);
		cJSON_Delete(o);
		at = next;
	}
	json_end(j);
}
