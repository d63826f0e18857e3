/* message.c: what a client may say, read from its text. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* Without accounts, or with null: everything again. */
static int
read_subscribe(struct message *m, const cJSON *doc)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, "accounts");

	m->kind = MESSAGE_SUBSCRIBE;
	if (list == NULL || cJSON_IsNull(list))
		return 0;
	if (!cJSON_IsArray(list))
		return bad(
		    m, "bad_account", "subscribe: accounts is not a list");
	return read_accounts(m, list);
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
