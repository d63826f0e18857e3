/*
 * GET /api/accounts/{server}/{login}/equity?range=1d|7d|30d|90d|all: equity
 * and balance over time, oldest first. Longer ranges come in longer steps;
 * low and high of a step are those of all its samples. ?points=60: at most
 * that many, by longer steps.
 */
#include <assert.h>
#include <string.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/base/clock.h"
#include "lib/trading/json_amount.h"

#define MINUTE_MS 60000
#define POINTS_MIN 10
#define POINTS_MAX 10000
#define DAY_MS INT64_C(86400000)

static const struct range {
	const char *name;
	int64_t span_ms; /* 0: everything */
	int64_t step_ms;
} ranges[] = {
    {"1d", DAY_MS, 60000},
    {"7d", 7 * DAY_MS, 300000},
    {"30d", 30 * DAY_MS, 1200000},
    {"90d", 90 * DAY_MS, 3600000},
    {"all", 0, 6 * 3600000},
};

/* The step being filled. */
struct steps {
	struct json *j;
	int64_t step_ms;
	int64_t points,
	    to_utc_ms; /* at most that many up to to_utc_ms; 0: no limit */
	bool open;
	struct ledger_equity e;
};

static void
put_step(struct steps *s)
{
	struct json *j = s->j;

	if (!s->open)
		return;
	json_object(j, NULL);
	json_utc(j, "at_utc", s->e.at_utc_ms);
	json_money(j, "balance", s->e.balance);
	json_money(j, "credit", s->e.credit);
	json_money(j, "equity", s->e.equity);
	json_money(j, "low", s->e.low);
	json_money(j, "high", s->e.high);
	json_end(j);
}

static int
add_sample(const struct ledger_equity *e, void *arg)
{
	struct steps *s = arg;
	money_t low = e->low, high = e->high;
	int64_t step;

	/* from the first there is; its step and the last one may be parts */
	step = s->points > 2 && !s->open
		   ? (s->to_utc_ms - e->at_utc_ms) / (s->points - 2) + 1
		   : 0;
	if (s->step_ms < step)
		s->step_ms = step;
	assert(s->step_ms > 0);
	if (s->open &&
	    e->at_utc_ms / s->step_ms == s->e.at_utc_ms / s->step_ms) {
		low = s->e.low < low ? s->e.low : low;
		high = s->e.high > high ? s->e.high : high;
	} else
		put_step(s);
	s->open = true;
	s->e = *e;
	s->e.low = low;
	s->e.high = high;
	return 0;
}

static const struct range *
read_range(const struct request *req, struct response *res)
{
	const char *name = request_query(req, "range");

	if (name == NULL)
		name = "7d";
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (strcmp(ranges[i].name, name) == 0)
			return &ranges[i];
	response_error(res, 400, "bad_request",
	    "range: 1d, 7d, 30d, 90d or all, not \"%.40s\"", name);
	return NULL;
}

static bool
read_points(const struct request *req, struct response *res, int64_t *points)
{
	if (request_number(req, "points", POINTS_MIN, POINTS_MAX, 0, points) ==
	    0)
		return true;
	response_error(res, 400, "bad_request",
	    "points: a number from %d to %d, not \"%.40s\"", POINTS_MIN,
	    POINTS_MAX, request_query(req, "points"));
	return false;
}

void
equity_get(struct app *app, const struct request *req, struct response *res)
{
	const struct range *range;
	enum ledger_result r = LEDGER_OK;
	int64_t now = clock_utc_ms();
	struct steps s = {.j = &res->json};
	struct history h;

	if ((range = read_range(req, res)) == NULL ||
	    !read_points(req, res, &s.points) ||
	    !history_account(app, req, res, &h))
		return;
	history_begin(&h);
	json_string(h.j, "range", range->name);
	if (h.account == 0)
		json_null(h.j, "equity");
	else {
		s.step_ms = s.points > 0 ? MINUTE_MS : range->step_ms;
		s.to_utc_ms = now;
		json_array(h.j, "equity");
		r = ledger_equity(h.ledger, h.account,
		    range->span_ms > 0 ? now - range->span_ms : 0, now + 1,
		    add_sample, &s);
		put_step(&s);
		json_end(h.j);
	}
	json_end(h.j);
	if (r != LEDGER_OK)
		history_failed(app, r, res);
}
