/*
 * money.h: amounts as whole multiples of 1e-8, so that sums are exact.
 *
 * An amount is an int64_t: 6047.22 is 604722000000. It reaches to
 * +-92 233 720 368. Every function answers -1 and leaves *out untouched
 * where the amount cannot be held. Digits of a currency are for the edge:
 * give them to money_format.
 */
#ifndef LIB_TRADING_MONEY_H
#define LIB_TRADING_MONEY_H

#include <stdint.h>

#define MONEY_ONE INT64_C(100000000)
#define MONEY_DIGITS 8
#define MONEY_SIZE 32

/*
 * What MT5 meant by that double: its shortest decimal text, rounded to 8
 * decimals (half away from zero).
 */
int money_from_double(double v, int64_t *out);

/* "-12.5": decimals behind the eighth must be zeros, no exponent, no blank. */
int money_from_text(const char *s, int64_t *out);

double money_to_double(int64_t v);

/* digits 0 to 8, rounded half away from zero; -1: as many as it needs. */
const char *money_format(int64_t v, int digits, char text[MONEY_SIZE]);

/* *sum += v. */
int money_add(int64_t *sum, int64_t v);

int64_t money_max(int64_t a, int64_t b);
int64_t money_min(int64_t a, int64_t b);

#endif
