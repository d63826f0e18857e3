/* clock.h: wall clock, monotonic clock, UTC as text. Never for broker time. */
#ifndef LIB_BASE_CLOCK_H
#define LIB_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_utc_ms(void);  /* ms since 1970 */
int64_t clock_mono_ms(void); /* monotonic ms; never steps */

#define CLOCK_ISO_SIZE 32

/* "2026-11-21T09:56:00.123Z". */
const char *clock_iso(int64_t utc_ms, char text[CLOCK_ISO_SIZE]);

#endif
