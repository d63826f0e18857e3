/* recovery.c: what to do when Redis was away or emptied. */
#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

#define RETRY_MS 250
#define PART_SIZE ((size_t)8 << 20)

/* All of it again, in parts of some size. */
static void
rewrite_all(struct app *app)
{
	cache_batch_reset(&app->batch);
	if (restore_again(app) == -1) {
		heartbeat_lost(app, clock_mono_ms());
		return;
	}
	for (size_t i = 0; i < app->nodes_len && !app->redis_down; i++) {
		publish_again(app, app->nodes[i]);
		if (app->batch.out.len > PART_SIZE)
			heartbeat_send(app);
	}
	if (app->redis_down)
		return;
	app->forget = true; /* the list of those we know may be gone, too */
	publish_reset(app);
	heartbeat_write(app);
}

/* One that only reads (full, or a replica) is no better than none. */
static int
try_to_write(struct app *app)
{
	int rc;

	cache_batch_reset(&app->batch);
	heartbeat_write(app);
	rc = cache_batch_run(app->cache, &app->batch);
	if (rc == -1)
		heartbeat_fenced(app);
	return rc;
}

/* False: it is still away, or too early to ask. */
static bool
redis_is_back(struct app *app, int64_t now)
{
	if (now - app->redis_mono_ms < RETRY_MS || try_to_write(app) == -1) {
		cache_batch_reset(&app->batch);
		if (now - app->redis_mono_ms >= RETRY_MS)
			app->redis_mono_ms = clock_mono_ms();
		return false;
	}
	log_info("redis: reconnected, rewriting all keys");
	app->redis_down = false;
	rewrite_all(app);
	return !app->redis_down;
}

void
recovery_flush(struct app *app, int64_t now)
{
	if (app->redis_down && !redis_is_back(app, now))
		return;
	heartbeat_send(app);
}

/* Each second. Where our own heartbeat is gone Redis was emptied. */
void
recovery_beat(struct app *app, int64_t now)
{
	enum heartbeat_found found;

	if (app->redis_down || !heartbeat_is_due(app, now))
		return;
	if (app->heartbeat_written) {
		if (heartbeat_look(app, &found) == -1)
			heartbeat_lost(app, now);
		else if (found == HEARTBEAT_GONE) {
			log_warnx("redis: was emptied, rewriting all keys");
			rewrite_all(app);
		}
	}
	if (app->redis_down)
		return;
	app->heartbeat_mono_ms = now;
	claims_exchange(app, clock_utc_ms());
	heartbeat_write(app);
	recovery_flush(app, now);
}
