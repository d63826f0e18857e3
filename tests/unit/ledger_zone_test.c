/* ledger_zone_test.c: the UTC of deals, by the zone of their broker's clock. */
#include <time.h>

#include "lib/base/clock.h"
#include "lib/ledger/merge.h"
#include "lib/ledger/zones.h"
#include "tests/unit/recording.h"

#define NEW_YORK "New York close"

static int64_t
ms(const char *iso)
{
	struct tm tm = {0};

	assert_non_null(strptime(iso, "%Y-%m-%dT%H:%M", &tm));
	return (int64_t)timegm(&tm) * 1000;
}

static const struct ledger_actor alice = {.who = "alice", .at_utc_ms = NOW};

/* A deposit at that broker time, first seen then (UTC). */
static void
deposit(struct fixture *f, int64_t ticket, const char *broker, int offset_h,
    int64_t seen_utc_ms)
{
	struct deal d = deal(ticket, ms(broker), 2, 0, 0, 0, 0, M(1));
	struct ledger_put p;

	d.offset_known = offset_h != 99;
	d.offset_s = offset_h * 3600;
	OK(ledger_deals_put(f->l, f->a, &d, 1, seen_utc_ms, &p));
}

static int
note(const struct deal *d, void *arg)
{
	struct deal *list = arg;

	while (list->ticket != 0 && list->ticket != d->ticket)
		list++;
	*list = *d;
	return 0;
}

/* "2026-11-01T05:50:00.000Z", "… ~" where it is estimated, "" unknown. */
static const char *
utc_of(struct fixture *f, int64_t ticket)
{
	static char text[CLOCK_ISO_SIZE + 2];
	static const struct ledger_page whole;
	struct deal list[64] = {{.ticket = 0}};

	OK(ledger_deals(f->l, f->a, &whole, note, list));
	for (struct deal *d = list; d->ticket != 0; d++)
		if (d->ticket == ticket) {
			*text = '\0';
			if (d->utc_ms != 0)
				clock_iso(d->utc_ms, text);
			if (d->utc_estimated)
				strcat(text, "~");
			return text;
		}
	fail_msg("no deal %lld", (long long)ticket);
	return NULL;
}

static void
type_zone(struct fixture *f, const char *zone)
{
	OK(ledger_zone_type(f->l, "Broker-Live", zone, &alice));
	OK(ledger_zones_apply(f->l));
}

static int
note_zone(const struct ledger_zone *z, void *arg)
{
	struct ledger_zone *to = arg;

	*to = *z;
	to->zone = z->zone != NULL ? strdup(z->zone) : NULL;
	to->reason = z->reason != NULL ? strdup(z->reason) : NULL;
	to->server = to->who = to->proposed = NULL;
	return 0;
}

static struct ledger_zone
zone_of(struct fixture *f)
{
	struct ledger_zone z;

	OK(ledger_zone_get(f->l, "Broker-Live", note_zone, &z));
	return z;
}

static void
zone_done(struct ledger_zone *z)
{
	free((char *)(uintptr_t)z->zone);
	free((char *)(uintptr_t)z->reason);
}

static void
without_a_zone_by_the_offset_seen(void **state)
{
	struct fixture *f = *state;

	/* seen within the day, read long after, never told */
	deposit(f, 1, "2026-11-20T10:00", 2, ms("2026-11-20T08:05"));
	deposit(f, 2, "2026-07-01T10:00", 2, ms("2026-11-20T08:05"));
	deposit(f, 3, "2026-07-01T10:00", 99, ms("2026-11-20T08:05"));
	assert_string_equal(utc_of(f, 1), "2026-11-20T08:00:00.000Z");
	assert_string_equal(utc_of(f, 2), "2026-07-01T08:00:00.000Z~");
	assert_string_equal(utc_of(f, 3), "");
	/* the broker's clock moves: what is stored stays, read again or not */
	deposit(f, 1, "2026-11-20T10:00", 3, ms("2026-11-21T08:05"));
	assert_string_equal(utc_of(f, 1), "2026-11-20T08:00:00.000Z");
	/* the offset is learned later */
	deposit(f, 3, "2026-07-01T10:00", 3, ms("2026-11-21T08:05"));
	assert_string_equal(utc_of(f, 3), "2026-07-01T07:00:00.000Z~");
}

