/*
 * GET /health: 503 when this site cannot show true figures: no Redis, no
 * collector, or no list of nodes.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/collector.h"
#include "lib/base/clock.h"

static void
put_nodes(struct json *j, const struct view *v)
{
	int counts[STATUS_COUNT] = {0};

	for (size_t i = 0; i < v->nodes_len; i++)
		if (v->nodes[i].node->enabled)
			counts[v->nodes[i].status]++;
	json_object(j, "nodes");
	for (int s = STATUS_OK; s >= 0; s--)
		if (counts[s] > 0)
			json_int(j, status_word((enum status)s), counts[s]);
	json_end(j);
}

static bool
all_nodes_live(const struct view *v)
{
	for (size_t i = 0; i < v->nodes_len; i++)
		if (v->nodes[i].node->enabled && !v->nodes[i].live)
			return false;
	return true;
}

/* Messages name addresses, files and nodes: who may not read is told only that
 * it is so. */
static void
put_error(struct json *j, const char *key, const char *error, bool may_read,
    const char *instead)
{
	json_string(j, key, error == NULL || may_read ? error : instead);
}

static bool
is_low(int64_t room)
{
	return room >= 0 && room < LEDGER_DISK_LOW;
}

/* room: ledger_disk_free */
static void
put_ledger(struct json *j, const struct app *app, int64_t room, bool may_read)
{
	const struct ledger *l = app->source.ledger;
	bool known = app->facts.known, low = is_low(room);
	char left[64];

	snprintf(left, sizeof(left), "%" PRId64 " kB are left on its disk",
	    room / 1024);
	json_object(j, "ledger");
	json_bool(j, "ok", known && !low);
	if (known && low)
		json_string(j, "error", left);
	else
		put_error(j, "error",
		    known || l == NULL ? NULL : ledger_error(l), may_read,
		    "cannot be read: see the log");
	json_end(j);
}

static void
put_nodes_error(struct json *j, const struct app *app, bool may_read)
{
	const struct fleet *f = &app->fleet;
	char line[96] = "cannot be read: see the log";

	if (f->error_line > 0)
		snprintf(line, sizeof(line),
		    "%s:%d: a mistake: see the log, or mt5fleet check",
		    *app->config.nodes_file != '\0' ? "nodes.json"
						    : "VPS_AGENTS_JSON",
		    f->error_line);
	put_error(j, "nodes_error", f->error, may_read, line);
}

static bool
tells_truth(const struct app *app, const struct view *v, bool redis)
{
	return redis && collector_age_s(v) >= 0 && app->fleet.listed;
}

void
health_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	struct view v;
	bool redis, truth, may_read = req->user.role >= WEB_VIEWER;
	/* addresses, files, nodes and targets are of all accounts */
	bool may_see_all = may_read && app_sees_all(req);
	int failed, untold;
	int64_t room = ledger_disk_free(app->source.path);

	fleet_refresh(&app->fleet, &app->config);
	facts_refresh(&app->facts, &app->source, FACTS_AGE_MS);
	redis = app_renew(app, &v) == 0;
	truth = tells_truth(app, &v, redis);
	if (!truth)
		res->status = 503;
	json_object(j, NULL);
	failed = health_put_accounts(j, app, req, &v, redis && may_read);
	untold = health_put_alerts(j, app, may_see_all);
	json_string(j, "status",
	    !truth ? "down"
	    : app->fleet.error != NULL || !app->facts.known || failed > 0 ||
		    untold > 0 || is_low(room) || !all_nodes_live(&v)
		? "degraded"
		: "ok");
	json_object(j, "redis");
	json_bool(j, "ok", redis);
	put_error(j, "error", redis ? NULL : cache_error(app->cache),
	    may_see_all, "does not answer: see the log");
	json_end(j);
	put_ledger(j, app, room, may_see_all);
	collector_json(j, &v);
	put_nodes(j, &v);
	put_nodes_error(j, app, may_see_all);
	json_number(j, "uptime_s",
	    (double)(clock_utc_ms() - app->started_utc_ms) / 1000);
	json_end(j);
	view_done(&v);
}
