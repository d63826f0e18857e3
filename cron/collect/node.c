/* node.c: what is known of one node, and what an answer changes in it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/mem.h"
#include "lib/fleet/fresh.h"

/* Accounts that left a node are kept up to this many. */
#define ACCOUNTS_MAX 512

struct node_state *
node_new(struct app *app, const char *id)
{
	struct node_state *n = mem_new(1, sizeof(*n));

	n->app = app;
	n->id = mem_strdup(id);
	n->latency_ms = -1;
	n->head = STATUS_UNREACHABLE;
	return n;
}

void
node_free(struct node_state *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < n->accounts_len; i++)
		account_free(n->accounts[i]);
	free(n->accounts);
	free(n->agent);
	free(n->id);
	free(n);
}

void
node_add_account(struct node_state *n, struct account *a)
{
	n->accounts = mem_room(n->accounts, n->accounts_len, &n->accounts_size,
	    sizeof(*n->accounts));
	n->accounts[n->accounts_len++] = a;
	if (n->app != NULL)
		shared_note(n->app, n, a->server, a->login);
}

struct account *
node_take_retired(struct node_state *n)
{
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];

		if (a->carried &&
		    node_has_retired(n->conf, a->server, a->login)) {
			n->accounts[i] = n->accounts[--n->accounts_len];
			return a;
		}
	}
	return NULL;
}

static void
set_link(struct node_state *n, enum link_state link, int64_t now_utc_ms)
{
	if (n->link == link)
		return;
	n->link = link;
	n->link_since_utc_ms = now_utc_ms;
}

static void
set_head(struct node_state *n, enum status s, int64_t now_utc_ms)
{
	if (n->head == s && n->head_since_utc_ms != 0)
		return;
	n->head = s;
	n->head_since_utc_ms = now_utc_ms;
	n->head_moved = true;
}

void
node_fail(struct node_state *n, enum link_state link, const char *error,
    int64_t now_utc_ms)
{
	enum status s = link_status(link);

	set_link(n, link, now_utc_ms);
	snprintf(n->error, sizeof(n->error), "%s", error);
	n->polled_utc_ms = now_utc_ms;
	n->failures++;
	n->may_wait = false;
	set_head(n, s, now_utc_ms);
	for (size_t i = 0; i < n->accounts_len; i++)
		account_set_status(n->accounts[i], s, now_utc_ms);
}

/* The same account told by two terminals: the better word, then the newer. */
static bool
better(const struct account *a, const struct account *b)
{
	return a->said != b->said ? a->said > b->said
				  : a->at_utc_ms > b->at_utc_ms;
}

/* What a says is refused: the values that were believed stay, with why. */
static void
keep_values(struct account *old, const struct account *a)
{
	account_refuse(old, a->error);
	old->said = a->said;
	old->carried = false;
	old->seen = true;
	memcpy(old->terminal_id, a->terminal_id, sizeof(old->terminal_id));
}

/* Takes a. What is there of the account already gives way, but its status
 * and since when. */
static void
place_account(struct node_state *n, struct account *a)
{
	size_t i = 0;
	struct account *old;

	a->seen = true;
	a->content_moved = true;
	/* nothing of it was ever believed: it has no moment */
	if (a->error != NULL)
		a->at_utc_ms = 0;
	while (i < n->accounts_len &&
	       !account_is(n->accounts[i], a->server, a->login))
		i++;
	if (i == n->accounts_len) {
		node_add_account(n, a);
		return;
	}
	old = n->accounts[i];
	if (old->seen && !better(a, old)) {
		account_free(a);
		return;
	}
	if (a->error != NULL) {
		keep_values(old, a);
		account_free(a);
		return;
	}
	a->conflict = old->conflict;
	a->claims = old->claims;
	old->claims = NULL;
	a->status = old->status;
	a->since_utc_ms = old->since_utc_ms;
	a->status_moved = old->status_moved || old->error != NULL;
	memcpy(a->alerts, old->alerts, sizeof(a->alerts));
	a->minute = old->minute;
	a->noted = old->noted;
	a->content_moved = old->content_moved || !account_same_content(a, old);
	n->accounts[i] = a;
	account_free(old);
}

static void
forget_oldest(struct node_state *n)
{
	size_t oldest = n->accounts_len;

	for (size_t i = 0; i < n->accounts_len; i++)
		if (n->accounts[i]->carried &&
		    (oldest == n->accounts_len ||
			n->accounts[i]->at_utc_ms <
			    n->accounts[oldest]->at_utc_ms))
			oldest = i;
	if (oldest == n->accounts_len)
		return;
	account_free(n->accounts[oldest]);
	n->accounts[oldest] = n->accounts[--n->accounts_len];
}

/* What to say of an account that none of the terminals is logged in to. */
static enum status
carried_status(
    const struct node_state *n, struct account *a, const struct answer *w)
{
	for (size_t i = 0; i < w->len; i++) {
		const struct terminal *t = &w->terminals[i];

		if (t->account != NULL || t->facts.logged_in ||
		    strcmp(t->id, a->terminal_id) != 0)
			continue;
		if (*t->why != '\0')
			account_refuse(a, t->why);
		return status_decide(&t->facts);
	}
	return node_pins(n->conf, a->server, a->login) ? STATUS_WRONG_ACCOUNT
						       : STATUS_STALE;
}

