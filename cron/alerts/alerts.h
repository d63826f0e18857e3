/*
 * alerts.h: the map of alerts, the job that calls people.
 *
 *	main.c   options, lock, a step each second for a minute
 *	step.c    reads the stream, finds what is due
 *	watch.c   looks after the collectors
 *	list.c    which alerts there are, and what is to be told (pure)
 *	store.c   the list in Redis
 *	route.c   who is told what: into each target's outbox in the ledger
 *	deliver.c empties the outboxes
 *	hooks.c   events to web hooks (docs/webhooks.md)
 *	accounts.c what the ledger knows of accounts
 *	direct.c  the same without a ledger, or without Redis
 *	report.c  the daily report: when, report_text.c: what it says
 *	away.c    there is no Redis
 *	state.c   the ledger, what is muted
 *
 * A target is one of alerts.json; what it is sent is lib/notify's.
 */
#ifndef ALERTS_ALERTS_H
#define ALERTS_ALERTS_H

#include "cron/alerts/store.h"
#include "lib/base/config.h"
#include "lib/fleet/alert.h"
#include "lib/fleet/fleet.h"
#include "lib/ledger/ledger.h"
#include "lib/notify/post.h"
#include "lib/redis/cache.h"

struct options {
	int for_s; /* how long at most */
	bool list;
	const char *mute, *ack; /* a key */
	int minutes;            /* of the mute; -1: not told */
};

/* Redis does not answer; 0: it does, or nobody was told. */
struct away {
	int64_t since_utc_ms, told_utc_ms;
	int64_t back_utc_ms; /* it answers again since; 0: it does not */
	int64_t try_utc_ms;  /* the webhook failed: not before */
};

/* How often in a row each node of the list was found not polled. */
struct watch {
	int *unpolled;
	int64_t at_mono_ms;
};

struct app {
	struct options opt;
	struct config config;
	struct targets targets;
	char *site; /* the site's address; "": not known */
	struct ledger *ledger;
	int64_t ledger_mono_ms; /* opened last */
	bool fenced;            /* another coordinator does this job now */
	struct cache *cache;
	struct store store;
	bool known; /* the store was read */
	struct away away;
	struct fleet fleet;
	struct watch watch;
	bool changed;       /* the store is not what is in Redis */
	int64_t told;       /* alerts, in this run */
	int64_t report_min; /* the minute in which reports were looked for */
};

/* 0, or -1: Redis is away. */
int step_run(struct app *app);
int step_save(struct app *app);

/* The ledger, opened again where it could not be used; NULL: it cannot. */
struct ledger *app_ledger(struct app *app);

/* By its key, its account, or all. -1: Redis is away. */
int app_is_muted(struct app *app, const struct alert *a, bool *muted);

/* route.c: the lists of who was told what, and of what is acknowledged. 0, or
 * -1: the ledger does not do it. */
struct due {
	struct alert *alert;
	enum alert_due due;
};
int route_new(struct app *app, const struct due *list, size_t len, int64_t now);
/* What goes on: repeats and escalations. */
int route_open(struct app *app, int64_t now);

/* deliver.c: what waits for the targets; false: one of them fails. */
bool deliver(struct app *app, int64_t now);
/* Is one of them failing? */
bool deliver_fails(struct app *app);

/* What waits for targets that are no more, and how they were. */
void deliver_forget_gone(struct app *app, int64_t now);

/* report.c: the daily report of each target whose time it is. */
void report_run(struct app *app, int64_t now);

/* hooks.c */
void hooks_run(struct app *app, int64_t now);

/* direct.c: at once to all that want it, once for each. True: somebody was
 * told, or there is nobody. */
bool direct_send(
    struct app *app, const struct notice *notices, size_t len, int64_t now);
void notice_of_alert(
    struct notice *n, const struct alert *a, enum alert_due due);

/* watch.c: 0, or -1: Redis is away. */
int watch_collector(struct app *app, int64_t now);
int watch_nodes(struct app *app);
bool watch_misses_collector(const struct app *app);
void watch_done(struct app *app);

/* away.c: now is UTC; note where a step failed, end where one did not. */
void away_read(struct app *app);
void away_note(struct app *app, int64_t now);
void away_end(struct app *app, int64_t now);

#endif
