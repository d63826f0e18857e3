/*
 * away.c: Redis itself does not answer. Nothing else can be told then, and
 * nobody else can tell it; so it is told from here, and what was told is in a
 * file.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/alerts/alerts.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define RETRY_MS 30000 /* of a webhook that fails */
#define FILE_MAX 256

static char *
path_of(const struct app *app)
{
	return mem_printf("%s/alerts-redis", app->config.state_dir);
}

void
away_read(struct app *app)
{
	struct away *a = &app->away;
	char *path = path_of(app), *text = file_read(path, FILE_MAX, NULL);

	if (text == NULL ||
	    sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNd64, &a->since_utc_ms,
		&a->told_utc_ms, &a->back_utc_ms) < 2)
		a->since_utc_ms = a->told_utc_ms = a->back_utc_ms = 0;
	free(text);
	free(path);
}

static void
save(const struct app *app)
{
	const struct away *a = &app->away;
	char *path = path_of(app), *text;
	int rc;

	text = mem_printf("%" PRId64 " %" PRId64 " %" PRId64 "\n",
	    a->since_utc_ms, a->told_utc_ms, a->back_utc_ms);
	if (a->since_utc_ms != 0)
		rc = file_write(path, text, strlen(text), 0600);
	else
		rc = unlink(path);
	if (rc == -1 && errno != ENOENT)
		log_warnx("%s: %s", path, strerror(errno));
	free(text);
	free(path);
}

static bool
tell(struct app *app, const char *text, enum alert_due due, int64_t now)
{
	char *copy = mem_strdup(text), *key = alert_key(ALERT_REDIS, NULL);
	struct alert alert = {.key = key,
	    .text = copy,
	    .level = due == ALERT_ENDED ? ALERT_INFO : ALERT_CRITICAL,
	    .since_utc_ms = due == ALERT_ENDED ? app->away.back_utc_ms
					       : app->away.since_utc_ms};
	struct notice notice;
	bool good;

	if (now < app->away.try_utc_ms) {
		free(copy);
		free(key);
		return false;
	}
	notice_of_alert(&notice, &alert, due);
	good = direct_send(app, &notice, 1, now);
	app->away.try_utc_ms = good ? 0 : now + RETRY_MS;
	if (good)
		log_info("sent: key=%s: %s", key, text);
	app->told += good;
	free(copy);
	free(key);
	return good;
}

void
away_note(struct app *app, int64_t now)
{
	struct away *a = &app->away;
	enum alert_due due = a->told_utc_ms == 0 ? ALERT_BEGAN : ALERT_GOES_ON;
	char *text;

	if (a->back_utc_ms != 0) {
		a->back_utc_ms = 0;
		save(app);
	}
	if (a->since_utc_ms == 0 || a->since_utc_ms > now) {
		log_error("redis: %s", cache_error(app->cache));
		a->since_utc_ms = now;
		save(app);
	}
	if (now - a->since_utc_ms < alert_after_ms(ALERT_REDIS, &app->config) ||
	    (due == ALERT_GOES_ON && a->told_utc_ms <= now &&
		now - a->told_utc_ms < ALERT_REPEAT_MS))
		return;
	text = mem_printf("Redis does not answer (%s): nothing is shown, and "
			  "no other alert can be sent",
	    cache_error(app->cache));
	if (tell(app, text, due, now)) {
		a->told_utc_ms = now;
		save(app);
	}
	free(text);
}

void
away_end(struct app *app, int64_t now)
{
	struct away *a = &app->away;

	if (a->since_utc_ms != 0 &&
	    (a->back_utc_ms == 0 || a->back_utc_ms > now)) {
		a->back_utc_ms = now;
		save(app);
	}
	if (a->since_utc_ms == 0 ||
	    (a->told_utc_ms != 0 &&
		!tell(
		    app, alert_kind_info(ALERT_REDIS)->over, ALERT_ENDED, now)))
		return;
	*a = (struct away){0};
	save(app);
}
