/*
 * hooks.c: events to web hooks, in the order they happened, at least once.
 *
 * Where a target stands in each source is in the ledger, and moves on in one
 * transaction once it took what was sent: changes, verdicts and payouts are the
 * ledger's, account and status those of the stream `live`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/accounts.h"
#include "cron/alerts/alerts.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/event.h"
#include "lib/redis/keys.h"

#define EACH_MAX 100
#define LIVE_MAX 1000
#define BYTES_MAX ((size_t)512 << 10)
#define BODY_MAX ((size_t)4 << 20)
#define EVENT_MAX ((size_t)256 << 10)
#define WAIT_MS 1000
/* PostgreSQL's ids are given before their transactions are committed */
#define SETTLED_MS 5000

struct hook_event {
	int64_t at_utc_ms;
	size_t number; /* keeps the order of what is of one moment */
	char *json;
};

struct payout_key {
	int64_t account, ticket;
};

struct hook {
	struct app *app;
	const struct target *target;
	struct accounts *accounts; /* read when they are needed */
	bool known;
	struct ledger_hook at; /* how far, once it took this */
	char live_id[CACHE_ID_SIZE];
	struct hook_event *events;
	size_t len, size, bytes, live_len;
	struct payout_key payouts[EACH_MAX];
	size_t payouts_len;
	struct ledger_target state;
	char *error; /* state's */
	struct post post;
	bool asked, moved;
	struct post_outcome outcome;
};

static bool
is_by_account(const struct target_filter *f)
{
	return f->firms.len + f->holders.len + f->tags.len + f->nodes.len > 0;
}

static bool
wants(const struct hook *h, enum target_event kind, const char *server,
    const char *login, const char *node)
{
	struct target any = *h->target;
	const struct notice n = {.key = "",
	    .server = server,
	    .login = login,
	    .node = node,
	    .level = ALERT_CRITICAL};
	struct notice known = n;

	if (!any.events[kind])
		return false;
	if (h->accounts->list == NULL && is_by_account(&any.filter))
		accounts_read(h->accounts, h->app->ledger);
	any.filter.some_kinds = false;
	accounts_know(h->accounts, &known);
	return accounts_want(h->accounts, &any, &known);
}

/* Begins an event; what is common to all. */
static void
begin(struct json *j, enum target_event kind, const char *id,
    const char *server, const char *login, int64_t at_utc_ms)
{
	json_init(j, EVENT_MAX);
	json_object(j, NULL);
	json_string(j, "id", id);
	json_string(j, "kind", target_event_word(kind));
	json_string(j, "server", server);
	json_string(j, "login", login);
	json_utc(j, "at_utc", at_utc_ms);
}

static void
add(struct hook *h, struct json *j, int64_t at_utc_ms)
{
	const char *text;
	size_t len;

	json_end(j);
	if ((text = json_text(j, &len)) != NULL) {
		h->events =
		    mem_room(h->events, h->len, &h->size, sizeof(*h->events));
		h->events[h->len] =
		    (struct hook_event){at_utc_ms, h->len, mem_strdup(text)};
		h->len++;
		h->bytes += len;
	}
	json_done(j);
}

/* ---- the ledger's ---- */

static int
keep_change(const struct ledger_audit *a, void *arg)
{
	static const char *const of_phase[] = {"phase", "status"};
	enum target_event kind = TARGET_EDIT;
	struct hook *h = arg;
	char id[40], login[24];
	struct json j;

	h->at.audit_id = a->id;
	h->moved = true;
	for (size_t i = 0; a->field != NULL && i < 2; i++)
		if (strcmp(a->field, of_phase[i]) == 0)
			kind = TARGET_PHASE;
	snprintf(login, sizeof(login), "%lld", (long long)a->login);
	snprintf(id, sizeof(id), "change-%lld", (long long)a->id);
	if (!wants(h, kind, a->server, login, NULL))
		return 0;
	begin(&j, kind, id, a->server, login, a->at_utc_ms);
	json_string(&j, "who", a->who);
	json_string(&j, "action", a->action);
	json_string(&j, "field", a->field);
	json_string(&j, "from", a->from);
	json_string(&j, "to", a->to);
	add(h, &j, a->at_utc_ms);
	return 0;
}

static int
keep_verdict(const struct ledger_hook_verdict *v, void *arg)
{
	struct hook *h = arg;
	char id[40], login[24];
	struct json j;

	h->at.verdict_id = v->id;
	h->moved = true;
	snprintf(login, sizeof(login), "%lld", (long long)v->login);
	snprintf(id, sizeof(id), "verdict-%lld", (long long)v->id);
	if (!wants(h, TARGET_VERDICT, v->server, login, NULL))
		return 0;
	begin(&j, TARGET_VERDICT, id, v->server, login, v->at_utc_ms);
	json_string(&j, "word", v->word);
	json_string(&j, "status", v->status);
	json_number(&j, "value", money_to_double(v->value));
	json_number(&j, "level", money_to_double(v->level));
	json_number(&j, "balance", money_to_double(v->balance));
	json_number(&j, "equity", money_to_double(v->equity));
	add(h, &j, v->at_utc_ms);
	return 0;
}

