/*
 * json.h: JSON writer that tracks its nesting.
 *
 * Every call takes the member's name, or NULL inside an array and at the
 * top. Errors are sticky (over the cap, unbalanced scopes): check once by
 * json_text(), which then is NULL. Text that is not
 * UTF-8 has each bad byte replaced by U+FFFD. No line feed is ever written
 * unless json_newline() asks for it.
 */
#ifndef LIB_JSON_JSON_H
#define LIB_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

#define JSON_DEPTH_MAX 16

struct json {
	struct buf out;
	char scope[JSON_DEPTH_MAX]; /* '{' or '[' */
	bool comma[JSON_DEPTH_MAX];
	int depth;
	bool failed;
};

void json_init(struct json *j, size_t cap);
void json_done(struct json *j);
void json_reset(struct json *j);

void json_object(struct json *j, const char *key); /* { */
void json_array(struct json *j, const char *key);  /* [ */
void json_end(struct json *j);                     /* } or ] */

void json_string(
    struct json *j, const char *key, const char *s); /* NULL: null */
void json_int(struct json *j, const char *key, int64_t v);
void json_id(struct json *j, const char *key, int64_t v); /* as a string */
void json_number(
    struct json *j, const char *key, double v); /* nan, inf: null */
void json_bool(struct json *j, const char *key, bool v);
void json_null(struct json *j, const char *key);
void json_utc(struct json *j, const char *key, int64_t utc_ms); /* <= 0: null */

/* JSON made by someone who knew what they did; not looked at. */
void json_raw(struct json *j, const char *key, const char *text, size_t len);

/* The members of an object that stands in text ("{…}"), put into this one. */
void json_members(struct json *j, const char *text, size_t len);

/* Between two top-level values of newline-delimited JSON. */
void json_newline(struct json *j);

/* The text so far, all scopes closed; NULL when anything went wrong. */
const char *json_text(const struct json *j, size_t *len);

/* The same for the caller to free; the writer is empty again. */
char *json_take(struct json *j);

/* JSON string escaping of s[0..len), without the quotes, into b. */
void json_escape(struct buf *b, const char *s, size_t len);

#endif
