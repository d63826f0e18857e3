/* heartbeat.c: the key that says that a collector runs; what goes to Redis. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/redis/keys.h"

#define EVERY_MS 1000

void
heartbeat_write(struct app *app)
{
	struct heartbeat h = {.pid = getpid(),
	    .started_utc_ms = app->started_utc_ms,
	    .at_utc_ms = clock_utc_ms(),
	    .nodes = (int64_t)app->nodes_len};
	char key[KEY_SIZE];
	const char *text;
	size_t len;

	snprintf(h.owner, sizeof(h.owner), "%s", app->owner);
	heartbeat_put(&app->text, &h);
	if ((text = json_text(&app->text, &len)) != NULL)
		cache_batch_set(&app->batch,
		    key_of_collector(app->opt.shard, key), text, len,
		    app->config.cache_ttl_s);
	json_reset(&app->text);
	app->heartbeat_written = true;
}

bool
heartbeat_is_due(const struct app *app, int64_t now)
{
	return now - app->heartbeat_mono_ms >= EVERY_MS;
}

void
heartbeat_renew(struct app *app, int64_t now)
{
	if (!heartbeat_is_due(app, now) || app->redis_down)
		return;
	app->heartbeat_mono_ms = now;
	heartbeat_write(app);
	heartbeat_send(app);
}

static bool
is_own(const struct app *app, const struct cache_value *text)
{
	struct heartbeat h;

	return heartbeat_read(&h, text) && h.pid == getpid() &&
	       h.started_utc_ms == app->started_utc_ms;
}

int
heartbeat_look(struct app *app, enum heartbeat_found *found)
{
	struct cache_value text = {NULL, 0};
	char key[KEY_SIZE], *data;
	struct heartbeat h;

	if (cache_get(app->cache, key_of_collector(app->opt.shard, key), &data,
		&text.len) == -1)
		return -1;
	text.data = data;
	*found = data == NULL         ? HEARTBEAT_GONE
		 : is_own(app, &text) ? HEARTBEAT_OWN
				      : HEARTBEAT_OTHER;
	if (*found == HEARTBEAT_OTHER) {
		/* both began at the same moment: the earlier one stays */
		app->refused = heartbeat_read(&h, &text) && !app->leased &&
			       rival_is_first(app, &h);
		if (!app->rival)
			log_warnx(
			    "another collector writes here: %.600s", data);
		app->rival = true;
	}
	free(data);
	return 0;
}

/* A write was refused because a later token has written. */
void
heartbeat_fenced(struct app *app)
{
	if (strncmp(cache_error(app->cache), CACHE_FENCED,
		strlen(CACHE_FENCED)) != 0)
		return;
	program_lease_lost(&app->lease);
	app->refused = true;
}

void
heartbeat_lost(struct app *app, int64_t now)
{
	heartbeat_fenced(app);
	if (!app->redis_down)
		log_warnx("redis: %s", cache_error(app->cache));
	app->redis_down = true;
	app->redis_mono_ms = now;
	cache_batch_reset(&app->batch);
}

void
heartbeat_send(struct app *app)
{
	if (app->batch.len > 0 &&
	    cache_batch_run(app->cache, &app->batch) == -1)
		heartbeat_lost(app, clock_mono_ms());
}
