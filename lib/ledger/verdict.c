/* verdict.c: verdicts, kept for good, and those that an admin annulled. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/ledger/db.h"
#include "lib/ledger/edit.h"
#include "lib/ledger/verdicts.h"

#define FIELD "verdict "
#define ANNULLED "annulled: "

enum ledger_result
ledger_verdict_add(struct ledger *l, const struct ledger_verdict *v)
{
	struct query q;

	query_init(&q, l, SQL_VERDICT_ADD);
	put_int(&q, v->account);
	put_int(&q, v->period);
	put_int(&q, v->at_utc_ms);
	put_text(&q, v->word);
	put_text(&q, v->status);
	put_money(&q, v->seen.value);
	put_money(&q, v->seen.level);
	put_money(&q, v->seen.balance);
	put_money(&q, v->seen.equity);
	put_money(&q, v->seen.low);
	put_money(&q, v->seen.baseline);
	put_int(&q, v->seen.estimated);
	put_text(&q, v->rules);
	put_given(&q, v->evidence);
	return query_write(&q);
}

static void
take_verdict(struct query *q, struct ledger_verdict *v)
{
	memset(v, 0, sizeof(*v));
	v->id = take_int(q);
	v->account = take_int(q);
	v->period = take_int(q);
	v->at_utc_ms = v->seen.at_utc_ms = take_int(q);
	v->word = take_text(q);
	v->status = take_text(q);
	(void)rule_seen_from(v->word, &v->seen);
	v->seen.value = take_money(q);
	v->seen.level = take_money(q);
	v->seen.balance = take_money(q);
	v->seen.equity = take_money(q);
	v->seen.low = take_money(q);
	v->seen.baseline = take_money(q);
	v->seen.estimated = take_int(q) != 0;
	v->rules = take_text(q);
	v->evidence = take_text(q);
	v->annulled_utc_ms = take_int(q);
	v->annulled_by = take_text(q);
	v->annulled_why = take_text(q);
}

enum ledger_result
ledger_verdicts(
    struct ledger *l, int64_t account, ledger_verdict_fn fn, void *arg)
{
	struct ledger_verdict v;
	struct query q;

	query_init(&q, l, SQL_VERDICT_LIST);
	put_int(&q, account);
	while (query_next(&q)) {
		take_verdict(&q, &v);
		if (fn(&v, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* ---- annulled ---- */

