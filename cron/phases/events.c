/* events.c: what is told to the pages, once it is committed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cron/phases/phases.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/event.h"
#include "lib/json/json.h"

#define EVENT_MAX ((size_t)64 << 10)

static struct event *
event_new(struct app *app, enum event_type type, int64_t account)
{
	struct event *e;

	app->events = mem_room(app->events, (size_t)app->events_len,
	    &app->events_size, sizeof(*app->events));
	e = &app->events[app->events_len++];
	*e = (struct event){.type = type, .account = account};
	return e;
}

void
event_phase(struct app *app, int64_t account)
{
	(void)event_new(app, EVENT_PHASE, account);
}

/* Rendered at once: nothing in it is of later. */
void
event_alert(struct app *app, const struct judge_alert *alert)
{
	struct event *e = event_new(app, EVENT_ALERT, alert->account);
	char login[24], *subject, *key;
	struct event_alert sent = {.server = alert->server,
	    .login = login,
	    .text = alert->text,
	    .at_utc_ms = app->now_utc_ms};
	struct json j;

	alert_level_from(alert->level, &sent.level);
	snprintf(login, sizeof(login), "%" PRId64, alert->login);
	subject = mem_printf("%s/%s/%s", alert->what, alert->server, login);
	sent.key = key = alert_key(ALERT_RULES, subject);
	json_init(&j, EVENT_MAX);
	event_put_alert(&j, &sent);
	if (json_text(&j, NULL) != NULL)
		e->json = mem_strdup(json_text(&j, NULL));
	json_done(&j);
	free(subject);
	free(key);
}

void
events_drop(struct app *app)
{
	for (int i = 0; i < app->events_len; i++)
		free(app->events[i].json);
	app->events_len = 0;
}

static int
put_phase(const struct ledger_account *a, void *arg)
{
	event_put_phase(arg, a, "phases");
	return 0;
}

static void
add_phase(struct app *app, struct cache_batch *b, const struct event *e)
{
	struct json j;

	json_init(&j, EVENT_MAX);
	if (ledger_account_get(app->ledger, e->account, put_phase, &j) ==
	    LEDGER_OK) {
		cache_batch_begin(b);
		event_add(b, e->type, &j);
		cache_batch_end(b);
	}
	json_done(&j);
}

/*
 * The ledger has it. A page that missed the event sees it on its next look; the
 * alerts are kept until they are told.
 */
void
events_send(struct app *app)
{
	struct cache_batch b;

	if (app->events_len == 0 && app->untold.len == 0)
		return;
	cache_batch_init(&b);
	for (int i = 0; i < app->events_len; i++)
		if (app->events[i].json == NULL)
			add_phase(app, &b, &app->events[i]);
	untold_put(app, &b);
	if (cache_batch_run(app->cache, &b) == 0)
		untold_forget(app);
	else
		log_warnx("redis: %s: %d events not sent; alerts are kept for "
			  "the next run",
		    cache_error(app->cache), app->events_len);
	cache_batch_done(&b);
	events_drop(app);
}
