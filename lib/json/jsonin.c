/* jsonin.c: JSON in, by typed getters over cJSON. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/json/jsonin.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

static void *
bytes(size_t n)
{
	return mem_new(n, 1);
}

/*
 * Without memory cJSON gives NULL, as it does for what is no JSON: a document
 * that is whole would be taken for one that is not. It ends the process, as all
 * else does.
 */
static void __attribute__((constructor)) end_without_memory(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){bytes, free});
}

cJSON *
jsonin_parse(const char *text, size_t len)
{
	const char *end = NULL;
	cJSON *doc = cJSON_ParseWithLengthOpts(text, len, &end, 0);

	if (doc == NULL)
		return NULL;
	while (
	    end < text + len && strchr(" \t\r\n", *end) != NULL && *end != '\0')
		end++;
	if (end == text + len)
		return doc;
	cJSON_Delete(doc);
	return NULL;
}

const char *
jsonin_where(const char *text, size_t len, char where[JSONIN_WHERE_SIZE])
{
	const char *at = cJSON_GetErrorPtr(), *p;
	int line = 1, n;

	/* behind a whole value nothing was wrong with that */
	if (at == NULL || at < text || at > text + len)
		at = text;
	for (p = text; p < at; p++)
		line += *p == '\n';
	n = (int)(text + len - at);
	for (int i = 0; i < n; i++)
		if (at[i] == '\n' || at[i] == '\0' || i == 60)
			n = i;
	snprintf(where, JSONIN_WHERE_SIZE, "%d: \"%.*s\"", line, n, at);
	return where;
}

/* Characters of a word for what is no number that begins at p; 0: none. */
static size_t
no_number(const char *p, size_t len)
{
	static const char *const words[] = {
	    "Infinity", "infinity", "NaN", "nan", "Inf", "inf", "NAN", "INF"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) <= len &&
		    memcmp(p, words[i], strlen(words[i])) == 0)
			return strlen(words[i]);
	return 0;
}

/* Gives the text with such words and NULs replaced; NULL: there are none. */
static char *
replace(const char *text, size_t len, size_t *out_len)
{
	static const char huge[] = "9e999", mark[] = "\\uffff";
	struct buf b;
	bool in_text = false, found = false;
	size_t word;
	char *clean;

	buf_init(&b, 2 * len + 16);
	for (size_t i = 0; i < len; i++) {
		const char *p = text + i;

		if (in_text && *p == '\\' && i + 1 < len) {
			if (len - i >= 6 && memcmp(p, "\\u0000", 6) == 0) {
				found = true;
				buf_add(&b, mark, 6);
				i += 5;
			} else {
				buf_add(&b, p, 2);
				i++;
			}
			continue;
		}
		if (*p == '"')
			in_text = !in_text;
		word = in_text ? 0 : no_number(p, len - i);
		if (word > 0) {
			found = true;
			buf_add(&b, huge, strlen(huge));
			i += word - 1;
		} else
			buf_add(&b, p, 1);
	}
	*out_len = b.len;
	clean = found && !b.overflow ? buf_take(&b) : NULL;
	buf_done(&b);
	return clean;
}

static bool
is_suspect(const char *text, size_t len)
{
	return memmem(text, len, "\\u0000", 6) != NULL ||
	       memmem(text, len, "nan", 3) != NULL ||
	       memmem(text, len, "inf", 3) != NULL ||
	       memmem(text, len, "N", 1) != NULL ||
	       memmem(text, len, "I", 1) != NULL;
}

cJSON *
jsonin_parse_foreign(const char *text, size_t len)
{
	cJSON *doc = NULL;
	char *clean;
	size_t clean_len;

	if (!is_suspect(text, len) ||
	    (clean = replace(text, len, &clean_len)) == NULL)
		return jsonin_parse(text, len);
	doc = jsonin_parse(clean, clean_len);
	free(clean);
	return doc;
}

static const cJSON *
member(const cJSON *o, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(o, key);
}

bool
jsonin_string(const cJSON *o, const char *key, const char **out)
{
	const cJSON *v = member(o, key);

	if (!cJSON_IsString(v))
		return false;
	*out = v->valuestring;
	return true;
}

bool
jsonin_int64(const cJSON *o, const char *key, int64_t *out)
{
	const cJSON *v = member(o, key);

	if (cJSON_IsString(v))
		return num_int64(v->valuestring, INT64_MIN, INT64_MAX, out) ==
		       0;
	/* from 2^53 on a double no longer says which whole number it was */
	if (!cJSON_IsNumber(v) || v->valuedouble != trunc(v->valuedouble) ||
	    fabs(v->valuedouble) >= 9007199254740992.0)
		return false;
	*out = (int64_t)v->valuedouble;
	return true;
}

bool
jsonin_int(const cJSON *o, const char *key, int *out)
{
	int64_t v;

	if (!jsonin_int64(o, key, &v) || v < INT_MIN || v > INT_MAX)
		return false;
	*out = (int)v;
	return true;
}

bool
jsonin_number(const cJSON *o, const char *key, double *out)
{
	const cJSON *v = member(o, key);

	if (!cJSON_IsNumber(v) || !isfinite(v->valuedouble))
		return false;
	*out = v->valuedouble;
	return true;
}

bool
jsonin_bool(const cJSON *o, const char *key, bool *out)
{
	const cJSON *v = member(o, key);

	if (!cJSON_IsBool(v))
		return false;
	*out = cJSON_IsTrue(v);
	return true;
}

const cJSON *
jsonin_object(const cJSON *o, const char *key)
{
	const cJSON *v = member(o, key);

	return cJSON_IsObject(v) ? v : NULL;
}

const cJSON *
jsonin_array(const cJSON *o, const char *key)
{
	const cJSON *v = member(o, key);

	return cJSON_IsArray(v) ? v : NULL;
}
