/* people.c: phases and meta, edited, each change in the audit. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/ledger/db.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/ledger/edit.h"
#include "lib/ledger/flows.h"
#include "lib/ledger/phase_start.h"

#define FIELD_TEXT_SIZE 32

char *
edit_copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

void
edit_current_done(struct current *c)
{
	free(c->phase);
	free(c->status);
	free(c->note);
}

enum ledger_result
edit_current(struct ledger *l, int64_t account, struct current *c)
{
	struct query q;

	memset(c, 0, sizeof(*c));
	query_init(&q, l, SQL_PERIOD_CURRENT);
	put_int(&q, account);
	c->found = query_next(&q);
	if (c->found) {
		c->p.id = take_int(&q);
		c->phase = edit_copy(take_text(&q));
		c->status = edit_copy(take_text(&q));
		c->p.started_utc_ms = take_int(&q);
		(void)take_int(&q);
		c->p.initial_balance = take_amount(&q);
		c->p.start_balance = take_amount(&q);
		c->p.start_equity = take_amount(&q);
		c->p.paused_until_utc_ms = take_int(&q);
		(void)take_text(&q);
		c->note = edit_copy(take_text(&q));
		c->p.high = take_amount(&q);
		c->p.entered_utc_ms = take_int(&q);
	}
	return query_done(&q);
}

enum ledger_result
edit_version(struct ledger *l, int64_t account, int64_t version)
{
	struct query q;
	enum ledger_result r;

	query_init(&q, l, SQL_ACCOUNT_EXISTS);
	put_int(&q, account);
	query_next(&q);
	r = query_found(&q);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_VERSION_BUMP);
	put_int(&q, account);
	put_int(&q, version);
	r = query_touch(&q);
	return r == LEDGER_NOT_FOUND ? LEDGER_CONFLICT : r;
}

const char *
edit_amount(const struct amount *a, char text[MONEY_SIZE])
{
	return a->known ? money_format(a->v, -1, text) : NULL;
}

bool
edit_differs(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a == NULL || *a == '\0') != (b == NULL || *b == '\0');
	return strcmp(a, b) != 0;
}

enum ledger_result
edit_note(const struct edit *e, const char *field, const char *from,
    const char *to, int64_t period)
{
	struct ledger_audit_new a = {.actor = e->actor,
	    .action = e->action,
	    .account = e->account,
	    .field = field,
	    .from = from,
	    .to = to,
	    .period = period};

	if (!edit_differs(from, to))
		return LEDGER_OK;
	return ledger_audit_put(e->l, &a);
}

bool
ledger_status_is_word(const char *word)
{
	static const char *const words[] = {"active", "target_reached",
	    "passed", "breached", "paused", "archived"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

/* A high that was entered is no lower than what it begins from. */
static enum ledger_result
check_high(
    const struct edit *e, const struct amount *high, const struct amount *from)
{
	char a[MONEY_SIZE], b[MONEY_SIZE], why[160];

	if (!high->known || !from->known || high->v >= from->v)
		return LEDGER_OK;
	snprintf(why, sizeof(why), "high: %s is below the initial balance %s",
	    money_format(high->v, -1, a), money_format(from->v, -1, b));
	return ledger_rejected(e->l, why);
}

/* What a new period begins with: as it is now, or as the deals say of then. */
static enum ledger_result
beginning(const struct edit *e, const struct ledger_phase_edit *edit,
    struct ledger_period *p)
{
	const struct ledger_actor *who = e->actor;
	struct amount by_deals = {false, 0};
	enum ledger_result r = LEDGER_OK;

	p->started_utc_ms = who->at_utc_ms;
	p->start_balance = who->balance;
	p->start_equity = who->equity;
	if (edit->started_utc_ms != 0) {
		p->started_utc_ms = edit->started_utc_ms;
		p->entered_utc_ms = who->at_utc_ms;
		r = phase_start_check(e, edit->started_utc_ms, 0);
		/* with what came within that second */
		if (r == LEDGER_OK)
			r = ledger_balance_at(e->l, e->account,
			    edit->started_utc_ms / 1000 * 1000 + 999,
			    &by_deals);
		p->start_balance = by_deals;
		p->start_equity.known = false;
	}
	p->initial_balance = edit->initial_balance.known ? edit->initial_balance
							 : p->start_balance;
	p->high = edit->high;
	return r == LEDGER_OK ? check_high(e, &p->high, &p->initial_balance)
			      : r;
}

static enum ledger_result
period_add(const struct edit *e, const struct ledger_phase_edit *edit,
    const struct ledger_period *p, int64_t *id)
{
	const struct ledger_actor *who = e->actor;
	struct query q;

	query_init(&q, e->l, SQL_PERIOD_ADD);
	put_int(&q, e->account);
	put_text(&q, edit->phase);
	put_text(&q, edit->status != NULL ? edit->status : "active");
	put_int(&q, p->started_utc_ms);
	put_amount(&q, &p->initial_balance);
	put_amount(&q, &p->start_balance);
	put_amount(&q, &p->start_equity);
	put_int(&q, edit->paused_until_utc_ms);
	put_text(&q, who->who);
	put_given(&q, edit->note);
	put_amount(&q, &p->high);
	put_known(&q, p->entered_utc_ms != 0, p->entered_utc_ms);
	return query_id(&q, id);
}

