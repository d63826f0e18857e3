/* GET /api/accounts: all accounts by P/L, their totals, counts by status. */
#include <string.h>

#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/row_json.h"

/*
 * What makes the answer what it is, but for the clock: who has the same one
 * needs no other (ages go on growing by themselves).
 */
static uint64_t
hash_view(const struct view *v)
{
	uint64_t hash = 1;

	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *r = &v->rows[i];
		const int64_t facts[] = {r->status, r->since_msc, r->at_msc,
		    r->login, r->balance, r->equity, r->profit};

		hash = web_hash(hash, facts, sizeof(facts));
		hash = web_hash(hash, r->node->id, strlen(r->node->id));
		hash = web_hash(hash, r->fragment.data, r->fragment.len);
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
	row_json_counts(j, &v);
	row_json_totals(j, &v, &app->book);
	json_array(j, "accounts");
	for (size_t i = 0; i < v.rows_len; i++) {
		json_object(j, NULL);
		row_json(j, &v.rows[i], &app->book, v.now_msc);
		json_end(j);
	}
	json_end(j);
	json_end(j);
	response_etag(res, web_hash(hash_view(&v), &app->book.revision,
			       sizeof(app->book.revision)));
	res->cacheable = true;
out:
	view_done(&v);
}
