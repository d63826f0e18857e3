/* utc.c: the UTC of deals, by the zone of their broker's clock. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/ledger/utc.h"
#include "lib/ledger/zones.h"

/* An offset reported so soon after a deal was in force when it was made. */
#define SAME_DAY_MS (INT64_C(86400) * 1000)
/* A deal is seen after it was made; clocks differ a little. */
#define CLOCKS_MS 90000
#define TWICE_MS                                                     \
	(INT64_C(3) * 3600 * 1000) /* no hour comes twice for longer \
				    */

void
utc_rule_done(struct utc_rule *rule)
{
	zone_spans_done(&rule->spans);
}

static bool
is_fresh(const struct deal *d)
{
	return d->offset_known && d->seen_utc_ms != 0 &&
	       d->seen_utc_ms - d->utc_ms <= SAME_DAY_MS;
}

/* *second_ms: the other moment with that wall time, or the same. */
static int64_t
first_utc(const struct utc_rule *rule, const struct deal *d, int64_t *second_ms)
{
	int64_t ms = d->time_msc % 1000, second_s;
	int64_t first_s = zone_utc(&rule->spans, d->time_msc / 1000, &second_s);

	*second_ms = second_s * 1000 + ms;
	return first_s * 1000 + ms;
}

static bool
is_estimated(const struct utc_rule *rule, const struct deal *d)
{
	bool agrees = rule->spans.len == 0 ||
		      d->time_msc - d->utc_ms == d->offset_s * INT64_C(1000);

	if (d->utc_ms == 0)
		return false; /* unknown is not estimated */
	return !rule->typed && !(is_fresh(d) && agrees);
}

bool
utc_place(const struct utc_rule *rule, struct deal *d)
{
	int64_t second_ms;

	if (rule->spans.len > 0) {
		d->utc_ms = first_utc(rule, d, &second_ms);
	} else {
		d->utc_ms = d->offset_known
				? d->time_msc - d->offset_s * INT64_C(1000)
				: 0;
		second_ms = d->utc_ms;
	}
	d->utc_estimated = is_estimated(rule, d);
	return second_ms != d->utc_ms;
}

/* ---- stored deals ---- */

/* A deal with another UTC than is stored. */
struct moved {
	int64_t ticket, utc_ms;
	bool estimated;
};

struct moves {
	struct moved *list;
	size_t len, size;
};

static enum ledger_result
find_moves(struct ledger *l, int64_t account, const struct utc_rule *rule,
    int64_t from_broker_ms, int64_t to_broker_ms, struct moves *m)
{
	int64_t last_twice_ms = INT64_MIN; /* of a lower ticket */
	struct query q;

	query_init(&q, l, SQL_DEAL_CLOCK);
	put_int(&q, account);
	put_int(&q, from_broker_ms);
	put_int(&q, to_broker_ms);
	while (query_next(&q)) {
		struct deal d = {.ticket = take_int(&q)};
		int64_t stored_ms, second_ms;
		struct amount offset;
		bool was_estimated;

		d.time_msc = take_int(&q);
		offset = take_amount(&q);
		d.offset_known = offset.known;
		d.offset_s = (int)offset.v;
		d.seen_utc_ms = take_int(&q);
		stored_ms = take_int(&q);
		was_estimated = take_int(&q) != 0;
		if (utc_place(rule, &d)) {
			(void)first_utc(rule, &d, &second_ms);
			/* it was not seen before it was made */
			if (last_twice_ms > d.utc_ms &&
			    last_twice_ms - d.utc_ms < TWICE_MS &&
			    (d.seen_utc_ms == 0 ||
				second_ms <= d.seen_utc_ms + CLOCKS_MS))
				d.utc_ms = second_ms;
			last_twice_ms = d.utc_ms;
			d.utc_estimated = is_estimated(rule, &d);
		}
		if (d.utc_ms == stored_ms && d.utc_estimated == was_estimated)
			continue;
		m->list = mem_room(m->list, m->len, &m->size, sizeof(*m->list));
		m->list[m->len++] =
		    (struct moved){d.ticket, d.utc_ms, d.utc_estimated};
	}
	return query_done(&q);
}

enum ledger_result
utc_settle(struct ledger *l, int64_t account, const struct utc_rule *rule,
    int64_t from_broker_ms, int64_t to_broker_ms)
{
	struct moves m = {NULL, 0, 0};
	enum ledger_result r;

	r = find_moves(l, account, rule, from_broker_ms, to_broker_ms, &m);
	for (size_t i = 0; r == LEDGER_OK && i < m.len; i++) {
		struct query q;

		query_init(&q, l, SQL_DEAL_UTC);
		put_int(&q, account);
		put_int(&q, m.list[i].ticket);
		put_known(&q, m.list[i].utc_ms != 0, m.list[i].utc_ms);
		put_int(&q, m.list[i].estimated);
		r = query_run(&q);
	}
	free(m.list);
	return r;
}

/* ---- an account's zone ---- */

