/*
 * phases.h: the map of the phases job.
 *
 *	main.c      options, lock, accounts in batches, phases.json, summary
 *	presets.c   etc/rules.json -> rule sets nobody edited
 *	events.c    what is told to the pages, once it is committed
 *	untold.c    alerts that Redis does not have yet
 *	positions.c open positions, for the rule of their stop loss
 */
#ifndef PHASES_PHASES_H
#define PHASES_PHASES_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/config.h"
#include "lib/fleet/event.h"
#include "lib/fleet/view.h"
#include "lib/judge/judge.h"
#include "lib/redis/cache.h"

struct event {
	enum event_type type;
	int64_t account;
	char *json; /* of an alert */
};

struct app {
	const volatile sig_atomic_t *stop;
	struct config config;
	struct cache *cache;
	struct ledger *ledger;
	struct judge judge; /* its ledger is ours */
	int64_t started_utc_ms, now_utc_ms;
	int64_t *ids; /* the accounts */
	int ids_len;
	size_t ids_size;
	struct event *events; /* of the batch under way */
	int events_len;
	size_t events_size;
	struct buf untold; /* alerts, one a line */
	int bad_presets;
	struct fleet fleet; /* both for positions.c alone */
	struct view view;
	bool view_read, view_good;
};

/* presets.c: bad ones are logged and left out. */
enum ledger_result presets_load(struct app *app);

/* events.c */
void event_phase(struct app *app, int64_t account);
void event_alert(struct app *app, const struct judge_alert *alert);
void events_send(struct app *app);
void events_drop(struct app *app);

/* untold.c: keep before the ledger has it, cut where it then has it not,
 * forget when Redis has it. */
void untold_load(struct app *app);
void untold_keep(struct app *app);
void untold_put(const struct app *app, struct cache_batch *b);
void untold_cut(struct app *app, size_t len);
void untold_forget(struct app *app);

/* positions.c: struct judge's own word. */
bool positions_tell(void *arg, const char *server, int64_t login,
    judge_position_fn fn, void *fn_arg);
char *positions_text(
    void *arg, const char *server, int64_t login, int64_t *at_utc_ms);
void positions_done(struct app *app);

#endif