static void
a_typed_zone_makes_all_deals_right(void **state)
{
	struct fixture *f = *state;

	deposit(f, 1, "2026-11-20T10:00", 2, ms("2026-11-20T08:05"));
	deposit(f, 2, "2026-07-01T10:00", 2, ms("2026-11-20T08:05"));
	deposit(f, 3, "2026-07-01T10:00", 99, ms("2026-11-20T08:05"));
	type_zone(f, NEW_YORK);
	assert_string_equal(utc_of(f, 1), "2026-11-20T08:00:00.000Z");
	assert_string_equal(utc_of(f, 2), "2026-07-01T07:00:00.000Z");
	assert_string_equal(utc_of(f, 3), "2026-07-01T07:00:00.000Z");
	/* and those that come afterwards */
	deposit(f, 4, "2026-01-02T10:00", 2, ms("2026-11-20T08:05"));
	deposit(f, 5, "2026-08-02T10:00", 99, ms("2026-11-20T08:05"));
	assert_string_equal(utc_of(f, 4), "2026-01-02T08:00:00.000Z");
	assert_string_equal(utc_of(f, 5), "2026-08-02T07:00:00.000Z");
	/* another zone, and none: back to what was seen */
	type_zone(f, "Etc/GMT-3");
	assert_string_equal(utc_of(f, 1), "2026-11-20T07:00:00.000Z");
	assert_string_equal(utc_of(f, 4), "2026-01-02T07:00:00.000Z");
	type_zone(f, LEDGER_ZONE_NONE);
	assert_string_equal(utc_of(f, 1), "2026-11-20T08:00:00.000Z");
	assert_string_equal(utc_of(f, 2), "2026-07-01T08:00:00.000Z~");
	assert_string_equal(utc_of(f, 5), "");
	/* when it counts moves with it */
	assert_int_equal(count(f, "SELECT count(*) FROM deal WHERE "
				  "counts_utc_ms IS NOT utc_msc"),
	    0);
}

/* Nothing was applied yet (the command was killed): the next deal does it. */
static void
an_account_is_brought_up_to_date_with_its_next_deal(void **state)
{
	struct fixture *f = *state;

	deposit(f, 1, "2026-07-01T10:00", 2, ms("2026-11-20T08:05"));
	OK(ledger_zone_type(f->l, "Broker-Live", NEW_YORK, &alice));
	assert_string_equal(utc_of(f, 1), "2026-07-01T08:00:00.000Z~");
	deposit(f, 2, "2026-07-01T11:00", 2, ms("2026-11-20T08:05"));
	assert_string_equal(utc_of(f, 1), "2026-07-01T07:00:00.000Z");
	assert_string_equal(utc_of(f, 2), "2026-07-01T08:00:00.000Z");
}

static int
newest_edit(const struct ledger_audit *a, void *arg)
{
	if (strcmp(a->action, "edit") != 0)
		return 0;
	*(int64_t *)arg = a->id;
	assert_string_equal(a->field, "zone:Broker-Live");
	assert_string_equal(a->who, "alice");
	return 1;
}

static void
it_is_audited_and_can_be_undone(void **state)
{
	struct fixture *f = *state;
	int64_t first = 0, second = 0;
	struct ledger_zone z;

	assert_int_equal(ledger_zone_type(f->l, "Nobody", NEW_YORK, &alice),
	    LEDGER_NOT_FOUND);
	assert_int_equal(
	    ledger_zone_type(f->l, "Broker-Live", "Mars/Olympus", &alice),
	    LEDGER_REJECTED);
	deposit(f, 1, "2026-07-01T10:00", 2, ms("2026-11-20T08:05"));
	type_zone(f, NEW_YORK);
	OK(ledger_audits(f->l, 0, 0, 0, newest_edit, &first));
	type_zone(f, NEW_YORK); /* no change, no row */
	OK(ledger_audits(f->l, 0, 0, 0, newest_edit, &second));
	assert_int_equal(first, second);
	type_zone(f, "UTC");
	OK(ledger_audits(f->l, 0, 0, 0, newest_edit, &second));
	assert_int_equal(ledger_undo(f->l, first, &alice), LEDGER_CONFLICT);
	OK(ledger_undo(f->l, second, &alice));
	OK(ledger_zones_apply(f->l));
	assert_string_equal(utc_of(f, 1), "2026-07-01T07:00:00.000Z");
	assert_int_equal(ledger_undo(f->l, second, &alice), LEDGER_NOT_FOUND);
	OK(ledger_undo(f->l, first, &alice));
	z = zone_of(f);
	assert_null(z.zone);
	assert_false(z.typed);
	zone_done(&z);
}

