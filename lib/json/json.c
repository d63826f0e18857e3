/* json.c: JSON writer that tracks its nesting. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/num.h"
#include "lib/base/utf8.h"
#include "lib/json/json.h"

void
json_init(struct json *j, size_t cap)
{
	memset(j, 0, sizeof(*j));
	buf_init(&j->out, cap);
}

void
json_done(struct json *j)
{
	if (j != NULL)
		buf_done(&j->out);
}

void
json_reset(struct json *j)
{
	buf_reset(&j->out);
	j->depth = 0;
	j->comma[0] = false;
	j->failed = false;
}

void
json_escape(struct buf *b, const char *s, size_t len)
{
	size_t i = 0;

	while (i < len) {
		unsigned char c = (unsigned char)s[i];
		size_t n = utf8_length(s + i, len - i);

		if (n == 0)
			buf_puts(b, "\xef\xbf\xbd");
		else if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c < 0x20)
			buf_printf(b, "\\u%04x", c);
		else
			buf_add(b, s + i, n);
		i += n > 0 ? n : 1;
	}
}

static void
put_quoted(struct json *j, const char *s)
{
	buf_putc(&j->out, '"');
	json_escape(&j->out, s, strlen(s));
	buf_putc(&j->out, '"');
}

/* Writes comma and name before a value. False: not allowed here. */
static bool
lead(struct json *j, const char *key)
{
	bool in_object = j->depth > 0 && j->scope[j->depth - 1] == '{';

	if (j->failed || in_object != (key != NULL) ||
	    (j->depth == 0 && j->comma[0])) {
		j->failed = true;
		return false;
	}
	if (j->comma[j->depth])
		buf_putc(&j->out, ',');
	j->comma[j->depth] = true;
	if (key != NULL) {
		put_quoted(j, key);
		buf_putc(&j->out, ':');
	}
	return true;
}

static void
open_scope(struct json *j, const char *key, char c)
{
	if (!lead(j, key))
		return;
	if (j->depth + 1 == JSON_DEPTH_MAX) {
		j->failed = true;
		return;
	}
	buf_putc(&j->out, c);
	j->scope[j->depth++] = c;
	j->comma[j->depth] = false;
}

void
json_object(struct json *j, const char *key)
{
	open_scope(j, key, '{');
}

void
json_array(struct json *j, const char *key)
{
	open_scope(j, key, '[');
}

void
json_end(struct json *j)
{
	if (j->failed || j->depth == 0) {
		j->failed = true;
		return;
	}
	buf_putc(&j->out, j->scope[--j->depth] == '{' ? '}' : ']');
}

void
json_string(struct json *j, const char *key, const char *s)
{
	if (s == NULL)
		json_null(j, key);
	else if (lead(j, key))
		put_quoted(j, s);
}

void
json_int(struct json *j, const char *key, int64_t v)
{
	if (lead(j, key))
		buf_printf(&j->out, "%" PRId64, v);
}

void
json_id(struct json *j, const char *key, int64_t v)
{
	if (lead(j, key))
		buf_printf(&j->out, "\"%" PRId64 "\"", v);
}

void
json_number(struct json *j, const char *key, double v)
{
	char text[NUM_DOUBLE_SIZE];

	if (!isfinite(v))
		json_null(j, key);
	else if (lead(j, key))
		buf_puts(&j->out, num_format(v, text));
}

void
json_bool(struct json *j, const char *key, bool v)
{
	if (lead(j, key))
		buf_puts(&j->out, v ? "true" : "false");
}

void
json_null(struct json *j, const char *key)
{
	if (lead(j, key))
		buf_puts(&j->out, "null");
}

void
json_utc(struct json *j, const char *key, int64_t utc_ms)
{
	char text[CLOCK_ISO_SIZE];

	json_string(j, key, utc_ms > 0 ? clock_iso(utc_ms, text) : NULL);
}

void
json_raw(struct json *j, const char *key, const char *text, size_t len)
{
	if (lead(j, key))
		buf_add(&j->out, text, len);
}

void
json_members(struct json *j, const char *text, size_t len)
{
	if (j->failed || j->depth == 0 || j->scope[j->depth - 1] != '{' ||
	    len < 2 || text[0] != '{' || text[len - 1] != '}') {
		j->failed = true;
		return;
	}
	if (len == 2)
		return;
	if (j->comma[j->depth])
		buf_putc(&j->out, ',');
	j->comma[j->depth] = true;
	buf_add(&j->out, text + 1, len - 2);
}

void
json_newline(struct json *j)
{
	if (j->depth != 0)
		j->failed = true;
	buf_putc(&j->out, '\n');
	j->comma[0] = false;
}

const char *
json_text(const struct json *j, size_t *len)
{
	if (j->failed || j->depth != 0 || j->out.overflow)
		return NULL;
	if (len != NULL)
		*len = j->out.len;
	return j->out.data;
}

char *
json_take(struct json *j)
{
	char *text = json_text(j, NULL) != NULL ? buf_take(&j->out) : NULL;

	json_reset(j);
	return text;
}
