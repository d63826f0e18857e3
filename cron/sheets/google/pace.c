/* pace.c: so many requests in any minute, and no more. Pure. */
#include "cron/sheets/google/pace.h"

int64_t
pace_wait_ms(const struct pace *p, int64_t now_mono_ms)
{
	int64_t free_mono_ms;

	if (p->len < PACE_LIMIT)
		return 0;
	free_mono_ms = p->sent_mono_ms[p->next] + PACE_SPAN_MS;
	return free_mono_ms > now_mono_ms ? free_mono_ms - now_mono_ms : 0;
}

void
pace_sent(struct pace *p, int64_t now_mono_ms)
{
	p->sent_mono_ms[p->next] = now_mono_ms;
	p->next = (p->next + 1) % PACE_LIMIT;
	if (p->len < PACE_LIMIT)
		p->len++;
}
