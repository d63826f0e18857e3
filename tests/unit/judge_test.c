/* judge_test.c: one account judged as the phases job does it. */
#include <time.h>

#include "lib/base/clock.h"
#include "lib/json/jsonin.h"
#include "lib/judge/judge.h"
#include "lib/ledger/verdicts.h"
#include "lib/ledger/zones.h"
#include "tests/unit/recording.h"

static int64_t
ms(const char *iso)
{
	struct tm tm = {0};

	assert_non_null(strptime(iso, "%Y-%m-%dT%H:%M", &tm));
	return (int64_t)timegm(&tm) * 1000;
}

/* ---- an account, its rules, and what happens to it ---- */

static void
ignore_phase(void *arg, int64_t account)
{
	(void)arg;
	(void)account;
}

static void
ignore_alert(void *arg, const struct judge_alert *a)
{
	(void)arg;
	(void)a;
}

static void
bad_rules(void *arg, const struct ledger_account *a, const char *server,
    const char *why)
{
	(void)arg;
	(void)a;
	fail_msg("%s: %s", server, why);
}

static void
period(struct fixture *f, const char *rules, const char *from)
{
	struct ledger_actor who = {.who = "alice", .at_utc_ms = ms(from)};
	struct ledger_rule_set set = {.name = "Set", .rules = rules};
	struct ledger_phase_edit edit = {
	    .phase = "F1", .initial_balance = {true, M(10000)}};
	struct ledger_meta_edit meta = {.rule_set = -1};

	OK(ledger_phase_edit(f->l, f->a, LEDGER_ANY_VERSION, &edit, &who));
	OK(ledger_rule_set_put(f->l, &set, &who, &meta.rule_set));
	OK(ledger_meta_edit(f->l, f->a, LEDGER_ANY_VERSION, &meta, &who));
}

/* A deal of a position at that moment, which the broker's clock shows
 * offset_h ahead; it is read at seen. */
static void
trade(struct fixture *f, int64_t ticket, int entry, double lots,
    const char *utc, int offset_h, double profit, const char *seen)
{
	struct deal d = deal(ticket, ms(utc) + offset_h * 3600000, entry, entry,
	    ticket / 10, lots, 1.5, M(profit));
	struct ledger_put p;

	d.offset_s = offset_h * 3600;
	d.utc_ms = ms(utc);
	OK(ledger_deals_put(f->l, f->a, &d, 1, ms(seen), &p));
}

static void
deposit(struct fixture *f, const char *utc, int offset_h)
{
	struct deal d =
	    deal(1, ms(utc) + offset_h * 3600000, 2, 0, 0, 0, 0, M(10000));
	struct ledger_put p;

	d.symbol = "";
	d.offset_s = offset_h * 3600;
	d.utc_ms = ms(utc);
	OK(ledger_deals_put(f->l, f->a, &d, 1, d.utc_ms, &p));
}

static void
sample(struct fixture *f, const char *utc, double balance, double equity)
{
	struct ledger_equity e = {
	    ms(utc), 60, M(balance), 0, M(equity), M(equity), M(equity)};

	OK(ledger_equity_put(f->l, f->a, &e));
}

static void
run(struct fixture *f, const char *utc)
{
	struct ledger_sync sync = {.state = LEDGER_HISTORY_OK,
	    .sync_utc_ms = ms(utc),
	    .full_utc_ms = ms(utc),
	    .credit = {true, 0},
	    .difference = {true, 0},
	    .credit_difference = {true, 0},
	    .checked_utc_ms = ms(utc)};
	struct judge j = {.ledger = f->l,
	    .now_utc_ms = ms(utc),
	    .phase_changed = ignore_phase,
	    .alert = ignore_alert,
	    .bad_rules = bad_rules};

	OK(ledger_sync_put(f->l, f->a, &sync));
	OK(ledger_begin(f->l));
	OK(judge_account(&j, f->a));
	OK(ledger_commit(f->l));
}

/* ---- what came of it ---- */

struct words {
	char text[512]; /* newest first */
	int64_t id;     /* of the newest */
	char *evidence;
};

static int
note(const struct ledger_verdict *v, void *arg)
{
	struct words *w = arg;
	size_t len = strlen(w->text);
	char at[CLOCK_ISO_SIZE];

	snprintf(w->text + len, sizeof(w->text) - len, "%s%s %.16s%s",
	    len > 0 ? ", " : "", rule_seen_word(&v->seen),
	    clock_iso(v->at_utc_ms, at),
	    v->annulled_utc_ms != 0 ? " annulled" : "");
	if (w->id == 0) {
		w->id = v->id;
		w->evidence = strdup(v->evidence);
	}
	return 0;
}

