/*
 * num.h: the one checked parser for numbers from outside.
 *
 * The whole text must be the number: no blanks, no trailing characters, no
 * sign for unsigned types. -1 leaves *out untouched.
 */
#ifndef LIB_BASE_NUM_H
#define LIB_BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

int num_int64(const char *s, int64_t min, int64_t max, int64_t *out);
int num_int(const char *s, int min, int max, int *out);
int num_double(
    const char *s, double *out);        /* finite; '.' is the decimal point */
int num_bool(const char *s, bool *out); /* true false 1 0 yes no on off */

#define NUM_DOUBLE_SIZE 32

/* The shortest decimal text that reads back as v; v must be finite. */
const char *num_format(double v, char text[NUM_DOUBLE_SIZE]);

#endif
