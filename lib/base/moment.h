/* moment.h: a UTC moment as a person or a program writes it. */
#ifndef LIB_BASE_MOMENT_H
#define LIB_BASE_MOMENT_H

#include <stdint.h>

/* "2026-06-10T22:00:05.250Z", and less of it: without fraction, seconds, "Z" or
 * time of day; a blank may stand for the T. -1: it is none. */
int moment_parse(const char *text, int64_t *utc_ms);

#endif