/* "daily_loss 2026-09-01T10:00, max_loss …" */
static struct words
verdicts(struct fixture *f)
{
	struct words w = {.id = 0};

	OK(ledger_verdicts(f->l, f->a, note, &w));
	return w;
}

static void
says(struct fixture *f, const char *should)
{
	struct words w = verdicts(f);

	free(w.evidence);
	assert_string_equal(w.text, should);
}

static void
annul(struct fixture *f, const char *utc)
{
	struct ledger_actor who = {.who = "alice", .at_utc_ms = ms(utc)};
	struct words w = verdicts(f);

	free(w.evidence);
	OK(ledger_verdict_annul(
	    f->l, f->a, LEDGER_ANY_VERSION, w.id, "a bad tick", &who));
}

/* "2026-03-06 2026-03-05T22:00 -300.00, …" */
static int
note_day(const struct ledger_day *d, void *arg)
{
	char *text = arg, from[CLOCK_ISO_SIZE], net[MONEY_SIZE];
	size_t len = strlen(text);

	snprintf(text + len, 512 - len, "%s%s %.16s %s", len > 0 ? ", " : "",
	    d->date, clock_iso(d->day_utc_ms, from),
	    money_format(d->net, 2, net));
	return 0;
}

static void
days_are(struct fixture *f, const char *should)
{
	char text[512] = "";

	OK(ledger_days(f->l, f->a, 0, INT64_MAX, note_day, text));
	assert_string_equal(text, should);
}

/* ---- days by the broker's clock ---- */

static void
days_follow_the_broker_s_zone(void **state)
{
	struct fixture *f = *state;
	struct ledger_actor who = {.who = "alice", .at_utc_ms = NOW};

	deposit(f, "2026-03-01T12:00", 3);
	period(f, "{\"max_loss\":{\"pct\":50}}", "2026-03-05T12:00");
	trade(f, 11, 1, 1, "2026-03-05T21:20", 3, -300, "2026-03-10T00:00");
	trade(f, 21, 1, 1, "2026-03-05T23:00", 3, -250, "2026-03-10T00:00");
	sample(f, "2026-03-05T12:00", 10000, 10000);
	sample(f, "2026-03-05T21:25", 9700, 9700);
	sample(f, "2026-03-05T23:05", 9450, 9450);
	run(f, "2026-03-10T00:00");
	days_are(f, "2026-03-05 2026-03-04T21:00 0.00, "
		    "2026-03-06 2026-03-05T21:00 -550.00");
	/* in winter its midnight was an hour later, and the deals as well */
	OK(ledger_zone_type(f->l, "Broker-Live", "New York close", &who));
	run(f, "2026-03-10T00:10");
	days_are(f, "2026-03-05 2026-03-04T22:00 0.00, "
		    "2026-03-06 2026-03-05T22:00 -550.00");
	OK(ledger_zone_type(f->l, "Broker-Live", NULL, &who));
	run(f, "2026-03-10T00:20");
	days_are(f, "2026-03-05 2026-03-04T21:00 0.00, "
		    "2026-03-06 2026-03-05T21:00 -550.00");
	says(f, "");
}

/* ---- evidence ---- */

static const cJSON *
position_at(const cJSON *doc, int i)
{
	return cJSON_GetArrayItem(jsonin_array(doc, "positions"), i);
}

