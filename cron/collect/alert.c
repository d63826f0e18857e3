/*
 * alert.c: what stayed bad for a while is said once, and once that it ended.
 *
 * A terminal that updates itself is away for some seconds: nobody is called
 * for that. A node in maintenance raises nothing. That an alert is out is
 * kept in Redis with the node, so that the next run does not say it again.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cron/collect/collect.h"
#include "lib/mem.h"

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

static void
say_node(struct app *app, const struct node_state *n, const char *level)
{
	char *key = mem_printf("node/%s", n->id);
	char *text = n->link == LINK_OK
			 ? mem_printf("%s: answers again", n->id)
			 : mem_printf("%s: %s: %s", n->id,
			       node_link_word(n->link), n->error);

	put_alert(app, key, level, NULL, text);
	free(key);
	free(text);
}

static void
say_account(struct app *app, const struct node_state *n,
    const struct account *a, const char *level)
{
	char *key = mem_printf("status/%s/%" PRId64, a->server, a->login);
	char *text = mem_printf("%s %" PRId64 " on %s: %s", a->server, a->login,
	    n->id, status_word(a->status));

	put_alert(app, key, level, a, text);
	free(key);
	free(text);
}

/* NULL: not bad enough to call anyone. */
static const char *
level_of(enum status s)
{
	switch (s) {
	case STATUS_TERMINAL_DOWN:
	case STATUS_BRIDGE_SILENT:
	case STATUS_WRONG_ACCOUNT:
		return "critical";
	case STATUS_NOT_LOGGED_IN:
	case STATUS_BROKER_DISCONNECTED:
		return "warn";
	case STATUS_UNREACHABLE: /* said of the node */
	case STATUS_UNAUTHORIZED:
	case STATUS_STALE: /* only what is here no longer */
	case STATUS_HISTORY_SYNCING:
	case STATUS_TRADING_DISABLED:
	case STATUS_READ_ONLY:
	case STATUS_OK:
		break;
	}
	return NULL;
}

static void
check_account(struct app *app, const struct node_state *n, struct account *a,
    int64_t now_msc)
{
	const char *level = level_of(a->status);

	if (level != NULL && !a->alerted &&
	    now_msc - a->since_msc >= PATIENCE_MS) {
		a->alerted = true;
		say_account(app, n, a, level);
	} else if (level == NULL && a->alerted) {
		a->alerted = false;
		say_account(app, n, a, "info");
	}
}

void
alert_check(struct app *app, struct node_state *n, int64_t now_msc)
{
	if (n->conf->maintenance)
		return;
	if (n->link == LINK_OK) {
		if (n->alerted)
			say_node(app, n, "info");
		n->alerted = false;
		for (size_t i = 0; i < n->accounts_len; i++)
			check_account(app, n, n->accounts[i], now_msc);
	} else if (!n->alerted && now_msc - n->link_since_msc >= PATIENCE_MS) {
		n->alerted = true;
		say_node(app, n, "critical");
	}
}
