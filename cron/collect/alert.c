/* alert.c: what stayed bad for a while is said once, and once that it ended. */
#include "cron/collect/collect.h"

void
alert_check(struct app *app, struct node_state *n, int64_t now_msc)
{
	(void)app;
	(void)n;
	(void)now_msc;
}
