/* pace.h: so many requests in any minute, and no more. Pure. */
#ifndef SHEETS_GOOGLE_PACE_H
#define SHEETS_GOOGLE_PACE_H

#include <stdint.h>

/* Google counts 60 in a minute of its clock; ours leaves it some room. */
#define PACE_LIMIT 50
#define PACE_SPAN_MS 61000

struct pace {
	int64_t sent_mono_ms[PACE_LIMIT]; /* the last ones, a ring */
	int next, len;
};

/* How long to wait before one more may be sent at now; 0: none. */
int64_t pace_wait_ms(const struct pace *p, int64_t now_mono_ms);
void pace_sent(struct pace *p, int64_t now_mono_ms);

#endif
