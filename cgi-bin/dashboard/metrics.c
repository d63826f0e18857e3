/*
 * GET /metrics: counts, ages and jobs for Prometheus, public; figures with the
 * name of a node or an account only for who may read them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cgi-bin/dashboard/collector.h"
#include "cgi-bin/dashboard/metrics.h"
#include "cgi-bin/dashboard/prometheus.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/version.h"
#include "lib/fleet/alert.h"
#include "lib/fleet/scope.h"
#include "lib/redis/keys.h"

static void
put_by_status(struct buf *b, const char *name, const char *help,
    const int counts[STATUS_COUNT])
{
	metric_gauge(b, name, help);
	for (int s = 0; s < STATUS_COUNT; s++) {
		metric_open(b, name);
		metric_label(b, "status", status_word((enum status)s));
		metric_value(b, counts[s]);
	}
}

static void
put_counts(struct buf *b, const struct view *v)
{
	int nodes[STATUS_COUNT] = {0}, accounts[STATUS_COUNT] = {0};

	for (size_t i = 0; i < v->nodes_len; i++)
		if (v->nodes[i].node->enabled)
			nodes[v->nodes[i].status]++;
	for (size_t i = 0; i < v->rows_len; i++)
		accounts[v->rows[i].status]++;
	put_by_status(b, "mt5fleet_nodes", "Nodes by status.", nodes);
	put_by_status(b, "mt5fleet_accounts", "Accounts by status.", accounts);
}

/* A level without an alert is 0: an alert that ended must be seen to end. */
static void
put_alerts(struct buf *b, struct cache *cache)
{
	int open[ALERT_CRITICAL + 1] = {0};
	const cJSON *o;
	cJSON *doc;
	char *data;
	size_t len;

	if (cache_get(cache, KEY_ALERTS, &data, &len) == -1 || data == NULL)
		return;
	doc = jsonin_parse(data, len);
	free(data);
	cJSON_ArrayForEach(o, jsonin_array(doc, "alerts")) {
		enum alert_level level;
		const char *word;
		bool is_open = false;

		jsonin_bool(o, "open", &is_open);
		if (is_open && jsonin_string(o, "level", &word) &&
		    alert_level_from(word, &level))
			open[level]++;
	}
	cJSON_Delete(doc);
	metric_gauge(b, "mt5fleet_alerts", "Open alerts by level.");
	for (int i = ALERT_INFO; i <= ALERT_CRITICAL; i++) {
		metric_open(b, "mt5fleet_alerts");
		metric_label(b, "level", alert_level_word((enum alert_level)i));
		metric_value(b, open[i]);
	}
}

/* The last run of each job. */
struct job_runs {
	struct ledger_job_run *list;
	size_t len, size;
};

static int
keep_run(const struct ledger_job_run *r, void *arg)
{
	struct job_runs *runs = arg;

	runs->list =
	    mem_room(runs->list, runs->len, &runs->size, sizeof(*runs->list));
	runs->list[runs->len] = *r;
	runs->list[runs->len++].job = mem_strdup(r->job);
	return 0;
}

static double
job_finished_s(const struct ledger_job_run *r)
{
	return (double)r->finished_utc_ms / 1000;
}

static double
job_succeeded_s(const struct ledger_job_run *r)
{
	return (double)r->succeeded_utc_ms / 1000;
}

static double
job_duration_s(const struct ledger_job_run *r)
{
	return (double)(r->finished_utc_ms - r->started_utc_ms) / 1000;
}

static double
job_exit_code(const struct ledger_job_run *r)
{
	return r->exit_code;
}

static void
put_jobs(struct buf *b, struct ledger *l)
{
	static const struct {
		const char *name, *help;
		double (*value)(const struct ledger_job_run *r);
	} metrics[] = {
	    {"mt5fleet_job_last_run_timestamp_seconds",
		"When the job last finished.", job_finished_s},
	    {"mt5fleet_job_last_success_timestamp_seconds",
		"When the job last finished with exit code 0.",
		job_succeeded_s},
	    {"mt5fleet_job_duration_seconds", "How long the last run took.",
		job_duration_s},
	    {"mt5fleet_job_exit_code", "Exit code of the last run.",
		job_exit_code},
	};

	struct job_runs runs = {.list = NULL};

	ledger_job_runs(l, NULL, keep_run, &runs);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		metric_gauge(b, metrics[i].name, metrics[i].help);
		for (size_t k = 0; k < runs.len; k++) {
			const struct ledger_job_run *r = &runs.list[k];

			/* 0 would be a success in 1970 */
			if (metrics[i].value == job_succeeded_s &&
			    r->succeeded_utc_ms == 0)
				continue;
			metric_open(b, metrics[i].name);
			metric_label(b, "job", r->job);
			metric_value(b, metrics[i].value(r));
		}
	}
	for (size_t k = 0; k < runs.len; k++)
		free((char *)(uintptr_t)runs.list[k].job);
	free(runs.list);
}

