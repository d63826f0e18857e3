/* retry.h: whether to ask Google again, and how long to wait first. Pure. */
#ifndef SHEETS_GOOGLE_RETRY_H
#define SHEETS_GOOGLE_RETRY_H

#include <stdint.h>

enum retry {
	RETRY_DONE,  /* answered */
	RETRY_WAIT,  /* 429, 5xx, no answer: again after a while */
	RETRY_TOKEN, /* 401: once more with a new token */
	RETRY_NEVER, /* a person must do something */
};

/* code 0: there was no answer. Every request of ours may be sent twice. */
enum retry retry_after(int code);

/*
 * The wait before try n + 1 (n from 0): 2^n s and up to a second more, never
 * above max_ms (Google's truncated exponential back-off). random: any number.
 */
int retry_wait_ms(int n, uint32_t random, int max_ms);

#define RETRY_MAX_MS 64000
#define RETRY_TRIES 8

#endif
