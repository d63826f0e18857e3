/* live_client_fuzz.c: whatever a client sends, and whatever stands in an event.
 */
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "live/message.h"
#include "live/ring.h"
#include "tests/fuzz/fuzz.h"

static void
must(bool good)
{
	if (!good)
		abort();
}

/* What is sent to a client is JSON, whatever it quotes. */
static void
error_is_json(const struct message *m)
{
	struct json j;
	const char *text;
	size_t len;
	cJSON *doc;

	must(m->error_code != NULL && *m->error_text != '\0');
	json_init(&j, 1024);
	json_object(&j, NULL);
	json_string(&j, "code", m->error_code);
	json_string(&j, "message", m->error_text);
	json_end(&j);
	text = json_text(&j, &len);
	must(text != NULL);
	doc = jsonin_parse(text, len);
	must(cJSON_IsObject(doc));
	cJSON_Delete(doc);
	json_done(&j);
}

static void
try_message(const char *text, size_t len)
{
	struct message m;

	if (message_read(&m, text, len) == -1)
		error_is_json(&m);
	else
		must(m.kind <= MESSAGE_SUBSCRIBE &&
		     m.filter.len <= SUBSCRIBE_MAX);
	filter_wants(&m.filter, account_hash("S", "1"), 0);
	message_done(&m);
}

/* An object in Redis stays one on the wire, with its id in front. */
static void
try_event(const char *text, size_t len)
{
	cJSON *doc = jsonin_parse(text, len);
	const struct ring_entry *e;
	struct ring r;

	if (cJSON_IsObject(doc) && text[0] == '{') {
		ring_init(&r, 4, 1 << 20, 16);
		must(ring_add(&r, (struct event_id){7, 1}, 0, text, len));
		e = ring_get(&r, 1);
		cJSON_Delete(doc);
		doc = jsonin_parse((const char *)e->text, e->len);
		must(cJSON_IsObject(doc) &&
		     strcmp(doc->child->valuestring, "7-1") == 0);
		ring_done(&r);
	}
	cJSON_Delete(doc);
}

static void
try_id(const char *text, size_t len)
{
	char id[EVENT_ID_SIZE], again[EVENT_ID_SIZE];
	struct event_id a, b;

	if (len >= sizeof(id))
		return;
	memcpy(id, text, len);
	id[len] = '\0';
	if (!event_id_from(id, &a))
		return;
	must(event_id_from(event_id_text(a, again), &b) &&
	     event_id_compare(a, b) == 0);
}

static void
fuzz_one(const char *text, size_t len)
{
	try_message(text, len);
	try_event(text, len);
	try_id(text, len);
}
