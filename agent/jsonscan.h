/*
 * jsonscan.h: is this JSON to the letter, and where do its members stand?
 *
 * What a terminal wrote is passed on byte for byte, so it has to be JSON for
 * the strictest reader behind us: no raw control characters, no half of a
 * surrogate pair, no leading zeros, no name twice at the top, and not deeper
 * than JSONSCAN_DEPTH_MAX.
 */
#ifndef AGENT_JSONSCAN_H
#define AGENT_JSONSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSONSCAN_DEPTH_MAX 24
#define JSONSCAN_MEMBERS_MAX 64
#define JSONSCAN_VALUES_MAX 1000000

/* A member of the object that was scanned; borrows the text. */
struct member {
	const char *name; /* as it is written, without the quotes */
	size_t name_len;
	const char *value;
	size_t len;
	size_t count; /* elements, where the value is an array or object */
};

struct members {
	struct member list[JSONSCAN_MEMBERS_MAX];
	size_t len;
};

/* One object in valid UTF-8 and nothing around it. */
bool jsonscan_object(const char *text, size_t len, struct members *out);

/* It has not so many values that they would fill the memory once parsed: 8 MiB
 * of "0,0,0," become 300 MB. */
bool jsonscan_may_parse(const char *text, size_t len);

/* NULL where there is none of that name. */
const struct member *members_find(const struct members *m, const char *name);

/* Its value begins with c: '{' '[' '"' 't' 'f' 'n'. False for NULL. */
bool member_is(const struct member *m, char c);

/* A whole number, or one in quotes; false leaves *out alone. */
bool member_int64(const struct member *m, int64_t *out);

/* The text, for the caller to free; NULL where it is none. */
char *member_text(const struct member *m);

/* It is a text and the same as this one (no escapes). */
bool member_equals(const struct member *m, const char *text);

#endif
