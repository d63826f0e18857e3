/*
 * GET /api/equity?range=1d|30d: the equity of all accounts together over time,
 * per currency and trade mode, oldest first.
 *
 * An account stands in a point with its last sample at that moment, if that is
 * at most a day old; `held` counts those whose sample is older than two steps.
 * Money that came or went besides P/L, and accounts that came or went, are
 * `moved`: a curve without it is what was earned.
 */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/trading/json_amount.h"

#define HOUR_MS INT64_C(3600000)
#define HOLD_MS (24 * HOUR_MS)
#define POINTS 145
#define KEEP_MS 30000
#define TEXT_MAX ((size_t)64 << 20)

static const struct fleet_range {
	const char *name;
	int64_t step_ms;
} ranges[FLEET_RANGES] = {{"1d", HOUR_MS / 6}, {"30d", 5 * HOUR_MS}};

struct point {
	int accounts, held;
	money_t equity, moved;
};

/* The accounts of one currency and trade mode. */
struct group {
	char *currency;
	int trade_mode, currency_digits;
	struct point points[POINTS];
};

struct member {
	int64_t id;
	size_t group;
};

struct sums {
	const struct app *app;
	const struct request *req; /* who asks */
	int64_t to_utc_ms, step_ms;
	struct group *groups;
	size_t groups_len;
	struct member *members;
	size_t members_len, members_size;
};

static int64_t
point_utc_ms(const struct sums *f, int i)
{
	return f->to_utc_ms - (POINTS - 1 - i) * f->step_ms;
}

/* ---- which accounts there are ---- */

static size_t
group_of(struct sums *f, const struct ledger_account *a)
{
	size_t i;

	for (i = 0; i < f->groups_len; i++)
		if (f->groups[i].trade_mode == a->trade_mode &&
		    strcmp(f->groups[i].currency, a->currency) == 0)
			break;
	if (i == f->groups_len) {
		f->groups =
		    mem_grow(f->groups, ++f->groups_len, sizeof(*f->groups));
		f->groups[i] =
		    (struct group){.currency = mem_strdup(a->currency),
			.trade_mode = a->trade_mode};
	}
	if (a->currency_digits > f->groups[i].currency_digits)
		f->groups[i].currency_digits = a->currency_digits;
	return i;
}

static int
add_member(const struct ledger_account *a, void *arg)
{
	struct sums *f = arg;

	if (a->currency == NULL || a->trade_mode == -1 ||
	    !app_may_see(f->app, f->req, a->server, a->login))
		return 0;
	f->members = mem_room(
	    f->members, f->members_len, &f->members_size, sizeof(*f->members));
	f->members[f->members_len++] = (struct member){a->id, group_of(f, a)};
	return 0;
}

/* ---- one account: its samples and flows in the order of time ---- */

struct walk {
	struct sums *fleet;
	struct group *group;
	struct ledger_flow *flows;
	size_t flows_len, flows_size, flow; /* flow: the next one */
	struct ledger_equity now;           /* the sample that stands */
	bool has_sample, present;           /* present: in the point before */
	money_t before, before_credit;      /* equity and credit in it */
	money_t flowed;                     /* since then */
	int next;                           /* the point to be filled */
};

static int
add_flow(const struct ledger_flow *flow, void *arg)
{
	struct walk *w = arg;

	/* credit is seen in the samples themselves */
	if (flow->is_credit)
		return 0;
	w->flows =
	    mem_room(w->flows, w->flows_len, &w->flows_size, sizeof(*w->flows));
	w->flows[w->flows_len++] = *flow;
	return 0;
}

/* Points up to a moment stand with the sample that is there. */
static void
fill_until(struct walk *w, int64_t utc_ms)
{
	for (; w->next < POINTS && point_utc_ms(w->fleet, w->next) < utc_ms;
	     w->next++) {
		struct point *p = &w->group->points[w->next];
		int64_t age_ms =
		    point_utc_ms(w->fleet, w->next) - w->now.at_utc_ms;
		bool present = w->has_sample && age_ms <= HOLD_MS;

		if (present) {
			p->accounts++;
			p->held += age_ms > 2 * w->fleet->step_ms;
			p->equity += w->now.equity;
		}
		if (present && w->present)
			p->moved +=
			    w->flowed + w->now.credit - w->before_credit;
		else if (present)
			p->moved += w->now.equity;
		else if (w->present)
			p->moved -= w->before;
		w->present = present;
		w->before = w->now.equity;
		w->before_credit = w->now.credit;
		w->flowed = 0;
	}
}

static int
add_sample(const struct ledger_equity *e, void *arg)
{
	struct walk *w = arg;

	fill_until(w, e->at_utc_ms);
	/* two of one slot: the later one stands */
	if (w->has_sample && e->at_utc_ms < w->now.at_utc_ms)
		return 0;
	while (
	    w->flow < w->flows_len && w->flows[w->flow].utc_ms <= e->at_utc_ms)
		w->flowed += w->flows[w->flow++].amount;
	w->now = *e;
	w->has_sample = true;
	return 0;
}

