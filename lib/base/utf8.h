/* utf8.h: validates UTF-8: shortest form, no surrogates, to U+10FFFF. */
#ifndef LIB_BASE_UTF8_H
#define LIB_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Length of the character at s (1..4); 0: invalid. */
size_t utf8_length(const char *s, size_t len);

bool utf8_valid(const char *s, size_t len);

/*
 * Copies what fits into size bytes, the ending NUL included; what does not is
 * cut between characters, never inside one. False: it was cut.
 */
bool utf8_copy(char *to, size_t size, const char *s);

#endif