static void
a_verdict_shows_what_was_open(void **state)
{
	struct fixture *f = *state;
	struct ledger_actor who = {.who = "alice", .at_utc_ms = NOW};
	const char *text;
	double number;
	struct words w;
	cJSON *doc;

	deposit(f, "2026-03-01T12:00", 2);
	OK(ledger_zone_type(f->l, "Broker-Live", "New York close", &who));
	period(f, "{\"max_loss\":{\"pct\":5}}", "2026-03-02T12:00");
	/* opened in winter, and half of it closed; another one is closed, a
	 * third opened behind the verdict */
	trade(f, 11, 0, 2, "2026-03-05T21:20", 2, 0, "2026-03-05T21:21");
	trade(f, 12, 1, 1.5, "2026-03-10T10:00", 3, -7, "2026-03-10T10:01");
	trade(f, 21, 0, 1, "2026-03-10T10:00", 3, 0, "2026-03-10T10:01");
	trade(f, 22, 1, 1, "2026-03-10T11:59", 3, 0, "2026-03-10T12:01");
	trade(f, 31, 0, 1, "2026-03-10T12:01", 3, 0, "2026-03-10T12:02");
	sample(f, "2026-03-02T12:00", 10000, 10000);
	sample(f, "2026-03-10T12:00", 9993, 9400);
	run(f, "2026-03-10T12:05");
	w = verdicts(f);
	assert_string_equal(w.text, "max_loss 2026-03-10T12:00");
	doc = jsonin_parse(w.evidence, strlen(w.evidence));
	assert_int_equal(cJSON_GetArraySize(jsonin_array(doc, "positions")), 1);
	assert_true(jsonin_string(position_at(doc, 0), "position_id", &text));
	assert_string_equal(text, "1");
	assert_true(jsonin_string(position_at(doc, 0), "opened_utc", &text));
	assert_string_equal(text, "2026-03-05T21:20:00.000Z");
	assert_true(jsonin_number(position_at(doc, 0), "volume", &number));
	assert_true(fabs(number - 0.5) < 1e-9);
	assert_true(jsonin_number(position_at(doc, 0), "realised", &number));
	assert_true(fabs(number + 7) < 1e-9);
	assert_int_equal(cJSON_GetArraySize(jsonin_array(doc, "path")), 1);
	cJSON_Delete(doc);
	free(w.evidence);
}

/* As trade, but the server's own deal. */
static void
serve(struct fixture *f, int64_t ticket, int entry, double lots,
    const char *utc, int reason)
{
	struct deal d = deal(ticket, ms(utc) + 3 * 3600000, entry, entry,
	    ticket / 10, lots, 1.5, 0);
	struct ledger_put p;

	d.reason = reason;
	OK(ledger_deals_put(f->l, f->a, &d, 1, ms(utc) + 60000, &p));
}

static void
evidence_knows_splits_and_rollovers(void **state)
{
	struct fixture *f = *state;
	double number;
	struct words w;
	cJSON *doc;

	deposit(f, "2026-03-01T12:00", 3);
	period(f, "{\"max_loss\":{\"pct\":5}}", "2026-03-02T12:00");
	trade(f, 11, 0, 2, "2026-03-09T10:00", 3, 0, "2026-03-09T10:01");
	serve(f, 12, 1, 2, "2026-03-09T21:00", 7);
	serve(f, 13, 0, 2, "2026-03-09T21:00", 7);
	serve(f, 14, 1, 2, "2026-03-10T05:00", 9);
	serve(f, 15, 0, 6, "2026-03-10T05:00", 9);
	trade(f, 16, 1, 1, "2026-03-10T10:00", 3, 0, "2026-03-10T10:01");
	/* rolled over, and then closed */
	trade(f, 21, 0, 1, "2026-03-09T10:00", 3, 0, "2026-03-09T10:01");
	serve(f, 22, 1, 1, "2026-03-09T21:00", 7);
	serve(f, 23, 0, 1, "2026-03-09T21:00", 7);
	trade(f, 24, 1, 1, "2026-03-10T10:00", 3, 0, "2026-03-10T10:01");
	sample(f, "2026-03-02T12:00", 10000, 10000);
	sample(f, "2026-03-10T12:00", 10000, 9400);
	run(f, "2026-03-10T12:05");
	w = verdicts(f);
	doc = jsonin_parse(w.evidence, strlen(w.evidence));
	assert_int_equal(cJSON_GetArraySize(jsonin_array(doc, "positions")), 1);
	assert_true(jsonin_number(position_at(doc, 0), "volume", &number));
	assert_true(fabs(number - 5) < 1e-9);
	/* what three of them became: the price is a third, too */
	assert_true(jsonin_number(position_at(doc, 0), "price_open", &number));
	assert_true(fabs(number - 0.5) < 1e-9);
	cJSON_Delete(doc);
	free(w.evidence);
}

/* ---- annulled ---- */

