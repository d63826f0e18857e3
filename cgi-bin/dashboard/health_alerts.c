/*
 * health_alerts.c: can people be told of alerts? How many targets there are and
 * how many fail; which, and why, for who may read.
 */
#include "cgi-bin/dashboard/app.h"

struct counts {
	struct json *list; /* NULL: only count */
	int targets, failing;
	int64_t waiting;
};

static int
count(const struct ledger_target *t, void *arg)
{
	struct counts *c = arg;

	c->targets++;
	c->waiting += t->waiting;
	if (t->failures == 0)
		return 0;
	c->failing++;
	if (c->list == NULL)
		return 0;
	json_object(c->list, NULL);
	json_string(c->list, "name", t->name);
	json_string(c->list, "error", t->error);
	json_bool(c->list, "permanent", t->permanent);
	json_utc(c->list, "failed_since_utc", t->failed_since_utc_ms);
	json_utc(c->list, "try_utc", t->try_utc_ms);
	json_int(c->list, "waiting", t->waiting);
	json_end(c->list);
	return 0;
}

int
health_put_alerts(struct json *j, struct app *app, bool may_read)
{
	struct ledger *l = facts_ledger(&app->source);
	struct counts c = {.list = NULL}, again;

	if (l == NULL || ledger_targets(l, count, &c) != LEDGER_OK) {
		json_null(j, "alerts");
		return 0;
	}
	json_object(j, "alerts");
	json_int(j, "targets", c.targets);
	json_int(j, "failing", c.failing);
	json_int(j, "waiting", c.waiting);
	if (may_read) {
		again = (struct counts){.list = j};
		json_array(j, "which");
		ledger_targets(l, count, &again);
		json_end(j);
	} else
		json_null(j, "which");
	json_end(j);
	return c.failing;
}
