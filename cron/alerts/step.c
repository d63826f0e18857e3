/* step.c: reads the stream, finds what is due. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/alerts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/redis/keys.h"

#define RETRY_MS 5000

/* The milliseconds in front of a stream id. */
static int64_t
moment_of(const char *id)
{
	char ms[24];
	int64_t at = 0;

	snprintf(ms, sizeof(ms), "%.*s", (int)strcspn(id, "-"), id);
	num_int64(ms, 0, INT64_MAX, &at);
	return at;
}

static void
on_event(void *arg, const char *id, const char *data, size_t len)
{
	struct app *app = arg;
	struct event_alert alert;
	struct event_entry e;

	if (event_read(&e, data, len) && event_read_alert(&e, &alert)) {
		alert.at_utc_ms = moment_of(id);
		if (!alert_list_put(&app->store.alerts, &alert))
			log_warnx("too many alerts: dropped: %s", alert.key);
		app->changed = true;
	}
	event_done(&e);
}

/* From stale data nothing is told but that it is stale. */
static int
look_at(
    struct app *app, const struct alert *a, int64_t now, enum alert_due *due)
{
	enum alert_kind kind;
	bool muted = false;

	*due = ALERT_NOTHING;
	if (watch_misses_collector(app) &&
	    !(alert_kind_of(a->key, &kind) && kind == ALERT_COLLECTOR))
		return 0;
	if (alert_due_now(a, now, false, true, ALERT_NO_REPEAT) ==
	    ALERT_NOTHING)
		return 0;
	if (app_is_muted(app, a, &muted) == -1)
		return -1;
	*due = alert_due_now(a, now, muted, true, ALERT_NO_REPEAT);
	return 0;
}

static void
told(struct app *app, const struct due *list, size_t len, int64_t now)
{
	app->store.failures = 0;
	app->store.try_utc_ms = 0;
	for (size_t i = 0; i < len; i++)
		alert_told(list[i].alert, now);
	app->changed = true;
}

/* Without an outbox: all at once, and later again where nobody took it. */
static void
tell_directly(struct app *app, const struct due *list, size_t len, int64_t now)
{
	struct notice *notices = mem_new(len, sizeof(*notices));
	int64_t wait;

	for (size_t i = 0; i < len; i++)
		notice_of_alert(&notices[i], list[i].alert, list[i].due);
	if (direct_send(app, notices, len, now)) {
		for (size_t i = 0; i < len; i++)
			log_info("sent: key=%s level=%s: %s", notices[i].key,
			    alert_level_word(notices[i].level),
			    notices[i].text);
		told(app, list, len, now);
		app->told += (int64_t)len;
	} else {
		int n = app->store.failures++;

		wait = n < 6 ? (int64_t)RETRY_MS << n : STORE_RETRY_MAX_MS;
		app->store.try_utc_ms =
		    now +
		    (wait < STORE_RETRY_MAX_MS ? wait : STORE_RETRY_MAX_MS);
		app->changed = true;
	}
	free(notices);
}

static int
tell(struct app *app, int64_t now)
{
	struct due *list = mem_new(app->store.alerts.len + 1, sizeof(*list));
	size_t len = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < app->store.alerts.len; i++) {
		list[len].alert = &app->store.alerts.list[i];
		rc = look_at(app, list[len].alert, now, &list[len].due);
		if (list[len].due != ALERT_NOTHING)
			len++;
	}
	if (rc == 0 && len > 0) {
		if (route_new(app, list, len, now) == 0)
			told(app, list, len, now);
		else if (!app->fenced && now >= app->store.try_utc_ms)
			tell_directly(app, list, len, now);
	}
	free(list);
	return rc;
}

int
step_save(struct app *app)
{
	struct cache_batch b;
	int rc;

	cache_batch_init(&b);
	store_write(&app->store, &b);
	rc = cache_batch_run(app->cache, &b);
	cache_batch_done(&b);
	if (rc == 0)
		app->changed = false;
	return rc;
}

int
step_run(struct app *app)
{
	int64_t now = clock_utc_ms();

	if (!app->known && store_read(&app->store, app->cache) == -1)
		return -1;
	app->known = true;
	store_no_later(&app->store, now);
	if (watch_collector(app, now) == -1 || watch_nodes(app) == -1 ||
	    cache_events(app->cache, KEY_ALERT_STREAM, app->store.last_id,
		on_event, app) == -1 ||
	    tell(app, now) == -1)
		return -1;
	if (alert_list_sweep(&app->store.alerts, now))
		app->changed = true;
	/* before anything goes out: what was queued is not queued again */
	if (app->changed && step_save(app) == -1)
		return -1;
	if (!watch_misses_collector(app))
		route_open(app, now);
	report_run(app, now);
	deliver(app, now);
	hooks_run(app, now);
	app->store.looked_utc_ms = now;
	return 0;
}
