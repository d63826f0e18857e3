/*
 * route.c: who is told what.
 *
 * What is due goes into the outbox of each target whose filter lets it
 * through, all of it in one transaction; a notice is named by what it says of
 * which moment, so that after a crash it is not queued twice. Who was told of
 * an alert is told of its end, of it again, and may be passed by (escalation).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/accounts.h"
#include "cron/alerts/alerts.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define BODY_MAX ((size_t)128 << 10)
#define MINUTE_MS INT64_C(60000)

/* ---- what was told ---- */

struct told {
	char *target, *alert;
	struct ledger_told row;
};

struct route {
	struct app *app;
	int64_t now;
	struct accounts accounts;
	struct told *told;
	size_t told_len, told_size;
	char **acks;
	size_t acks_len, acks_size;
	enum ledger_result result;
};

static int
keep_told(const struct ledger_told *t, void *arg)
{
	struct route *r = arg;
	struct told *k;

	r->told = mem_room(r->told, r->told_len, &r->told_size, sizeof(*k));
	k = &r->told[r->told_len++];
	k->target = mem_strdup(t->target);
	k->alert = mem_strdup(t->alert);
	k->row = *t;
	k->row.target = k->target;
	k->row.alert = k->alert;
	return 0;
}

static int
keep_ack(const struct ledger_ack *a, void *arg)
{
	struct route *r = arg;

	r->acks = mem_room(r->acks, r->acks_len, &r->acks_size, sizeof(char *));
	r->acks[r->acks_len++] = mem_strdup(a->alert);
	return 0;
}

static void
route_done(struct route *r)
{
	for (size_t i = 0; i < r->told_len; i++) {
		free(r->told[i].target);
		free(r->told[i].alert);
	}
	for (size_t i = 0; i < r->acks_len; i++)
		free(r->acks[i]);
	free(r->told);
	free(r->acks);
	accounts_done(&r->accounts);
}

static const struct told *
find_told(const struct route *r, const char *target, const char *alert)
{
	for (size_t i = 0; i < r->told_len; i++)
		if (strcmp(r->told[i].alert, alert) == 0 &&
		    strcmp(r->told[i].target, target) == 0)
			return &r->told[i];
	return NULL;
}

static bool
is_acknowledged(const struct route *r, const char *alert)
{
	for (size_t i = 0; i < r->acks_len; i++)
		if (strcmp(r->acks[i], alert) == 0)
			return true;
	return false;
}

/* ---- into an outbox ---- */

/* The first thing that went wrong stays; nothing more is written then. */
static void
note(struct route *r, enum ledger_result result)
{
	if (r->result == LEDGER_OK && result != LEDGER_OK) {
		r->result = result;
		r->app->fenced |= result == LEDGER_FENCED;
		log_warnx("ledger: %s", ledger_error(r->app->ledger) != NULL
					    ? ledger_error(r->app->ledger)
					    : ledger_result_word(result));
	}
}

static void
queue(struct route *r, const struct target *t, const struct notice *n,
    const char *name)
{
	struct ledger_outbox o = {.target = t->name,
	    .notice = name,
	    .alert = n->key,
	    .what = n->what,
	    .level = n->level,
	    .queued_utc_ms = r->now};
	int64_t until;
	struct json j;

	if (r->result != LEDGER_OK)
		return;
	if (t->quiet.drop && target_is_quiet(t, n->level, r->now, &until))
		o.dropped = "quiet hours";
	json_init(&j, BODY_MAX);
	json_object(&j, NULL);
	notice_put(&j, n);
	json_end(&j);
	o.body = json_text(&j, NULL);
	if (o.body != NULL)
		note(r, ledger_outbox_add(r->app->ledger, &o));
	json_done(&j);
}

/* Of one alert what waits for one target. */
struct waiting {
	const char *alert;
	int64_t ids[16];
	size_t len;
	bool began, unsure;
};

static int
see_waiting(const struct ledger_outbox *o, void *arg)
{
	struct waiting *w = arg;

	if (strcmp(o->alert, w->alert) != 0)
		return 0;
	if (w->len < sizeof(w->ids) / sizeof(w->ids[0]))
		w->ids[w->len++] = o->id;
	w->began |= o->what != NOTICE_ENDED;
	w->unsure |= o->unsure;
	return 0;
}

