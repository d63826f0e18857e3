/* store.c: the list in Redis, one key, `alerts`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/store.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/redis/keys.h"

#define STORE_MAX (16 << 20)

static void
read_alert(struct store *s, const cJSON *o)
{
	struct event_alert e = {.server = NULL, .login = NULL};
	struct alert *a;
	const char *level;
	int due = ALERT_NOTHING;

	if (!jsonin_string(o, "key", &e.key) ||
	    !jsonin_string(o, "text", &e.text) ||
	    !jsonin_string(o, "level", &level) ||
	    !alert_level_from(level, &e.level))
		return;
	jsonin_string(o, "server", &e.server);
	jsonin_string(o, "login", &e.login);
	jsonin_int64(o, "since_msc", &e.at_utc_ms);
	if (!alert_list_put(&s->alerts, &e))
		return;
	a = alert_list_find(&s->alerts, e.key);
	jsonin_bool(o, "open", &a->open);
	jsonin_int64(o, "told_msc", &a->told_utc_ms);
	jsonin_int(o, "due", &due);
	if (due >= ALERT_NOTHING && due <= ALERT_GOES_ON)
		a->due = (enum alert_due)due;
}

static void
read_document(struct store *s, const cJSON *doc)
{
	const cJSON *o;
	const char *id;

	if (jsonin_string(doc, "last_id", &id))
		snprintf(s->last_id, sizeof(s->last_id), "%s", id);
	jsonin_int64(doc, "collector_seen_msc", &s->collector_seen_utc_ms);
	jsonin_int64(doc, "looked_msc", &s->looked_utc_ms);
	jsonin_int64(doc, "try_msc", &s->try_utc_ms);
	jsonin_int(doc, "failures", &s->failures);
	cJSON_ArrayForEach(o, jsonin_array(doc, "alerts"))
		read_alert(s, o);
}

int
store_read(struct store *s, struct cache *cache)
{
	char *data;
	size_t len;
	cJSON *doc;

	memset(s, 0, sizeof(*s));
	snprintf(s->last_id, sizeof(s->last_id), "0-0");
	if (cache_get(cache, KEY_ALERTS, &data, &len) == -1)
		return -1;
	if (data != NULL && (doc = jsonin_parse(data, len)) != NULL) {
		read_document(s, doc);
		cJSON_Delete(doc);
	}
	free(data);
	return 0;
}

static void
no_later(int64_t *utc_ms, int64_t now_utc_ms)
{
	if (*utc_ms > now_utc_ms)
		*utc_ms = now_utc_ms;
}

void
store_no_later(struct store *s, int64_t now_utc_ms)
{
	no_later(&s->collector_seen_utc_ms, now_utc_ms);
	no_later(&s->looked_utc_ms, now_utc_ms);
	if (s->try_utc_ms - now_utc_ms > STORE_RETRY_MAX_MS)
		s->try_utc_ms = now_utc_ms;
	for (size_t i = 0; i < s->alerts.len; i++)
		no_later(&s->alerts.list[i].told_utc_ms, now_utc_ms);
}

static void
put_alert(struct json *j, const struct alert *a)
{
	json_object(j, NULL);
	json_string(j, "key", a->key);
	json_string(j, "level", alert_level_word(a->level));
	json_string(j, "server", a->server);
	json_string(j, "login", a->login);
	json_string(j, "text", a->text);
	json_bool(j, "open", a->open);
	json_int(j, "since_msc", a->since_utc_ms);
	json_int(j, "told_msc", a->told_utc_ms);
	json_int(j, "due", a->due);
	json_end(j);
}

void
store_write(const struct store *s, struct cache_batch *b)
{
	struct json j;
	const char *text;
	size_t len;

	json_init(&j, STORE_MAX);
	json_object(&j, NULL);
	json_string(&j, "last_id", s->last_id);
	json_int(&j, "collector_seen_msc", s->collector_seen_utc_ms);
	json_int(&j, "looked_msc", s->looked_utc_ms);
	json_int(&j, "try_msc", s->try_utc_ms);
	json_int(&j, "failures", s->failures);
	json_array(&j, "alerts");
	for (size_t i = 0; i < s->alerts.len; i++)
		put_alert(&j, &s->alerts.list[i]);
	json_end(&j);
	json_end(&j);
	if ((text = json_text(&j, &len)) != NULL)
		cache_batch_set(b, KEY_ALERTS, text, len, 0);
	json_done(&j);
}

void
store_done(struct store *s)
{
	alert_list_done(&s->alerts);
}
