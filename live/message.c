/* message.c: what a client may say, read from its text. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/fleet/event.h"
#include "lib/json/jsonin.h"
#include "live/message.h"

#define QUOTED 60 /* bytes of a bad message that the error repeats */

static int __attribute__((format(printf, 3, 4)))
bad(struct message *m, const char *code, const char *fmt, ...)
{
	va_list ap;

	m->error_code = code;
	va_start(ap, fmt);
	vsnprintf(m->error_text, sizeof(m->error_text), fmt, ap);
	va_end(ap);
	return -1;
}

static int
read_accounts(struct message *m, const cJSON *list)
{
	const cJSON *item;
	const char *server, *login;
	int n = cJSON_GetArraySize(list), at = 0;

	if (n > SUBSCRIBE_MAX)
		return bad(m, "too_many_accounts",
		    "subscribe: at most %d accounts, not %d", SUBSCRIBE_MAX, n);
	filter_none(&m->filter, (size_t)n);
	cJSON_ArrayForEach(item, list) {
		if (!jsonin_string(item, "server", &server) ||
		    !jsonin_string(item, "login", &login))
			return bad(m, "bad_account",
			    "subscribe: accounts[%d] is not "
			    "{\"server\":\"…\",\"login\":\"…\"}",
			    at);
		filter_add(&m->filter, account_hash(server, login));
		at++;
	}
	filter_sort(&m->filter);
	return 0;
}

/* Types of the accounts that are not listed. */
static int
read_also(struct message *m, const cJSON *list)
{
	const cJSON *item;
	enum event_type type;
	const char *word;

	if (!cJSON_IsArray(list))
		return bad(m, "bad_subscribe", "subscribe: also is not a list");
	cJSON_ArrayForEach(item, list) {
		word = cJSON_GetStringValue(item);
		if (word == NULL || !event_type_from(word, &type) ||
		    type == EVENT_RESET)
			return bad(m, "bad_subscribe",
			    "subscribe: also: none of account, status, phase, "
			    "alert: \"%.*s\"",
			    QUOTED, word != NULL ? word : "");
		m->filter.also |= 1U << type;
	}
	return 0;
}

static int
read_rate(struct message *m, const cJSON *doc)
{
	const cJSON *every = cJSON_GetObjectItemCaseSensitive(doc, "every_ms");
	const cJSON *after = cJSON_GetObjectItemCaseSensitive(doc, "after");

	if (every != NULL &&
	    (!jsonin_int(doc, "every_ms", &m->every_ms) || m->every_ms < 0 ||
		m->every_ms > SUBSCRIBE_EVERY_MAX))
		return bad(m, "bad_subscribe",
		    "subscribe: every_ms: a whole number from 0 to %d",
		    SUBSCRIBE_EVERY_MAX);
	if (after == NULL || cJSON_IsNull(after))
		return 0;
	m->has_after = cJSON_IsString(after) &&
		       event_id_from(after->valuestring, &m->after);
	if (m->has_after)
		return 0;
	return bad(m, "bad_subscribe", "subscribe: after is no id: \"%.*s\"",
	    QUOTED, cJSON_IsString(after) ? after->valuestring : "");
}

/* Without accounts, or with null: everything again. */
static int
read_subscribe(struct message *m, const cJSON *doc)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, "accounts");
	const cJSON *also = cJSON_GetObjectItemCaseSensitive(doc, "also");

	m->kind = MESSAGE_SUBSCRIBE;
	if (read_rate(m, doc) == -1)
		return -1;
	if (list == NULL || cJSON_IsNull(list))
		return 0;
	if (!cJSON_IsArray(list))
		return bad(
		    m, "bad_account", "subscribe: accounts is not a list");
	if (read_accounts(m, list) == -1)
		return -1;
	return also != NULL ? read_also(m, also) : 0;
}

static int
read_document(struct message *m, const cJSON *doc)
{
	const char *type;

	if (!jsonin_string(doc, "type", &type))
		return bad(m, "bad_message", "no \"type\" in the message");
	if (strcmp(type, "ping") == 0)
		m->kind = MESSAGE_PING;
	else if (strcmp(type, "refresh") == 0)
		m->kind = MESSAGE_REFRESH;
	else if (strcmp(type, "subscribe") == 0)
		return read_subscribe(m, doc);
	else
		return bad(m, "unknown_type",
		    "type: none of ping, refresh, subscribe: \"%.*s\"", QUOTED,
		    type);
	return 0;
}

int
message_read(struct message *m, const char *text, size_t len)
{
	cJSON *doc = jsonin_parse(text, len);
	int rc;

	memset(m, 0, sizeof(*m));
	filter_init(&m->filter);
	if (cJSON_IsObject(doc))
		rc = read_document(m, doc);
	else
		rc = bad(m, "bad_message", "not a JSON object: \"%.*s\"",
		    (int)(len < QUOTED ? len : QUOTED), text);
	cJSON_Delete(doc);
	return rc;
}

void
message_done(struct message *m)
{
	filter_done(&m->filter);
}
