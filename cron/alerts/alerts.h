/*
 * alerts.h: the map of alerts, the job that calls people.
 *
 *	main.c   options, lock, a step each second for a minute
 *	step.c   reads the stream, looks after the collector, tells what is due
 *	list.c   which alerts there are, and what is to be told (pure)
 *	store.c  the list in Redis
 *	body.c   what a webhook wants to be sent
 */
#ifndef ALERTS_ALERTS_H
#define ALERTS_ALERTS_H

#include "cron/alerts/body.h"
#include "cron/alerts/store.h"
#include "lib/cache.h"
#include "lib/config.h"

#define COLLECTOR_KEY "collector" /* of the alert that there is none */
#define PATIENCE_MS 30000
#define MUTE_PREFIX "alert-mute:"
#define ACK_PREFIX "alert-ack:"

struct options {
	int for_s; /* how long at most */
	bool list;
	const char *mute, *ack; /* a key */
	int minutes;            /* of the mute; -1: not told */
};

struct app {
	struct options opt;
	struct config config;
	enum body_format format;
	struct cache *cache;
	struct store store;
	bool changed; /* the store is not what is in Redis */
	int64_t told; /* alerts, in this run */
};

/* 0, or -1: Redis is away (logged). */
int step_run(struct app *app);
int step_save(struct app *app);

#endif
