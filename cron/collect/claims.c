/*
 * claims.c: one account on two nodes: whom to believe.
 *
 * An account that nodes.json pins is believed from that node alone
 * (node_is_foreign). Of one that is not, two live claims say nothing: both are
 * a `conflict` until there is only one. Each shard writes what it shows, so
 * that the others see a claim that they do not poll. Readers of Redis decide
 * the same from the snapshots (lib/fleet/view_rows.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/hash.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"

#define NAMES_MAX 1024

/* Live by itself, whatever others show. */
static bool
is_claim(const struct node_state *n, const struct account *a, int64_t now)
{
	enum status s = node_account_status(n, a, now);

	return (status_is_live(s) || s == STATUS_CONFLICT) &&
	       !node_is_foreign(n, a);
}

static void
add_name(struct buf *names, const char *name)
{
	if (names->len > 0)
		buf_puts(names, ", ");
	buf_puts(names, name);
}

/* How many nodes show it, and which. */
static size_t
count_claims(const struct app *app, const struct account_key *key, int64_t now,
    struct buf *names)
{
	const struct remote_claim *r =
	    shared_remote(&app->claims, key->server, key->login);
	const struct remote_claim *end =
	    app->claims.remote + app->claims.remote_len;
	size_t found = 0;

	for (size_t i = 0; i < app->nodes_len; i++) {
		const struct node_state *n = app->nodes[i];
		const struct account *a =
		    node_find_account(n, key->server, key->login);

		if (a == NULL || !is_claim(n, a, now))
			continue;
		add_name(names, n->id);
		found++;
	}
	for (; r != NULL && r < end &&
	       account_key_is(r->server, r->login, key->server, key->login);
	     r++) {
		add_name(names, r->node);
		found++;
	}
	return found;
}

static void
set_conflict(
    struct node_state *n, struct account *a, const char *names, int64_t now)
{
	if (a->claims == NULL || strcmp(a->claims, names) != 0) {
		free(a->claims);
		a->claims = mem_strdup(names);
	}
	a->conflict = *names != '\0';
	account_set_status(a, node_account_status(n, a, now), now);
	/* what was counted before is of one of them, nobody knows of which */
	if (a->conflict)
		a->minute = (struct minute){0};
}

static void
judge_key(struct app *app, const struct account_key *key, int64_t now)
{
	struct buf names;
	bool conflict;

	buf_init(&names, NAMES_MAX);
	conflict = count_claims(app, key, now, &names) > 1;
	for (size_t i = 0; i < app->nodes_len; i++) {
		struct node_state *n = app->nodes[i];
		struct account *a =
		    node_find_account(n, key->server, key->login);

		if (a != NULL && n->link != LINK_UNKNOWN)
			set_conflict(n, a,
			    conflict && is_claim(n, a, now) ? names.data : "",
			    now);
	}
	buf_done(&names);
}

/* Those whose status moved by what another node shows. */
static void
publish_others(struct app *app, const struct account_key *key,
    const struct node_state *but)
{
	for (size_t i = 0; i < app->nodes_len; i++) {
		struct node_state *n = app->nodes[i];
		const struct account *a =
		    node_find_account(n, key->server, key->login);

		if (n != but && a != NULL && a->status_moved)
			publish_node(app, n);
	}
}

void
claims_judge(struct app *app, const struct node_state *n, int64_t now)
{
	for (size_t i = 0; i < app->claims.len; i++) {
		const struct account_key *key = &app->claims.shared[i];

		if (n != NULL &&
		    node_find_account(n, key->server, key->login) == NULL)
			continue;
		judge_key(app, key, now);
		publish_others(app, key, n);
	}
}

/* ---- between shards ---- */

