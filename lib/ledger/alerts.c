/* alerts.c: alerts on their way to people, in the ledger. */
#include "lib/ledger/alerts.h"
#include "lib/ledger/audit.h"
#include "lib/ledger/db.h"

/* An alert may stay open, and acknowledged, for long. */
#define ACK_KEPT_MS (90 * 24 * 60 * 60 * INT64_C(1000))

/* ---- acknowledged ---- */

enum ledger_result
ledger_acks(struct ledger *l, ledger_ack_fn fn, void *arg)
{
	struct ledger_ack a;
	struct query q;

	query_init(&q, l, SQL_ACK_LIST);
	while (query_next(&q)) {
		a.alert = take_text(&q);
		a.at_utc_ms = take_int(&q);
		a.who = take_text(&q);
		if (fn(&a, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_ack_put(
    struct ledger *l, const char *alert, const struct ledger_actor *actor)
{
	const struct ledger_audit_new audit = {.actor = actor,
	    .action = "alert",
	    .field = "acknowledged",
	    .to = alert};
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_ACK_PUT);
	put_text(&q, alert);
	put_int(&q, actor->at_utc_ms);
	put_text(&q, actor->who);
	if ((r = query_run(&q)) == LEDGER_OK)
		r = ledger_audit_put(l, &audit);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_ack_remove(
    struct ledger *l, const char *alert, const struct ledger_actor *actor)
{
	const struct ledger_audit_new audit = {.actor = actor,
	    .action = "alert",
	    .field = "acknowledged",
	    .from = alert};
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_ACK_REMOVE);
	put_text(&q, alert);
	if ((r = query_touch(&q)) == LEDGER_OK)
		r = ledger_audit_put(l, &audit);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_ack_void(struct ledger *l, const char *alert)
{
	struct query q;

	query_init(&q, l, SQL_ACK_REMOVE);
	put_text(&q, alert);
	return query_write(&q);
}

/* ---- muted ---- */

enum ledger_result
ledger_mutes(struct ledger *l, int64_t now_utc_ms, ledger_mute_fn fn, void *arg)
{
	struct ledger_mute m;
	struct query q;

	query_init(&q, l, SQL_MUTE_LIST);
	put_int(&q, now_utc_ms);
	while (query_next(&q)) {
		m.alert = take_text(&q);
		m.at_utc_ms = take_int(&q);
		m.until_utc_ms = take_int(&q);
		m.who = take_text(&q);
		if (fn(&m, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_is_muted(
    struct ledger *l, const char *alert, int64_t now_utc_ms, bool *muted)
{
	struct query q;

	query_init(&q, l, SQL_MUTE_ANY);
	put_text(&q, alert);
	put_int(&q, now_utc_ms);
	*muted = query_next(&q) && take_int(&q) > 0;
	return query_done(&q);
}

enum ledger_result
ledger_mute_put(struct ledger *l, const char *alert, int64_t until_utc_ms,
    const struct ledger_actor *actor)
{
	const struct ledger_audit_new audit = {
	    .actor = actor, .action = "alert", .field = "muted", .to = alert};
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_MUTE_PUT);
	put_text(&q, alert);
	put_int(&q, actor->at_utc_ms);
	put_int(&q, until_utc_ms);
	put_text(&q, actor->who);
	if ((r = query_run(&q)) == LEDGER_OK)
		r = ledger_audit_put(l, &audit);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_mute_remove(
    struct ledger *l, const char *alert, const struct ledger_actor *actor)
{
	const struct ledger_audit_new audit = {
	    .actor = actor, .action = "alert", .field = "muted", .from = alert};
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_MUTE_REMOVE);
	put_text(&q, alert);
	if ((r = query_touch(&q)) == LEDGER_OK)
		r = ledger_audit_put(l, &audit);
	return ledger_own_end(l, own, r);
}

/* ---- the outbox ---- */

enum ledger_result
ledger_outbox_add(struct ledger *l, const struct ledger_outbox *o)
{
	struct query q;

	query_init(&q, l, SQL_OUTBOX_ADD);
	put_text(&q, o->target);
	put_text(&q, o->notice);
	put_text(&q, o->alert);
	put_int(&q, o->what);
	put_int(&q, o->level);
	put_text(&q, o->body);
	put_int(&q, o->queued_utc_ms);
	put_known(&q, o->dropped != NULL, o->queued_utc_ms);
	put_text(&q, o->dropped);
	return query_write(&q);
}

enum ledger_result
ledger_outbox_waiting(
    struct ledger *l, const char *target, ledger_outbox_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_OUTBOX_WAITING);
	put_text(&q, target);
	while (query_next(&q)) {
		struct ledger_outbox o = {.id = take_int(&q)};

		o.target = take_text(&q);
		o.notice = take_text(&q);
		o.alert = take_text(&q);
		o.what = take_small(&q);
		o.level = take_small(&q);
		o.body = take_text(&q);
		o.queued_utc_ms = take_int(&q);
		o.unsure = take_int(&q) != 0;
		if (fn(&o, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_outbox_sent(struct ledger *l, int64_t id, int64_t now_utc_ms)
{
	struct query q;

	query_init(&q, l, SQL_OUTBOX_SENT);
	put_int(&q, id);
	put_int(&q, now_utc_ms);
	return query_write(&q);
}

enum ledger_result
ledger_outbox_drop(
    struct ledger *l, int64_t id, int64_t now_utc_ms, const char *why)
{
	struct query q;

	query_init(&q, l, SQL_OUTBOX_DROP);
	put_int(&q, id);
	put_int(&q, now_utc_ms);
	put_text(&q, why);
	return query_write(&q);
}

enum ledger_result
ledger_outbox_unsure(struct ledger *l, int64_t id)
{
	struct query q;

	query_init(&q, l, SQL_OUTBOX_UNSURE);
	put_int(&q, id);
	return query_write(&q);
}

enum ledger_result
ledger_alerts_forget(struct ledger *l, int64_t before_utc_ms)
{
	enum ledger_result r;
	struct query q;

	query_init(&q, l, SQL_OUTBOX_FORGET);
	put_int(&q, before_utc_ms);
	if ((r = query_write(&q)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_MUTE_FORGET);
	put_int(&q, before_utc_ms);
	if ((r = query_write(&q)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_ACK_FORGET);
	put_int(&q, before_utc_ms - ACK_KEPT_MS);
	return query_write(&q);
}

enum ledger_result
ledger_outbox_counts(struct ledger *l, ledger_outbox_count_fn fn, void *arg)
{
	struct ledger_outbox_count c;
	struct query q;

	query_init(&q, l, SQL_OUTBOX_COUNT);
	while (query_next(&q)) {
		c.target = take_text(&q);
		c.waiting = take_int(&q);
		c.oldest_utc_ms = take_int(&q);
		if (fn(&c, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* ---- what a target was told of ---- */

enum ledger_result
ledger_told_list(struct ledger *l, ledger_told_fn fn, void *arg)
{
	struct ledger_told t;
	struct query q;

	query_init(&q, l, SQL_TOLD_LIST);
	while (query_next(&q)) {
		t.target = take_text(&q);
		t.alert = take_text(&q);
		t.level = take_small(&q);
		t.began_utc_ms = take_int(&q);
		t.last_utc_ms = take_int(&q);
		t.escalated = take_int(&q) != 0;
		if (fn(&t, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_told_put(struct ledger *l, const struct ledger_told *t)
{
	struct query q;

	query_init(&q, l, SQL_TOLD_PUT);
	put_text(&q, t->target);
	put_text(&q, t->alert);
	put_int(&q, t->level);
	put_int(&q, t->began_utc_ms);
	put_int(&q, t->last_utc_ms);
	return query_write(&q);
}

enum ledger_result
ledger_told_again(
    struct ledger *l, const char *target, const char *alert, int64_t now_utc_ms)
{
	struct query q;

	query_init(&q, l, SQL_TOLD_AGAIN);
	put_text(&q, target);
	put_text(&q, alert);
	put_int(&q, now_utc_ms);
	return query_write(&q);
}

static enum ledger_result
told_run(struct ledger *l, enum ledger_sql which, const char *target,
    const char *alert)
{
	struct query q;

	query_init(&q, l, which);
	put_text(&q, target);
	put_text(&q, alert);
	return query_write(&q);
}

enum ledger_result
ledger_told_escalated(struct ledger *l, const char *target, const char *alert)
{
	return told_run(l, SQL_TOLD_ESCALATED, target, alert);
}

enum ledger_result
ledger_told_remove(struct ledger *l, const char *target, const char *alert)
{
	return told_run(l, SQL_TOLD_REMOVE, target, alert);
}

/* ---- how the sending goes ---- */

enum ledger_result
ledger_targets(struct ledger *l, ledger_target_fn fn, void *arg)
{
	struct ledger_target t;
	struct query q;

	query_init(&q, l, SQL_TARGET_LIST);
	while (query_next(&q)) {
		t.name = take_text(&q);
		t.sent = take_int(&q);
		t.sent_utc_ms = take_int(&q);
		t.failures = take_int(&q);
		t.failed_since_utc_ms = take_int(&q);
		t.try_utc_ms = take_int(&q);
		t.permanent = take_int(&q) != 0;
		t.error = take_text(&q);
		t.waiting = take_int(&q);
		if (fn(&t, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_target_put(struct ledger *l, const struct ledger_target *t)
{
	struct query q;

	query_init(&q, l, SQL_TARGET_PUT);
	put_text(&q, t->name);
	put_int(&q, t->sent);
	put_int(&q, t->sent_utc_ms);
	put_int(&q, t->failures);
	put_int(&q, t->failed_since_utc_ms);
	put_int(&q, t->try_utc_ms);
	put_int(&q, t->permanent);
	put_text(&q, t->error);
	return query_write(&q);
}

enum ledger_result
ledger_target_remove(struct ledger *l, const char *name)
{
	struct query q;

	query_init(&q, l, SQL_TARGET_REMOVE);
	put_text(&q, name);
	return query_write(&q);
}
