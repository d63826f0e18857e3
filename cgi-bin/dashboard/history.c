/* history.c: what the lists of the ledger have in common. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/history.h"
#include "cgi-bin/dashboard/rows.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/ledger/zones.h"
#include "lib/trading/json_amount.h"

void
history_failed(struct app *app, enum ledger_result r, struct response *res)
{
	log_warnx("ledger: %s", app->source.ledger != NULL &&
					ledger_error(app->source.ledger) != NULL
				    ? ledger_error(app->source.ledger)
				    : ledger_result_word(r));
	response_error(res, 503, "ledger_unavailable",
	    "the ledger cannot be read now (%s)", ledger_result_word(r));
}

/* The ledger has not seen it yet; do we know of it at all? */
static bool
is_in_view(struct app *app, const struct request *req, struct response *res)
{
	const struct view_row *row = NULL;
	struct view v;

	if (app_view(app, req, &v, res) == 0)
		row = row_find(&v, req, res);
	view_done(&v);
	return row != NULL;
}

/* As row_find says it of one that is not there. */
static void
no_such_account(struct response *res, const struct history *h)
{
	response_error(res, 404, "not_found", "no such account: %s/%" PRId64,
	    h->server, h->login);
}

bool
history_account(struct app *app, const struct request *req,
    struct response *res, struct history *h)
{
	enum ledger_result r;

	memset(h, 0, sizeof(*h));
	h->j = &res->json;
	if (!request_account(req, &h->server, &h->login)) {
		response_error(res, 400, "bad_request",
		    "a server, and a login that is a number, are needed");
		return false;
	}
	h->ledger = facts_ledger(&app->source);
	if (h->ledger == NULL) {
		history_failed(app, LEDGER_ERROR, res);
		return false;
	}
	if (!app_may_see(app, req, h->server, h->login)) {
		no_such_account(res, h);
		return false;
	}
	r = ledger_account_find(h->ledger, h->server, h->login, &h->account);
	if (r == LEDGER_OK)
		return true;
	if (r == LEDGER_NOT_FOUND)
		return is_in_view(app, req, res);
	history_failed(app, r, res);
	return false;
}

/* "1782154438950.52" with as many numbers as there are parts. */
static bool
read_cursor(const char *text, struct ledger_page *page, int parts)
{
	char *copy = mem_strdup(text), *rest = copy, *word;
	int64_t v[3] = {0};
	int n = 0;
	bool good = true;

	while ((word = strsep(&rest, ".")) != NULL)
		good = good && n < parts &&
		       num_int64(word, INT64_MIN, INT64_MAX, &v[n++]) == 0;
	free(copy);
	if (!good || n != parts || v[2] < 0 || v[2] > 1000000)
		return false;
	page->after_broker_ms = v[0];
	page->after_id = v[1];
	page->after_part = (int)v[2];
	return true;
}

bool
history_page(const struct request *req, struct response *res, struct history *h,
    int parts, bool newest_first)
{
	const char *after = request_query(req, "after");
	const char *order = request_query(req, "order");
	int64_t limit;

	h->page.newest_first = newest_first;
	if (order != NULL)
		h->page.newest_first = strcmp(order, "newest") == 0;
	if (request_number(
		req, "limit", 1, HISTORY_PAGE_MAX, HISTORY_PAGE, &limit) == -1)
		response_error(res, 400, "bad_request", "limit: 1 to %d",
		    HISTORY_PAGE_MAX);
	else if (order != NULL && strcmp(order, "newest") != 0 &&
		 strcmp(order, "oldest") != 0)
		response_error(res, 400, "bad_request",
		    "order: newest or oldest, not \"%.40s\"", order);
	else if (after != NULL && !read_cursor(after, &h->page, parts))
		response_error(res, 400, "bad_request",
		    "after: not a \"next\" of ours: \"%.80s\"", after);
	else {
		h->page.limit = (int)limit + 1;
		return true;
	}
	return false;
}

bool
history_row(struct history *h, int64_t broker_ms, int64_t id, int part)
{
	if (++h->rows == h->page.limit)
		return false;
	/* of the last row that is given; kept only if there is one more */
	h->page.after_broker_ms = broker_ms;
	h->page.after_id = id;
	h->page.after_part = part;
	return true;
}

void
history_begin(struct history *h)
{
	json_object(h->j, NULL);
	json_string(h->j, "server", h->server);
	json_id(h->j, "login", h->login);
}

/* By which clock the UTC of the deals are. */
static int
put_zone(const struct ledger_zone *z, void *arg)
{
	struct json *j = arg;

	json_string(j, "broker_zone", z->zone);
	json_string(j, "broker_zone_source",
	    z->zone == NULL ? NULL
	    : z->typed      ? "typed"
			    : "proposed");
	return 0;
}

/* How far the deals were read, so that no list is taken for more than it is. */
static int
put_sync(const struct ledger_sync *s, void *arg)
{
	struct history *h = arg;
	struct json *j = h->j;

	json_object(j, "history");
	json_string(j, "state", ledger_history_word(s->state));
	json_string(j, "error", s->error);
	json_utc(j, "synced_utc", s->sync_utc_ms);
	json_int(j, "deals", s->deals);
	json_int(j, "missing", s->missing);
	/* between the balance and the deals; residue is its old name, kept
	 * for one release */
	json_amount(j, "difference", &s->difference);
	json_amount(j, "credit_difference", &s->credit_difference);
	json_string(j, "difference_note", s->difference_note);
	json_amount(j, "residue", &s->difference);
	json_amount(j, "credit_residue", &s->credit_difference);
	json_string(j, "residue_note", s->difference_note);
	json_utc(j, "checked_utc", s->checked_utc_ms);
	if (ledger_zone_get(h->ledger, h->server, put_zone, j) != LEDGER_OK) {
		json_null(j, "broker_zone");
		json_null(j, "broker_zone_source");
	}
	json_end(j);
	return 0;
}

void
history_end(struct history *h)
{
	if (h->account == 0 ||
	    ledger_sync_get(h->ledger, h->account, put_sync, h) != LEDGER_OK)
		json_null(h->j, "history");
	if (h->page.limit > 0)
		json_string(h->j, "next", *h->next != '\0' ? h->next : NULL);
	json_end(h->j);
}