static void
see(struct route *r, const struct target *t, const char *alert,
    struct waiting *w)
{
	*w = (struct waiting){.alert = alert};
	if (r->result == LEDGER_OK)
		note(r, ledger_outbox_waiting(
			    r->app->ledger, t->name, see_waiting, w));
}

/* What was known for certain not to be told needs no all-clear; what quiet
 * hours hold back is told with its end. */
static bool
was_never_told(struct route *r, const struct target *t, const struct notice *n)
{
	struct waiting w;
	int64_t until;

	if (target_is_quiet(t, n->level, r->now, &until))
		return false;
	see(r, t, n->key, &w);
	if (!w.began || w.unsure)
		return false;
	for (size_t i = 0; r->result == LEDGER_OK && i < w.len; i++)
		note(r, ledger_outbox_drop(r->app->ledger, w.ids[i], r->now,
			    "it ended before it was sent"));
	return true;
}

static void
route_end(struct route *r, struct notice *n)
{
	for (size_t i = 0; i < r->app->targets.len; i++) {
		const struct target *t = &r->app->targets.list[i];
		const struct told *told = find_told(r, t->name, n->key);
		char *name;

		if (told == NULL || r->result != LEDGER_OK)
			continue;
		n->level = (enum alert_level)told->row.level;
		if (!t->disabled && !was_never_told(r, t, n)) {
			name = mem_printf("%s|ended|%lld", n->key,
			    (long long)n->since_utc_ms);
			queue(r, t, n, name);
			free(name);
		}
		if (r->result == LEDGER_OK)
			note(r, ledger_told_remove(
				    r->app->ledger, t->name, n->key));
	}
}

static void
route_begin(struct route *r, struct notice *n, bool open)
{
	for (size_t i = 0; i < r->app->targets.len; i++) {
		const struct target *t = &r->app->targets.list[i];
		const struct ledger_told row = {.target = t->name,
		    .alert = n->key,
		    .level = n->level,
		    .began_utc_ms = r->now,
		    .last_utc_ms = r->now};
		const struct told *told;
		char *name;

		if (t->only_escalated || !t->events[TARGET_ALERTS] ||
		    !accounts_want(&r->accounts, t, n) ||
		    r->result != LEDGER_OK)
			continue;
		told = find_told(r, t->name, n->key);
		n->was = told != NULL ? (enum alert_level)told->row.level
				      : ALERT_INFO;
		name = mem_printf("%s|began|%lld|%d", n->key,
		    (long long)n->since_utc_ms, n->level);
		queue(r, t, n, name);
		free(name);
		if (open && r->result == LEDGER_OK)
			note(r, ledger_told_put(r->app->ledger, &row));
	}
	/* what was said of it before counts no more */
	if (r->result == LEDGER_OK && is_acknowledged(r, n->key))
		note(r, ledger_ack_void(r->app->ledger, n->key));
}

static int
begin(struct route *r, struct app *app, int64_t now)
{
	*r = (struct route){.app = app, .now = now};
	if (app_ledger(app) == NULL)
		return -1;
	note(r, ledger_told_list(app->ledger, keep_told, r));
	if (r->result == LEDGER_OK)
		note(r, ledger_acks(app->ledger, keep_ack, r));
	return 0;
}

static void
commit(struct route *r)
{
	if (r->result == LEDGER_OK)
		note(r, ledger_commit(r->app->ledger));
	if (r->result != LEDGER_OK)
		ledger_rollback(r->app->ledger);
}

static int
end(struct route *r)
{
	route_done(r);
	return r->result == LEDGER_OK ? 0 : -1;
}

int
route_new(struct app *app, const struct due *list, size_t len, int64_t now)
{
	struct notice n;
	struct route r;

	if (begin(&r, app, now) == -1)
		return -1;
	if (r.result == LEDGER_OK)
		note(&r, accounts_read(&r.accounts, app->ledger));
	if (r.result == LEDGER_OK)
		note(&r, ledger_begin(app->ledger));
	if (r.result != LEDGER_OK)
		return end(&r);
	for (size_t i = 0; r.result == LEDGER_OK && i < len; i++) {
		notice_of_alert(&n, list[i].alert, list[i].due);
		accounts_know(&r.accounts, &n);
		if (n.what == NOTICE_ENDED)
			route_end(&r, &n);
		else
			route_begin(&r, &n, list[i].alert->open);
	}
	commit(&r);
	return end(&r);
}