/* Can people be told? A target's name is for who may read. */
struct target_metrics {
	struct buf *b;
	int which; /* of the three below */
};

static int
put_target(const struct ledger_target *t, void *arg)
{
	const struct target_metrics *m = arg;
	static const char *const names[] = {"mt5fleet_alert_target_up",
	    "mt5fleet_alert_target_waiting",
	    "mt5fleet_alert_target_last_sent_timestamp_seconds"};

	if (m->which == 2 && t->sent_utc_ms == 0)
		return 0;
	metric_open(m->b, names[m->which]);
	metric_label(m->b, "target", t->name);
	metric_value(m->b, m->which == 0   ? t->failures == 0
			   : m->which == 1 ? (double)t->waiting
					   : (double)t->sent_utc_ms / 1000);
	return 0;
}

static int
count_failing(const struct ledger_target *t, void *arg)
{
	int *failing = arg;

	*failing += t->failures > 0;
	return 0;
}

static void
put_targets(struct buf *b, struct ledger *l, bool may_read)
{
	int failing = 0;

	if (ledger_targets(l, count_failing, &failing) != LEDGER_OK)
		return;
	metric_single(b, "mt5fleet_alert_targets_failing",
	    "Targets of alerts that cannot be told now.", failing);
	if (!may_read)
		return;
	metric_gauge(b, "mt5fleet_alert_target_up",
	    "1 when the last message to the target arrived.");
	ledger_targets(l, put_target, &(struct target_metrics){b, 0});
	metric_gauge(b, "mt5fleet_alert_target_waiting",
	    "Messages in the target's outbox.");
	ledger_targets(l, put_target, &(struct target_metrics){b, 1});
	metric_gauge(b, "mt5fleet_alert_target_last_sent_timestamp_seconds",
	    "When the last message to the target arrived.");
	ledger_targets(l, put_target, &(struct target_metrics){b, 2});
}

void
metrics_get(struct app *app, const struct request *req, struct response *res)
{
	struct buf *b = response_text(res, "text/plain; version=0.0.4");
	struct ledger *l;
	struct view v;
	bool redis;

	fleet_refresh(&app->fleet, &app->config);
	facts_refresh(&app->facts, &app->source, FACTS_AGE_MS);
	redis = app_renew(app, &v) == 0;
	metric_gauge(b, "mt5fleet_build_info", "The version that runs.");
	metric_open(b, "mt5fleet_build_info");
	metric_label(b, "version", MT5FLEET_VERSION);
	metric_value(b, 1);
	metric_single(
	    b, "mt5fleet_redis_up", "1 when Redis answers.", redis ? 1 : 0);
	metric_single(b, "mt5fleet_ledger_up", "1 when the ledger is readable.",
	    app->facts.known ? 1 : 0);
	metrics_put_ledger_file(b, app->source.path);
	if (redis) {
		double age_s = collector_age_s(&v);

		metric_single(b, "mt5fleet_collector_up",
		    "1 while a collector runs.", age_s >= 0 ? 1 : 0);
		if (age_s >= 0)
			metric_single(b, "mt5fleet_collector_age_seconds",
			    "Since the collector's last heartbeat.", age_s);
		put_counts(b, &v);
		put_alerts(b, app->cache);
		metrics_put_redis(b, app->cache);
		scope_view(&v, req->user.accounts, &app->facts);
		if (req->user.role >= WEB_METRICS)
			metrics_put_accounts(b, &v, &app->facts);
	}
	if ((l = facts_ledger(&app->source)) != NULL) {
		put_jobs(b, l);
		metrics_put_outbox(b, l, clock_utc_ms());
		put_targets(
		    b, l, req->user.role >= WEB_METRICS && app_sees_all(req));
	}
	metrics_put_processes(b);
	view_done(&v);
}
