/* publish.c: what moved goes to Redis, as docs/redis.md has it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/redis/keys.h"

static void
set_key(struct app *app, const char *kind, const char *id, int ttl_s)
{
	char key[KEY_SIZE];
	size_t len;
	const char *text = json_text(&app->text, &len);

	if (text == NULL) {
		log_warnx("node=%s: %s too large to keep", id, kind);
		return;
	}
	cache_batch_set(&app->batch, key_of(kind, id, key), text, len, ttl_s);
	app->tally.writes++;
}

static void
set_snapshot(struct app *app, const struct node_state *n)
{
	const struct snapshot_head head = {.node = n->id,
	    .rev = n->rev,
	    .agent = n->agent,
	    .at_utc_ms = n->polled_utc_ms,
	    .status = n->head};

	snapshot_put_head(&app->text, &head);
	for (size_t i = 0; i < n->accounts_len; i++)
		account_put_entry(n->accounts[i], &app->text);
	snapshot_end_head(&app->text);
	for (size_t i = 0; i < n->accounts_len; i++)
		account_put_lines(n->accounts[i], &app->text);
	set_key(app, KEY_SNAPSHOT, n->id, app->config.cache_ttl_s);
	set_key(app, KEY_LAST, n->id, 0);
	json_reset(&app->text);
}

static const char *
error_of(const struct node_state *n)
{
	return *n->error != '\0' ? n->error : NULL;
}

static void
set_node(struct app *app, const struct node_state *n)
{
	struct node_record r = {.node = n->id,
	    .link = n->link,
	    .since_utc_ms = n->link_since_utc_ms,
	    .polled_utc_ms = n->polled_utc_ms,
	    .error = error_of(n),
	    .latency_ms = n->latency_ms,
	    .terminals = n->terminals,
	    .agent = n->agent};

	memcpy(r.alerts, n->alerts, sizeof(r.alerts));
	node_record_put(&app->text, &r);
	set_key(app, KEY_NODE, n->id, 0);
	json_reset(&app->text);
}

static void
status_event(
    struct app *app, const struct node_state *n, const struct account *a)
{
	char why[WHY_SIZE];
	struct event_status e = {.server = a != NULL ? a->server : NULL,
	    .login = a != NULL ? a->login : 0,
	    .node = n->id,
	    .status = a != NULL ? a->status : n->head,
	    .since_utc_ms = a != NULL ? a->since_utc_ms : n->head_since_utc_ms,
	    .error = a != NULL ? account_why(a, why) : NULL};

	if (e.error == NULL)
		e.error = error_of(n);

	event_put_status(&app->text, &e);
	events_add(app, EVENT_STATUS);
}

static void
account_event(
    struct app *app, const struct node_state *n, const struct account *a)
{
	const struct event_account e = {.server = a->server,
	    .login = a->login,
	    .node = n->id,
	    .status = a->status,
	    .since_utc_ms = a->since_utc_ms,
	    .at_utc_ms = a->at_utc_ms,
	    .row = a->row};

	event_put_account(&app->text, &e);
	events_add(app, EVENT_ACCOUNT);
}

/* What the page must hear of, flags cleared. */
static void
put_events(struct app *app, struct node_state *n)
{
	if (n->head_moved && n->accounts_len == 0)
		status_event(app, n, NULL);
	n->head_moved = false;
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];

		/* of an account that is pinned elsewhere this node has no
		 * word: the page has a row an account */
		bool told = !node_is_foreign(n, a);

		if (told && a->status_moved)
			status_event(app, n, a);
		/* whose values would it be? */
		if (told && n->link == LINK_OK && !a->conflict &&
		    a->error == NULL && (a->status_moved || a->content_moved))
			account_event(app, n, a);
		a->status_moved = a->content_moved = false;
	}
}

/*
 * Readers keep what they made of these keys while this one is the same: no two
 * writes of any collector have the same value. Which node it was they hear too.
 */
static void
mark_changed(struct app *app, const char *id)
{
	char text[96];
	int len = snprintf(text, sizeof(text), "%d-%d-%" PRId64 "-%" PRId64,
	    app->opt.shard, (int)getpid(), app->started_utc_ms, ++app->changes);

	cache_batch_set(&app->batch, KEY_CHANGED, text, (size_t)len, 0);
	cache_batch_changed(&app->batch, id);
}

/* That snapshot: is there is what makes a row live. */
static void
set_keys(struct app *app, const struct node_state *n)
{
	char key[KEY_SIZE];

	if (n->link == LINK_OK)
		set_snapshot(app, n);
	else
		cache_batch_del(&app->batch, key_of(KEY_SNAPSHOT, n->id, key));
	set_node(app, n);
	mark_changed(app, n->id);
}

/* Rows of what is gone on purpose; a page takes a row away by reading all. */
static void
drop_retired(struct app *app, struct node_state *n)
{
	struct account *a;
	bool any = false;

	if (n->link != LINK_OK || n->conf->retired_len == 0 || app->redis_down)
		return;
	while ((a = node_take_retired(n)) != NULL) {
		log_info("node=%s: %s/%" PRId64 " is retired", n->id, a->server,
		    a->login);
		alert_end_account(app, n, a, "retired");
		account_free(a);
		any = true;
	}
	if (!any)
		return;
	event_put_reset(&app->text);
	events_add(app, EVENT_RESET);
}

void
publish_node(struct app *app, struct node_state *n)
{
	cache_batch_begin(&app->batch);
	drop_retired(app, n);
	alert_check(app, n, clock_utc_ms());
	set_keys(app, n);
	put_events(app, n);
	cache_batch_end(&app->batch);
}

/* forget: it is not in nodes.json any more; else it is only switched off. */
void
publish_gone(struct app *app, const char *id, bool forget)
{
	char key[KEY_SIZE];

	cache_batch_begin(&app->batch);
	cache_batch_del(&app->batch, key_of(KEY_SNAPSHOT, id, key));
	cache_batch_del(&app->batch, key_of(KEY_NODE, id, key));
	if (forget)
		cache_batch_del(&app->batch, key_of(KEY_LAST, id, key));
	mark_changed(app, id);
	event_put_reset(&app->text);
	events_add(app, EVENT_RESET);
	cache_batch_end(&app->batch);
}

static void
clear_flags(struct node_state *n)
{
	n->head_moved = false;
	for (size_t i = 0; i < n->accounts_len; i++) {
		n->accounts[i]->status_moved = false;
		n->accounts[i]->content_moved = false;
	}
}

/* What Redis had of it may be gone. Events are not made up for. */
void
publish_again(struct app *app, struct node_state *n)
{
	if (n->link == LINK_UNKNOWN)
		return;
	cache_batch_begin(&app->batch);
	set_keys(app, n);
	clear_flags(n);
	cache_batch_end(&app->batch);
}

/* To the pages: what you have may be wrong, fetch it all. */
void
publish_reset(struct app *app)
{
	cache_batch_begin(&app->batch);
	event_put_reset(&app->text);
	events_add(app, EVENT_RESET);
	cache_batch_end(&app->batch);
}