/* What was left by the rules of before is left no more. */
enum ledger_result
edit_rules_moved(const struct edit *e)
{
	return ledger_limits_put(e->l, e->account, NULL);
}

/* The guess of what a flow is hangs on the phase and on the rule set. */
static enum ledger_result
guess_flows(const struct edit *e)
{
	return ledger_flows_guess(e->l, e->account, 0);
}

static enum ledger_result
start_period(const struct edit *e, const struct ledger_phase_edit *edit,
    const struct current *now)
{
	struct ledger_period p = {0};
	enum ledger_result r = beginning(e, edit, &p);
	struct query q;
	int64_t id;

	if (r == LEDGER_OK && now->found) {
		query_init(&q, e->l, SQL_PERIOD_END);
		put_int(&q, p.started_utc_ms);
		put_int(&q, e->account);
		put_int(&q, now->p.id);
		r = query_run(&q);
	}
	if (r == LEDGER_OK)
		r = period_add(e, edit, &p, &id);
	if (r == LEDGER_OK)
		r = edit_note(e, "phase", now->phase, edit->phase, id);
	if (r == LEDGER_OK && edit->status != NULL && now->found)
		r = edit_note(e, "status", now->status, edit->status, id);
	return r == LEDGER_OK ? edit_rules_moved(e) : r;
}

static bool
same_amount(const struct amount *a, const struct amount *b)
{
	return a->known == b->known && (!a->known || a->v == b->v);
}

static enum ledger_result
note_period(const struct edit *e, const struct current *now,
    const struct ledger_period *new)
{
	char from[MONEY_SIZE], to[MONEY_SIZE];
	char was[CLOCK_ISO_SIZE], is[CLOCK_ISO_SIZE];
	enum ledger_result r;

	r = edit_note(e, "status", now->status, new->status, now->p.id);
	if (r == LEDGER_OK)
		r = edit_note(e, "initial_balance",
		    edit_amount(&now->p.initial_balance, from),
		    edit_amount(&new->initial_balance, to), now->p.id);
	if (r == LEDGER_OK)
		r = edit_note(e, "phase_note", now->note, new->note, now->p.id);
	if (r == LEDGER_OK)
		r = edit_note(e, "high", edit_amount(&now->p.high, from),
		    edit_amount(&new->high, to), now->p.id);
	if (r == LEDGER_OK)
		r = edit_note(e, "started",
		    clock_iso(now->p.started_utc_ms, was),
		    clock_iso(new->started_utc_ms, is), now->p.id);
	if (r == LEDGER_OK &&
	    (!same_amount(&now->p.initial_balance, &new->initial_balance) ||
		!same_amount(&now->p.high, &new->high) ||
		now->p.started_utc_ms != new->started_utc_ms))
		r = edit_rules_moved(e);
	return r;
}

/* Another beginning, another high: what was entered last is folded from. */
static enum ledger_result
new_start(const struct edit *e, const struct ledger_phase_edit *edit,
    const struct ledger_period *was, struct ledger_period *new)
{
	enum ledger_result r = LEDGER_OK;
	bool given = (edit->high.known || edit->forget_high) &&
		     !same_amount(&edit->high, &was->high);

	if (given)
		new->high = edit->high;
	if (edit->started_utc_ms != 0 &&
	    edit->started_utc_ms != was->started_utc_ms) {
		new->started_utc_ms = edit->started_utc_ms;
		given = true;
		/* an undo puts back what was good once */
		if (strcmp(e->action, "undo") != 0)
			r = phase_start_check(e, edit->started_utc_ms, was->id);
	}
	if (given)
		new->entered_utc_ms = e->actor->at_utc_ms;
	return r == LEDGER_OK ? check_high(e, &new->high, &new->initial_balance)
			      : r;
}

enum ledger_result
edit_period(const struct edit *e, const struct ledger_phase_edit *edit,
    const struct current *now)
{
	struct ledger_period new = now->p;
	struct query q;
	enum ledger_result r;

	new.status = edit->status != NULL ? edit->status : now->status;
	new.note = edit->note != NULL ? edit->note : now->note;
	if (edit->initial_balance.known || edit->forget_initial_balance)
		new.initial_balance = edit->initial_balance;
	/* the same status, said again, leaves a pause its end */
	if (edit_differs(now->status, new.status) ||
	    edit->paused_until_utc_ms != 0)
		new.paused_until_utc_ms = edit->paused_until_utc_ms;
	r = new_start(e, edit, &now->p, &new);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, e->l, SQL_PERIOD_UPDATE);
	put_int(&q, e->account);
	put_int(&q, now->p.id);
	put_text(&q, new.status);
	put_amount(&q, &new.initial_balance);
	put_int(&q, new.paused_until_utc_ms);
	put_given(&q, new.note);
	put_int(&q, new.started_utc_ms);
	put_amount(&q, &new.high);
	put_known(&q, new.entered_utc_ms != 0, new.entered_utc_ms);
	r = query_run(&q);
	return r == LEDGER_OK ? note_period(e, now, &new) : r;
}

