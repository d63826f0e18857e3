/* edit.c: changes to one account in the ledger. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/edit.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/utf8.h"
#include "lib/fleet/event.h"
#include "lib/fleet/phase_json.h"
#include "lib/fleet/view.h"

#define EVENT_MAX ((size_t)64 * 1024)
#define PHASE_MAX 32
#define TEXT_MAX 200
#define NOTE_MAX 4000

const char *const edit_statuses[] = {
    "active", "target_reached", "passed", "breached", "paused", "archived"};
const size_t edit_statuses_len =
    sizeof(edit_statuses) / sizeof(edit_statuses[0]);

static const struct view_row *
row_of(const struct view *v, const char *server, int64_t login)
{
	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *row = &v->rows[i];

		if (account_key_is(row->server, row->login, server, login))
			return row;
	}
	return NULL;
}

/* The account's ledger row; created when so far only Redis knows it. */
static enum ledger_result
find_or_make(struct app *app, const struct view_row *row, struct subject *s)
{
	const struct ledger_seen seen = {.server = s->server,
	    .login = s->login,
	    .node = row != NULL ? row->node->id : NULL,
	    .currency_digits = -1,
	    .trade_mode = -1,
	    .margin_mode = -1,
	    .leverage = -1};
	enum ledger_result r =
	    ledger_account_find(app_ledger(app), s->server, s->login, &s->id);

	if (r == LEDGER_NOT_FOUND && row != NULL)
		r = ledger_account_seen(app->ledger, &seen, &s->id);
	return r;
}

bool
subject_find(struct app *app, const struct request *req, struct response *res,
    const char *server, int64_t login, struct subject *s)
{
	const struct view_row *row;
	struct view v;
	enum ledger_result r;

	*s = (struct subject){.server = server, .login = login};
	s->actor.who = req->user.name;
	s->actor.at_utc_ms = clock_utc_ms();
	if (!app_may_see(app, req, server, login)) {
		response_error(
		    res, 404, "not_found", "no such account: %s", server);
		return false;
	}
	fleet_refresh(&app->fleet, &app->config);
	if (view_read(&v, &app->fleet, app->cache, app->config.cache_ttl_s) ==
	    -1) {
		app_cache_failed(app, res);
		view_done(&v);
		return false;
	}
	row = row_of(&v, server, login);
	if (row != NULL && status_is_live(row->status) && row->money_known) {
		s->actor.balance = (struct amount){true, row->balance};
		s->actor.equity = (struct amount){true, row->equity};
	}
	r = find_or_make(app, row, s);
	if (r == LEDGER_NOT_FOUND)
		response_error(
		    res, 404, "not_found", "no such account: %s", server);
	else if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	view_done(&v);
	return r == LEDGER_OK;
}

bool
subject_of_path(struct app *app, const struct request *req,
    struct response *res, struct subject *s)
{
	const char *server;
	int64_t login;

	if (request_account(req, &server, &login))
		return subject_find(app, req, res, server, login, s);
	response_error(res, 400, "bad_request",
	    "login is not a number: \"%.40s\"", request_var(req, "login"));
	return false;
}

enum ledger_result
edit_store(
    struct app *app, const struct subject *s, const struct edit_fields *f)
{
	struct ledger *l = app_ledger(app);
	int64_t version = f->version;
	enum ledger_result r = ledger_begin(l);

	if (r == LEDGER_OK && f->phase_given) {
		r = ledger_phase_edit(l, s->id, version, &f->phase, &s->actor);
		version = LEDGER_ANY_VERSION; /* it was the one, and moved */
	}
	if (r == LEDGER_OK && f->meta_given)
		r = ledger_meta_edit(l, s->id, version, &f->meta, &s->actor);
	if (r == LEDGER_OK)
		r = ledger_commit(l);
	if (r != LEDGER_OK)
		ledger_rollback(l);
	return r;
}

static int
ignore_rule_set(const struct ledger_rule_set *r, void *arg)
{
	(void)r;
	(void)arg;
	return 0;
}

bool
edit_rules_are_there(
    struct app *app, const struct edit_fields *f, char why[EDIT_WHY_SIZE])
{
	int64_t id = f->meta.rule_set;

	if (!f->meta_given || id <= 0 ||
	    ledger_rule_set_get(app_ledger(app), id, ignore_rule_set, NULL) !=
		LEDGER_NOT_FOUND)
		return true;
	snprintf(why, EDIT_WHY_SIZE, "no such rule set: %" PRId64, id);
	return false;
}

struct putting {
	struct json *j;
	const char *key;
};