static void
put_own(struct app *app, struct json *j, int64_t now)
{
	json_array(j, NULL);
	for (size_t i = 0; i < app->nodes_len; i++) {
		const struct node_state *n = app->nodes[i];

		for (size_t k = 0; k < n->accounts_len; k++) {
			const struct account *a = n->accounts[k];

			if (!is_claim(n, a, now))
				continue;
			json_object(j, NULL);
			json_string(j, "server", a->server);
			json_id(j, "login", a->login);
			json_string(j, "node", n->id);
			json_end(j);
		}
	}
	json_end(j);
}

static void
forget_remote(struct claims *c)
{
	for (size_t i = 0; i < c->remote_len; i++) {
		free(c->remote[i].server);
		free(c->remote[i].node);
	}
	c->remote_len = 0;
}

static void
add_remote(struct claims *c, const struct cache_value *text)
{
	cJSON *doc =
	    text->data != NULL ? jsonin_parse(text->data, text->len) : NULL;
	const cJSON *o;
	const char *server, *node;
	int64_t login;

	cJSON_ArrayForEach(o, doc) {
		if (!jsonin_string(o, "server", &server) ||
		    !jsonin_string(o, "node", &node) ||
		    !jsonin_int64(o, "login", &login))
			continue;
		c->remote = mem_room(c->remote, c->remote_len, &c->remote_size,
		    sizeof(*c->remote));
		c->remote[c->remote_len++] = (struct remote_claim){
		    mem_strdup(server), mem_strdup(node), login};
	}
	cJSON_Delete(doc);
}

static void
take_remote(struct app *app, const struct cache_values *v, int64_t now)
{
	struct claims *c = &app->claims;
	uint64_t hash = HASH_START;

	for (size_t i = 0; i < v->len; i++)
		hash = hash_add(hash, v->list[i].data, v->list[i].len);
	if (hash == c->remote_hash)
		return;
	c->remote_hash = hash;
	forget_remote(c);
	for (size_t i = 0; i < v->len; i++)
		add_remote(c, &v->list[i]);
	if (c->remote_len > 0)
		qsort(c->remote, c->remote_len, sizeof(*c->remote),
		    shared_compare);
	for (size_t i = 0; i < app->nodes_len; i++)
		for (size_t k = 0; k < app->nodes[i]->accounts_len; k++) {
			const struct account *a = app->nodes[i]->accounts[k];

			if (shared_remote(c, a->server, a->login) != NULL)
				shared_add(c, a->server, a->login);
		}
	claims_judge(app, NULL, now);
}

static int
read_others(struct app *app, int64_t now)
{
	size_t n = (size_t)app->opt.shards - 1, len = 0;
	const char **keys = mem_new(n, sizeof(*keys));
	char(*text)[KEY_SIZE] = mem_new(n, KEY_SIZE);
	struct cache_values values;
	int rc;

	for (int i = 1; i <= app->opt.shards; i++)
		if (i != app->opt.shard) {
			keys[len] =
			    key_of_claims(i, app->opt.shards, text[len]);
			len++;
		}
	rc = cache_mget(app->cache, keys, len, NULL, &values);
	if (rc == 0) {
		take_remote(app, &values, now);
		cache_values_done(&values);
	}
	free(text);
	free(keys);
	return rc;
}

void
claims_exchange(struct app *app, int64_t now)
{
	char key[KEY_SIZE];
	const char *text;
	size_t len;

	if (app->opt.shards == 1)
		return;
	put_own(app, &app->text, now);
	if ((text = json_text(&app->text, &len)) != NULL)
		cache_batch_set(&app->batch,
		    key_of_claims(app->opt.shard, app->opt.shards, key), text,
		    len, app->config.cache_ttl_s);
	json_reset(&app->text);
	if (read_others(app, now) == -1)
		log_debug("claims: %s", cache_error(app->cache));
}

void
claims_done(struct claims *c)
{
	for (size_t i = 0; i < c->len; i++)
		free(c->shared[i].server);
	free(c->shared);
	forget_remote(c);
	free(c->remote);
}
