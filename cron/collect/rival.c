/*
 * rival.c: two coordinators by mistake on one Redis or one state folder: each
 * would overwrite what the other writes. The later one refuses. Shards are no
 * rivals: each has a heartbeat of its own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"

/* A run writes the file at its beginning, and lives for 90 s. */
#define FILE_FRESH_MS (150 * INT64_C(1000))
#define FILE_MAX 4096

void
rival_own(struct app *app)
{
	char host[256] = "?", *folder;

	gethostname(host, sizeof(host) - 1);
	folder = realpath(app->config.state_dir, NULL);
	snprintf(app->owner, sizeof(app->owner), "%s:%s", host,
	    folder != NULL ? folder : app->config.state_dir);
	free(folder);
}

static void
refuse(const char *where, const char *text, const struct heartbeat *h)
{
	log_error("another coordinator works on %s \"%s\": %s, pid %" PRId64
		  ", heartbeat %.1f s ago; this one does not start, for each "
		  "would overwrite the other's values: stop one of the two, or "
		  "give it its own Redis and state folder",
	    where, text, h->owner, h->pid,
	    (double)(clock_utc_ms() - h->at_utc_ms) / 1000.0);
}

bool
rival_is_first(const struct app *app, const struct heartbeat *h)
{
	if (*h->owner == '\0' || strcmp(h->owner, app->owner) == 0)
		return false;
	if (app->started_utc_ms == 0 || h->started_utc_ms == 0)
		return true;
	return h->started_utc_ms < app->started_utc_ms ||
	       (h->started_utc_ms == app->started_utc_ms &&
		   strcmp(h->owner, app->owner) < 0);
}

/* The heartbeat that Redis has; its time to live says that it is fresh. */
static bool
in_redis(struct app *app)
{
	struct cache_value text = {NULL, 0};
	struct heartbeat h;
	char key[KEY_SIZE], *data = NULL;
	bool rival;

	if (cache_get(app->cache, key_of_collector(app->opt.shard, key), &data,
		&text.len) == -1)
		return false; /* it is down: said elsewhere */
	text.data = data;
	rival = heartbeat_read(&h, &text) && rival_is_first(app, &h);
	if (rival)
		refuse("the same Redis, key", key, &h);
	free(data);
	return rival;
}

static char *
file_of(const struct app *app)
{
	return mem_printf("%s/coordinator.json", app->config.state_dir);
}

/* Of the same folder it is the host that differs: a network folder. */
static bool
in_folder(struct app *app)
{
	char *path = file_of(app), *data;
	struct cache_value text = {NULL, 0};
	struct heartbeat h;
	bool rival;

	data = file_read(path, FILE_MAX, &text.len);
	text.data = data;
	rival = data != NULL && heartbeat_read(&h, &text) && *h.owner != '\0' &&
		strcmp(h.owner, app->owner) != 0 &&
		clock_utc_ms() - h.at_utc_ms < FILE_FRESH_MS;
	if (rival)
		refuse("the same state folder", app->config.state_dir, &h);
	free(data);
	free(path);
	return rival;
}

bool
rival_found(struct app *app)
{
	/* that of another coordinator with the same ledger is none: lease.h */
	if (!ledger_is_url(config_ledger(&app->config)) && in_redis(app))
		return true;
	return in_folder(app);
}

void
rival_mark(struct app *app)
{
	struct heartbeat h = {.pid = getpid(),
	    .started_utc_ms = app->started_utc_ms,
	    .at_utc_ms = clock_utc_ms()};
	char *path = file_of(app);
	const char *text;
	struct json j;
	size_t len;

	snprintf(h.owner, sizeof(h.owner), "%s", app->owner);
	json_init(&j, FILE_MAX);
	heartbeat_put(&j, &h);
	if ((text = json_text(&j, &len)) != NULL)
		file_write(path, text, len, file_shared_mode(path, 0600));
	json_done(&j);
	free(path);
}
