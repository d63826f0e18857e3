/* pace.c: so many requests in any minute, and no more. Pure. */
#include "cron/sheets/google/pace.h"

int64_t
pace_wait_ms(const struct pace *p, int64_t now_msc)
{
	int64_t free_msc;

	if (p->len < PACE_LIMIT)
		return 0;
	free_msc = p->sent_msc[p->next] + PACE_SPAN_MS;
	return free_msc > now_msc ? free_msc - now_msc : 0;
}

void
pace_sent(struct pace *p, int64_t now_msc)
{
	p->sent_msc[p->next] = now_msc;
	p->next = (p->next + 1) % PACE_LIMIT;
	if (p->len < PACE_LIMIT)
		p->len++;
}