static int
put_phase(const struct ledger_account *a, void *arg)
{
	const struct putting *p = arg;

	phase_json(p->j, p->key, a);
	return 0;
}

enum ledger_result
edit_put_phase(
    struct app *app, int64_t account, struct json *j, const char *key)
{
	struct putting p = {j, key};

	return ledger_account_get(app_ledger(app), account, put_phase, &p);
}

static int
put_event(const struct ledger_account *a, void *arg)
{
	const struct putting *p = arg;

	event_put_phase(p->j, a, p->key);
	return 0;
}

void
edit_tell(struct app *app, const struct subject *s)
{
	struct cache_batch b;
	struct json j;
	struct putting p = {&j, s->actor.who};

	json_init(&j, EVENT_MAX);
	if (ledger_account_get(app_ledger(app), s->id, put_event, &p) ==
	    LEDGER_OK) {
		cache_batch_init(&b);
		cache_batch_begin(&b);
		event_add(&b, EVENT_PHASE, &j);
		cache_batch_end(&b);
		if (cache_batch_run(app->cache, &b) == -1)
			log_warnx("redis: %s", cache_error(app->cache));
		cache_batch_done(&b);
	}
	json_done(&j);
}

void
edit_conflict(struct app *app, const struct subject *s, struct response *res)
{
	struct json *j = &res->json;

	res->status = 409;
	json_object(j, NULL);
	json_object(j, "error");
	json_string(j, "code", "conflict");
	json_string(j, "message",
	    "changed by somebody else, or \"version\" is missing");
	json_end(j);
	if (edit_put_phase(app, s->id, j, "current") != LEDGER_OK)
		json_null(j, "current");
	json_end(j);
}

void
edit_result(struct app *app, struct response *res, const struct subject *s,
    enum ledger_result r)
{
	struct json *j = &res->json;

	if (r == LEDGER_CONFLICT) {
		edit_conflict(app, s, res);
		return;
	}
	if (r == LEDGER_REJECTED) {
		response_error(
		    res, 400, "bad_request", "%s", ledger_reason(app->ledger));
		return;
	}
	if (r == LEDGER_OK) {
		edit_tell(app, s);
		json_object(j, NULL);
		r = edit_put_phase(app, s->id, j, "phase");
		json_end(j);
	}
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

void
edit_answer(struct app *app, struct response *res, const struct subject *s,
    const struct edit_fields *f)
{
	char why[EDIT_WHY_SIZE];

	if (!edit_fields_are_good(f, why) || !edit_rules_are_there(app, f, why))
		response_error(res, 400, "bad_request", "%s", why);
	else
		edit_result(app, res, s, edit_store(app, s, f));
}

bool
edit_word_is_good(
    const char *field, const char *text, size_t max, char why[EDIT_WHY_SIZE])
{
	if (text == NULL)
		return true;
	if (strlen(text) > max) {
		snprintf(
		    why, EDIT_WHY_SIZE, "%s: at most %zu bytes", field, max);
		return false;
	}
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 &&
		    (*p != '\n' || strcmp(field, "note") != 0) && *p != '\r' &&
		    *p != '\t') {
			snprintf(why, EDIT_WHY_SIZE,
			    "%s: contains a control character", field);
			return false;
		}
	return true;
}

bool
edit_status_is_good(const char *text, char why[EDIT_WHY_SIZE])
{
	if (text == NULL)
		return true;
	for (size_t i = 0; i < edit_statuses_len; i++)
		if (strcmp(edit_statuses[i], text) == 0)
			return true;
	snprintf(why, EDIT_WHY_SIZE,
	    "status: active, target_reached, passed, breached, paused or "
	    "archived, not \"%.60s\"",
	    text);
	return false;
}

bool
edit_fields_are_good(const struct edit_fields *f, char why[EDIT_WHY_SIZE])
{
	const struct ledger_meta_edit *m = &f->meta;

	if (f->phase.phase != NULL && *f->phase.phase == '\0') {
		snprintf(why, EDIT_WHY_SIZE, "phase: must not be empty");
		return false;
	}
	return edit_word_is_good("phase", f->phase.phase, PHASE_MAX, why) &&
	       edit_status_is_good(f->phase.status, why) &&
	       edit_word_is_good("holder", m->holder, TEXT_MAX, why) &&
	       edit_word_is_good("prop_firm", m->prop_firm, TEXT_MAX, why) &&
	       edit_word_is_good("vs_group", m->vs_group, TEXT_MAX, why) &&
	       edit_word_is_good("note", m->note, NOTE_MAX, why);
}
