/* undo.c: what an audit row changed, put back. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/moment.h"
#include "lib/ledger/business.h"
#include "lib/ledger/db.h"
#include "lib/ledger/edit.h"
#include "lib/ledger/flows.h"
#include "lib/ledger/utc.h"
#include "lib/ledger/verdicts.h"
#include "lib/ledger/merge.h"
#include "lib/trading/money.h"

/* An audit row that may be undone, its texts copied. */
struct undoing {
	int64_t account, period;
	char *field, *from, *to;
};

static enum ledger_result
undoing_get(struct ledger *l, int64_t audit_id, struct undoing *u)
{
	struct query q;
	enum ledger_result r;
	bool found;

	memset(u, 0, sizeof(*u));
	query_init(&q, l, SQL_AUDIT_GET);
	put_int(&q, audit_id);
	found = query_next(&q);
	if (found) {
		u->account = take_int(&q);
		u->field = edit_copy(take_text(&q));
		u->from = edit_copy(take_text(&q));
		u->to = edit_copy(take_text(&q));
		u->period = take_int(&q);
	}
	r = query_done(&q);
	return r == LEDGER_OK && (!found || u->field == NULL) ? LEDGER_NOT_FOUND
							      : r;
}

/* A new phase: its period is marked undone, the one before goes on. */
static enum ledger_result
undo_phase(const struct edit *e, const struct undoing *u)
{
	struct current now;
	struct query q;
	enum ledger_result r = edit_current(e->l, e->account, &now);
	bool same = now.found && now.p.id == u->period;

	edit_current_done(&now);
	if (r != LEDGER_OK || !same)
		return r != LEDGER_OK ? r : LEDGER_CONFLICT;
	query_init(&q, e->l, SQL_PERIOD_UNDO);
	put_int(&q, e->account);
	put_int(&q, u->period);
	r = query_run(&q);
	if (r == LEDGER_OK && u->from != NULL) {
		query_init(&q, e->l, SQL_PERIOD_REOPEN);
		put_int(&q, e->account);
		put_int(&q, u->period);
		r = query_run(&q);
	}
	if (r == LEDGER_OK)
		r = edit_rules_moved(e);
	return r == LEDGER_OK ? edit_note(e, "phase", u->to, u->from, 0) : r;
}

static enum ledger_result
undo_in_period(const struct edit *e, const struct undoing *u)
{
	struct ledger_phase_edit edit = {0};
	char text[MONEY_SIZE], moment[CLOCK_ISO_SIZE];
	const char *is;
	struct current now;
	enum ledger_result r = edit_current(e->l, e->account, &now);

	if (strcmp(u->field, "status") == 0) {
		is = now.status;
		edit.status = u->from;
	} else if (strcmp(u->field, "phase_note") == 0) {
		is = now.note;
		edit.note = u->from != NULL ? u->from : "";
	} else if (strcmp(u->field, "started") == 0) {
		is = clock_iso(now.p.started_utc_ms, moment);
		if (u->from == NULL ||
		    moment_parse(u->from, &edit.started_utc_ms) == -1)
			r = LEDGER_NOT_FOUND;
	} else if (strcmp(u->field, "high") == 0) {
		is = edit_amount(&now.p.high, text);
		edit.high.known = u->from != NULL &&
				  money_from_text(u->from, &edit.high.v) == 0;
		edit.forget_high = !edit.high.known;
	} else {
		is = edit_amount(&now.p.initial_balance, text);
		edit.initial_balance.known =
		    u->from != NULL &&
		    money_from_text(u->from, &edit.initial_balance.v) == 0;
		edit.forget_initial_balance = !edit.initial_balance.known;
	}
	/* what was said of a period is not said of the next */
	if (r == LEDGER_OK &&
	    (!now.found || (u->period != 0 && u->period != now.p.id) ||
		edit_differs(is, u->to)))
		r = LEDGER_CONFLICT;
	if (r == LEDGER_OK)
		r = edit_period(e, &edit, &now);
	edit_current_done(&now);
	return r;
}

