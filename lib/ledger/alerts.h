/*
 * alerts.h: alerts on their way to people: what each target is to be told, what
 * it was told, how the sending goes, and what somebody acknowledged.
 *
 * `what` and `level` are the alerts job's numbers (enum alert_due and enum
 * alert_level); here they are only kept.
 */
#ifndef LIB_LEDGER_ALERTS_H
#define LIB_LEDGER_ALERTS_H

#include "lib/ledger/people.h"

/* ---- acknowledged ---- */

/* Counts for an alert that began before at_utc_ms. */
struct ledger_ack {
	const char *alert; /* its key */
	int64_t at_utc_ms;
	const char *who;
};
typedef int (*ledger_ack_fn)(const struct ledger_ack *a, void *arg);
enum ledger_result ledger_acks(struct ledger *l, ledger_ack_fn fn, void *arg);
/* Replaces an older one. Audited: "alert", "acknowledged", the key. */
enum ledger_result ledger_ack_put(
    struct ledger *l, const char *alert, const struct ledger_actor *actor);
/* NOT_FOUND. Audited. */
enum ledger_result ledger_ack_remove(
    struct ledger *l, const char *alert, const struct ledger_actor *actor);
/* It began again, or got worse: what was said before does not count. Not
 * audited; without one it is OK. */
enum ledger_result ledger_ack_void(struct ledger *l, const char *alert);

/* ---- muted ---- */

struct ledger_mute {
	const char *alert; /* a key, SERVER/LOGIN, or all */
	int64_t at_utc_ms, until_utc_ms;
	const char *who;
};
typedef int (*ledger_mute_fn)(const struct ledger_mute *m, void *arg);
/* Those that are not over. */
enum ledger_result ledger_mutes(
    struct ledger *l, int64_t now_utc_ms, ledger_mute_fn fn, void *arg);
enum ledger_result ledger_is_muted(
    struct ledger *l, const char *alert, int64_t now_utc_ms, bool *muted);
/* From now, who the actor is, until then. Audited: "alert", "muted", the key.
 */
enum ledger_result ledger_mute_put(struct ledger *l, const char *alert,
    int64_t until_utc_ms, const struct ledger_actor *actor);
/* NOT_FOUND. Audited. */
enum ledger_result ledger_mute_remove(
    struct ledger *l, const char *alert, const struct ledger_actor *actor);

/* ---- the outbox ---- */

struct ledger_outbox {
	int64_t id;
	const char *target, *notice, *alert;
	int what, level;
	const char *body; /* JSON */
	int64_t queued_utc_ms;
	bool unsure;         /* it was tried, and may have arrived */
	const char *dropped; /* to add: why it is never sent; NULL: it is */
};
/* The same notice a second time is OK, and nothing happens. id is made. */
enum ledger_result ledger_outbox_add(
    struct ledger *l, const struct ledger_outbox *o);
typedef int (*ledger_outbox_fn)(const struct ledger_outbox *o, void *arg);
/* What waits for that target, oldest first, the first 500. */
enum ledger_result ledger_outbox_waiting(
    struct ledger *l, const char *target, ledger_outbox_fn fn, void *arg);
enum ledger_result ledger_outbox_sent(
    struct ledger *l, int64_t id, int64_t now_utc_ms);
enum ledger_result ledger_outbox_drop(
    struct ledger *l, int64_t id, int64_t now_utc_ms, const char *why);
enum ledger_result ledger_outbox_unsure(struct ledger *l, int64_t id);
/* What was sent or dropped before that moment, and old acknowledgements. */
enum ledger_result ledger_alerts_forget(
    struct ledger *l, int64_t before_utc_ms);

/* Targets for which something waits. */
struct ledger_outbox_count {
	const char *target;
	int64_t waiting, oldest_utc_ms;
};
typedef int (*ledger_outbox_count_fn)(
    const struct ledger_outbox_count *c, void *arg);
enum ledger_result ledger_outbox_counts(
    struct ledger *l, ledger_outbox_count_fn fn, void *arg);

/* ---- what a target was told of ---- */

struct ledger_told {
	const char *target, *alert;
	int level;
	int64_t began_utc_ms, last_utc_ms;
	bool escalated;
};
typedef int (*ledger_told_fn)(const struct ledger_told *t, void *arg);
enum ledger_result ledger_told_list(
    struct ledger *l, ledger_told_fn fn, void *arg);
/* Replaces what was there; it is not escalated. */
enum ledger_result ledger_told_put(
    struct ledger *l, const struct ledger_told *t);
enum ledger_result ledger_told_again(struct ledger *l, const char *target,
    const char *alert, int64_t now_utc_ms);
enum ledger_result ledger_told_escalated(
    struct ledger *l, const char *target, const char *alert);
enum ledger_result ledger_told_remove(
    struct ledger *l, const char *target, const char *alert);

/* ---- how the sending goes ---- */

struct ledger_target {
	const char *name;
	int64_t sent, sent_utc_ms;   /* how many, and when last; 0: never */
	int64_t failures;            /* in a row */
	int64_t failed_since_utc_ms; /* 0: it works */
	int64_t try_utc_ms;          /* not before; 0: at once */
	bool permanent;              /* it will not heal by itself */
	const char *error;           /* without secrets; NULL: none */
	int64_t waiting;             /* read: in its outbox */
};
typedef int (*ledger_target_fn)(const struct ledger_target *t, void *arg);
enum ledger_result ledger_targets(
    struct ledger *l, ledger_target_fn fn, void *arg);
enum ledger_result ledger_target_put(
    struct ledger *l, const struct ledger_target *t);
enum ledger_result ledger_target_remove(struct ledger *l, const char *name);

#endif