static enum ledger_result
walk_account(struct sums *f, struct ledger *l, const struct member *m)
{
	struct walk w = {.fleet = f, .group = &f->groups[m->group]};
	int64_t from = point_utc_ms(f, 0) - HOLD_MS;
	enum ledger_result r;

	r = ledger_flows(l, m->id, from, f->to_utc_ms, add_flow, &w);
	if (r == LEDGER_OK)
		r = ledger_equity_steps(l, m->id, from, f->to_utc_ms + 1,
		    f->step_ms, add_sample, &w);
	fill_until(&w, INT64_MAX);
	free(w.flows);
	return r;
}

/* ---- the answer ---- */

static int
compare_group(const void *pa, const void *pb)
{
	const struct group *a = pa, *b = pb;
	int order = strcmp(a->currency, b->currency);

	return order != 0 ? order : a->trade_mode - b->trade_mode;
}

static void
put_group(struct json *j, const struct sums *f, const struct group *g)
{
	bool begun = false;

	json_object(j, NULL);
	json_string(j, "currency", g->currency);
	json_int(j, "currency_digits", g->currency_digits);
	json_int(j, "trade_mode", g->trade_mode);
	json_array(j, "points");
	for (int i = 0; i < POINTS; i++) {
		const struct point *p = &g->points[i];

		begun = begun || p->accounts > 0;
		if (!begun)
			continue;
		json_object(j, NULL);
		json_utc(j, "at_utc", point_utc_ms(f, i));
		if (p->accounts > 0)
			json_money(j, "equity", p->equity);
		else
			json_null(j, "equity"); /* nobody knows */
		json_int(j, "accounts", p->accounts);
		json_int(j, "held", p->held);
		json_money(j, "moved", p->moved);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

static void
put_sums(struct json *j, const struct sums *f, const char *range)
{
	json_object(j, NULL);
	json_string(j, "range", range);
	json_int(j, "step_s", f->step_ms / 1000);
	json_array(j, "curves");
	for (size_t i = 0; i < f->groups_len; i++)
		put_group(j, f, &f->groups[i]);
	json_end(j);
	json_end(j);
}

static void
sums_free(struct sums *f)
{
	for (size_t i = 0; i < f->groups_len; i++)
		free(f->groups[i].currency);
	free(f->groups);
	free(f->members);
}

static enum ledger_result
make(struct app *app, const struct request *req, struct ledger *l,
    const struct fleet_range *range, struct json *j)
{
	struct sums f = {.app = app,
	    .req = req,
	    .to_utc_ms = clock_utc_ms(),
	    .step_ms = range->step_ms};
	enum ledger_result r = ledger_accounts(l, add_member, &f);

	for (size_t i = 0; i < f.members_len && r == LEDGER_OK; i++)
		r = walk_account(&f, l, &f.members[i]);
	if (r == LEDGER_OK) {
		qsort(f.groups, f.groups_len, sizeof(*f.groups), compare_group);
		put_sums(j, &f, range->name);
	}
	sums_free(&f);
	return r;
}

static int
read_range(const struct request *req, struct response *res)
{
	const char *name = request_query(req, "range");

	for (int i = 0; i < FLEET_RANGES; i++)
		if (name == NULL || strcmp(ranges[i].name, name) == 0)
			return i;
	response_error(
	    res, 400, "bad_request", "range: 1d or 30d, not \"%.40s\"", name);
	return -1;
}

/* The caller's; NULL: the answer is made. */
static char *
make_text(struct app *app, const struct request *req, struct response *res,
    const struct fleet_range *range)
{
	struct ledger *l;
	enum ledger_result r = LEDGER_ERROR;
	char *text = NULL;
	struct json j;

	json_init(&j, TEXT_MAX);
	l = facts_ledger(&app->source);
	if (l != NULL)
		r = make(app, req, l, range, &j);
	if (r == LEDGER_OK)
		text = json_take(&j);
	else
		history_failed(app, r, res);
	json_done(&j);
	return text;
}

void
fleet_equity_get(
    struct app *app, const struct request *req, struct response *res)
{
	struct fleet_kept *kept;
	char *text;
	int i = read_range(req, res);

	if (i == -1)
		return;
	kept = &app->fleet_kept[i];
	/* thousands of accounts take a second to add, and a step is minutes;
	 * the sum of some of them is nobody else's */
	if (app_sees_all(req) && kept->text != NULL &&
	    clock_mono_ms() - kept->made_mono_ms < KEEP_MS) {
		json_raw(&res->json, NULL, kept->text, strlen(kept->text));
		return;
	}
	text = make_text(app, req, res, &ranges[i]);
	if (text == NULL)
		return;
	json_raw(&res->json, NULL, text, strlen(text));
	if (!app_sees_all(req)) {
		free(text);
		return;
	}
	free(kept->text);
	kept->text = text;
	kept->made_mono_ms = clock_mono_ms();
}
