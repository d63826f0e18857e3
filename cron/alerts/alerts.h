/*
 * alerts.h: the map of alerts, the job that calls people.
 *
 *	main.c   options, lock, a step each second for a minute
 *	step.c   reads the stream, sends what is due
 *	watch.c  looks after the collectors
 *	list.c   which alerts there are, and what is to be told (pure)
 *	store.c  the list in Redis
 *	away.c   there is no Redis
 *	body.c   what a webhook wants to be sent
 */
#ifndef ALERTS_ALERTS_H
#define ALERTS_ALERTS_H

#include "cron/alerts/body.h"
#include "cron/alerts/store.h"
#include "lib/base/config.h"
#include "lib/fleet/alert.h"
#include "lib/fleet/fleet.h"
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
	enum body_format format;
	struct cache *cache;
	struct store store;
	bool known; /* the store was read */
	struct away away;
	struct fleet fleet;
	struct watch watch;
	bool changed; /* the store is not what is in Redis */
	int64_t told; /* alerts, in this run */
};

/* 0, or -1: Redis is away. */
int step_run(struct app *app);
int step_save(struct app *app);
/* To the webhook; true where there is none. */
bool step_post(const struct app *app, const struct notice *notices, size_t len);

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
