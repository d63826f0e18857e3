/* kept.c: the last answer to GET /api/accounts, while only ages change. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/kept.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/fleet/fresh.h"
#include "lib/fleet/row.h"
#include "lib/redis/keys.h"

#define KEEP_MS 1000
#define KEEP_MAX ((size_t)8 << 20) /* larger ones are made each time */
#define HEAD "{\"as_of_utc\":\""   /* how the answer begins; then the time */
#define AGE ",\"age_s\":"          /* of a row, behind its names */

void
kept_done(struct kept *k)
{
	free(k->changed);
	free(k->ages);
	if (k->text.data != NULL)
		buf_done(&k->text);
	memset(k, 0, sizeof(*k));
}

int
kept_changed(struct cache *cache, char **changed)
{
	return cache_get(cache, KEY_CHANGED, changed, NULL);
}

static bool
is_same(const struct kept *k, const char *changed, const struct fleet *fleet,
    const struct facts *facts)
{
	return k->good && changed != NULL && strcmp(changed, k->changed) == 0 &&
	       k->facts_known == facts->known &&
	       k->facts_revision == facts->revision &&
	       memcmp(&k->nodes_stamp, &fleet->stamp, sizeof(fleet->stamp)) ==
		   0;
}

bool
kept_answer(const struct kept *k, const char *changed,
    const struct fleet *fleet, const struct facts *facts, struct response *res)
{
	int64_t now = clock_utc_ms();
	char iso[CLOCK_ISO_SIZE];
	struct buf *b;
	size_t at = 0;

	if (!is_same(k, changed, fleet, facts) || now < k->made_utc_ms ||
	    now >= k->until_utc_ms ||
	    clock_mono_ms() - k->made_mono_ms >= KEEP_MS)
		return false;
	b = response_text(res, "application/json");
	buf_reserve(b, k->text.len + 24 * (k->len + 2));
	buf_puts(b, HEAD);
	buf_puts(b, clock_iso(now, iso));
	for (size_t i = 0; i < k->len; i++) {
		const struct kept_age *age = &k->ages[i];

		buf_add(b, k->text.data + at, age->at - at);
		row_put_age(b, now > age->at_utc_ms ? now - age->at_utc_ms : 0);
		at = age->at;
	}
	buf_add(b, k->text.data + at, k->text.len - at);
	response_etag(res, k->hash);
	return true;
}

/* The earliest moment, later than now, at which the clock changes the row. */
static int64_t
row_until(const struct view *v, const struct view_row *row,
    const struct facts *facts, int64_t until)
{
	const struct account_facts *known =
	    facts_find(facts, row->server, row->login);
	const int64_t moments[] = {
	    status_is_live(row->status)
		? fresh_until(row->at_utc_ms, v->ttl_s) + 1
		: 0,
	    known != NULL ? known->pl.day.day_utc_ms : 0,
	    known != NULL ? known->pl.day.next_utc_ms : 0,
	    known != NULL ? known->pl.limits.resets_utc_ms : 0};

	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
		if (moments[i] > v->now_utc_ms && moments[i] < until)
			until = moments[i];
	return until;
}

static int64_t
until(const struct view *v, const struct facts *facts)
{
	int64_t first = v->now_utc_ms + KEEP_MS;

	for (size_t i = 0; i < v->nodes_len; i++) {
		const struct node_view *n = &v->nodes[i];
		int64_t end = fresh_until(n->at_utc_ms, v->ttl_s) + 1;

		if (n->live && end < first)
			first = end;
	}
	for (size_t i = 0; i < v->rows_len; i++)
		first = row_until(v, &v->rows[i], facts, first);
	return first;
}

/*
 * Cuts the ages out of the text. That name stands first among the members of a
 * row, and in no string, where its quotes would have a backslash before them.
 * false: it is not as we know it.
 */
static bool
cut(struct kept *k, const struct view *v, const char *text, size_t len)
{
	const size_t head = strlen(HEAD) + strlen("2026-11-21T09:56:00.123Z");
	const char *from = text + head, *end = text + len, *at;

	if (len < head || memcmp(text, HEAD, strlen(HEAD)) != 0)
		return false;
	for (size_t i = 0; i < v->rows_len; i++) {
		at = memmem(from, (size_t)(end - from), AGE, strlen(AGE));
		if (at == NULL)
			return false;
		at += strlen(AGE);
		buf_add(&k->text, from, (size_t)(at - from));
		from = at;
		if (v->rows[i].at_utc_ms <= 0)
			continue; /* null */
		from += strspn(from, "0123456789.");
		k->ages = mem_room(k->ages, k->len, &k->size, sizeof(*k->ages));
		k->ages[k->len++] =
		    (struct kept_age){k->text.len, v->rows[i].at_utc_ms};
	}
	buf_add(&k->text, from, (size_t)(end - from));
	return !k->text.overflow &&
	       memmem(from, (size_t)(end - from), AGE, strlen(AGE)) == NULL;
}

void
kept_take(struct kept *k, char *changed, const struct fleet *fleet,
    const struct facts *facts, const struct view *v, const struct response *res,
    uint64_t hash)
{
	size_t len;
	const char *text = response_body(res, &len);

	free(k->changed);
	k->changed = changed;
	k->good = false;
	if (changed == NULL || text == NULL || len > KEEP_MAX)
		return;
	if (k->text.data == NULL)
		buf_init(&k->text, KEEP_MAX);
	buf_reset(&k->text);
	k->len = 0;
	k->good = cut(k, v, text, len);
	k->facts_known = facts->known;
	k->facts_revision = facts->revision;
	k->nodes_stamp = fleet->stamp;
	k->made_utc_ms = v->now_utc_ms;
	k->made_mono_ms = clock_mono_ms();
	k->until_utc_ms = until(v, facts);
	k->hash = hash;
}