static void
what_an_annulled_verdict_hid_is_judged(void **state)
{
	struct fixture *f = *state;

	deposit(f, "2026-03-01T12:00", 3);
	period(f,
	    "{\"reset\":{\"zone\":\"UTC\"},\"daily_loss\":{\"pct\":5},"
	    "\"max_loss\":{\"pct\":10},\"floating_loss\":{\"pct\":8}}",
	    "2026-03-02T12:00");
	sample(f, "2026-03-02T12:00", 10000, 10000);
	sample(f, "2026-03-02T12:10", 10000, 8900);
	sample(f, "2026-03-02T12:20", 10000, 8950);
	run(f, "2026-03-02T12:30");
	says(f, "max_loss 2026-03-02T12:10");
	annul(f, "2026-03-02T12:31");
	run(f, "2026-03-02T12:32");
	says(f, "daily_loss 2026-03-02T12:10, "
		"max_loss 2026-03-02T12:10 annulled");
	annul(f, "2026-03-02T12:33");
	run(f, "2026-03-02T12:34");
	says(f, "floating_loss 2026-03-02T12:10, "
		"daily_loss 2026-03-02T12:10 annulled, "
		"max_loss 2026-03-02T12:10 annulled");
	annul(f, "2026-03-02T12:35");
	sample(f, "2026-03-02T12:36", 10000, 8950);
	run(f, "2026-03-02T12:37");
	says(f, "floating_loss 2026-03-02T12:10 annulled, "
		"daily_loss 2026-03-02T12:10 annulled, "
		"max_loss 2026-03-02T12:10 annulled");
	/* kept for a while, the daily loss is another one */
	sample(f, "2026-03-02T12:38", 10000, 9600);
	sample(f, "2026-03-02T12:40", 10000, 9499);
	run(f, "2026-03-02T12:41");
	says(f, "daily_loss 2026-03-02T12:40, "
		"floating_loss 2026-03-02T12:10 annulled, "
		"daily_loss 2026-03-02T12:10 annulled, "
		"max_loss 2026-03-02T12:10 annulled");
}

/* ---- late deals ---- */

static const char two_lots[] = "{\"max_lots\":{\"all\":2,\"effect\":\"fail\"}}";

static void
a_late_deal_is_judged_by_its_own_moment(void **state)
{
	struct fixture *f = *state;

	deposit(f, "2026-03-01T12:00", 3);
	period(f, two_lots, "2026-03-02T12:00");
	sample(f, "2026-03-02T12:00", 10000, 10000);
	trade(f, 11, 0, 1.5, "2026-03-02T12:10", 3, 0, "2026-03-02T12:11");
	trade(f, 12, 1, 1.5, "2026-03-02T12:30", 3, 0, "2026-03-02T12:31");
	run(f, "2026-03-02T13:00");
	run(f, "2026-03-02T13:10");
	says(f, "");
	/* the terminal had not shown it, as it was not connected */
	trade(f, 21, 0, 1, "2026-03-02T12:20", 3, 0, "2026-03-02T13:15");
	run(f, "2026-03-02T13:20");
	says(f, "max_lots 2026-03-02T12:20");
}

static void
a_late_deal_brings_up_nothing_old(void **state)
{
	struct fixture *f = *state;

	deposit(f, "2026-03-01T12:00", 3);
	/* too much of it was open when the period was entered; that is past */
	trade(f, 11, 0, 3, "2026-03-02T11:00", 3, 0, "2026-03-02T11:01");
	trade(f, 12, 1, 3, "2026-03-02T11:30", 3, 0, "2026-03-02T11:31");
	period(f, two_lots, "2026-03-02T12:00");
	sample(f, "2026-03-02T12:00", 10000, 10000);
	trade(f, 21, 0, 2.5, "2026-03-02T12:10", 3, 0, "2026-03-02T12:11");
	run(f, "2026-03-02T13:00");
	says(f, "max_lots 2026-03-02T12:10");
	annul(f, "2026-03-02T13:01");
	run(f, "2026-03-02T13:05");
	says(f, "max_lots 2026-03-02T12:10 annulled");
	trade(f, 31, 0, 0.1, "2026-03-01T12:20", 3, 0, "2026-03-02T13:15");
	run(f, "2026-03-02T13:20");
	says(f, "max_lots 2026-03-02T12:10 annulled");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(days_follow_the_broker_s_zone),
	    T(a_verdict_shows_what_was_open),
	    T(evidence_knows_splits_and_rollovers),
	    T(what_an_annulled_verdict_hid_is_judged),
	    T(a_late_deal_is_judged_by_its_own_moment),
	    T(a_late_deal_brings_up_nothing_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
