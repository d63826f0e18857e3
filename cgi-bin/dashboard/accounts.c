/* GET /api/accounts: all accounts by P/L, their totals, counts by status. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/rows.h"

/* What the clock alone makes of what the ledger knows. */
static uint64_t
hash_known(uint64_t hash, const struct account_facts *known, int64_t now_utc_ms)
{
	const struct pl_facts *s = known != NULL ? &known->pl : NULL;
	const bool turns[] = {s != NULL,
	    s != NULL && now_utc_ms >= s->day.day_utc_ms,
	    s != NULL && now_utc_ms >= s->day.next_utc_ms,
	    s != NULL && now_utc_ms >= s->limits.resets_utc_ms};

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
		const int64_t values[] = {
		    r->status, r->since_utc_ms, r->at_utc_ms, r->login};
		const money_t amounts[] = {r->balance, r->equity, r->profit};

		hash = web_hash(hash, values, sizeof(values));
		hash = web_hash(hash, amounts, sizeof(amounts));
		hash = web_hash(hash, r->node->id, strlen(r->node->id));
		for (size_t k = 0; k < r->claims_len; k++)
			hash = web_hash(
			    hash, r->claims[k]->id, strlen(r->claims[k]->id));
		if (r->error != NULL)
			hash = web_hash(hash, r->error, strlen(r->error));
		if (r->server != NULL)
			hash = web_hash(hash, r->server, strlen(r->server));
		hash = web_hash(hash, r->fragment.data, r->fragment.len);
		hash = hash_known(hash, facts_find(facts, r->server, r->login),
		    v->now_utc_ms);
	}
	return hash;
}

static void
put_answer(struct app *app, const struct view *v, struct json *j)
{
	json_object(j, NULL);
	json_utc(j, "as_of_utc", v->now_utc_ms);
	json_string(j, "live_id", v->live_id);
	rows_json_counts(j, v);
	rows_json_totals(j, v, &app->facts);
	json_array(j, "accounts");
	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *row = &v->rows[i];

		json_object(j, NULL);
		row_json(j, row,
		    facts_find(&app->facts, row->server, row->login),
		    v->now_utc_ms);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

/*
 * nginx keeps an answer for a second under whatever the browser sends of who it
 * is. Made-up cookies, each another, would fill its disk.
 */
static bool
may_be_cached(const struct request *req)
{
	return *req->user.name != '\0' ||
	       (!req->has_cookies && *req->authorization == '\0');
}

void
accounts_get(struct app *app, const struct request *req, struct response *res)
{
	struct view v = {0};
	char *changed = NULL;
	uint64_t hash;

	if (app_refresh(app, res) == -1)
		return;
	/* before the view is read: it may be newer than this says, not older */
	if (kept_changed(app->cache, &changed) == -1) {
		app_cache_failed(app, res);
		return;
	}
	if (kept_answer(&app->kept, changed, &app->fleet, &app->facts, res)) {
		res->cacheable = may_be_cached(req);
		free(changed);
		return;
	}
	if (app_view(app, &v, res) == -1) {
		free(changed);
		goto out;
	}
	view_sort(&v);
	put_answer(app, &v, &res->json);
	hash = web_hash(hash_view(&v, &app->facts), &app->facts.revision,
	    sizeof(app->facts.revision));
	response_etag(res, hash);
	res->cacheable = may_be_cached(req);
	kept_take(&app->kept, changed, &app->fleet, &app->facts, &v, res, hash);
out:
	view_done(&v);
}
