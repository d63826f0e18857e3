/*
 * GET /api/accounts?limit=&after=&sort=&q=&status=&phase=&firm=&currency=&mode=
 * &fields=: the accounts that fit, a page at a time, with counts and totals of
 * all that fit, and how many each filter would leave.
 */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/accounts_query.h"
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/names.h"
#include "cgi-bin/dashboard/sums.h"
#include "lib/base/mem.h"

#define NEXT_MAX 2048

/* How many accounts have each word of a facet, the other filters as they are.
 */
struct facet_counts {
	struct names names;
	int *counts;
	size_t size;
};

static void
count_facet(struct facet_counts *c, const char *word)
{
	size_t len = c->names.len, n;

	n = names_number(&c->names, word != NULL ? word : "none");
	c->counts = mem_room(c->counts, len, &c->size, sizeof(*c->counts));
	if (n == len)
		c->counts[n] = 0;
	c->counts[n]++;
}

static void
put_facets(struct json *j, const struct accounts_query *q, struct board *b)
{
	struct facet_counts counts[FACETS] = {0};

	for (size_t i = 0; i < b->len; i++) {
		int fits = accounts_query_fits(q, &b->rows[i]);

		for (int f = 0; fits != -1 && f < FACETS; f++)
			if ((fits | 1 << f) == FACETS_ALL)
				count_facet(&counts[f],
				    facet_value(&b->rows[i], (enum facet)f));
	}
	json_object(j, "facets");
	for (int f = 0; f < FACETS; f++) {
		struct facet_counts *c = &counts[f];

		json_object(j, facet_name((enum facet)f));
		for (size_t i = 0; i < c->names.len; i++)
			json_int(j, c->names.words[i], c->counts[i]);
		json_end(j);
		names_done(&c->names);
		free(c->counts);
	}
	json_end(j);
}

static void
put_next(struct json *j, const struct accounts_query *q,
    const struct board_row *last)
{
	struct buf next;

	if (last == NULL) {
		json_null(j, "next");
		return;
	}
	buf_init(&next, NEXT_MAX);
	accounts_query_next(q, last, &next);
	json_string(j, "next", next.data);
	buf_done(&next);
}

static uint64_t
put_page(struct json *j, const struct accounts_query *q, struct board *b)
{
	size_t len, from, to, head;
	struct board_row **rows = accounts_query_rows(q, b, &len);
	struct sums sums = {0};
	uint64_t hash;

	for (size_t i = 0; i < len; i++)
		sums_add(&sums, rows[i]);
	from = accounts_query_from(q, rows, len);
	to = q->limit > 0 && (size_t)q->limit < len - from
		 ? from + (size_t)q->limit
		 : len;
	json_object(j, NULL);
	json_utc(j, "as_of_utc", b->view->now_utc_ms);
	json_string(j, "live_id", b->view->live_id);
	head = j->out.len;
	sums_json(j, &sums);
	json_int(j, "matching", (int64_t)len);
	put_facets(j, q, b);
	put_next(j, q, to < len ? rows[to - 1] : NULL);
	hash = web_hash(q->hash, j->out.data + head, j->out.len - head);
	json_array(j, "accounts");
	for (size_t i = from; i < to; i++) {
		board_json_row(
		    b, rows[i], q->has_fields ? &q->fields : NULL, j);
		hash = board_hash(b, rows[i], hash);
	}
	json_end(j);
	json_end(j);
	sums_done(&sums);
	free(rows);
	return hash;
}

void
accounts_page_get(
    struct app *app, const struct request *req, struct response *res)
{
	struct accounts_query q;
	struct view v = {0};
	struct board b;

	if (accounts_query_read(&q, req, res) &&
	    app_view(app, req, &v, res) == 0) {
		board_make(&b, &v, &app->facts);
		response_etag(res, put_page(&res->json, &q, &b));
		board_done(&b);
	}
	view_done(&v);
	accounts_query_done(&q);
}
