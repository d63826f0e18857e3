/*
 * report.c: the daily report: how the fleet is, at a time of day that the
 * target names, in its zone and language, of the accounts that its filter has.
 * It goes by the outbox, as alerts do; when it was sent last is among what the
 * target was told, so that a day has one.
 *
 * What is not known is said to be so, and is in no sum.
 */
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/report.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/trading/zone.h"

#define REPORT_KEY "report/daily"
#define LATE_MS (12 * 60 * 60 * INT64_C(1000)) /* not later than that */

/* ---- into the outbox ---- */

static enum ledger_result
queue(struct report *r, const struct zone_day *day, const char *text)
{
	struct ledger *l = r->app->ledger;
	const struct ledger_told told = {.target = r->target->name,
	    .alert = REPORT_KEY,
	    .level = ALERT_INFO,
	    .began_utc_ms = r->now,
	    .last_utc_ms = r->now};
	const struct notice n = {.what = NOTICE_REPORT,
	    .key = REPORT_KEY,
	    .text = text,
	    .level = ALERT_INFO,
	    .since_utc_ms = day->from_utc_ms};
	char *name = mem_printf(REPORT_KEY "|%s", day->date);
	enum ledger_result result;
	struct json j;

	json_init(&j, 2 * REPORT_TEXT_MAX);
	json_object(&j, NULL);
	notice_put(&j, &n);
	json_end(&j);
	result = ledger_begin(l);
	if (result == LEDGER_OK)
		result = ledger_outbox_add(
		    l, &(struct ledger_outbox){.target = r->target->name,
			   .notice = name,
			   .alert = REPORT_KEY,
			   .what = NOTICE_REPORT,
			   .level = ALERT_INFO,
			   .body = json_text(&j, NULL),
			   .queued_utc_ms = r->now});
	if (result == LEDGER_OK)
		result = ledger_told_put(l, &told);
	if (result == LEDGER_OK)
		result = ledger_commit(l);
	if (result != LEDGER_OK)
		ledger_rollback(l);
	json_done(&j);
	free(name);
	return result;
}

static void
report_done(struct report *r)
{
	view_done(&r->view);
	facts_done(&r->facts);
	buf_done(&r->breaches);
	free(r->used);
	free(r->down);
}

static void
report_to(struct app *app, const struct target *t,
    const struct accounts *accounts, const struct zone_day *day, int64_t now)
{
	struct facts_source source = {.path = config_ledger(&app->config)};
	struct report r = {.app = app,
	    .target = t,
	    .accounts = accounts,
	    .now = now,
	    .es = t->language == TARGET_SPANISH};
	enum ledger_result result;
	struct buf text;

	buf_init(&r.breaches, REPORT_TEXT_MAX);
	buf_init(&text, REPORT_TEXT_MAX);
	fleet_refresh(&app->fleet, &app->config);
	facts_refresh(&r.facts, &source, 0);
	/* without Redis the next minute tries again */
	if (app->fleet.listed && view_read(&r.view, &app->fleet, app->cache,
				     app->config.cache_ttl_s) == 0) {
		report_put(&r, day->date, &text);
		result = queue(&r, day, text.data);
		app->fenced |= result == LEDGER_FENCED;
		if (result != LEDGER_OK)
			log_warnx("report to %s: ledger: %s", t->name,
			    ledger_result_word(result));
	}
	buf_done(&text);
	report_done(&r);
	facts_source_done(&source);
}

/* ---- whose time it is ---- */

struct last_told {
	const char *target;
	int64_t at_utc_ms;
};

static int
find_last(const struct ledger_told *t, void *arg)
{
	struct last_told *last = arg;

	if (strcmp(t->alert, REPORT_KEY) == 0 &&
	    strcmp(t->target, last->target) == 0)
		last->at_utc_ms = t->last_utc_ms;
	return 0;
}

void
report_run(struct app *app, int64_t now)
{
	struct accounts accounts = {.list = NULL};
	bool read = false;

	if (app->report_min == now / 60000 || app->fenced)
		return;
	app->report_min = now / 60000;
	for (size_t i = 0; i < app->targets.len; i++) {
		const struct target *t = &app->targets.list[i];
		struct last_told last = {.target = t->name};
		struct zone_day day;

		if (t->disabled || t->report_min < 0 || app_ledger(app) == NULL)
			continue;
		zone_day(t->zone, t->report_min, NULL, now, &day);
		if (now - day.from_utc_ms > LATE_MS ||
		    ledger_told_list(app->ledger, find_last, &last) !=
			LEDGER_OK ||
		    last.at_utc_ms >= day.from_utc_ms)
			continue;
		read =
		    read || accounts_read(&accounts, app->ledger) == LEDGER_OK;
		if (read)
			report_to(app, t, &accounts, &day, now);
	}
	accounts_done(&accounts);
}
