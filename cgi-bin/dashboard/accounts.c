/* GET /api/accounts: all accounts by P/L, their totals, counts by status. */
#include <string.h>

#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/rows.h"

/* What the clock alone makes of what the ledger knows. */
static uint64_t
hash_known(uint64_t hash, const struct account_facts *known, int64_t now_msc)
{
	const struct pl_facts *s = known != NULL ? &known->pl : NULL;
	const bool turns[] = {s != NULL,
	    s != NULL && now_msc >= s->day.next_msc,
	    s != NULL && now_msc >= s->limits.resets_msc};

	return web_hash(hash, turns, sizeof(turns));
}

/*
 * What makes the answer what it is, but for ages, which go on growing by
 * themselves: who has the same one needs no other.
 */
static uint64_t
hash_view(const struct view *v, const struct facts *facts)
{
	uint64_t hash = 1;

	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *r = &v->rows[i];
		const int64_t values[] = {r->status, r->since_msc, r->at_msc,
		    r->login, r->balance, r->equity, r->profit};

		hash = web_hash(hash, values, sizeof(values));
		hash = web_hash(hash, r->node->id, strlen(r->node->id));
		hash = web_hash(hash, r->fragment.data, r->fragment.len);
		hash = hash_known(
		    hash, facts_find(facts, r->server, r->login), v->now_msc);
	}
	return hash;
}

void
accounts_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	struct view v;

	(void)req;
	if (app_view(app, &v, res) == -1)
		goto out;
	view_sort(&v);
	json_object(j, NULL);
	json_utc(j, "as_of_utc", v.now_msc);
	json_string(j, "live_id", v.live_id);
	rows_json_counts(j, &v);
	rows_json_totals(j, &v, &app->facts);
	json_array(j, "accounts");
	for (size_t i = 0; i < v.rows_len; i++) {
		json_object(j, NULL);
		row_json(j, &v.rows[i],
		    facts_find(&app->facts, v.rows[i].server, v.rows[i].login),
		    v.now_msc);
		json_end(j);
	}
	json_end(j);
	json_end(j);
	response_etag(
	    res, web_hash(hash_view(&v, &app->facts), &app->facts.revision,
		     sizeof(app->facts.revision)));
	res->cacheable = true;
out:
	view_done(&v);
}
