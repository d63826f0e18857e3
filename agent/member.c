/* member.c: a scanned member's value as a C value. */
#include <string.h>

#include "agent/jsonscan.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/json/jsonin.h"

bool
jsonscan_may_parse(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == ',';
	return n < JSONSCAN_VALUES_MAX;
}

bool
member_is(const struct member *m, char c)
{
	return m != NULL && *m->value == c;
}

bool
member_int64(const struct member *m, int64_t *out)
{
	char text[24];
	size_t quote = member_is(m, '"') ? 1 : 0;

	if (m == NULL || m->len - 2 * quote >= sizeof(text))
		return false;
	memcpy(text, m->value + quote, m->len - 2 * quote);
	text[m->len - 2 * quote] = '\0';
	return num_int64(text, INT64_MIN, INT64_MAX, out) == 0;
}

char *
member_text(const struct member *m)
{
	char *text = NULL;
	cJSON *v;

	if (!member_is(m, '"') || (v = jsonin_parse(m->value, m->len)) == NULL)
		return NULL;
	if (cJSON_IsString(v))
		text = mem_strdup(v->valuestring);
	cJSON_Delete(v);
	return text;
}

bool
member_equals(const struct member *m, const char *text)
{
	size_t len = strlen(text);

	return member_is(m, '"') && m->len == len + 2 &&
	       memcmp(m->value + 1, text, len) == 0;
}
