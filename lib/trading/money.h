/*
 * money.h: amounts as whole multiples of 1e-8, so that sums are exact.
 *
 * An amount is a money_t of 128 bits: 6047.22 is 604722000000. One unit for
 * all currencies, since an amount then means the same wherever it stands, and
 * 8 decimals are what BTC needs; 64 bits of it end at 92 billion, which is
 * 3.6 million dollars in VND. A scale for each account would fit in 64 bits,
 * but then each function had to be told it, and one that was not would be
 * wrong by powers of ten without a word. With 128 bits the compiler finds
 * every place that is too narrow, and no sum of deals can overflow.
 *
 * A single amount is at most MONEY_LIMIT: a JSON number carries 15 digits.
 * Every function answers -1 and leaves *out untouched where the amount cannot
 * be held. Digits of a currency are for the edge: give them to money_format.
 */
#ifndef LIB_TRADING_MONEY_H
#define LIB_TRADING_MONEY_H

#include <stdint.h>

/* A name of its own, since C has none for it without an extension. */
__extension__ typedef __int128 money_t;

#define MONEY_ONE INT64_C(100000000)
#define MONEY_DIGITS 8
#define MONEY_SIZE 48
#define MONEY_LIMIT 1e15

/*
 * What MT5 meant by that double: its shortest decimal text, rounded to 8
 * decimals (half away from zero).
 */
int money_from_double(double v, money_t *out);

/* "-12.5": decimals behind the eighth must be zeros, no exponent, no blank. */
int money_from_text(const char *s, money_t *out);

double money_to_double(money_t v);

/* digits 0 to 8, rounded half away from zero; -1: as many as it needs. */
const char *money_format(money_t v, int digits, char text[MONEY_SIZE]);

/* "604722000000": the whole 1e-8, for what stores them. */
const char *money_to_units(money_t v, char text[MONEY_SIZE]);
int money_from_units(const char *s, money_t *out);

/* *sum += v. */
int money_add(money_t *sum, money_t v);

money_t money_max(money_t a, money_t b);
money_t money_min(money_t a, money_t b);

/* v * part / whole, cut towards zero; 0 where whole is 0. */
money_t money_share(money_t v, money_t part, money_t whole);

#endif