/* ---- what goes on ---- */

static void
repeat(struct route *r, const struct target *t, const struct told *told,
    const struct alert *a)
{
	struct waiting w;
	struct notice n;
	char *name;

	notice_of_alert(&n, a, ALERT_GOES_ON);
	accounts_know(&r->accounts, &n);
	see(r, t, a->key, &w);
	if (!w.began) { /* what still waits says it */
		name = mem_printf("%s|goes_on|%lld", a->key,
		    (long long)told->row.last_utc_ms);
		queue(r, t, &n, name);
		free(name);
	}
	if (r->result == LEDGER_OK)
		note(r,
		    ledger_told_again(r->app->ledger, t->name, a->key, r->now));
}

static void
escalate(struct route *r, const struct target *t, const struct told *told,
    const struct alert *a)
{
	const struct target *next =
	    targets_find(&r->app->targets, t->escalate_to);
	struct notice n;
	char *name;

	if (r->result == LEDGER_OK)
		note(r, ledger_told_escalated(r->app->ledger, t->name, a->key));
	if (next == NULL || next->disabled || r->result != LEDGER_OK)
		return;
	notice_of_alert(&n, a, ALERT_BEGAN);
	accounts_know(&r->accounts, &n);
	n.what = NOTICE_ESCALATED;
	n.from = t->name;
	n.minutes = t->escalate_min;
	name = mem_printf("%s|escalated|%s|%lld", a->key, t->name,
	    (long long)told->row.began_utc_ms);
	queue(r, next, &n, name);
	free(name);
	if (r->result == LEDGER_OK)
		note(r, ledger_told_put(r->app->ledger,
			    &(struct ledger_told){.target = next->name,
				.alert = a->key,
				.level = a->level,
				.began_utc_ms = r->now,
				.last_utc_ms = r->now}));
}

/* In a transaction of its own: there is seldom one. */
static void
in_one(struct route *r,
    void (*f)(struct route *r, const struct target *t, const struct told *told,
	const struct alert *a),
    const struct target *t, const struct told *told, const struct alert *a)
{
	if (r->result != LEDGER_OK)
		return;
	note(r, ledger_begin(r->app->ledger));
	if (r->result == LEDGER_OK && r->accounts.len == 0)
		note(r, accounts_read(&r->accounts, r->app->ledger));
	if (r->result == LEDGER_OK)
		f(r, t, told, a);
	commit(r);
}

static void
go_on(struct route *r, const struct told *told)
{
	const struct target *t =
	    targets_find(&r->app->targets, told->row.target);
	struct alert *a = alert_list_find(
			 &r->app->store.alerts, told->row.alert),
		     as_told;
	bool muted = false;

	if (t == NULL || a == NULL || !a->open) {
		/* of a target or an alert that is no more */
		if (r->now - told->row.began_utc_ms > 7 * 24 * 60 * MINUTE_MS &&
		    (a == NULL || t == NULL) && r->result == LEDGER_OK)
			note(r, ledger_told_remove(r->app->ledger,
				    told->row.target, told->row.alert));
		return;
	}
	if (t->disabled || a->due != ALERT_NOTHING ||
	    is_acknowledged(r, a->key))
		return;
	as_told = *a;
	as_told.told_utc_ms = told->row.last_utc_ms;
	if (alert_due_now(&as_told, r->now, false, false,
		t->repeat_min > 0 ? t->repeat_min * MINUTE_MS
				  : ALERT_NO_REPEAT) == ALERT_GOES_ON &&
	    app_is_muted(r->app, a, &muted) == 0 && !muted)
		in_one(r, repeat, t, told, a);
	if (t->escalate_to != NULL && !told->row.escalated &&
	    a->level >= t->escalate_level &&
	    r->now - told->row.began_utc_ms >= t->escalate_min * MINUTE_MS &&
	    app_is_muted(r->app, a, &muted) == 0 && !muted)
		in_one(r, escalate, t, told, a);
}

int
route_open(struct app *app, int64_t now)
{
	struct route r;

	if (begin(&r, app, now) == -1)
		return -1;
	for (size_t i = 0; r.result == LEDGER_OK && i < r.told_len; i++)
		go_on(&r, &r.told[i]);
	return end(&r);
}
