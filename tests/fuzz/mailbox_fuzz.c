/* mailbox_fuzz.c: whatever lies in a terminal's folder. */
#include "agent/envelope.h"
#include "agent/snapshot.h"
#include "lib/json/jsonin.h"
#include "tests/fuzz/fuzz.h"

#define ID "0123456789abcdef"

static void
must(bool good)
{
	if (!good)
		abort();
}

/* What we call JSON is JSON for another reader too, member by member. */
static void
try_json(const char *text, size_t len)
{
	struct members m;
	cJSON *doc;

	if (!jsonscan_object(text, len, &m))
		return;
	doc = jsonin_parse(text, len);
	must(cJSON_IsObject(doc));
	must((size_t)cJSON_GetArraySize(doc) == m.len);
	for (size_t i = 0; i < m.len; i++) {
		const struct member *v = &m.list[i];

		must(v->value >= text && v->value + v->len <= text + len);
		if (*v->value == '[' || *v->value == '{')
			must((size_t)cJSON_GetArraySize(
				 cJSON_GetArrayItem(doc, (int)i)) == v->count);
	}
	cJSON_Delete(doc);
}

static void
try_snapshot(const char *text, size_t len)
{
	char *copy = mem_new(1, len + 1);
	const char *why = NULL;
	struct snapshot *s;

	memcpy(copy, text, len);
	s = snapshot_new(copy, len, ID, &why);
	must((s == NULL) == (why != NULL));
	if (s != NULL)
		must((s->refused != NULL ||
			 (s->len == len && memcmp(s->text, text, len) == 0)) &&
		     *s->session != '\0' &&
		     (s->server == NULL) == (s->login == 0));
	snapshot_free(s);
}

/* Sealed it opens, and as the same bytes; a byte less, and it does not. */
static void
try_seal(const char *text, size_t len)
{
	size_t got = 0;
	struct buf b;

	if (memchr(text, '\n', len) != NULL)
		return;
	buf_init(&b, ENVELOPE_FILE_MAX);
	buf_add(&b, text, len);
	envelope_seal(&b);
	must(envelope_open(b.data, b.len, &got) == ENVELOPE_OK && got == len);
	must(envelope_open(b.data, b.len - 1, &got) == ENVELOPE_TORN);
	buf_done(&b);
}

static void
fuzz_one(const char *text, size_t len)
{
	size_t body = len;

	if (envelope_open(text, len, &body) == ENVELOPE_OK)
		must(body < len);
	else
		body = len;
	try_json(text, body);
	try_snapshot(text, body);
	try_seal(text, body);
}