static int
keep_payout(const struct ledger_payout *p, void *arg)
{
	struct hook *h = arg;
	int64_t at = p->counts_utc_ms != 0 ? p->counts_utc_ms : p->seen_utc_ms;
	char id[64], login[24];
	struct json j;

	h->payouts[h->payouts_len++] =
	    (struct payout_key){p->account, p->ticket};
	h->moved = true;
	snprintf(login, sizeof(login), "%lld", (long long)p->login);
	snprintf(id, sizeof(id), "payout-%lld-%lld", (long long)p->account,
	    (long long)p->ticket);
	if (wants(h, TARGET_PAYOUT, p->server, login, NULL)) {
		begin(&j, TARGET_PAYOUT, id, p->server, login, at);
		json_id(&j, "ticket", p->ticket);
		json_number(&j, "amount", money_to_double(-p->amount));
		json_string(&j, "currency", p->currency);
		json_string(&j, "comment", p->comment);
		add(h, &j, at);
	}
	return h->payouts_len == EACH_MAX;
}

/* ---- of the stream ---- */

static void
keep_live(void *arg, const char *id, const char *data, size_t len)
{
	struct hook *h = arg;
	enum target_event kind;
	struct event_entry e;
	const char *node = NULL;
	char name[CACHE_ID_SIZE + 8];
	struct json j;

	if (h->live_len == LIVE_MAX || h->bytes > BYTES_MAX)
		return; /* the next time */
	snprintf(h->live_id, sizeof(h->live_id), "%s", id);
	h->moved = true;
	if (!event_read(&e, data, len) ||
	    (e.type != EVENT_ACCOUNT && e.type != EVENT_STATUS)) {
		event_done(&e);
		return;
	}
	kind = e.type == EVENT_ACCOUNT ? TARGET_ACCOUNT : TARGET_STATUS;
	jsonin_string(e.doc, "node", &node);
	if (wants(h, kind, e.server, e.login, node)) {
		snprintf(name, sizeof(name), "live-%s", id);
		begin(&j, kind, name, e.server, e.login, strtoll(id, NULL, 10));
		json_raw(&j, "event", data, len);
		add(h, &j, strtoll(id, NULL, 10));
		h->live_len++;
	}
	event_done(&e);
}

/* ---- one target ---- */

static int
keep_at(const struct ledger_hook *at, void *arg)
{
	struct hook *h = arg;

	h->at = *at;
	h->at.target = h->target->name;
	snprintf(h->live_id, sizeof(h->live_id), "%s", at->live_id);
	h->known = true;
	return 0;
}

static int
keep_state(const struct ledger_target *t, void *arg)
{
	struct hook *h = arg;

	if (strcmp(t->name, h->target->name) != 0)
		return 0;
	h->state = *t;
	h->error = t->error != NULL ? mem_strdup(t->error) : NULL;
	h->state.error = h->error;
	return 1;
}

static void
skip(void *arg, const char *id, const char *data, size_t len)
{
	(void)arg, (void)id, (void)data, (void)len;
}

/* A new one is told from now on. */
static void
begin_hook(struct hook *h)
{
	char id[CACHE_ID_SIZE] = "0-0";

	if (cache_events(h->app->cache, KEY_LIVE, id, skip, NULL) == 0 &&
	    ledger_hook_begin(h->app->ledger, h->target->name, id) == LEDGER_OK)
		log_info("target %s: events from now on", h->target->name);
}

static bool
gather(struct hook *h, int64_t now)
{
	struct ledger *l = h->app->ledger;
	const bool *events = h->target->events;
	char read_id[CACHE_ID_SIZE]; /* the reader's; live_id is what we kept */
	int64_t settled =
	    *h->app->config.ledger_url != '\0' ? now - SETTLED_MS : INT64_MAX;
	enum ledger_result r;

	r = ledger_hook_get(l, h->target->name, keep_at, h);
	if (r == LEDGER_NOT_FOUND)
		begin_hook(h);
	if (r != LEDGER_OK)
		return false;
	ledger_targets(l, keep_state, h);
	h->state.name = h->target->name;
	if (now < h->state.try_utc_ms && now >= h->state.failed_since_utc_ms)
		return false;
	if (ledger_audits_after(l, h->at.audit_id, settled, EACH_MAX,
		keep_change, h) != LEDGER_OK ||
	    ledger_verdicts_after(
		l, h->at.verdict_id, EACH_MAX, keep_verdict, h) != LEDGER_OK)
		return false;
	if (events[TARGET_PAYOUT] && ledger_payouts_untold(l, h->target->name,
					 EACH_MAX, keep_payout, h) != LEDGER_OK)
		return false;
	/* without Redis, what the ledger has is told all the same */
	if (events[TARGET_ACCOUNT] || events[TARGET_STATUS]) {
		memcpy(read_id, h->live_id, sizeof(read_id));
		cache_events(h->app->cache, KEY_LIVE, read_id, keep_live, h);
	}
	return true;
}

