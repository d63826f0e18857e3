/*
 * pulse.c: the link to Redis: the collector's own key each second, what to do
 * when Redis was away or emptied, and who asks for a refresh.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/redis/keys.h"

#define RETRY_MS 250
#define BEAT_MS 1000
#define LISTEN_MS 50
#define PART_SIZE ((size_t)8 << 20)

/* Here is a collector, who it is, and when it said so. */
static void
put_pulse(struct app *app)
{
	struct json *j = &app->text;
	char key[KEY_SIZE];
	const char *text;
	size_t len;

	key_of_collector(app->opt.shard, key);
	json_object(j, NULL);
	json_int(j, "pid", getpid());
	json_int(j, "started_msc", app->started_msc);
	json_int(j, "at_msc", clock_utc_msc());
	json_int(j, "nodes", (int64_t)app->nodes_len);
	json_end(j);
	if ((text = json_text(j, &len)) != NULL)
		cache_batch_set(
		    &app->batch, key, text, len, app->config.cache_ttl_s);
	json_reset(j);
	app->pulsed = true;
}

/* Is that pulse one of ours? */
static bool
is_own_pulse(const struct app *app, const char *data, size_t len)
{
	cJSON *doc = jsonin_parse(data, len);
	int64_t pid = 0, started = 0;

	jsonin_int64(doc, "pid", &pid);
	jsonin_int64(doc, "started_msc", &started);
	cJSON_Delete(doc);
	return pid == getpid() && started == app->started_msc;
}

static void
lost_redis(struct app *app, int64_t now)
{
	if (!app->redis_down)
		log_warnx("redis: %s", cache_error(app->cache));
	app->redis_down = true;
	app->redis_msc = now;
	cache_batch_reset(&app->batch);
}

static void
send(struct app *app)
{
	if (app->batch.len > 0 &&
	    cache_batch_run(app->cache, &app->batch) == -1)
		lost_redis(app, clock_mono_msc());
}

/* Redis was away or emptied: all of it again, in parts of some size. */
static void
write_anew(struct app *app)
{
	cache_batch_reset(&app->batch);
	if (restore_again(app) == -1) {
		lost_redis(app, clock_mono_msc());
		return;
	}
	for (size_t i = 0; i < app->nodes_len && !app->redis_down; i++) {
		publish_again(app, app->nodes[i]);
		if (app->batch.out.len > PART_SIZE)
			send(app);
	}
	if (app->redis_down)
		return;
	app->forget = true; /* the list of those we know may be gone, too */
	publish_reset(app);
	put_pulse(app);
}

/* One that only reads (full, or a replica) is no better than none. */
static int
try_to_write(struct app *app)
{
	cache_batch_reset(&app->batch);
	put_pulse(app);
	return cache_batch_run(app->cache, &app->batch);
}

/* False: it is still away, or too early to ask. */
static bool
redis_is_back(struct app *app, int64_t now)
{
	if (now - app->redis_msc < RETRY_MS || try_to_write(app) == -1) {
		cache_batch_reset(&app->batch);
		if (now - app->redis_msc >= RETRY_MS)
			app->redis_msc = clock_mono_msc();
		return false;
	}
	log_info("redis: back, all is written anew");
	app->redis_down = false;
	write_anew(app);
	return !app->redis_down;
}

void
pulse_flush(struct app *app, int64_t now)
{
	if (app->redis_down && !redis_is_back(app, now))
		return;
	send(app);
}

/* Is the pulse of before still there? It is not where Redis was emptied. */
static int
check_pulse(struct app *app)
{
	char key[KEY_SIZE], *data;
	size_t len;

	key_of_collector(app->opt.shard, key);
	if (cache_get(app->cache, key, &data, &len) == -1)
		return -1;
	if (data == NULL) {
		log_warnx("redis: was emptied, all is written anew");
		write_anew(app);
	} else if (!app->rival && !is_own_pulse(app, data, len)) {
		log_warnx("another collector writes here: %.120s", data);
		app->rival = true;
	}
	free(data);
	return 0;
}

/* Each second. */
void
pulse_beat(struct app *app, int64_t now)
{
	if (now - app->pulse_msc < BEAT_MS || app->redis_down)
		return;
	app->pulse_msc = now;
	if (app->pulsed && check_pulse(app) == -1)
		lost_redis(app, now);
	if (app->redis_down)
		return;
	put_pulse(app);
	pulse_flush(app, now);
}

/* Did someone ask on the channel `refresh`? */
bool
pulse_heard_refresh(struct app *app, int64_t now)
{
	bool heard = false;

	if (now - app->listen_msc < LISTEN_MS || app->redis_down)
		return false;
	app->listen_msc = now;
	if (cache_heard(app->listener, CHANNEL_REFRESH, &heard) == -1)
		app->listen_msc = now + BEAT_MS; /* not in each turn */
	return heard;
}
