/* zone.c: the time zone of each broker's clock: typed, or proposed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/ledger/audit.h"
#include "lib/ledger/edit.h"
#include "lib/ledger/utc.h"
#include "lib/ledger/zones.h"

#define DAY_MS (INT64_C(86400) * 1000)

/* ---- what is known ---- */

static void
take_zone(struct query *q, struct ledger_zone *z)
{
	const char *typed_zone;
	int64_t most, least;
	struct amount offset;

	memset(z, 0, sizeof(*z));
	z->server = take_text(q);
	z->typed = take_int(q) != 0;
	typed_zone = take_text(q);
	z->who = take_text(q);
	z->typed_utc_ms = take_int(q);
	z->proposed = take_text(q);
	z->reason = take_text(q);
	z->looked_utc_ms = take_int(q);
	z->zone = z->typed ? typed_zone : z->proposed;
	z->accounts = (int)take_int(q);
	offset = take_amount(q);
	most = (int64_t)offset.v;
	least = take_int(q);
	z->offset = (struct amount){offset.known && most == least, least};
	z->offset_since_utc_ms = take_int(q);
}

enum ledger_result
ledger_zones(struct ledger *l, ledger_zone_fn fn, void *arg)
{
	struct ledger_zone z;
	struct query q;

	query_init(&q, l, SQL_ZONE_LIST);
	while (query_next(&q)) {
		take_zone(&q, &z);
		if (fn(&z, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_zone_get(
    struct ledger *l, const char *server, ledger_zone_fn fn, void *arg)
{
	struct ledger_zone z;
	struct query q;

	query_init(&q, l, SQL_ZONE_GET);
	put_text(&q, server);
	if (query_next(&q)) {
		take_zone(&q, &z);
		fn(&z, arg);
	}
	return query_found(&q);
}

void
ledger_zone_source(const struct ledger_zone *z, char text[LEDGER_ZONE_SOURCE])
{
	const char *reason =
	    z->reason != NULL ? z->reason : "no deal was read since";
	char when[CLOCK_ISO_SIZE];

	if (z->typed)
		snprintf(text, LEDGER_ZONE_SOURCE, "typed by %s on %.10s",
		    z->who != NULL ? z->who : "?",
		    clock_iso(z->typed_utc_ms, when));
	else
		snprintf(text, LEDGER_ZONE_SOURCE, "%s: %s",
		    z->zone != NULL ? "proposed" : "not known", reason);
}

bool
ledger_zone_disagrees(const struct ledger_zone *z, int64_t now_utc_ms,
    int *zone_s, int *reported_s)
{
	struct zone_spans spans;

	if (z->zone == NULL || !z->offset.known || zone_check(z->zone) == -1)
		return false;
	zone_spans(z->zone, now_utc_ms / 1000, now_utc_ms / 1000, &spans);
	*zone_s = zone_offset(&spans, now_utc_ms / 1000);
	*reported_s = (int)z->offset.v;
	zone_spans_done(&spans);
	return *zone_s != *reported_s;
}

/* ---- typed ---- */

/* What a person said before; NULL: nothing. For the caller to free. */
static int
keep_typed(const struct ledger_zone *z, void *arg)
{
	char **was = arg;

	if (z->typed)
		*was = mem_strdup(z->zone != NULL ? z->zone : LEDGER_ZONE_NONE);
	return 0;
}

static enum ledger_result
put_typed(struct ledger *l, const char *server, const char *zone,
    const struct ledger_actor *actor)
{
	bool named = zone != NULL && strcmp(zone, LEDGER_ZONE_NONE) != 0;
	struct query q;

	query_init(&q, l, SQL_ZONE_TYPE);
	put_text(&q, server);
	put_int(&q, zone != NULL);
	put_text(&q, named ? zone : NULL);
	put_text(&q, zone != NULL ? actor->who : NULL);
	put_int(&q, zone != NULL ? actor->at_utc_ms : 0);
	return query_run(&q);
}

/* expected: what must stand now, or *any* where it is NULL and any is set. */
static enum ledger_result
type_zone(struct ledger *l, const char *server, const char *zone,
    const char *action, const char *expected, bool any,
    const struct ledger_actor *actor)
{
	char *was = NULL, *field = NULL;
	enum ledger_result r;
	bool own;

	if (zone != NULL && strcmp(zone, LEDGER_ZONE_NONE) != 0 &&
	    zone_check(zone) == -1)
		return ledger_rejected(l, "no such time zone");
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = ledger_zone_get(l, server, keep_typed, &was);
	if (r == LEDGER_OK && !any && edit_differs(was, expected))
		r = LEDGER_CONFLICT;
	if (r == LEDGER_OK && edit_differs(was, zone)) {
		struct ledger_audit_new row = {
		    .actor = actor, .action = action, .from = was, .to = zone};

		row.field = field = mem_printf(ZONE_AUDIT_FIELD "%s", server);
		r = put_typed(l, server, zone, actor);
		if (r == LEDGER_OK)
			r = ledger_audit_put(l, &row);
	}
	free(field);
	free(was);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_zone_type(struct ledger *l, const char *server, const char *zone,
    const struct ledger_actor *actor)
{
	return type_zone(l, server, zone, "edit", NULL, true, actor);
}

enum ledger_result
zone_undo(struct ledger *l, const char *server, const char *from,
    const char *to, const struct ledger_actor *actor)
{
	return type_zone(l, server, from, "undo", to, false, actor);
}

/* ---- under another name ---- */

/* What a person said of the server; NULL: nothing. For the caller to free. */
static enum ledger_result
typed_of(struct ledger *l, const char *server, char **zone)
{
	struct query q;

	*zone = NULL;
	query_init(&q, l, SQL_ZONE_TYPED);
	put_text(&q, server);
	if (query_next(&q) && take_int(&q) != 0) {
		const char *named = take_text(&q);

		*zone = mem_strdup(named != NULL ? named : LEDGER_ZONE_NONE);
	}
	return query_done(&q);
}

static enum ledger_result
carry(struct ledger *l, enum ledger_sql which, const char *from, const char *to)
{
	struct query q;

	query_init(&q, l, which);
	put_text(&q, from);
	put_text(&q, to);
	return query_run(&q);
}

enum ledger_result
zone_carry(struct ledger *l, const char *from, const char *to,
    const struct ledger_actor *actor)
{
	char *was = NULL, *is = NULL;
	enum ledger_result r;

	if (strcmp(from, to) == 0)
		return LEDGER_OK;
	r = typed_of(l, from, &was);
	if (r == LEDGER_OK)
		r = typed_of(l, to, &is);
	if (r == LEDGER_OK)
		r = carry(l, SQL_ZONE_CARRY, from, to);
	if (r == LEDGER_OK)
		r = carry(l, SQL_OFFSET_CARRY, from, to);
	if (r == LEDGER_OK && was != NULL && is == NULL)
		r = type_zone(l, to, was, "edit", NULL, true, actor);
	free(was);
	free(is);
	return r;
}

/* ---- seen ---- */

#define HOUR_MS (INT64_C(3600) * 1000)
#define SAME_MS (8 * DAY_MS) /* over weekends and holidays */

/* What an observation is told by, and when it is. */
static void
offset_query(struct query *q, struct ledger *l, enum ledger_sql which,
    const char *server, int offset_s, int64_t utc_ms)
{
	query_init(q, l, which);
	put_text(q, server);
	put_int(q, offset_s);
	put_int(q, utc_ms);
}

enum ledger_result
ledger_offset_seen(
    struct ledger *l, const char *server, int offset_s, int64_t now_utc_ms)
{
	enum ledger_result r;
	struct query q;
	bool lately, own;

	offset_query(
	    &q, l, SQL_OFFSET_LATELY, server, offset_s, now_utc_ms - HOUR_MS);
	lately = query_next(&q);
	r = query_done(&q);
	if (r != LEDGER_OK || lately)
		return r;
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	offset_query(&q, l, SQL_OFFSET_AGAIN, server, offset_s, now_utc_ms);
	put_int(&q, now_utc_ms - SAME_MS);
	r = query_touch(&q);
	if (r == LEDGER_NOT_FOUND) {
		offset_query(
		    &q, l, SQL_OFFSET_ADD, server, offset_s, now_utc_ms);
		r = query_run(&q);
	}
	return ledger_own_end(l, own, r);
}

struct seen {
	struct broker_offset *offsets;
	int64_t *half_hours;
	size_t offsets_len, offsets_size, half_hours_len, half_hours_size;
};

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum ledger_result
load_seen(struct ledger *l, const char *server, struct seen *s)
{
	enum ledger_result r;
	struct query q;
	size_t kept = 0;

	query_init(&q, l, SQL_OFFSET_LIST);
	put_text(&q, server);
	while (query_next(&q)) {
		struct broker_offset o = {.offset_s = (int)take_int(&q)};

		o.first_utc_ms = take_int(&q);
		o.last_utc_ms = take_int(&q);
		s->offsets = mem_room(s->offsets, s->offsets_len,
		    &s->offsets_size, sizeof(*s->offsets));
		s->offsets[s->offsets_len++] = o;
	}
	r = query_done(&q);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_ZONE_HALF_HOURS);
	put_text(&q, server);
	while (query_next(&q)) {
		const char *symbol = take_text(&q);
		int64_t half_hour = take_int(&q);

		if (!broker_zone_symbol_rests(symbol))
			continue;
		s->half_hours = mem_room(s->half_hours, s->half_hours_len,
		    &s->half_hours_size, sizeof(*s->half_hours));
		s->half_hours[s->half_hours_len++] = half_hour;
	}
	r = query_done(&q);
	if (s->half_hours_len > 0)
		qsort(s->half_hours, s->half_hours_len, sizeof(int64_t),
		    by_number);
	for (size_t i = 0; i < s->half_hours_len; i++)
		if (i == 0 || s->half_hours[i] != s->half_hours[kept - 1])
			s->half_hours[kept++] = s->half_hours[i];
	s->half_hours_len = kept;
	return r;
}

static enum ledger_result
propose(struct ledger *l, const char *server, int64_t now_utc_ms)
{
	struct seen s = {.offsets = NULL};
	char reason[BROKER_ZONE_REASON];
	const char *zone = NULL;
	enum ledger_result r = load_seen(l, server, &s);
	struct query q;

	if (r == LEDGER_OK) {
		const struct broker_seen seen = {
		    s.offsets, s.offsets_len, s.half_hours, s.half_hours_len};

		zone = broker_zone_propose(&seen, reason);
		query_init(&q, l, SQL_ZONE_PROPOSE);
		put_text(&q, server);
		put_text(&q, zone);
		put_text(&q, reason);
		put_int(&q, now_utc_ms);
		r = query_write(&q);
	}
	free(s.offsets);
	free(s.half_hours);
	return r;
}

struct due {
	int64_t now_utc_ms;
	char **servers;
	size_t len, size;
};

static int
keep_due(const struct ledger_zone *z, void *arg)
{
	struct due *d = arg;

	if (z->looked_utc_ms / DAY_MS == d->now_utc_ms / DAY_MS &&
	    z->looked_utc_ms >= z->offset_since_utc_ms)
		return 0;
	d->servers =
	    mem_room(d->servers, d->len, &d->size, sizeof(*d->servers));
	d->servers[d->len++] = mem_strdup(z->server);
	return 0;
}

enum ledger_result
ledger_zones_propose(struct ledger *l, int64_t now_utc_ms)
{
	struct due due = {.now_utc_ms = now_utc_ms};
	enum ledger_result r = ledger_zones(l, keep_due, &due);

	for (size_t i = 0; i < due.len; i++) {
		if (r == LEDGER_OK)
			r = propose(l, due.servers[i], now_utc_ms);
		free(due.servers[i]);
	}
	free(due.servers);
	return r;
}
