/*
 * alert.c: what stayed bad for a while is sent once, and once that it ended.
 *
 * A terminal that updates itself is away for some seconds: nobody is called
 * for that. One that goes from one bad status to the next is bad all along, and
 * what gets worse is sent again. A node in maintenance raises nothing. What
 * is out is kept in Redis with the node, so that the next run does not send it
 * again; while Redis is away nothing is decided, as nobody would hear of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cron/collect/collect.h"
#include "lib/base/mem.h"

#define LOGIN_SIZE 24

/* a NULL: of the node. */
static void
send_alert(struct app *app, enum alert_kind kind, const struct node_state *n,
    const struct account *a, enum alert_level level, const char *words)
{
	char login[LOGIN_SIZE] = "", *subject = NULL, *key, *text;
	struct event_alert e = {.level = level};

	if (a != NULL) {
		snprintf(login, sizeof(login), "%" PRId64, a->login);
		subject = mem_printf("%s/%s/%s", a->server, login, n->id);
		text = mem_printf(
		    "%s %s on %s: %s", a->server, login, n->id, words);
		e.server = a->server;
		e.login = login;
	} else
		text = mem_printf("%s: %s", n->id, words);
	e.text = text;
	e.key = key = alert_key(kind, a != NULL ? subject : n->id);
	event_put_alert(&app->text, &e);
	events_add(app, EVENT_ALERT);
	free(subject);
	free(key);
	free(text);
}

/*
 * Another node has shown that account since: it moved, and what has become of
 * it here concerns nobody. A node that shows what is not its own is told of.
 */
static bool
has_moved_on(
    const struct app *app, const struct node_state *n, const struct account *a)
{
	if (a->status == STATUS_WRONG_ACCOUNT || a->status == STATUS_CONFLICT)
		return false;
	for (size_t i = 0; i < app->nodes_len; i++) {
		const struct account *other;

		if (app->nodes[i] == n)
			continue;
		other = node_find_account(app->nodes[i], a->server, a->login);
		if (other != NULL && !node_is_foreign(app->nodes[i], other) &&
		    (status_is_live(other->status) ||
			other->at_utc_ms > a->at_utc_ms))
			return true;
	}
	return false;
}

static enum alert_fact
fact_of(const struct app *app, enum alert_kind kind, enum status status)
{
	if (!app->wanted[kind])
		return ALERT_ENDS;
	return alert_kind_info(kind)->by_status[status];
}

/* Every kind that follows from its status. */
static void
check_account(struct app *app, const struct node_state *n, struct account *a,
    int64_t now_utc_ms)
{
	bool moved = !status_is_live(a->status) && has_moved_on(app, n, a);
	char why[WHY_SIZE], *text;

	for (enum alert_kind k = 0; k < ALERT_KINDS; k++) {
		const struct alert_kind_info *kind = alert_kind_info(k);
		struct alert_state *s = &a->alerts[k];
		const char *words;

		if (kind->by_status == NULL ||
		    !alert_state_step(s,
			moved ? ALERT_ENDS : fact_of(app, k, a->status),
			a->since_utc_ms, now_utc_ms,
			alert_after_ms(k, &app->config)))
			continue;
		words = s->sent != ALERT_INFO ? kind->text : kind->over;
		if (words == NULL && account_why(a, why) != NULL)
			text =
			    mem_printf("%s: %s", status_word(a->status), why);
		else
			text = mem_strdup(
			    words != NULL ? words : status_word(a->status));
		send_alert(app, k, n, a, s->sent, text);
		free(text);
	}
}

static void
check_link(struct app *app, struct node_state *n, int64_t now_utc_ms)
{
	const struct alert_kind_info *kind = alert_kind_info(ALERT_NODE);
	struct alert_state *s = &n->alerts[ALERT_NODE];
	char *words;

	if (!alert_state_step(s,
		n->link == LINK_OK ? ALERT_ENDS : ALERT_IS_CRITICAL,
		n->link_since_utc_ms, now_utc_ms,
		alert_after_ms(ALERT_NODE, &app->config)))
		return;
	if (s->sent == ALERT_INFO) {
		send_alert(app, ALERT_NODE, n, NULL, s->sent, kind->over);
		return;
	}
	words = mem_printf("%s: %s", link_word(n->link), n->error);
	send_alert(app, ALERT_NODE, n, NULL, s->sent, words);
	free(words);
}

static void
check_clock(struct app *app, struct node_state *n, int64_t now_utc_ms)
{
	const struct alert_kind_info *kind = alert_kind_info(ALERT_CLOCK);
	struct alert_state *s = &n->alerts[ALERT_CLOCK];
	int64_t off_ms = llabs(n->clock_ahead_ms);
	enum alert_fact fact = !n->clock_known             ? ALERT_HOLDS
			       : off_ms > CLOCK_OFF_MS     ? ALERT_IS_WARN
			       : off_ms > CLOCK_OFF_MS / 2 ? ALERT_HOLDS
							   : ALERT_ENDS;
	char *words;

	if (!alert_state_step(s, fact, now_utc_ms, now_utc_ms,
		alert_after_ms(ALERT_CLOCK, &app->config)))
		return;
	if (s->sent == ALERT_INFO) {
		send_alert(app, ALERT_CLOCK, n, NULL, s->sent, kind->over);
		return;
	}
	words = mem_printf("its clock is %" PRId64 " min %s the coordinator's: "
			   "UTC of broker time is unknown",
	    (off_ms + 30000) / 60000,
	    n->clock_ahead_ms > 0 ? "ahead of" : "behind");
	send_alert(app, ALERT_CLOCK, n, NULL, s->sent, words);
	free(words);
}

static void
end_all(struct app *app, const struct node_state *n, struct account *a,
    struct alert_state states[ALERT_KINDS], const char *why)
{
	for (enum alert_kind k = 0; k < ALERT_KINDS; k++) {
		if (states[k].sent != ALERT_INFO)
			send_alert(app, k, n, a, ALERT_INFO, why);
		states[k] = (struct alert_state){0};
	}
}

void
alert_end_account(struct app *app, const struct node_state *n,
    struct account *a, const char *why)
{
	end_all(app, n, a, a->alerts, why);
}

void
alert_end(struct app *app, struct node_state *n, const char *why)
{
	end_all(app, n, NULL, n->alerts, why);
	for (size_t i = 0; i < n->accounts_len; i++)
		end_all(app, n, n->accounts[i], n->accounts[i]->alerts, why);
}

void
alert_check(struct app *app, struct node_state *n, int64_t now_utc_ms)
{
	if (app->redis_down)
		return;
	if (n->conf->maintenance) {
		alert_end(app, n, "in maintenance");
		return;
	}
	check_link(app, n, now_utc_ms);
	check_clock(app, n, now_utc_ms);
	for (size_t i = 0; n->link == LINK_OK && i < n->accounts_len; i++)
		check_account(app, n, n->accounts[i], now_utc_ms);
}