/* The hour that comes twice: by tickets, in whatever order they arrive. */
/* The broker's clock is the same under another name. */
static void
a_new_name_keeps_the_zone(void **state)
{
	struct fixture *f = *state;
	struct ledger_seen other = {.server = "Other-Live", .login = 9};
	int64_t into;

	deposit(f, 1, "2026-01-12T10:00", 3, ms("2026-07-20T08:05"));
	type_zone(f, NEW_YORK);
	assert_string_equal(utc_of(f, 1), "2026-01-12T08:00:00.000Z");
	OK(ledger_rename(f->l, f->a, "Broker-Live-2", 5, &alice));
	OK(ledger_zones_apply(f->l));
	assert_string_equal(utc_of(f, 1), "2026-01-12T08:00:00.000Z");
	/* joined into an account whose server nobody said anything of */
	OK(ledger_account_seen(f->l, &other, &into));
	OK(ledger_merge(f->l, f->a, into, &alice));
	OK(ledger_zones_apply(f->l));
	f->a = into;
	assert_string_equal(utc_of(f, 1), "2026-01-12T08:00:00.000Z");
	/* what was said of the new one comes first */
	OK(ledger_zone_type(f->l, "Other-Live", "UTC", &alice));
	OK(ledger_rename(f->l, into, "Third-Live", 9, &alice));
	OK(ledger_zones_apply(f->l));
	assert_string_equal(utc_of(f, 1), "2026-01-12T10:00:00.000Z");
	OK(ledger_zone_type(f->l, "Third-Live", NEW_YORK, &alice));
	other.server = "Fourth-Live";
	OK(ledger_account_seen(f->l, &other, &into));
	OK(ledger_merge(f->l, into, f->a, &alice));
	OK(ledger_zones_apply(f->l));
	assert_string_equal(utc_of(f, 1), "2026-01-12T08:00:00.000Z");
}

static void
a_reversal_while_the_clock_goes_back(void **state)
{
	struct fixture *f = *state;
	int64_t seen = INT64_C(1800000000000);
	struct ledger_put p;
	struct recording r;

	recording_load(&r, "dst-back-inout", 10800);
	type_zone(f, NEW_YORK);
	for (int i = 0; i < r.n; i++) /* the last one first */
		OK(ledger_deals_put(
		    f->l, f->a, &r.deals[r.n - 1 - i], 1, seen, &p));
	assert_string_equal(utc_of(f, 2), "2026-11-01T05:50:00.000Z");
	assert_string_equal(utc_of(f, 3), "2026-11-01T06:10:00.000Z");
	assert_string_equal(utc_of(f, 4), "2026-11-02T06:10:00.000Z");
	/* the same when the zone is typed afterwards */
	type_zone(f, "UTC");
	type_zone(f, NEW_YORK);
	assert_string_equal(utc_of(f, 2), "2026-11-01T05:50:00.000Z");
	assert_string_equal(utc_of(f, 3), "2026-11-01T06:10:00.000Z");
	recording_done(&r);
}

static int
note_trade(const struct ledger_trade *t, void *arg)
{
	char text[CLOCK_ISO_SIZE], *to = arg;

	strcat(to, t->open_utc_ms != 0 ? clock_iso(t->open_utc_ms, text) : "?");
	strcat(to, " ");
	strcat(
	    to, t->close_utc_ms != 0 ? clock_iso(t->close_utc_ms, text) : "?");
	strcat(to, t->utc_estimated ? "~\n" : "\n");
	return 0;
}

static void
trades_have_the_utc_of_their_deals(void **state)
{
	struct fixture *f = *state;
	struct ledger_trade_filter filter = {.account = f->a};
	char text[512] = "";
	struct ledger_put p;
	struct recording r;

	recording_load(&r, "dst-back-inout", 10800);
	OK(ledger_deals_put(
	    f->l, f->a, r.deals, r.n, INT64_C(1800000000000), &p));
	OK(ledger_trades(f->l, &filter, NULL, note_trade, text));
	assert_string_equal(text,
	    "2026-11-01T05:50:00.000Z 2026-11-01T05:10:00.000Z~\n"
	    "2026-11-01T05:10:00.000Z 2026-11-02T05:10:00.000Z~\n");
	type_zone(f, NEW_YORK);
	*text = '\0';
	OK(ledger_trades(f->l, &filter, NULL, note_trade, text));
	assert_string_equal(text,
	    "2026-11-01T05:50:00.000Z 2026-11-01T06:10:00.000Z\n"
	    "2026-11-01T06:10:00.000Z 2026-11-02T06:10:00.000Z\n");
	recording_done(&r);
}

