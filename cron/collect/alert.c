/*
 * alert.c: what stayed bad for a while is said once, and once that it ended.
 *
 * A terminal that updates itself is away for some seconds: nobody is called
 * for that. One that goes from one bad word to the next is bad all along, and
 * what gets worse is said again. A node in maintenance raises nothing. What
 * is out is kept in Redis with the node, so that the next run does not say it
 * again; while Redis is away nothing is decided, as nobody would hear of it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cron/collect/collect.h"
#include "lib/base/mem.h"

#define PATIENCE_MS 30000

static void
put_alert(struct app *app, const char *key, const char *level,
    const struct account *a, const char *text)
{
	struct json *j = &app->text;

	json_object(j, NULL);
	json_string(j, "type", "alert");
	json_string(j, "key", key);
	json_string(j, "level", level);
	json_string(j, "server", a != NULL ? a->server : NULL);
	if (a != NULL)
		json_id(j, "login", a->login);
	else
		json_null(j, "login");
	json_string(j, "text", text);
	json_end(j);
	publish_event(app, "alert");
}

/* about: "node" or "clock". */
static void
say_node(struct app *app, const struct node_state *n, const char *about,
    const char *level, const char *words)
{
	char *key = mem_printf("%s/%s", about, n->id);
	char *text = mem_printf("%s: %s", n->id, words);

	put_alert(app, key, level, NULL, text);
	free(key);
	free(text);
}

static void
say_account(struct app *app, const struct node_state *n,
    const struct account *a, const char *level, const char *words)
{
	char *key = mem_printf("status/%s/%" PRId64, a->server, a->login);
	char *text = mem_printf(
	    "%s %" PRId64 " on %s: %s", a->server, a->login, n->id, words);

	put_alert(app, key, level, a, text);
	free(key);
	free(text);
}

/* ALARM_NONE: not bad enough to call anyone. */
static enum alarm
alarm_of(enum status s)
{
	switch (s) {
	case STATUS_TERMINAL_DOWN:
	case STATUS_BRIDGE_SILENT:
	case STATUS_WRONG_ACCOUNT:
		return ALARM_CRITICAL;
	case STATUS_NOT_LOGGED_IN:
	case STATUS_BROKER_DISCONNECTED:
		return ALARM_WARN;
	case STATUS_UNREACHABLE: /* said of the node */
	case STATUS_UNAUTHORIZED:
	case STATUS_STALE: /* only what is here no longer */
	case STATUS_HISTORY_SYNCING:
	case STATUS_TRADING_DISABLED:
	case STATUS_READ_ONLY:
	case STATUS_OK:
		break;
	}
	return ALARM_NONE;
}

/* since: of what is so now. A clock that was set back must not make us wait
 * until it is there again. */
static void
note_since(int64_t *msc, bool is_so, int64_t since_msc, int64_t now_msc)
{
	if (!is_so)
		*msc = 0;
	else if (*msc == 0 || *msc > now_msc)
		*msc = since_msc < now_msc ? since_msc : now_msc;
}

static bool
lasts(int64_t since_msc, int64_t now_msc)
{
	return since_msc != 0 && now_msc - since_msc >= PATIENCE_MS;
}

static void
check_account(struct app *app, const struct node_state *n, struct account *a,
    int64_t now_msc)
{
	struct worry *w = &a->worry;
	enum alarm is = alarm_of(a->status), due;

	note_since(&w->warn_msc, is >= ALARM_WARN, a->since_msc, now_msc);
	note_since(
	    &w->critical_msc, is == ALARM_CRITICAL, a->since_msc, now_msc);
	due = lasts(w->critical_msc, now_msc) ? ALARM_CRITICAL
	      : lasts(w->warn_msc, now_msc)   ? ALARM_WARN
					      : ALARM_NONE;
	if (due > w->said) {
		w->said = due;
		say_account(app, n, a,
		    due == ALARM_CRITICAL ? "critical" : "warn",
		    status_word(a->status));
	} else if (is == ALARM_NONE && w->said != ALARM_NONE) {
		w->said = ALARM_NONE;
		say_account(app, n, a, "info", status_word(a->status));
	}
}

static void
check_link(struct app *app, struct node_state *n, int64_t now_msc)
{
	char *words;

	if (n->link == LINK_OK) {
		if (n->alerted)
			say_node(app, n, "node", "info", "answers again");
		n->alerted = false;
		return;
	}
	if (n->link_since_msc > now_msc)
		n->link_since_msc = now_msc; /* the clock was set back */
	if (n->alerted || !lasts(n->link_since_msc, now_msc))
		return;
	n->alerted = true;
	words = mem_printf("%s: %s", node_link_word(n->link), n->error);
	say_node(app, n, "node", "critical", words);
	free(words);
}

/* At once: it is not a thing that passes by itself. */
static void
check_clock(struct app *app, struct node_state *n)
{
	int64_t off_ms = llabs(n->clock_ahead_ms);
	char *words;

	if (!n->clock_known)
		return;
	if (n->clock_alerted && off_ms <= CLOCK_OFF_MS / 2) {
		say_node(app, n, "clock", "info", "its clock is right again");
		n->clock_alerted = false;
	}
	if (n->clock_alerted || off_ms <= CLOCK_OFF_MS)
		return;
	n->clock_alerted = true;
	words = mem_printf("its clock is %" PRId64 " min %s the coordinator's: "
			   "UTC of broker time is unknown",
	    (off_ms + 30000) / 60000,
	    n->clock_ahead_ms > 0 ? "ahead of" : "behind");
	say_node(app, n, "clock", "warn", words);
	free(words);
}

void
alert_end(struct app *app, struct node_state *n, const char *why)
{
	if (n->alerted)
		say_node(app, n, "node", "info", why);
	n->alerted = false;
	if (n->clock_alerted)
		say_node(app, n, "clock", "info", why);
	n->clock_alerted = false;
	for (size_t i = 0; i < n->accounts_len; i++) {
		struct account *a = n->accounts[i];

		if (a->worry.said != ALARM_NONE)
			say_account(app, n, a, "info", why);
		a->worry = (struct worry){0};
	}
}

void
alert_check(struct app *app, struct node_state *n, int64_t now_msc)
{
	if (app->redis_down)
		return;
	if (n->conf->maintenance) {
		alert_end(app, n, "in maintenance");
		return;
	}
	check_link(app, n, now_msc);
	check_clock(app, n);
	for (size_t i = 0; n->link == LINK_OK && i < n->accounts_len; i++)
		check_account(app, n, n->accounts[i], now_msc);
}
