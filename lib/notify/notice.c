/* notice.c: one thing that a target is told, as JSON; who wants it, and when.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/notify/notice.h"
#include "lib/trading/zone.h"

const char *
notice_word(enum notice_what what)
{
	static const char *const words[] = {
	    "", "began", "ended", "goes_on", "escalated", "test", "report"};

	return words[what];
}

void
notice_put(struct json *j, const struct notice *n)
{
	json_int(j, "what", n->what);
	json_string(j, "key", n->key);
	json_string(j, "level", alert_level_word(n->level));
	json_string(j, "was", alert_level_word(n->was));
	json_string(j, "server", n->server);
	json_string(j, "login", n->login);
	json_string(j, "node", n->node);
	json_string(j, "firm", n->firm);
	json_string(j, "holder", n->holder);
	json_string(j, "text", n->text);
	json_id(j, "since_utc_ms", n->since_utc_ms);
	json_string(j, "from", n->from);
	json_int(j, "minutes", n->minutes);
}

bool
notice_read(struct notice *n, const cJSON *o)
{
	const char *level;
	int what;

	*n = (struct notice){.level = ALERT_INFO};
	if (!jsonin_int(o, "what", &what) || what < NOTICE_BEGAN ||
	    what > NOTICE_REPORT || !jsonin_string(o, "key", &n->key) ||
	    !jsonin_string(o, "text", &n->text) ||
	    !jsonin_string(o, "level", &level) ||
	    !alert_level_from(level, &n->level))
		return false;
	n->what = (enum notice_what)what;
	if (jsonin_string(o, "was", &level))
		alert_level_from(level, &n->was);
	jsonin_string(o, "server", &n->server);
	jsonin_string(o, "login", &n->login);
	jsonin_string(o, "node", &n->node);
	jsonin_string(o, "firm", &n->firm);
	jsonin_string(o, "holder", &n->holder);
	jsonin_string(o, "from", &n->from);
	jsonin_int(o, "minutes", &n->minutes);
	jsonin_int64(o, "since_utc_ms", &n->since_utc_ms);
	return true;
}

const char *
notice_node_of(const char *key)
{
	enum alert_kind kind;
	const char *slash;

	if (!alert_kind_of(key, &kind) || alert_kind_info(kind)->no_end)
		return NULL;
	slash = strrchr(key, '/');
	return slash != NULL ? slash + 1 : NULL;
}

/* ---- who wants it ---- */

static bool
has(const struct target_words *w, const char *word)
{
	for (size_t i = 0; word != NULL && i < w->len; i++)
		if (strcmp(w->list[i], word) == 0)
			return true;
	return w->len == 0;
}

static bool
has_tag(const struct target_words *w, const char *tags)
{
	cJSON *list;
	const cJSON *e;
	bool found = false;

	if (w->len == 0)
		return true;
	if (tags == NULL || (list = jsonin_parse(tags, strlen(tags))) == NULL)
		return false;
	cJSON_ArrayForEach(e, list)
		if (cJSON_IsString(e) && has(w, e->valuestring))
			found = true;
	cJSON_Delete(list);
	return found;
}

/* "Server/52001001", or "Server" alone. */
static bool
has_account(const struct target_words *w, const struct notice *n)
{
	char *key;
	bool found;

	if (w->len == 0)
		return true;
	if (n->server == NULL || n->login == NULL)
		return false;
	key = mem_printf("%s/%s", n->server, n->login);
	found = has(w, key) || has(w, n->server);
	free(key);
	return found;
}

bool
target_wants_account(const struct target *t, const struct notice *n,
    const struct notice_subject *s)
{
	const struct target_filter *f = &t->filter;

	return has(&f->firms, s->firm) && has(&f->holders, s->holder) &&
	       has(&f->nodes, n->node) && has_tag(&f->tags, s->tags) &&
	       has_account(&f->accounts, n);
}

bool
target_wants(const struct target *t, const struct notice *n,
    const struct notice_subject *s)
{
	const struct target_filter *f = &t->filter;
	enum alert_kind kind;

	if (t->disabled || n->level < f->level)
		return false;
	if (f->some_kinds && !(alert_kind_of(n->key, &kind) && f->kinds[kind]))
		return false;
	return target_wants_account(t, n, s);
}

/* ---- when ---- */

/* The day of the week that a zone's day has: Sunday is 0. */
static int
week_day(const struct zone_day *day)
{
	int y, m, d;
	static const int shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};

	y = atoi(day->date);
	m = atoi(day->date + 5);
	d = atoi(day->date + 8);
	if (m < 3)
		y--;
	return (y + y / 4 - y / 100 + y / 400 + shift[(m + 11) % 12] + d) % 7;
}

bool
target_is_quiet(const struct target *t, enum alert_level level,
    int64_t now_utc_ms, int64_t *until_utc_ms)
{
	const struct target_quiet *q = &t->quiet;
	struct zone_day begin, end;

	if (!q->set || level > q->up_to)
		return false;
	/* the last time they began, and their end after that */
	zone_day(t->zone, q->from_min, 0, now_utc_ms, &begin);
	zone_day(t->zone, q->to_min, 0, begin.from_utc_ms, &end);
	*until_utc_ms = end.to_utc_ms;
	return q->days[week_day(&begin)] && now_utc_ms < end.to_utc_ms;
}
