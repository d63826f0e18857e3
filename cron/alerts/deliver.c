/*
 * deliver.c: empties the outboxes. All targets are asked at the same time, none
 * waits for another; what came of it is written before the next round.
 */
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/alerts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define ROUNDS_MAX 50
#define WAIT_MS 1000
#define BATCH_MAX 500

struct row {
	int64_t id, queued_utc_ms;
	enum alert_level level;
	cJSON *doc;
	struct notice notice;
};

/* One target's. */
struct batch {
	const struct target *target;
	struct ledger_target state;
	char *error; /* state's */
	struct row *rows;
	size_t len, size;
	int64_t now, held_until;
	struct post request;
	bool asked, answered;
	struct post_outcome outcome;
};

struct round {
	struct app *app;
	struct batch *list; /* one of each target */
	size_t len;
	int64_t now;
	bool failed;
};

static void
batch_done(struct batch *b)
{
	for (size_t i = 0; i < b->len; i++)
		cJSON_Delete(b->rows[i].doc);
	if (b->asked)
		post_done(&b->request);
	free(b->outcome.error);
	free(b->rows);
	free(b->error);
}

static int
keep_state(const struct ledger_target *t, void *arg)
{
	struct round *p = arg;

	for (size_t i = 0; i < p->len; i++) {
		struct batch *b = &p->list[i];

		if (strcmp(b->target->name, t->name) != 0)
			continue;
		b->state = *t;
		b->error = t->error != NULL ? mem_strdup(t->error) : NULL;
		b->state.name = b->target->name;
		b->state.error = b->error;
	}
	return 0;
}

static int
keep_row(const struct ledger_outbox *o, void *arg)
{
	struct batch *b = arg;
	struct row r = {.id = o->id, .queued_utc_ms = o->queued_utc_ms};
	int64_t until;

	r.level = o->level >= ALERT_INFO && o->level <= ALERT_CRITICAL
		      ? (enum alert_level)o->level
		      : ALERT_CRITICAL;
	if (o->what != NOTICE_TEST && o->what != NOTICE_REPORT &&
	    target_is_quiet(b->target, r.level, b->now, &until))
		return 0;
	r.doc = jsonin_parse(o->body, strlen(o->body));
	if (!notice_read(&r.notice, r.doc)) {
		log_warnx("outbox of %s: row %lld cannot be read", o->target,
		    (long long)o->id);
		cJSON_Delete(r.doc);
		return 0;
	}
	b->rows = mem_room(b->rows, b->len, &b->size, sizeof(*b->rows));
	b->rows[b->len++] = r;
	return b->len == post_takes(b->target->type);
}

/* A clock that was set back must not make it wait until it is there again. */
static bool
may_try(const struct batch *b)
{
	return b->now >= b->state.try_utc_ms ||
	       b->now < b->state.failed_since_utc_ms;
}

static void
on_answer(void *arg, const struct fetch_answer *answer)
{
	struct batch *b = arg;

	post_judge(&b->outcome, b->target, answer);
	b->answered = true;
}

static void
ask(struct round *p, struct batch *b, struct fetch *fetch)
{
	const struct post_site site = {.url = p->app->site,
	    .proxy = p->app->config.proxy_url,
	    .now_utc_ms = p->now};
	struct notice *notices = mem_new(b->len, sizeof(*notices));
	char *id = mem_printf("mt5fleet-%lld-%lld", (long long)b->rows[0].id,
	    (long long)b->rows[b->len - 1].id);

	for (size_t i = 0; i < b->len; i++)
		notices[i] = b->rows[i].notice;
	post_make(&b->request, b->target, &site, id, notices, b->len);
	b->asked = true;
	fetch_start(fetch, &b->request.fetch, on_answer, b);
	free(notices);
	free(id);
}

static enum ledger_result
note_sent(struct round *p, struct batch *b)
{
	enum ledger_result r = LEDGER_OK;

	for (size_t i = 0; r == LEDGER_OK && i < b->len; i++)
		r = ledger_outbox_sent(p->app->ledger, b->rows[i].id, p->now);
	b->state.sent += (int64_t)b->len;
	b->state.sent_utc_ms = p->now;
	b->state.failures = b->state.failed_since_utc_ms = 0;
	b->state.try_utc_ms = 0;
	b->state.permanent = false;
	b->state.error = NULL;
	return r;
}

static enum ledger_result
note_failed(struct round *p, struct batch *b)
{
	const struct post_outcome *o = &b->outcome;
	enum ledger_result r = LEDGER_OK;

	for (size_t i = 0; o->unsure && r == LEDGER_OK && i < b->len; i++)
		r = ledger_outbox_unsure(p->app->ledger, b->rows[i].id);
	b->state.try_utc_ms = p->now + post_wait_ms(b->state.failures, o);
	if (b->state.failures++ == 0 || b->state.failed_since_utc_ms > p->now)
		b->state.failed_since_utc_ms = p->now;
	b->state.permanent = o->permanent;
	b->state.error = o->error;
	p->failed = true;
	return r;
}

/* What was told, and what was not, is on the disk before anything is asked
 * again. */
static int
note_all(struct round *p)
{
	struct ledger *l = p->app->ledger;
	enum ledger_result r = ledger_begin(l);

	for (size_t i = 0; r == LEDGER_OK && i < p->len; i++) {
		struct batch *b = &p->list[i];

		if (!b->answered)
			continue;
		r = b->outcome.sent ? note_sent(p, b) : note_failed(p, b);
		b->state.name = b->target->name;
		if (r == LEDGER_OK)
			r = ledger_target_put(l, &b->state);
	}
	if (r == LEDGER_OK)
		r = ledger_commit(l);
	if (r != LEDGER_OK) {
		ledger_rollback(l);
		log_error("ledger: %s: what was just sent may be sent twice",
		    ledger_result_word(r));
		return -1;
	}
	return 0;
}

