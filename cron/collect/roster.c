/* roster.c: nodes.json -> the nodes this run polls, read anew as it changes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/hash.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/program/program.h"

#define LOOK_MS 1000

int
roster_load(struct app *app)
{
	const struct config *c = &app->config;
	struct nodes roster;

	if (stat(c->nodes_file, &app->roster_stat) == -1)
		memset(&app->roster_stat, 0, sizeof(app->roster_stat));
	if (program_nodes(c, &roster) == -1) {
		nodes_done(&roster);
		return -1;
	}
	app->roster = roster;
	return 0;
}

bool
roster_is_ours(const struct app *app, const struct node *conf)
{
	return hash_short(conf->id) % (uint32_t)app->opt.shards ==
	       (uint32_t)app->opt.shard - 1;
}

static bool
is_polled(const struct app *app, const struct node *conf)
{
	return conf->enabled && roster_is_ours(app, conf);
}

static int
by_id(const void *a, const void *b)
{
	const struct node_state *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static int
id_of(const void *id, const void *node)
{
	const struct node_state *const *n = node;

	return strcmp(id, (*n)->id);
}

struct node_state *
roster_find(const struct app *app, const char *id)
{
	struct node_state **found;

	if (app->nodes_len == 0)
		return NULL;
	found =
	    bsearch(id, app->nodes, app->nodes_len, sizeof(*app->nodes), id_of);
	return found != NULL ? *found : NULL;
}

/*
 * New settings for a node that stays. The question under way is not waited
 * for: it went to the old address, or its answer may be "unchanged" since a
 * rev that counts no more, as pins may have changed.
 */
static void
resettle(struct node_state *n, const struct node *conf)
{
	n->conf = conf;
	*n->rev = '\0';
	n->may_wait = false;
	if (n->poll == POLL_ASKED) {
		fetch_cancel(n->app->fetch, n);
		n->poll = POLL_RESTING;
	}
	if (n->poll == POLL_RESTING)
		n->due_mono_ms = 0;
}

static void
make_node(struct app *app, const struct node *conf, int64_t now)
{
	struct node_state *n = node_new(app, conf->id);

	n->conf = conf;
	n->due_mono_ms = now;
	if (app->pace.spread_ms > 0 && !app->opt.once)
		n->due_mono_ms +=
		    hash_short(conf->id) / 7 % (uint32_t)app->pace.spread_ms;
	app->nodes[app->nodes_len++] = n;
}

static void
set_pace(struct app *app)
{
	size_t n = 0;

	for (size_t i = 0; i < app->roster.len; i++)
		n += is_polled(app, &app->roster.list[i]);
	app->pace =
	    poll_pace(n, app->config.poll_parallel, app->config.poll_wait_s);
	fetch_keep(app->fetch, n < 1000, (int)n + 16);
}

void
roster_make_nodes(struct app *app)
{
	int64_t now = clock_mono_ms();

	set_pace(app);
	app->nodes = mem_new(app->roster.len + 1, sizeof(*app->nodes));
	app->nodes_len = 0;
	for (size_t i = 0; i < app->roster.len; i++)
		if (is_polled(app, &app->roster.list[i]))
			make_node(app, &app->roster.list[i], now);
	qsort(app->nodes, app->nodes_len, sizeof(*app->nodes), by_id);
	app->due_mono_ms = 0;
	app->forget = true;
}

/* app->roster is new; the nodes are still those of the old one. */
static void
apply(struct app *app)
{
	struct node_state **old = app->nodes;
	size_t old_len = app->nodes_len;
	struct app before = {.nodes = old, .nodes_len = old_len};
	int64_t now = clock_mono_ms();

	set_pace(app);
	app->nodes = mem_new(app->roster.len + 1, sizeof(*app->nodes));
	app->nodes_len = 0;
	for (size_t i = 0; i < old_len; i++)
		old[i]->kept = false;
	for (size_t i = 0; i < app->roster.len; i++) {
		const struct node *conf = &app->roster.list[i];
		struct node_state *n;

		if (!is_polled(app, conf))
			continue;
		if ((n = roster_find(&before, conf->id)) == NULL) {
			make_node(app, conf, now);
			continue;
		}
		n->kept = true;
		resettle(n, conf);
		app->nodes[app->nodes_len++] = n;
	}
	for (size_t i = 0; i < old_len; i++)
		if (!old[i]->kept) {
			fetch_cancel(app->fetch, old[i]);
			node_free(old[i]);
		}
	qsort(app->nodes, app->nodes_len, sizeof(*app->nodes), by_id);
	free(old);
	app->due_mono_ms = 0;
	app->forget = true;
}

static bool
is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void
roster_watch(struct app *app, int64_t now)
{
	struct nodes old = app->roster;
	struct stat st;

	if (now - app->roster_mono_ms < LOOK_MS ||
	    *app->config.nodes_file == '\0')
		return;
	app->roster_mono_ms = now;
	if (stat(app->config.nodes_file, &st) == -1)
		memset(&st, 0, sizeof(st));
	if (is_same_file(&st, &app->roster_stat))
		return;
	if (roster_load(app) == -1) {
		log_error("nodes.json rejected: keeping the previous list");
		return;
	}
	log_info("nodes.json: %zu nodes", app->roster.len);
	apply(app);
	nodes_done(&old);
}
