/* step.c: reads the stream, tells what is due. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/alerts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/http/fetch.h"
#include "lib/redis/keys.h"

#define CONNECT_MS 5000
#define TOTAL_MS 10000
#define ANSWER_MAX 65536
#define RETRY_MS 5000
#define NOTICES_MAX 100

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

/* -1: Redis is away. */
static int
is_set(struct app *app, const char *prefix, const char *name, bool *set)
{
	char *key = mem_printf("%s%s", prefix, name), *data = NULL;
	int rc = cache_get(app->cache, key, &data, NULL);

	if (data != NULL)
		*set = true;
	free(data);
	free(key);
	return rc;
}

static int
is_muted(struct app *app, const struct alert *a, bool *muted)
{
	char *account;
	int rc;

	if (is_set(app, KEY_ALERT_MUTE, "all", muted) == -1 ||
	    is_set(app, KEY_ALERT_MUTE, a->key, muted) == -1)
		return -1;
	if (a->server == NULL || a->login == NULL)
		return 0;
	account = mem_printf("%s/%s", a->server, a->login);
	rc = is_set(app, KEY_ALERT_MUTE, account, muted);
	free(account);
	return rc;
}

/* From stale data nothing is told but that it is stale. */
static int
look_at(
    struct app *app, const struct alert *a, int64_t now, enum alert_due *due)
{
	bool muted = false, acknowledged = false;
	enum alert_kind kind;

	*due = ALERT_NOTHING;
	if (watch_misses_collector(app) &&
	    !(alert_kind_of(a->key, &kind) && kind == ALERT_COLLECTOR))
		return 0;
	if (alert_due_now(a, now, false, false) == ALERT_NOTHING)
		return 0;
	if (is_muted(app, a, &muted) == -1 ||
	    is_set(app, KEY_ALERT_ACK, a->key, &acknowledged) == -1)
		return -1;
	*due = alert_due_now(a, now, muted, acknowledged);
	return 0;
}

static void
on_answer(void *arg, const struct fetch_answer *answer)
{
	bool *good = arg;

	*good = answer->error == NULL;
	if (!*good)
		log_warnx("webhook: %s", answer->error);
}

bool
step_post(const struct app *app, const struct notice *notices, size_t len)
{
	struct fetch_request req = {
	    .url = app->config.alert_url,
	    .proxy = app->config.proxy_url,
	    .type = body_type(app->format),
	    .connect_ms = CONNECT_MS,
	    .total_ms = TOTAL_MS,
	    .max = ANSWER_MAX,
	};
	struct buf body;
	bool good = false;

	if (*app->config.alert_url == '\0')
		return true; /* the page shows them */
	body_make(&body, app->format, notices, len);
	req.body = body.data;
	req.body_len = body.len;
	fetch_now(&req, on_answer, &good);
	buf_done(&body);
	return good;
}

static void
told(struct app *app, const struct notice *notices, size_t len, int64_t now)
{
	char *ack;

	app->store.failures = 0;
	app->store.try_utc_ms = 0;
	for (size_t i = 0; i < len; i++) {
		struct alert *a =
		    alert_list_find(&app->store.alerts, notices[i].alert->key);

		log_info("sent: key=%s level=%s: %s", a->key,
		    alert_level_word(a->level), a->text);
		alert_told(a, now);
		ack = mem_printf(KEY_ALERT_ACK "%s", a->key);
		if (notices[i].due != ALERT_GOES_ON)
			cache_del(app->cache, ack); /* of what was before */
		free(ack);
	}
	app->told += (int64_t)len;
	app->changed = true;
}

static void
not_told(struct app *app, int64_t now)
{
	int n = app->store.failures++;
	int64_t wait = n < 6 ? (int64_t)RETRY_MS << n : STORE_RETRY_MAX_MS;

	app->store.try_utc_ms =
	    now + (wait < STORE_RETRY_MAX_MS ? wait : STORE_RETRY_MAX_MS);
	app->changed = true;
}

/* A message holds some lines only, and says how many more there are. */
static int
worst_first(const void *pa, const void *pb)
{
	const struct notice *a = pa, *b = pb;

	return (int)b->alert->level - (int)a->alert->level;
}

static int
tell(struct app *app, int64_t now)
{
	struct notice notices[NOTICES_MAX];
	size_t len = 0;

	if (now < app->store.try_utc_ms)
		return 0;
	for (size_t i = 0; i < app->store.alerts.len && len < NOTICES_MAX;
	     i++) {
		struct notice *n = &notices[len];

		n->alert = &app->store.alerts.list[i];
		if (look_at(app, n->alert, now, &n->due) == -1)
			return -1;
		if (n->due != ALERT_NOTHING)
			len++;
	}
	if (len == 0)
		return 0;
	qsort(notices, len, sizeof(*notices), worst_first);
	if (step_post(app, notices, len))
		told(app, notices, len, now);
	else
		not_told(app, now);
	return 0;
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
	if (app->changed && step_save(app) == -1)
		return -1;
	app->store.looked_utc_ms = now;
	return 0;
}