static enum ledger_result
phase_edit(const struct edit *e, const struct ledger_phase_edit *edit)
{
	struct current now;
	enum ledger_result r = edit_current(e->l, e->account, &now);

	if (r == LEDGER_OK) {
		if (edit->phase != NULL && edit_differs(edit->phase, now.phase))
			r = start_period(e, edit, &now);
		else if (now.found)
			r = edit_period(e, edit, &now);
		else
			r = ledger_rejected(
			    e->l, "no phase is set yet: say which");
	}
	edit_current_done(&now);
	return r;
}

/* A transaction in which the version is still the one that was looked at. */
static enum ledger_result
edit_begin(const struct edit *e, int64_t version, bool *own)
{
	enum ledger_result r = ledger_own_begin(e->l, own);

	if (r == LEDGER_OK)
		return edit_version(e->l, e->account, version);
	*own = false;
	return r;
}

enum ledger_result
ledger_phase_edit(struct ledger *l, int64_t account, int64_t version,
    const struct ledger_phase_edit *edit, const struct ledger_actor *actor)
{
	struct edit e = {l, account, actor, "edit"};
	bool own;
	enum ledger_result r = edit_begin(&e, version, &own);

	if (r == LEDGER_OK)
		r = phase_edit(&e, edit);
	if (r == LEDGER_OK &&
	    (edit->phase != NULL || edit->initial_balance.known ||
		edit->forget_initial_balance || edit->started_utc_ms != 0))
		r = guess_flows(&e);
	return ledger_own_end(l, own, r);
}

/* ---- meta ---- */

const char *const edit_meta_fields[] = {
    "holder", "prop_firm", "vs_group", "note", "tags"};

enum ledger_result
edit_meta_get(struct ledger *l, int64_t account, struct meta *m)
{
	struct query q;

	memset(m, 0, sizeof(*m));
	query_init(&q, l, SQL_META_GET);
	put_int(&q, account);
	if (query_next(&q)) {
		for (int i = 0; i < EDIT_META_TEXTS; i++)
			m->text[i] = edit_copy(take_text(&q));
		m->rule_set = take_int(&q);
	}
	return query_done(&q);
}

void
edit_meta_done(struct meta *m)
{
	for (int i = 0; i < EDIT_META_TEXTS; i++)
		free(m->text[i]);
}

static enum ledger_result
note_rule_set(const struct edit *e, int64_t from, int64_t to)
{
	char was[FIELD_TEXT_SIZE], is[FIELD_TEXT_SIZE];

	snprintf(was, sizeof(was), "%" PRId64, from);
	snprintf(is, sizeof(is), "%" PRId64, to);
	return edit_note(
	    e, "rule_set", from != 0 ? was : NULL, to != 0 ? is : NULL, 0);
}

static enum ledger_result
meta_put(const struct edit *e, const char *const text[EDIT_META_TEXTS],
    int64_t rule_set)
{
	struct query q;

	query_init(&q, e->l, SQL_META_PUT);
	put_int(&q, e->account);
	for (int i = 0; i < META_TAGS; i++)
		put_given(&q, text[i]);
	put_text(&q, text[META_TAGS] != NULL && text[META_TAGS][0] != '\0'
			 ? text[META_TAGS]
			 : "[]");
	put_known(&q, rule_set != 0, rule_set);
	return query_run(&q);
}

enum ledger_result
edit_meta(const struct edit *e, const struct ledger_meta_edit *edit)
{
	const char *given[5] = {edit->holder, edit->prop_firm, edit->vs_group,
	    edit->note, edit->tags};
	struct meta now;
	enum ledger_result r = edit_meta_get(e->l, e->account, &now);
	int64_t rule_set = edit->rule_set == -1 ? now.rule_set : edit->rule_set;

	for (int i = 0; r == LEDGER_OK && i < EDIT_META_TEXTS; i++) {
		if (given[i] == NULL)
			given[i] = now.text[i];
		r = edit_note(e, edit_meta_fields[i], now.text[i], given[i], 0);
	}
	if (r == LEDGER_OK && rule_set != now.rule_set)
		r = note_rule_set(e, now.rule_set, rule_set);
	if (r == LEDGER_OK && rule_set != now.rule_set)
		r = edit_rules_moved(e);
	if (r == LEDGER_OK)
		r = meta_put(e, given, rule_set);
	edit_meta_done(&now);
	return r;
}

enum ledger_result
ledger_meta_edit(struct ledger *l, int64_t account, int64_t version,
    const struct ledger_meta_edit *edit, const struct ledger_actor *actor)
{
	struct edit e = {l, account, actor, "edit"};
	bool own;
	enum ledger_result r = edit_begin(&e, version, &own);

	if (r == LEDGER_OK)
		r = edit_meta(&e, edit);
	if (r == LEDGER_OK && edit->rule_set != -1)
		r = guess_flows(&e);
	return ledger_own_end(l, own, r);
}