static int
earlier(const void *pa, const void *pb)
{
	const struct hook_event *a = pa, *b = pb;

	if (a->at_utc_ms != b->at_utc_ms)
		return a->at_utc_ms < b->at_utc_ms ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

static void
on_answer(void *arg, const struct fetch_answer *answer)
{
	struct hook *h = arg;

	post_judge(&h->outcome, h->target, answer);
}

static void
ask(struct hook *h, struct fetch *fetch, int64_t now)
{
	const struct post_site site = {.url = h->app->site,
	    .proxy = h->app->config.proxy_url,
	    .now_utc_ms = now};
	char *id = mem_printf("mt5fleet-events-%lld-%lld-%s-%zu",
	    (long long)h->at.audit_id, (long long)h->at.verdict_id, h->live_id,
	    h->payouts_len > 0 ? (size_t)h->payouts[0].ticket : 0);
	struct json j;

	qsort(h->events, h->len, sizeof(*h->events), earlier);
	json_init(&j, BODY_MAX);
	json_object(&j, NULL);
	json_string(&j, "id", id);
	json_array(&j, "events");
	for (size_t i = 0; i < h->len; i++)
		json_raw(
		    &j, NULL, h->events[i].json, strlen(h->events[i].json));
	json_end(&j);
	json_end(&j);
	if (json_text(&j, NULL) != NULL) {
		post_make_hook(
		    &h->post, h->target, &site, id, json_text(&j, NULL));
		fetch_start(fetch, &h->post.fetch, on_answer, h);
		h->asked = true;
	}
	json_done(&j);
	free(id);
}

/* It took them, or there was nothing in them for it: further by one
 * transaction. */
static void
move_on(struct hook *h, int64_t now)
{
	struct ledger *l = h->app->ledger;
	enum ledger_result r = ledger_begin(l);

	h->at.live_id = h->live_id;
	if (r == LEDGER_OK && (!h->asked || h->outcome.sent))
		r = ledger_hook_put(l, &h->at);
	for (size_t i = 0; r == LEDGER_OK && (!h->asked || h->outcome.sent) &&
			   i < h->payouts_len;
	     i++)
		r = ledger_payout_told(l, h->target->name,
		    h->payouts[i].account, h->payouts[i].ticket);
	if (h->asked && h->outcome.sent) {
		h->state.sent += (int64_t)h->len;
		h->state.sent_utc_ms = now;
		h->state.failures = h->state.failed_since_utc_ms = 0;
		h->state.try_utc_ms = 0;
		h->state.permanent = false;
		h->state.error = NULL;
	} else if (h->asked) {
		h->state.try_utc_ms =
		    now + post_wait_ms(h->state.failures, &h->outcome);
		if (h->state.failures++ == 0)
			h->state.failed_since_utc_ms = now;
		h->state.permanent = h->outcome.permanent;
		h->state.error = h->outcome.error;
		log_warnx("target %s: webhook: %s", h->target->name,
		    h->outcome.error);
	}
	if (r == LEDGER_OK && h->asked)
		r = ledger_target_put(l, &h->state);
	if (r == LEDGER_OK)
		r = ledger_commit(l);
	if (r != LEDGER_OK) {
		ledger_rollback(l);
		log_warnx("ledger: %s: events may be sent twice",
		    ledger_result_word(r));
	} else if (h->asked && h->outcome.sent)
		log_info("sent: target=%s events=%zu", h->target->name, h->len);
}

static void
hook_done(struct hook *h)
{
	for (size_t i = 0; i < h->len; i++)
		free(h->events[i].json);
	free(h->events);
	free(h->error);
	if (h->asked)
		post_done(&h->post);
	free(h->outcome.error);
}

void
hooks_run(struct app *app, int64_t now)
{
	struct accounts accounts = {.list = NULL};
	struct hook *list;
	struct fetch *fetch;
	size_t n = 0;

	for (size_t i = 0; i < app->targets.len; i++)
		n += target_is_hook(&app->targets.list[i]) &&
		     !app->targets.list[i].disabled;
	if (n == 0 || app_ledger(app) == NULL)
		return;
	if ((fetch = fetch_new((int)n, false)) == NULL)
		return;
	list = mem_new(n, sizeof(*list));
	n = 0;
	for (size_t i = 0; i < app->targets.len; i++) {
		const struct target *t = &app->targets.list[i];
		struct hook *h = &list[n];

		if (!target_is_hook(t) || t->disabled)
			continue;
		*h = (struct hook){
		    .app = app, .target = t, .accounts = &accounts};
		n++;
		if (!gather(h, now))
			h->moved = false;
		else if (h->len > 0)
			ask(h, fetch, now);
	}
	while (fetch_pending(fetch) > 0)
		fetch_run_once(fetch, WAIT_MS);
	fetch_free(fetch);
	for (size_t i = 0; i < n; i++) {
		if (list[i].moved)
			move_on(&list[i], now);
		hook_done(&list[i]);
	}
	free(list);
	accounts_done(&accounts);
}