static void
log_all(struct round *p)
{
	for (size_t i = 0; i < p->len; i++) {
		struct batch *b = &p->list[i];

		if (!b->answered)
			continue;
		if (!b->outcome.sent)
			log_warnx("target %s: %s: %s%s", b->target->name,
			    target_type_word(b->target->type), b->outcome.error,
			    b->outcome.permanent ? " (will not heal by itself)"
						 : "");
		for (size_t k = 0; b->outcome.sent && k < b->len; k++)
			log_info("sent: target=%s key=%s what=%s level=%s: %s",
			    b->target->name, b->rows[k].notice.key,
			    notice_word(b->rows[k].notice.what),
			    alert_level_word(b->rows[k].notice.level),
			    b->rows[k].notice.text);
		if (b->outcome.sent)
			p->app->told += (int64_t)b->len;
	}
}

/* How many targets were asked; -1: the ledger does not do it. */
static int
round_of(struct round *p)
{
	struct ledger *l = p->app->ledger;
	struct fetch *fetch;
	int asked = 0;

	if (ledger_targets(l, keep_state, p) != LEDGER_OK)
		return -1;
	if ((fetch = fetch_new((int)p->len, false)) == NULL)
		return -1;
	for (size_t i = 0; i < p->len; i++) {
		struct batch *b = &p->list[i];

		b->now = p->now;
		if (!may_try(b) ||
		    ledger_outbox_waiting(l, b->target->name, keep_row, b) !=
			LEDGER_OK ||
		    b->len == 0 ||
		    p->now - b->rows[0].queued_utc_ms <
			(int64_t)b->target->group_s * 1000)
			continue;
		ask(p, b, fetch);
		asked++;
	}
	while (fetch_pending(fetch) > 0)
		fetch_run_once(fetch, WAIT_MS);
	fetch_free(fetch);
	if (asked > 0) {
		if (note_all(p) == -1)
			asked = -1;
		log_all(p);
	}
	return asked;
}

/* What waits for anybody? */
static int
see_count(const struct ledger_outbox_count *c, void *arg)
{
	struct round *p = arg;
	const struct target *t = targets_find(&p->app->targets, c->target);

	if (t == NULL || t->disabled)
		return 0;
	p->list = mem_grow(p->list, p->len + 1, sizeof(*p->list));
	p->list[p->len++] = (struct batch){.target = t};
	return 0;
}

bool
deliver(struct app *app, int64_t now)
{
	struct round p = {.app = app, .now = now};
	int asked = 1;

	if (app_ledger(app) == NULL)
		return false;
	for (int i = 0; asked > 0 && i < ROUNDS_MAX; i++) {
		asked = 0;
		if (ledger_outbox_counts(app->ledger, see_count, &p) ==
			LEDGER_OK &&
		    p.len > 0)
			asked = round_of(&p);
		for (size_t k = 0; k < p.len; k++)
			batch_done(&p.list[k]);
		free(p.list);
		p.list = NULL;
		p.len = 0;
	}
	return !p.failed && asked != -1;
}

struct failing {
	const struct targets *targets;
	bool any;
};

static int
see_failing(const struct ledger_target *t, void *arg)
{
	struct failing *f = arg;
	const struct target *known = targets_find(f->targets, t->name);

	f->any |= known != NULL && !known->disabled && t->failures > 0;
	return 0;
}

bool
deliver_fails(struct app *app)
{
	struct failing f = {.targets = &app->targets};

	if (app->ledger != NULL)
		ledger_targets(app->ledger, see_failing, &f);
	return f.any;
}

/* ---- targets that are no more ---- */

struct gone {
	const struct targets *targets;
	char **names;
	size_t len, size;
};

static void
keep_gone(struct gone *g, const char *name)
{
	const struct target *t = targets_find(g->targets, name);

	/* one with a mistake is still somebody's */
	if (t != NULL)
		return;
	g->names = mem_room(g->names, g->len, &g->size, sizeof(*g->names));
	g->names[g->len++] = mem_strdup(name);
}

static int
see_gone(const struct ledger_target *t, void *arg)
{
	keep_gone(arg, t->name);
	return 0;
}

static int
see_gone_count(const struct ledger_outbox_count *c, void *arg)
{
	keep_gone(arg, c->target);
	return 0;
}

struct gone_rows {
	struct ledger *ledger;
	int64_t ids[500];
	size_t len;
};

static int
keep_id(const struct ledger_outbox *o, void *arg)
{
	struct gone_rows *g = arg;

	g->ids[g->len++] = o->id;
	return g->len == sizeof(g->ids) / sizeof(g->ids[0]);
}

void
deliver_forget_gone(struct app *app, int64_t now)
{
	struct gone g = {.targets = &app->targets};

	if (app_ledger(app) == NULL || app->targets.error != NULL)
		return; /* it may only be misspelt */
	ledger_targets(app->ledger, see_gone, &g);
	ledger_outbox_counts(app->ledger, see_gone_count, &g);
	for (size_t i = 0; i < g.len; i++) {
		struct gone_rows rows = {.ledger = app->ledger};

		ledger_outbox_waiting(app->ledger, g.names[i], keep_id, &rows);
		for (size_t k = 0; k < rows.len; k++)
			ledger_outbox_drop(app->ledger, rows.ids[k], now,
			    "its target was taken out of alerts.json");
		if (rows.len > 0)
			log_warnx("target %s is gone: %zu messages dropped",
			    g.names[i], rows.len);
		ledger_target_remove(app->ledger, g.names[i]);
		free(g.names[i]);
	}
	free(g.names);
}
