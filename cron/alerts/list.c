/* list.c: which alerts there are, and what is still to be told of them. */
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/list.h"
#include "lib/base/mem.h"

static void
alert_done(struct alert *a)
{
	free(a->key);
	free(a->server);
	free(a->login);
	free(a->text);
}

void
alert_list_done(struct alert_list *l)
{
	for (size_t i = 0; i < l->len; i++)
		alert_done(&l->list[i]);
	free(l->list);
	memset(l, 0, sizeof(*l));
}

struct alert *
alert_list_find(const struct alert_list *l, const char *key)
{
	for (size_t i = 0; i < l->len; i++)
		if (strcmp(l->list[i].key, key) == 0)
			return &l->list[i];
	return NULL;
}

/* As 1.0 named it: an alert of an account had no node at the end of its key. */
static struct alert *
find_without_node(const struct alert_list *l, const struct event_alert *e)
{
	enum alert_kind kind;
	struct alert *a;
	char *key;

	if (e->server == NULL || e->login == NULL ||
	    !alert_kind_of(e->key, &kind) ||
	    alert_kind_info(kind)->by_status == NULL)
		return NULL;
	key = mem_printf(
	    "%s/%s/%s", alert_kind_info(kind)->word, e->server, e->login);
	if ((a = alert_list_find(l, key)) != NULL) {
		free(a->key);
		a->key = mem_strdup(e->key);
	}
	free(key);
	return a;
}

static struct alert *
add(struct alert_list *l, const struct event_alert *e)
{
	struct alert *a;

	if (l->len == ALERT_LIST_MAX)
		return NULL;
	l->list = mem_room(l->list, l->len, &l->size, sizeof(*l->list));
	a = &l->list[l->len++];
	memset(a, 0, sizeof(*a));
	a->key = mem_strdup(e->key);
	a->server = e->server != NULL ? mem_strdup(e->server) : NULL;
	a->login = e->login != NULL ? mem_strdup(e->login) : NULL;
	return a;
}

/* Told at once, whatever was told before; a critical one waits to be
 * acknowledged. */
static void
happen(struct alert *a, const struct event_alert *e)
{
	a->since_utc_ms = e->at_utc_ms;
	a->due = ALERT_BEGAN;
	a->told_utc_ms = 0;
	a->open = e->level == ALERT_CRITICAL;
	a->level = e->level;
}

static void
begin(struct alert *a, const struct event_alert *e)
{
	if (!a->open) {
		a->since_utc_ms = e->at_utc_ms;
		/* the one that ended was not told to have ended: it goes on */
		a->due = a->due == ALERT_ENDED ? ALERT_NOTHING : ALERT_BEGAN;
	} else if (e->level > a->level) {
		a->due = ALERT_BEGAN;
		a->told_utc_ms = 0; /* worse is told at once */
	}
	a->open = true;
	a->level = e->level;
}

/* What nobody was called for needs no all-clear. */
static void
end(struct alert *a, const struct event_alert *e)
{
	if (a->open)
		a->due = a->due == ALERT_BEGAN ? ALERT_NOTHING : ALERT_ENDED;
	else
		a->due = ALERT_BEGAN; /* good news of its own */
	a->open = false;
	a->level = ALERT_INFO;
	a->since_utc_ms = e->at_utc_ms;
}

bool
alert_list_put(struct alert_list *l, const struct event_alert *e)
{
	struct alert *a = alert_list_find(l, e->key);
	enum alert_kind kind;

	if (a == NULL && (a = find_without_node(l, e)) == NULL &&
	    (a = add(l, e)) == NULL)
		return false;
	free(a->text);
	a->text = mem_strdup(e->text);
	if (alert_kind_of(e->key, &kind) && alert_kind_info(kind)->no_end)
		happen(a, e);
	else if (e->level == ALERT_INFO)
		end(a, e);
	else
		begin(a, e);
	return true;
}

enum alert_due
alert_due_now(const struct alert *a, int64_t now_utc_ms, bool muted,
    bool acknowledged, int64_t repeat_ms)
{
	if (muted)
		return ALERT_NOTHING;
	if (a->due == ALERT_BEGAN && a->told_utc_ms != 0 &&
	    now_utc_ms - a->told_utc_ms < ALERT_COOLDOWN_MS)
		return ALERT_NOTHING; /* later, if it is still so then */
	if (a->due == ALERT_NOTHING && a->open && !acknowledged &&
	    a->level == ALERT_CRITICAL && a->told_utc_ms != 0 &&
	    now_utc_ms - a->told_utc_ms >= repeat_ms)
		return ALERT_GOES_ON;
	return a->due;
}

void
alert_told(struct alert *a, int64_t now_utc_ms)
{
	a->due = ALERT_NOTHING;
	a->told_utc_ms = now_utc_ms;
}

bool
alert_list_sweep(struct alert_list *l, int64_t now_utc_ms)
{
	size_t kept = 0, before = l->len;

	for (size_t i = 0; i < l->len; i++) {
		struct alert *a = &l->list[i];

		if (a->open || a->due != ALERT_NOTHING ||
		    now_utc_ms - a->told_utc_ms < ALERT_COOLDOWN_MS)
			l->list[kept++] = *a;
		else
			alert_done(a);
	}
	l->len = kept;
	return kept != before;
}
