/*
 * jsonin.h: JSON in, by typed getters over cJSON.
 *
 * Parse once at the edge, read into a struct, free. A getter returns false
 * and leaves *out untouched when the member is absent or of another type, or
 * o is NULL. Strings are borrowed from the document.
 */
#ifndef LIB_JSON_JSONIN_H
#define LIB_JSON_JSONIN_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One JSON value, then only white space; else NULL. */
cJSON *jsonin_parse(const char *text, size_t len);

/* Where jsonin_parse has just given up: "3: \"text from there\"", the line
 * first. */
#define JSONIN_WHERE_SIZE 80
const char *jsonin_where(
    const char *text, size_t len, char where[JSONIN_WHERE_SIZE]);

/*
 * jsonin_parse for what another machine sent, so that a value that cannot be is
 * found in its field: NaN and Infinity, which JSON does not have, become
 * numbers that are not finite, and an escaped NUL, at which a text of C would
 * end, becomes JSONIN_NUL, which no text has.
 */
cJSON *jsonin_parse_foreign(const char *text, size_t len);
#define JSONIN_NUL "\xef\xbf\xbf"

bool jsonin_string(const cJSON *o, const char *key, const char **out);
/* A whole number below 2^53, or a string of digits: ids come as either. */
bool jsonin_int64(const cJSON *o, const char *key, int64_t *out);
bool jsonin_int(const cJSON *o, const char *key, int *out);
bool jsonin_number(const cJSON *o, const char *key, double *out); /* finite */
bool jsonin_bool(const cJSON *o, const char *key, bool *out);
const cJSON *jsonin_object(const cJSON *o, const char *key); /* or NULL */
const cJSON *jsonin_array(const cJSON *o, const char *key);  /* or NULL */

#endif