bool
node_is_foreign(const struct node_state *n, const struct account *a)
{
	return n->app != NULL && nodes_pinned_elsewhere(&n->app->roster,
				     n->conf, a->server, a->login);
}

/* How that terminal stands, by what is pinned here and elsewhere, too. */
static enum status
terminal_status(const struct node_state *n, struct terminal *t)
{
	const struct account *a = t->account;

	t->facts.wrong_account =
	    a != NULL && !node_pins(n->conf, a->server, a->login) &&
	    (n->conf->pins_len > 0 || node_is_foreign(n, a));
	return status_decide(&t->facts);
}

/* A write of before the one that was seen last. */
static void
refuse_older(const struct node_state *n, struct terminal *t)
{
	struct account *a = t->account;
	const struct account *was;
	char why[WHY_SIZE];

	if (a == NULL || a->error != NULL)
		return;
	was = node_find_account(n, a->server, a->login);
	if (was == NULL || was->seen || !account_is_older(a, was))
		return;
	snprintf(why, sizeof(why),
	    "seq: %" PRId64 " is older than %" PRId64
	    ", the last one of this run of the bridge",
	    a->seq, was->seq);
	account_refuse(a, why);
	t->facts.bad_data = true;
}

static void
take_terminals(struct node_state *n, struct answer *w, int64_t now_utc_ms)
{
	n->said = w->len == 0 ? STATUS_TERMINAL_DOWN : STATUS_OK;
	for (size_t i = 0; i < w->len; i++) {
		struct terminal *t = &w->terminals[i];
		enum status s;

		refuse_older(n, t);
		s = terminal_status(n, t);
		if (s < n->said)
			n->said = s;
		if (t->account == NULL)
			continue;
		t->account->said = s;
		t->account->at_utc_ms = now_utc_ms - t->age_ms;
		place_account(n, t->account);
		t->account = NULL;
	}
}

static void
take_whole(struct node_state *n, struct answer *w, int64_t now_utc_ms)
{
	for (size_t i = 0; i < n->accounts_len; i++)
		n->accounts[i]->seen = false;
	take_terminals(n, w, now_utc_ms);
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];

		if (!a->seen) {
			a->carried = true;
			free(a->error);
			a->error = NULL;
			a->said = carried_status(n, a, w);
		}
	}
	while (n->accounts_len > ACCOUNTS_MAX)
		forget_oldest(n);
	free(n->agent);
	n->agent = w->agent;
	w->agent = NULL;
	n->terminals = (int)w->len;
}

static void
take_unchanged(struct node_state *n, const struct answer *w, int64_t now_utc_ms)
{
	for (size_t i = 0; i < w->len; i++)
		for (size_t k = 0; k < n->accounts_len; k++) {
			struct account *a = n->accounts[k];

			if (!a->carried && a->error == NULL &&
			    strcmp(a->terminal_id, w->terminals[i].id) == 0)
				a->at_utc_ms =
				    now_utc_ms - w->terminals[i].age_ms;
		}
}

enum status
node_account_status(
    const struct node_state *n, const struct account *a, int64_t now_utc_ms)
{
	enum status s;

	if (n->link != LINK_OK)
		return link_status(n->link);
	s = fresh_status(a->said, a->at_utc_ms, now_utc_ms, n->ttl_s);
	return a->conflict && status_is_live(s) ? STATUS_CONFLICT : s;
}

static void
settle(struct node_state *n, int64_t now_utc_ms, int ttl_s)
{
	n->ttl_s = ttl_s;
	set_head(n, n->said, now_utc_ms);
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];

		account_set_status(
		    a, node_account_status(n, a, now_utc_ms), now_utc_ms);
		if (status_is_live(a->status))
			account_note_equity(a, now_utc_ms);
	}
}

int
node_take(struct node_state *n, struct answer *w, int64_t now_utc_ms, int ttl_s,
    char why[WHY_SIZE])
{
	if (w->unchanged && strcmp(w->rev, n->rev) != 0) {
		snprintf(why, WHY_SIZE,
		    "bad answer: unchanged since \"%s\", which was not asked",
		    w->rev);
		return -1;
	}
	if (w->unchanged)
		take_unchanged(n, w, now_utc_ms);
	else
		take_whole(n, w, now_utc_ms);
	memcpy(n->rev, w->rev, sizeof(n->rev));
	if (w->clock_known) {
		n->clock_known = true;
		n->clock_ahead_ms = w->clock_ahead_ms;
	}
	set_link(n, LINK_OK, now_utc_ms);
	*n->error = '\0';
	n->polled_utc_ms = now_utc_ms;
	n->failures = 0;
	n->may_wait = true;
	settle(n, now_utc_ms, ttl_s);
	return 0;
}