enum ledger_result
ledger_annulled(struct ledger *l, int64_t account, int64_t period,
    ledger_annulled_fn fn, void *arg)
{
	struct ledger_annulled a;
	struct query q;

	query_init(&q, l, SQL_VERDICT_ANNULLED_LIST);
	put_int(&q, account);
	put_int(&q, period);
	while (query_next(&q)) {
		a.verdict = take_int(&q);
		a.at_utc_ms = take_int(&q);
		a.word = take_text(&q);
		a.annulled_utc_ms = take_int(&q);
		if (fn(&a, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* What is known of one, its texts copied. */
struct one {
	int64_t period;
	char *word, *status, *by, *why;
};

static void
one_done(struct one *o)
{
	free(o->word);
	free(o->status);
	free(o->by);
	free(o->why);
}

static enum ledger_result
find(const struct edit *e, int64_t id, struct one *o)
{
	struct ledger_verdict v;
	struct query q;
	bool found = false;

	memset(o, 0, sizeof(*o));
	query_init(&q, e->l, SQL_VERDICT_LIST);
	put_int(&q, e->account);
	while (!found && query_next(&q)) {
		take_verdict(&q, &v);
		if ((found = v.id == id))
			*o = (struct one){.period = v.period,
			    .word = edit_copy(v.word),
			    .status = edit_copy(v.status),
			    .by = edit_copy(v.annulled_by),
			    .why = edit_copy(v.annulled_why)};
	}
	return found ? query_done(&q) : query_found(&q);
}

/* A target that was reached before and stands is still reached. */
static enum ledger_result
status_without(const struct edit *e, const struct one *o, const char **status)
{
	struct query q;

	*status = "active";
	query_init(&q, e->l, SQL_VERDICT_TARGET);
	put_int(&q, e->account);
	put_int(&q, o->period);
	if (query_next(&q) && edit_differs(o->word, "target_reached"))
		*status = "target_reached";
	return query_done(&q);
}

/* The status that the verdict gave, where nobody gave another one since. */
static enum ledger_result
move_status(const struct edit *e, const struct one *o, bool annulled)
{
	struct ledger_phase_edit edit = {.status = o->status};
	const char *without = "active", *from;
	struct current now;
	enum ledger_result r = edit_current(e->l, e->account, &now);

	if (r == LEDGER_OK)
		r = status_without(e, o, &without);
	from = annulled ? o->status : without;
	if (annulled)
		edit.status = without;
	/* a pause that is restored may be over: it stays as it is */
	if (r == LEDGER_OK && now.found && now.p.id == o->period &&
	    !edit_differs(now.status, from) &&
	    (annulled || edit_differs(o->status, "paused")))
		r = edit_period(e, &edit, &now);
	edit_current_done(&now);
	return r;
}

static enum ledger_result
put_annulled(const struct edit *e, int64_t id, const char *reason)
{
	struct query q;

	query_init(
	    &q, e->l, reason != NULL ? SQL_VERDICT_ANNUL : SQL_VERDICT_RESTORE);
	put_int(&q, e->account);
	put_int(&q, id);
	if (reason != NULL) {
		put_int(&q, e->actor->at_utc_ms);
		put_text(&q, e->actor->who);
		put_text(&q, reason);
	}
	return query_run(&q);
}

static enum ledger_result
refuse(struct ledger *l, char *why)
{
	enum ledger_result r = ledger_rejected(l, why);

	free(why);
	return r;
}

static enum ledger_result
annul(const struct edit *e, int64_t id, const char *reason)
{
	char field[40], *was = NULL, *is = NULL;
	struct one o;
	enum ledger_result r = find(e, id, &o);

	if (r == LEDGER_OK && reason != NULL && o.why != NULL)
		r = refuse(
		    e->l, mem_printf("verdict %" PRId64
				     " was annulled by %s already: %.100s",
			      id, o.by, o.why));
	else if (r == LEDGER_OK && reason == NULL && o.why == NULL)
		r = refuse(e->l,
		    mem_printf("verdict %" PRId64 " is not annulled", id));
	if (r == LEDGER_OK)
		r = put_annulled(e, id, reason);
	if (r == LEDGER_OK) {
		snprintf(field, sizeof(field), FIELD "%" PRId64, id);
		was = mem_printf("%s: %s", o.word, o.status);
		is = mem_printf(ANNULLED "%s", reason != NULL ? reason : o.why);
		r = edit_note(e, field, reason != NULL ? was : is,
		    reason != NULL ? is : was, o.period);
	}
	if (r == LEDGER_OK)
		r = move_status(e, &o, reason != NULL);
	if (r == LEDGER_OK)
		r = edit_rules_moved(e);
	free(was);
	free(is);
	one_done(&o);
	return r;
}

enum ledger_result
ledger_verdict_annul(struct ledger *l, int64_t account, int64_t version,
    int64_t id, const char *reason, const struct ledger_actor *actor)
{
	struct edit e = {l, account, actor, "edit"};
	enum ledger_result r;
	bool own;

	if (reason != NULL && reason[strspn(reason, " \t\r\n")] == '\0')
		return ledger_rejected(l, "a reason is needed");
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = edit_version(l, account, version);
	if (r == LEDGER_OK)
		r = annul(&e, id, reason);
	return ledger_own_end(l, own, r);
}

bool
verdict_field_is(const char *field)
{
	return strncmp(field, FIELD, strlen(FIELD)) == 0;
}

/* `to` is what the row made of it: the other way about now. */
enum ledger_result
verdict_undo(
    const struct edit *e, const char *field, const char *from, const char *to)
{
	size_t len = strlen(ANNULLED);
	const char *reason = NULL;
	enum ledger_result r;
	int64_t id;

	if (num_int64(field + strlen(FIELD), 1, INT64_MAX, &id) == -1)
		return LEDGER_NOT_FOUND;
	if (to == NULL || strncmp(to, ANNULLED, len) != 0)
		reason = from != NULL && strncmp(from, ANNULLED, len) == 0
			     ? from + len
			     : "";
	r = annul(e, id, reason);
	return r == LEDGER_REJECTED ? LEDGER_CONFLICT : r;
}