static enum ledger_result
undo_rule_set(
    const struct edit *e, const struct undoing *u, const struct meta *now)
{
	struct ledger_meta_edit edit = {.rule_set = 0};

	if (now->rule_set != (u->to != NULL ? atoll(u->to) : 0))
		return LEDGER_CONFLICT;
	if (u->from != NULL)
		edit.rule_set = atoll(u->from);
	return edit_meta(e, &edit);
}

static enum ledger_result
undo_meta(const struct edit *e, const struct undoing *u)
{
	struct ledger_meta_edit edit = {.rule_set = -1};
	const char **slot[EDIT_META_TEXTS] = {&edit.holder, &edit.prop_firm,
	    &edit.vs_group, &edit.note, &edit.tags};
	struct meta now;
	enum ledger_result r = edit_meta_get(e->l, e->account, &now);
	int field = 0;

	while (field < EDIT_META_TEXTS &&
	       strcmp(edit_meta_fields[field], u->field) != 0)
		field++;
	if (r == LEDGER_OK && field == EDIT_META_TEXTS)
		r = undo_rule_set(e, u, &now);
	else if (r == LEDGER_OK && edit_differs(now.text[field], u->to))
		r = LEDGER_CONFLICT;
	else if (r == LEDGER_OK) {
		*slot[field] = u->from != NULL ? u->from : "";
		r = edit_meta(e, &edit);
	}
	edit_meta_done(&now);
	return r;
}

static enum ledger_result
undo(const struct edit *e, const struct undoing *u)
{
	static const char *const in_period[] = {
	    "status", "phase_note", "initial_balance", "high", "started"};

	if (business_field_is(u->field))
		return business_undo(e->l, u->field, u->to, e->actor);
	if (flow_field_is(u->field))
		return flow_undo(e, u->field, u->from, u->to);
	if (strcmp(u->field, "phase") == 0)
		return undo_phase(e, u);
	if (verdict_field_is(u->field))
		return verdict_undo(e, u->field, u->from, u->to);
	for (int i = 0; i < 5; i++)
		if (strcmp(u->field, in_period[i]) == 0)
			return undo_in_period(e, u);
	if (strcmp(u->field, "merge") == 0)
		return ledger_merge_undo(e, u->to != NULL ? u->to : "");
	if (strcmp(u->field, "name") == 0)
		return ledger_rename_undo(e, u->from, u->to);
	if (strcmp(u->field, "void") == 0)
		return ledger_void_undo(e, u->to);
	return undo_meta(e, u);
}

static enum ledger_result
undo_of_no_account(
    struct ledger *l, const struct undoing *u, const struct ledger_actor *actor)
{
	size_t len = strlen(ZONE_AUDIT_FIELD);

	if (business_field_is(u->field))
		return business_undo(l, u->field, u->to, actor);
	if (strncmp(u->field, ZONE_AUDIT_FIELD, len) != 0)
		return LEDGER_NOT_FOUND;
	return zone_undo(l, u->field + len, u->from, u->to, actor);
}

enum ledger_result
ledger_undo(
    struct ledger *l, int64_t audit_id, const struct ledger_actor *actor)
{
	struct edit e = {l, 0, actor, "undo"};
	struct undoing u;
	struct query q;
	enum ledger_result r;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = undoing_get(l, audit_id, &u);
	e.account = u.account;
	if (r == LEDGER_OK && u.account == 0)
		r = undo_of_no_account(l, &u, actor);
	else if (r == LEDGER_OK) {
		r = edit_version(l, u.account, LEDGER_ANY_VERSION);
		if (r == LEDGER_OK)
			r = undo(&e, &u);
		if (r == LEDGER_OK)
			r = ledger_flows_guess(l, u.account, 0);
	}
	if (r == LEDGER_OK) {
		query_init(&q, l, SQL_AUDIT_UNDONE);
		put_int(&q, audit_id);
		r = query_run(&q);
	}
	free(u.field);
	free(u.from);
	free(u.to);
	return ledger_own_end(l, own, r);
}