struct zone_names {
	char *is, *should; /* NULL: by offsets */
	bool is_typed, should_typed;
};

static char *
copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static void
names_done(struct zone_names *n)
{
	free(n->is);
	free(n->should);
}

static enum ledger_result
names_get(struct ledger *l, int64_t account, struct zone_names *n)
{
	struct query q;

	memset(n, 0, sizeof(*n));
	query_init(&q, l, SQL_ZONE_OF_ACCOUNT);
	put_int(&q, account);
	if (query_next(&q)) {
		n->is = copy(take_text(&q));
		n->is_typed = take_int(&q) != 0;
		n->should = copy(take_text(&q));
		n->should_typed = take_int(&q) != 0;
	}
	return query_done(&q);
}

static bool
is_applied(const struct zone_names *n)
{
	if (n->is_typed != n->should_typed)
		return false;
	if (n->is == NULL || n->should == NULL)
		return n->is == n->should;
	return strcmp(n->is, n->should) == 0;
}

static void
rule_load(struct utc_rule *rule, const char *zone, bool typed,
    int64_t from_broker_ms, int64_t to_broker_ms)
{
	memset(rule, 0, sizeof(*rule));
	rule->typed = typed;
	/* tzdata of this machine may have lost it: offsets are all there is */
	if (zone != NULL && zone_check(zone) == 0)
		zone_spans(zone, from_broker_ms / 1000 - 14 * 86400,
		    to_broker_ms / 1000 + 14 * 86400, &rule->spans);
}

static enum ledger_result
apply(struct ledger *l, int64_t account, const struct zone_names *n)
{
	int64_t first_ms = 0, last_ms = 0;
	struct utc_rule rule;
	enum ledger_result r;
	struct query q;

	query_init(&q, l, SQL_DEAL_BOUNDS);
	put_int(&q, account);
	if (query_next(&q)) {
		first_ms = take_int(&q);
		last_ms = take_int(&q);
	}
	r = query_done(&q);
	if (r != LEDGER_OK)
		return r;
	rule_load(&rule, n->should, n->should_typed, first_ms, last_ms);
	r = utc_settle(l, account, &rule, INT64_MIN, INT64_MAX);
	utc_rule_done(&rule);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_ZONE_APPLIED);
	put_int(&q, account);
	put_text(&q, n->should);
	put_int(&q, n->should_typed);
	return query_run(&q);
}

enum ledger_result
ledger_zone_apply(struct ledger *l, int64_t account)
{
	struct zone_names n;
	enum ledger_result r;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = names_get(l, account, &n);
	if (r == LEDGER_OK && !is_applied(&n))
		r = apply(l, account, &n);
	names_done(&n);
	return ledger_own_end(l, own, r);
}

enum ledger_result
utc_rule_get(struct ledger *l, int64_t account, int64_t from_broker_ms,
    int64_t to_broker_ms, struct utc_rule *rule)
{
	struct zone_names n;
	enum ledger_result r;

	memset(rule, 0, sizeof(*rule));
	r = names_get(l, account, &n);
	if (r == LEDGER_OK && !is_applied(&n))
		r = apply(l, account, &n);
	if (r == LEDGER_OK)
		rule_load(rule, n.should, n.should_typed, from_broker_ms,
		    to_broker_ms);
	names_done(&n);
	return r;
}

enum ledger_result
ledger_zones_apply(struct ledger *l)
{
	int64_t *list = NULL;
	size_t len = 0, size = 0;
	enum ledger_result r;
	struct query q;

	query_init(&q, l, SQL_ZONE_STALE);
	while (query_next(&q)) {
		list = mem_room(list, len, &size, sizeof(*list));
		list[len++] = take_int(&q);
	}
	r = query_done(&q);
	for (size_t i = 0; r == LEDGER_OK && i < len; i++)
		r = ledger_zone_apply(l, list[i]);
	free(list);
	return r;
}

enum ledger_result
ledger_utc_of(struct ledger *l, int64_t account, struct deal *d)
{
	struct zone_names n = {.is = NULL};
	struct utc_rule rule = {.typed = false};
	enum ledger_result r = LEDGER_OK;
	bool found = false;
	struct query q;

	if (account != 0 && d->position_id != 0) {
		query_init(&q, l, SQL_POSITION_UTC);
		put_int(&q, account);
		put_int(&q, d->position_id);
		put_int(&q, d->time_msc);
		if ((found = query_next(&q))) {
			d->utc_ms = take_int(&q);
			d->utc_estimated = take_int(&q) != 0;
		}
		r = query_done(&q);
	}
	if (r == LEDGER_OK && account != 0 && !found)
		r = names_get(l, account, &n);
	if (r == LEDGER_OK && !found) {
		rule_load(
		    &rule, n.should, n.should_typed, d->time_msc, d->time_msc);
		(void)utc_place(&rule, d);
	}
	utc_rule_done(&rule);
	names_done(&n);
	return r;
}
