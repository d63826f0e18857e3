/* target_read.c: one object of alerts.json, member by member. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/base/utf8.h"
#include "lib/notify/target_read.h"

#define QUOTED_MAX 60
#define WORDS_MAX 1000

static const char *
kind_of(const cJSON *o)
{
	return cJSON_IsObject(o)   ? "an object"
	       : cJSON_IsArray(o)  ? "an array"
	       : cJSON_IsString(o) ? "a text"
	       : cJSON_IsNumber(o) ? "a number"
	       : cJSON_IsBool(o)   ? "true or false"
				   : "null";
}

void
target_complain(struct target_reader *r, const char *place, const char *name,
    const char *expected, const cJSON *found)
{
	char text[QUOTED_MAX];

	buf_printf(&r->errors, "%s: %s%s%s: expected %s", r->file, place,
	    name != NULL && *place != '\0' ? "." : "", name != NULL ? name : "",
	    expected);
	if (found != NULL && cJSON_IsString(found) &&
	    found->valuestring != NULL) {
		bool whole = utf8_copy(text, sizeof(text), found->valuestring);

		for (char *p = text; *p != '\0'; p++)
			if ((unsigned char)*p < ' ')
				*p = '?';
		buf_printf(
		    &r->errors, ", not \"%s\"%s", text, whole ? "" : "…");
	} else if (found != NULL && cJSON_IsNumber(found))
		buf_printf(&r->errors, ", not %.15g", found->valuedouble);
	else if (found != NULL)
		buf_printf(&r->errors, ", not %s", kind_of(found));
	buf_putc(&r->errors, '\n');
}

int
target_read_time(const char *text, int *minutes)
{
	char digits[5];
	int hour, minute;

	if (strlen(text) != 5 || text[2] != ':')
		return -1;
	snprintf(digits, sizeof(digits), "%.2s", text);
	if (!isdigit((unsigned char)text[0]) ||
	    num_int(digits, 0, 23, &hour) == -1)
		return -1;
	if (!isdigit((unsigned char)text[3]) ||
	    num_int(text + 3, 0, 59, &minute) == -1)
		return -1;
	*minutes = hour * 60 + minute;
	return 0;
}

/* A text without line ends and other control characters. */
static const char *
line_of(const cJSON *o)
{
	if (!cJSON_IsString(o) || *o->valuestring == '\0')
		return NULL;
	for (const char *p = o->valuestring; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return NULL;
	return o->valuestring;
}

static void
read_words(struct target_reader *r, const char *place, const char *name,
    const cJSON *o, struct target_words *out)
{
	static const char expected[] = "an array of texts, none of them empty";
	const cJSON *e;

	if (!cJSON_IsArray(o) || cJSON_GetArraySize(o) == 0 ||
	    cJSON_GetArraySize(o) > WORDS_MAX) {
		target_complain(r, place, name, expected, o);
		return;
	}
	out->list = mem_new((size_t)cJSON_GetArraySize(o), sizeof(*out->list));
	cJSON_ArrayForEach(e, o) {
		if (line_of(e) == NULL) {
			target_complain(r, place, name, expected, e);
			return;
		}
		out->list[out->len++] = mem_strdup(line_of(e));
	}
}

static void
read_member(struct target_reader *r, const char *place,
    const struct target_member *m, const cJSON *o, void *at)
{
	char expected[64];

	switch (m->kind) {
	case MEMBER_TEXT:
	case MEMBER_SECRET:
		if (line_of(o) == NULL)
			target_complain(r, place, m->name,
			    "a text on one line, not empty",
			    m->kind == MEMBER_SECRET ? NULL : o);
		else
			*(char **)at = mem_strdup(line_of(o));
		break;
	case MEMBER_FLAG:
		if (!cJSON_IsBool(o))
			target_complain(r, place, m->name, "true or false", o);
		else
			*(bool *)at = cJSON_IsTrue(o);
		break;
	case MEMBER_NUMBER:
		if (!cJSON_IsNumber(o) || o->valuedouble < m->min ||
		    o->valuedouble > m->max ||
		    o->valuedouble != (double)(int)o->valuedouble) {
			snprintf(expected, sizeof(expected),
			    "a whole number from %d to %d", m->min, m->max);
			target_complain(r, place, m->name, expected, o);
		} else
			*(int *)at = (int)o->valuedouble;
		break;
	case MEMBER_TIME:
		if (!cJSON_IsString(o) ||
		    target_read_time(o->valuestring, at) == -1)
			target_complain(
			    r, place, m->name, "a time of day \"HH:MM\"", o);
		break;
	case MEMBER_WORDS:
		read_words(r, place, m->name, o, at);
		break;
	case MEMBER_OTHER:
		break;
	}
}

bool
target_read_object(struct target_reader *r, const char *place, const cJSON *o,
    const struct target_member *members, size_t len, unsigned type, void *into)
{
	const cJSON *e;

	if (!cJSON_IsObject(o)) {
		target_complain(r, place, NULL, "an object {…}", o);
		return false;
	}
	cJSON_ArrayForEach(e, o) {
		const struct target_member *m = NULL;

		for (size_t i = 0; i < len; i++)
			if (strcmp(members[i].name, e->string) == 0)
				m = &members[i];
		if (cJSON_GetObjectItemCaseSensitive(o, e->string) != e)
			target_complain(r, place, e->string,
			    "once, it stands there twice", NULL);
		else if (m == NULL || (m->for_types != 0 && type != 0 &&
					  (m->for_types & type) == 0))
			target_complain(r, place, e->string,
			    m == NULL ? "no such member"
				      : "no such member for this type",
			    NULL);
		else
			read_member(r, place, m, e, (char *)into + m->at);
	}
	return true;
}
