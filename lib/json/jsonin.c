/* jsonin.c: JSON in, by typed getters over cJSON. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/json/jsonin.h"
#include "lib/base/num.h"

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
	/* beyond 2^53 a double no longer says which whole number it was */
	if (!cJSON_IsNumber(v) || v->valuedouble != trunc(v->valuedouble) ||
	    fabs(v->valuedouble) > 9007199254740992.0)
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