/* A deal that is seen between the two moments was made at the first. */
static void
what_was_seen_cannot_be_later(void **state)
{
	struct fixture *f = *state;

	type_zone(f, NEW_YORK);
	deposit(f, 1, "2026-11-01T08:10", 3, ms("2026-11-01T05:15"));
	deposit(f, 2, "2026-11-01T08:05", 2, ms("2026-11-01T06:08"));
	deposit(f, 3, "2026-11-01T08:30", 2, ms("2026-11-01T06:31"));
	assert_string_equal(utc_of(f, 1), "2026-11-01T05:10:00.000Z");
	assert_string_equal(utc_of(f, 2), "2026-11-01T06:05:00.000Z");
	assert_string_equal(utc_of(f, 3), "2026-11-01T06:30:00.000Z");
}

static void
offsets_seen_propose_a_zone(void **state)
{
	struct fixture *f = *state;
	struct ledger_zone z;

	deposit(f, 1, "2026-07-01T10:00", 2, ms("2026-11-20T08:05"));
	for (int64_t at = ms("2026-09-01T00:00"); at < ms("2026-11-30T00:00");
	     at += 43200000)
		OK(ledger_offset_seen(f->l, "Broker-Live",
		    at < ms("2026-11-01T06:00") ? 10800 : 7200, at));
	/* twice a day for three months: two rows */
	assert_int_equal(count(f, "SELECT count(*) FROM server_offset"), 2);
	OK(ledger_zones_propose(f->l, ms("2026-11-30T00:00")));
	OK(ledger_zones_apply(f->l));
	z = zone_of(f);
	assert_string_equal(z.zone, NEW_YORK);
	assert_false(z.typed);
	zone_done(&z);
	/* right, but nobody has said so */
	assert_string_equal(utc_of(f, 1), "2026-07-01T07:00:00.000Z~");
	type_zone(f, NEW_YORK);
	assert_string_equal(utc_of(f, 1), "2026-07-01T07:00:00.000Z");
	/* what a person says stands, whatever is proposed */
	type_zone(f, "Etc/GMT-2");
	OK(ledger_zones_propose(f->l, ms("2026-12-01T00:00")));
	OK(ledger_zones_apply(f->l));
	assert_string_equal(utc_of(f, 1), "2026-07-01T08:00:00.000Z");
	/* and goes when it is taken back */
	type_zone(f, NULL);
	assert_string_equal(utc_of(f, 1), "2026-07-01T07:00:00.000Z~");
}

/* Case dst-page-time: a clock that is moved by hand proves no zone. */
static void
a_clock_that_was_moved_changes_no_old_deal(void **state)
{
	struct fixture *f = *state;
	int64_t now = ms("2026-11-28T12:00");
	struct ledger_put p;
	struct recording r;
	struct ledger_zone z;

	recording_load(&r, "dst-page-time", 10800);
	OK(ledger_offset_seen(f->l, "Broker-Live", 10800, now));
	OK(ledger_deals_put(f->l, f->a, r.deals, r.n, now, &p));
	OK(ledger_zones_propose(f->l, now));
	OK(ledger_zones_apply(f->l));
	assert_string_equal(utc_of(f, 1006), "2026-11-20T07:06:00.123Z~");
	OK(ledger_offset_seen(f->l, "Broker-Live", 7200, now + 60000));
	for (int i = 0; i < r.n; i++)
		r.deals[i].offset_s = 7200;
	OK(ledger_deals_put(f->l, f->a, r.deals, r.n, now + 60000, &p));
	OK(ledger_zones_propose(f->l, now + 60000));
	OK(ledger_zones_apply(f->l));
	z = zone_of(f);
	assert_null(z.zone);
	assert_non_null(strstr(z.reason, "no known zone agrees"));
	zone_done(&z);
	assert_string_equal(utc_of(f, 1006), "2026-11-20T07:06:00.123Z~");
	recording_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(without_a_zone_by_the_offset_seen),
	    T(a_typed_zone_makes_all_deals_right),
	    T(an_account_is_brought_up_to_date_with_its_next_deal),
	    T(it_is_audited_and_can_be_undone),
	    T(a_new_name_keeps_the_zone),
	    T(a_reversal_while_the_clock_goes_back),
	    T(trades_have_the_utc_of_their_deals),
	    T(what_was_seen_cannot_be_later),
	    T(offsets_seen_propose_a_zone),
	    T(a_clock_that_was_moved_changes_no_old_deal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
