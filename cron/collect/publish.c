/* publish.c: what moved goes to Redis, as docs/redis.md has it. */
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/redis/keys.h"

/* Sends what app->text holds as an event, and empties it. */
void
publish_event(struct app *app, const char *type)
{
	size_t len;
	const char *text = json_text(&app->text, &len);

	if (text != NULL) {
		cache_batch_event(&app->batch, type, text, len);
		app->tally.events++;
	}
	json_reset(&app->text);
}

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
put_head(struct json *j, const struct node_state *n)
{
	json_object(j, NULL);
	json_string(j, "node", n->id);
	json_string(j, "rev", n->rev);
	json_int(j, "at_msc", n->polled_msc);
	json_raw(j, "agent", n->agent, strlen(n->agent));
	json_string(j, "status", status_word(n->head));
	json_array(j, "accounts");
	for (size_t i = 0; i < n->accounts_len; i++)
		account_put_entry(n->accounts[i], j);
	json_end(j);
	json_end(j);
	json_newline(j);
}

static void
set_snapshot(struct app *app, const struct node_state *n)
{
	put_head(&app->text, n);
	for (size_t i = 0; i < n->accounts_len; i++)
		account_put_lines(n->accounts[i], &app->text);
	set_key(app, KEY_SNAPSHOT, n->id, app->config.cache_ttl_s);
	set_key(app, KEY_LAST, n->id, 0);
	json_reset(&app->text);
}

static void
set_node(struct app *app, const struct node_state *n)
{
	struct json *j = &app->text;

	json_object(j, NULL);
	json_string(j, "node", n->id);
	json_string(j, "status", node_link_word(n->link));
	json_int(j, "since_msc", n->link_since_msc);
	json_string(j, "error", *n->error != '\0' ? n->error : NULL);
	json_int(j, "polled_msc", n->polled_msc);
	if (n->latency_ms >= 0)
		json_int(j, "latency_ms", n->latency_ms);
	else
		json_null(j, "latency_ms");
	if (n->agent != NULL)
		json_raw(j, "agent", n->agent, strlen(n->agent));
	else
		json_null(j, "agent");
	json_int(j, "terminals", n->terminals);
	if (n->alerted)
		json_bool(j, "alerted", true);
	if (n->clock_alerted)
		json_bool(j, "clock_alerted", true);
	json_end(j);
	set_key(app, KEY_NODE, n->id, 0);
	json_reset(j);
}

static void
status_event(
    struct app *app, const struct node_state *n, const struct account *a)
{
	struct json *j = &app->text;

	json_object(j, NULL);
	json_string(j, "type", "status");
	json_string(j, "server", a != NULL ? a->server : NULL);
	if (a != NULL)
		json_id(j, "login", a->login);
	else
		json_null(j, "login");
	json_string(j, "node", n->id);
	json_string(j, "status", status_word(a != NULL ? a->status : n->head));
	json_utc(j, "since_utc", a != NULL ? a->since_msc : n->head_since_msc);
	json_string(j, "error", *n->error != '\0' ? n->error : NULL);
	json_end(j);
	publish_event(app, "status");
}

static void
account_event(
    struct app *app, const struct node_state *n, const struct account *a)
{
	struct json *j = &app->text;

	json_object(j, NULL);
	json_string(j, "type", "account");
	json_string(j, "server", a->server);
	json_id(j, "login", a->login);
	json_string(j, "node", n->id);
	json_string(j, "status", status_word(a->status));
	json_utc(j, "since_utc", a->since_msc);
	json_utc(j, "at_utc", a->at_msc);
	json_members(j, a->row, strlen(a->row));
	json_end(j);
	publish_event(app, "account");
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

		if (a->status_moved)
			status_event(app, n, a);
		if (n->link == LINK_OK && (a->status_moved || a->content_moved))
			account_event(app, n, a);
		a->status_moved = a->content_moved = false;
	}
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
}

void
publish_node(struct app *app, struct node_state *n)
{
	cache_batch_begin(&app->batch);
	alert_check(app, n, clock_utc_msc());
	set_keys(app, n);
	put_events(app, n);
	cache_batch_end(&app->batch);
}

static void
reset_event(struct app *app)
{
	json_object(&app->text, NULL);
	json_string(&app->text, "type", "reset");
	json_end(&app->text);
	publish_event(app, "reset");
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
	reset_event(app);
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
	reset_event(app);
	cache_batch_end(&app->batch);
}
