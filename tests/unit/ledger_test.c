/* ledger_test.c: what goes into the ledger comes out of it, or an error. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "lib/ledger_jobs.h"
#include "lib/ledger_people.h"
#include "lib/money.h"

#define M(x) ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))
#define NOW INT64_C(1790000000000)
#define OK(call) assert_int_equal((call), LEDGER_OK)

struct fixture {
	char dir[64], path[128];
	struct ledger *l;
	int64_t a, b; /* the same login at two servers */
};

static int64_t
account(struct ledger *l, const char *server, int64_t login)
{
	struct ledger_seen s = {.server = server,
	    .login = login,
	    .node = "vps01",
	    .currency = "USD",
	    .company = "Broker",
	    .name = "Somebody",
	    .currency_digits = 2,
	    .trade_mode = 2,
	    .margin_mode = 2,
	    .leverage = 100,
	    .offset_known = true,
	    .offset_s = 10800};
	int64_t id;

	OK(ledger_account_seen(l, &s, &id));
	return id;
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->dir, "/tmp/ledger_test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/ledger.db", f->dir);
	f->l = ledger_open(f->path, LEDGER_WRITE);
	assert_null(ledger_error(f->l));
	f->a = account(f->l, "Broker-Live", 52001001);
	f->b = account(f->l, "Other-Live", 52001001);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	ledger_close(f->l);
	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static struct deal
deal(int64_t ticket, int64_t msc, int type, int entry, int64_t position,
    double volume, double price, int64_t profit)
{
	struct deal d = {.ticket = ticket,
	    .order = ticket - 1,
	    .time = msc / 1000,
	    .time_msc = msc,
	    .type = type,
	    .entry = entry,
	    .magic = INT64_C(1) << 60,
	    .position_id = position,
	    .reason = 3,
	    .volume = volume,
	    .price = price,
	    .profit = profit,
	    .symbol = "XAUUSDc",
	    .comment = "=HYPERLINK(\"x\"),\xd0\x9f",
	    .external_id = "e",
	    .offset_known = true,
	    .offset_s = 10800,
	    .utc_msc = msc - 10800 * 1000};

	return d;
}

static struct ledger_put
put(struct ledger *l, int64_t id, const struct deal *d, int n)
{
	struct ledger_put p;

	OK(ledger_deals_put(l, id, d, n, NOW, &p));
	return p;
}

struct seen {
	struct deal d[16];
	int n;
};

static int
see_deal(const struct deal *d, void *arg)
{
	struct seen *s = arg;

	assert_true(s->n < 16);
	s->d[s->n] = *d;
	s->d[s->n].symbol = s->d[s->n].comment = s->d[s->n].external_id = "";
	s->n++;
	if (d->type < 2) {
		assert_string_equal(d->symbol, "XAUUSDc");
		assert_string_equal(d->comment, "=HYPERLINK(\"x\"),\xd0\x9f");
	}
	return 0;
}

static struct seen
deals(struct ledger *l, int64_t id, struct ledger_page page)
{
	struct seen s = {.n = 0};

	OK(ledger_deals(l, id, &page, see_deal, &s));
	return s;
}

static void
deals_come_back_to_the_last_digit(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(INT64_MAX, 1782154438909, 0, 0,
	    INT64_C(9007199254740993), 0.01, 5007.398999999999, 0);
	struct seen s;

	d.commission = -7;
	d.sl = NAN;
	d.tp = 5404.409000000001;
	d.type = 1;
	d.entry = 0;
	put(f->l, f->a, &d, 1);
	s = deals(f->l, f->a, (struct ledger_page){0});
	assert_int_equal(s.n, 1);
	assert_int_equal(s.d[0].ticket, INT64_MAX);
	assert_int_equal(s.d[0].position_id, INT64_C(9007199254740993));
	assert_int_equal(s.d[0].magic, INT64_C(1) << 60);
	assert_true(s.d[0].price == 5007.398999999999);
	assert_true(s.d[0].tp == 5404.409000000001);
	assert_true(isnan(s.d[0].sl));
	assert_int_equal(s.d[0].commission, -7);
	assert_int_equal(s.d[0].utc_msc, 1782154438909 - 10800000);
}

static void
again_adds_nothing(void **state)
{
	struct fixture *f = *state;
	struct deal d[] = {deal(1, 1000, 2, 0, 0, 0, 0, M(1000)),
	    deal(2, 2000, 0, 0, 9, 1, 10, 0),
	    deal(3, 3000, 1, 1, 9, 1, 11, M(5))};
	struct ledger_put p = put(f->l, f->a, d, 3);
	int64_t before, after;

	assert_int_equal(p.added, 3);
	p = put(f->l, f->a, d, 3);
	assert_int_equal(p.added, 0);
	assert_int_equal(p.changed, 0);
	assert_int_equal(p.same, 3);
	OK(ledger_revision(f->l, &before));
	for (int i = 0; i < 100; i++)
		p = put(f->l, f->a, d, 3);
	OK(ledger_revision(f->l, &after));
	assert_int_equal(p.added + p.changed, 0);
	assert_int_equal(deals(f->l, f->a, (struct ledger_page){0}).n, 3);
}

static void
same_login_elsewhere_is_another_account(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));

	assert_int_not_equal(f->a, f->b);
	put(f->l, f->a, &d, 1);
	d.profit = M(7);
	put(f->l, f->b, &d, 1);
	assert_int_equal(
	    deals(f->l, f->a, (struct ledger_page){0}).d[0].profit, M(1000));
	assert_int_equal(
	    deals(f->l, f->b, (struct ledger_page){0}).d[0].profit, M(7));
}

static void
pages_leave_nothing_out(void **state)
{
	struct fixture *f = *state;
	struct deal d[7];
	struct ledger_page page = {.limit = 2};
	int64_t seen[8];
	int n = 0;

	/* three deals of one millisecond, put in the wrong order */
	for (int i = 0; i < 7; i++)
		d[i] =
		    deal(7 - i, i < 3 ? 5000 : 4000 + i, 0, 0, 1 + i, 1, 1, 0);
	put(f->l, f->a, d, 7);
	for (;;) {
		struct seen s = deals(f->l, f->a, page);

		for (int i = 0; i < s.n; i++)
			seen[n++] = s.d[i].ticket;
		if (s.n == 0)
			break;
		page.after_msc = s.d[s.n - 1].time_msc;
		page.after_id = s.d[s.n - 1].ticket;
	}
	assert_int_equal(n, 7);
	/* 4003…4006 are tickets 4 3 2 1, then 5 6 7 at 5000 */
	assert_memory_equal(
	    seen, ((int64_t[]){4, 3, 2, 1, 5, 6, 7}), 7 * sizeof(int64_t));
	page = (struct ledger_page){.limit = 3, .newest_first = true};
	assert_int_equal(deals(f->l, f->a, page).d[0].ticket, 7);
	page.after_msc = 5000;
	page.after_id = 5;
	assert_int_equal(deals(f->l, f->a, page).d[0].ticket, 1);
}

static struct ledger_sums
sums(struct ledger *l, int64_t id)
{
	struct ledger_sums slow, quick;

	OK(ledger_sums(l, id, &slow));
	OK(ledger_book(l, id, &quick));
	assert_int_equal(slow.deals, quick.deals);
	assert_int_equal(slow.trades_net, quick.trades_net);
	assert_int_equal(slow.costs, quick.costs);
	assert_int_equal(slow.flows, quick.flows);
	assert_int_equal(slow.credit, quick.credit);
	return slow;
}

static int64_t
count(struct fixture *f, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	int64_t n;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

static void
a_changed_deal_keeps_its_old_version(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(5, 1000, 0, 0, 9, 1, 10, 0);
	struct ledger_put p;
	struct seen s;

	put(f->l, f->a, &d, 1);
	d.swap = M(-0.5);
	d.offset_s = 7200; /* the broker's clock was moved meanwhile */
	d.utc_msc = 1000 - 7200000;
	p = put(f->l, f->a, &d, 1);
	assert_int_equal(p.changed, 1);
	s = deals(f->l, f->a, (struct ledger_page){0});
	assert_int_equal(s.n, 1);
	assert_int_equal(s.d[0].swap, M(-0.5));
	assert_int_equal(s.d[0].offset_s, 10800);
	assert_int_equal(s.d[0].utc_msc, 1000 - 10800000);
	assert_int_equal(count(f, "SELECT count(*) FROM deal_version WHERE "
				  "deal LIKE '%\"swap\":\"0\"%'"),
	    1);
	assert_int_equal(sums(f->l, f->a).trades_net, M(-0.5));
	/* only the clock moved: that is no change */
	d.offset_s = 3600;
	assert_int_equal(put(f->l, f->a, &d, 1).same, 1);
}

struct trades {
	struct ledger_trade t[16];
	int n;
};

static int
see_trade(const struct ledger_trade *t, void *arg)
{
	struct trades *s = arg;

	assert_true(s->n < 16);
	s->t[s->n++] = *t;
	return 0;
}

static struct trades
trades(struct ledger *l, struct ledger_trade_filter filter,
    struct ledger_page page)
{
	struct trades s = {.n = 0};

	OK(ledger_trades(l, &filter, &page, see_trade, &s));
	return s;
}

static void
trades_follow_their_deals(void **state)
{
	struct fixture *f = *state;
	struct deal open = deal(2, 2000, 0, 0, 9, 1, 10, 0);
	struct deal close = deal(3, 3000, 1, 1, 9, 1, 11, M(5));
	struct ledger_trade_filter all = {.account = f->a};
	struct trades t;

	/* the close arrives first: an orphan, till its open comes */
	put(f->l, f->a, &close, 1);
	t = trades(f->l, all, (struct ledger_page){0});
	assert_int_equal(t.n, 1);
	assert_int_equal(t.t[0].trade.state, TRADE_ORPHAN);
	open.commission = M(-2);
	put(f->l, f->a, &open, 1);
	t = trades(f->l, all, (struct ledger_page){0});
	assert_int_equal(t.n, 1);
	assert_int_equal(t.t[0].trade.state, TRADE_CLOSED);
	assert_int_equal(t.t[0].trade.net, M(3));
	assert_string_equal(t.t[0].trade.symbol, "XAUUSDc");
	assert_false(t.t[0].imported);
}

static void
the_partition_holds(void **state)
{
	struct fixture *f = *state;
	struct deal d[] = {deal(1, 1000, 2, 0, 0, 0, 0, M(1000)),
	    deal(2, 2000, 0, 0, 9, 0.2, 10, 0),
	    deal(3, 3000, 1, 2, 9, 0.5, 11, M(5)),
	    deal(4, 3500, 3, 0, 0, 0, 0, M(50)),
	    deal(5, 3600, 4, 0, 0, 0, 0, M(-1.25)),
	    deal(6, 3700, 99, 0, 0, 0, 0, M(0.1)),
	    deal(7, 4000, 1, 1, 12, 1, 7, M(-3))};
	struct ledger_trade_filter all = {.account = f->a};
	struct ledger_sums s;
	struct trades t;
	int64_t net = 0;

	d[2].commission = -1; /* does not share evenly */
	put(f->l, f->a, d, 7);
	s = sums(f->l, f->a);
	t = trades(f->l, all, (struct ledger_page){0});
	assert_int_equal(t.n, 3); /* two parts and an orphan */
	for (int i = 0; i < t.n; i++)
		net += t.t[i].trade.net;
	assert_int_equal(net, s.trades_net);
	assert_int_equal(s.trades_net, M(2) - 1);
	assert_int_equal(s.costs, M(-1.25));
	assert_int_equal(s.flows, M(1000.1));
	assert_int_equal(s.credit, M(50));
}

static void
trade_pages_go_on_between_parts(void **state)
{
	struct fixture *f = *state;
	struct deal d[] = {deal(2, 2000, 0, 0, 9, 0.2, 10, 0),
	    deal(3, 2000, 1, 2, 9, 0.5, 11, 0),
	    deal(4, 2000, 0, 0, 10, 1, 7, 0)};
	struct ledger_trade_filter all = {.account = f->a};
	struct ledger_page page = {.limit = 1};
	int n = 0;

	put(f->l, f->a, d, 3);
	for (;;) {
		struct trades t = trades(f->l, all, page);

		if (t.n == 0)
			break;
		page.after_msc = t.t[0].trade.first_msc;
		page.after_id = t.t[0].trade.position_id;
		page.after_part = t.t[0].trade.part;
		n++;
	}
	assert_int_equal(n, 3);
	assert_int_equal(
	    trades(f->l, (struct ledger_trade_filter){0}, page).n, 3);
}

static void
what_the_broker_gives_no_more_is_kept(void **state)
{
	struct fixture *f = *state;
	struct deal d[] = {deal(1, 1000, 2, 0, 0, 0, 0, M(1000)),
	    deal(2, 2000, 0, 0, 9, 1, 10, 0),
	    deal(3, 2000, 1, 1, 9, 1, 11, M(5)),
	    deal(4, 9000, 0, 0, 10, 1, 10, 0)};
	struct ledger_span span = {0, 0, 5000, 0};
	struct seen s;
	int missing = 0;

	put(f->l, f->a, d, 4);
	/* a read of the span to 5000 gave only tickets 1 and 3 */
	d[1] = d[2];
	OK(ledger_deals_missing(f->l, f->a, &span, d, 2, NOW, &missing));
	assert_int_equal(missing, 1);
	OK(ledger_deals_missing(f->l, f->a, &span, d, 2, NOW + 9, &missing));
	assert_int_equal(missing, 0); /* noticed once */
	s = deals(f->l, f->a, (struct ledger_page){0});
	assert_int_equal(s.n, 4);
	assert_int_equal(s.d[1].ticket, 2);
	assert_int_equal(s.d[1].missing_msc, NOW);
	/* it comes back */
	d[1] = deal(2, 2000, 0, 0, 9, 1, 10, 0);
	put(f->l, f->a, &d[1], 1);
	assert_int_equal(
	    deals(f->l, f->a, (struct ledger_page){0}).d[1].missing_msc, 0);
}

static void
a_deal_cannot_be_deleted(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	char *why = NULL;
	sqlite3 *db;

	put(f->l, f->a, &d, 1);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "DELETE FROM deal", NULL, NULL, &why),
	    SQLITE_CONSTRAINT);
	assert_string_equal(why, "a deal is never deleted");
	sqlite3_free(why);
	sqlite3_close(db);
}

/* ---- people ---- */

struct copy {
	struct ledger_account a;
	char phase[16], status[20], holder[32], tags[64], rule[32];
	int n;
};

static int
see_account(const struct ledger_account *a, void *arg)
{
	struct copy *c = arg;

	c->a = *a;
	c->n++;
	snprintf(c->phase, sizeof(c->phase), "%s",
	    a->period.phase ? a->period.phase : "-");
	snprintf(c->status, sizeof(c->status), "%s",
	    a->period.status ? a->period.status : "-");
	snprintf(
	    c->holder, sizeof(c->holder), "%s", a->holder ? a->holder : "-");
	snprintf(c->tags, sizeof(c->tags), "%s", a->tags);
	snprintf(c->rule, sizeof(c->rule), "%s",
	    a->rule_set_name ? a->rule_set_name : "-");
	return 0;
}

static struct copy
get(struct ledger *l, int64_t id)
{
	struct copy c = {.n = 0};

	OK(ledger_account_get(l, id, see_account, &c));
	assert_int_equal(c.n, 1);
	return c;
}

static const struct ledger_actor admin = {
    "admin", NOW, {true, 510000000000}, {true, 505000000000}};

static void
a_fresh_account_knows_nothing(void **state)
{
	struct fixture *f = *state;
	struct copy c = get(f->l, f->a);
	struct copy all = {.n = 0};

	assert_string_equal(c.phase, "-");
	assert_int_equal(c.a.period.id, 0);
	assert_false(c.a.period.initial_balance.known);
	assert_false(c.a.has_day);
	assert_false(c.a.has_limits);
	assert_int_equal(c.a.sync.state, LEDGER_HISTORY_NONE);
	assert_false(c.a.sync.residue.known);
	assert_int_equal(c.a.trade_mode, 2);
	OK(ledger_accounts(f->l, see_account, &all));
	assert_int_equal(all.n, 2);
	OK(ledger_accounts_by_login(f->l, 52001001, see_account, &all));
	assert_int_equal(all.n, 4);
	assert_int_equal(
	    ledger_account_get(f->l, 99, see_account, &all), LEDGER_NOT_FOUND);
}

static void
a_new_phase_is_a_new_period(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {
	    .phase = "F1", .initial_balance = {true, M(5000)}};
	struct copy c;

	OK(ledger_phase_edit(f->l, f->a, 0, &e, &admin));
	c = get(f->l, f->a);
	assert_string_equal(c.phase, "F1");
	assert_string_equal(c.status, "active");
	assert_int_equal(c.a.period.initial_balance.v, M(5000));
	assert_int_equal(c.a.period.start_balance.v, M(5100));
	assert_int_equal(c.a.version, 1);
	e = (struct ledger_phase_edit){.phase = "F2"};
	OK(ledger_phase_edit(f->l, f->a, 1, &e, &admin));
	c = get(f->l, f->a);
	assert_string_equal(c.phase, "F2");
	/* nobody said: what the balance was */
	assert_int_equal(c.a.period.initial_balance.v, M(5100));
	assert_int_equal(count(f, "SELECT count(*) FROM phase_period"), 2);
	assert_int_equal(count(f, "SELECT ended_msc FROM phase_period "
				  "WHERE phase = 'F1'"),
	    NOW);
}

static void
an_old_version_is_a_conflict(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct ledger_meta_edit m = {.holder = "Ann", .rule_set = -1};

	OK(ledger_phase_edit(f->l, f->a, 0, &e, &admin));
	e.phase = "F2";
	assert_int_equal(
	    ledger_phase_edit(f->l, f->a, 0, &e, &admin), LEDGER_CONFLICT);
	assert_int_equal(
	    ledger_meta_edit(f->l, f->a, 0, &m, &admin), LEDGER_CONFLICT);
	assert_int_equal(
	    ledger_meta_edit(f->l, 99, 0, &m, &admin), LEDGER_NOT_FOUND);
	assert_string_equal(get(f->l, f->a).phase, "F1");
	OK(ledger_meta_edit(f->l, f->a, 1, &m, &admin));
	assert_string_equal(get(f->l, f->a).holder, "Ann");
}

struct audits {
	int64_t id[32];
	char text[32][128];
	int n;
};

static int
see_audit(const struct ledger_audit *a, void *arg)
{
	struct audits *s = arg;

	s->id[s->n] = a->id;
	snprintf(s->text[s->n++], 128, "%s %s %s: %s -> %s", a->who, a->action,
	    a->field, a->from ? a->from : "-", a->to ? a->to : "-");
	return 0;
}

static void
every_change_is_in_the_audit_and_can_be_undone(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct ledger_meta_edit m = {
	    .holder = "Ann", .rule_set = -1, .tags = "[\"a\"]"};
	struct ledger_actor bob = {"bob", NOW + 5, {false, 0}, {false, 0}};
	struct audits s = {.n = 0};
	struct copy c;

	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	OK(ledger_meta_edit(f->l, f->a, -1, &m, &admin));
	e.phase = "F2";
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &bob));
	OK(ledger_audits(f->l, f->a, 0, 10, see_audit, &s));
	assert_int_equal(s.n, 4);
	assert_string_equal(s.text[0], "bob edit phase: F1 -> F2");
	assert_string_equal(s.text[1], "admin edit tags: [] -> [\"a\"]");
	assert_string_equal(s.text[2], "admin edit holder: - -> Ann");
	assert_string_equal(s.text[3], "admin edit phase: - -> F1");

	/* the phase before goes on, the undone period is kept */
	OK(ledger_undo(f->l, s.id[0], &admin));
	c = get(f->l, f->a);
	assert_string_equal(c.phase, "F1");
	assert_int_equal(c.a.period.ended_msc, 0);
	assert_int_equal(ledger_undo(f->l, s.id[0], &admin), LEDGER_NOT_FOUND);
	assert_int_equal(count(f, "SELECT count(*) FROM phase_period"), 2);

	/* changed again since: not undone */
	m.holder = "Cid";
	m.tags = NULL;
	OK(ledger_meta_edit(f->l, f->a, -1, &m, &bob));
	assert_int_equal(ledger_undo(f->l, s.id[2], &admin), LEDGER_CONFLICT);
	assert_string_equal(get(f->l, f->a).holder, "Cid");
	OK(ledger_undo(f->l, s.id[1], &admin));
	assert_string_equal(get(f->l, f->a).tags, "[]");
	s.n = 0;
	OK(ledger_audits(f->l, 0, 0, 1, see_audit, &s));
	assert_string_equal(s.text[0], "admin undo tags: [\"a\"] -> []");
}

static void
status_and_initial_balance_stay_in_the_period(void **state)
{
	struct fixture *f = *state;
	struct ledger_phase_edit e = {.phase = "F1"};
	struct audits s = {.n = 0};
	struct copy c;

	e = (struct ledger_phase_edit){.status = "paused"};
	assert_int_equal(
	    ledger_phase_edit(f->l, f->a, -1, &e, &admin), LEDGER_ERROR);
	e = (struct ledger_phase_edit){.phase = "F1"};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	e = (struct ledger_phase_edit){.status = "paused",
	    .paused_until_msc = NOW + 1000,
	    .initial_balance = {true, M(5000)}};
	OK(ledger_phase_edit(f->l, f->a, -1, &e, &admin));
	c = get(f->l, f->a);
	assert_string_equal(c.status, "paused");
	assert_int_equal(c.a.period.initial_balance.v, M(5000));
	assert_int_equal(count(f, "SELECT count(*) FROM phase_period"), 1);
	OK(ledger_audits(f->l, f->a, 0, 10, see_audit, &s));
	assert_string_equal(
	    s.text[0], "admin edit initial_balance: 5100 -> 5000");
	OK(ledger_undo(f->l, s.id[1], &admin));
	assert_string_equal(get(f->l, f->a).status, "active");
}

static int
keep_id(const struct ledger_rule_set *r, void *arg)
{
	*(struct ledger_rule_set *)arg = *r;
	return 0;
}

static void
an_edited_preset_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct ledger_rule_set set = {.name = "FTMO",
				   .firm = "FTMO",
				   .rules = "{\"a\":1}"},
			       is;
	struct ledger_meta_edit m = {.rule_set = 0};
	int64_t id;

	OK(ledger_rule_set_preset(f->l, &set, NOW));
	set.rules = "{\"a\":2}";
	OK(ledger_rule_set_preset(f->l, &set, NOW));
	OK(ledger_rule_sets(f->l, keep_id, &is));
	id = is.id;
	assert_true(is.preset);
	assert_int_equal(count(f, "SELECT count(*) FROM rule_set WHERE "
				  "rules = '{\"a\":2}'"),
	    1);
	set.id = id;
	set.version = 7;
	set.rules = "{\"a\":3}";
	assert_int_equal(
	    ledger_rule_set_put(f->l, &set, &admin, &id), LEDGER_CONFLICT);
	set.version = 0;
	OK(ledger_rule_set_put(f->l, &set, &admin, &id));
	set.rules = "{\"a\":4}";
	OK(ledger_rule_set_preset(f->l, &set, NOW));
	assert_int_equal(count(f, "SELECT count(*) FROM rule_set WHERE "
				  "rules = '{\"a\":3}'"),
	    1);
	set.id = 0;
	assert_int_equal(ledger_rule_set_put(f->l, &set, &admin, &id),
	    LEDGER_CONFLICT); /* the name is taken */
	m.rule_set = id;
	OK(ledger_meta_edit(f->l, f->a, -1, &m, &admin));
	assert_string_equal(get(f->l, f->a).rule, "FTMO");
}

/* ---- samples ---- */

struct samples {
	struct ledger_equity e[64];
	int n;
};

static int
see_equity(const struct ledger_equity *e, void *arg)
{
	struct samples *s = arg;

	assert_true(s->n < 64);
	s->e[s->n++] = *e;
	return 0;
}

static void
equity_is_thinned_with_age(void **state)
{
	struct fixture *f = *state;
	const int64_t day = 86400000, hour = 3600000, minute = 60000;
	int64_t now = INT64_C(20000) * day;
	struct samples s = {.n = 0};
	bool more = true;

	/* an hour of minutes at 100, 8 and 1 days of age */
	for (int i = 0; i < 60; i++)
		for (int age = 0; age < 3; age++) {
			int64_t at = now -
				     (age == 0      ? 100
					 : age == 1 ? 8
						    : 1) *
					 day +
				     i * minute + 500;
			struct ledger_equity e = {.at_msc = at,
			    .balance = i,
			    .credit = 1,
			    .equity = 100 + i,
			    .low = i == 7 ? -5 : 100,
			    .high = 200 + i};

			OK(ledger_equity_put(f->l, f->a, &e));
		}
	for (int i = 0; more && i < 20; i++)
		OK(ledger_equity_thin(f->l, f->a, now, &more));
	assert_false(more);
	OK(ledger_equity(
	    f->l, f->a, now - 100 * day, now - 99 * day, see_equity, &s));
	assert_int_equal(s.n, 1);
	assert_int_equal(s.e[0].span_s, 3600);
	assert_int_equal(s.e[0].low, -5);
	assert_int_equal(s.e[0].high, 259);
	assert_int_equal(s.e[0].equity, 159); /* the last one's */
	assert_int_equal(s.e[0].at_msc, now - 100 * day + hour - minute + 500);
	s.n = 0;
	OK(ledger_equity(
	    f->l, f->a, now - 8 * day, now - 7 * day, see_equity, &s));
	assert_int_equal(s.n, 4);
	assert_int_equal(s.e[1].high, 229);
	s.n = 0;
	OK(ledger_equity(f->l, f->a, now - 1 * day, now, see_equity, &s));
	assert_int_equal(s.n, 60);
}

static void
two_samples_of_a_minute_are_one(void **state)
{
	struct fixture *f = *state;
	struct ledger_equity e = {
	    .at_msc = 60000, .balance = 5, .equity = 6, .low = 4, .high = 6};
	struct samples s = {.n = 0};

	OK(ledger_equity_put(f->l, f->a, &e));
	e = (struct ledger_equity){
	    .at_msc = 90000, .balance = 7, .equity = 5, .low = 5, .high = 9};
	OK(ledger_equity_put(f->l, f->a, &e));
	OK(ledger_equity(f->l, f->a, 0, 120000, see_equity, &s));
	assert_int_equal(s.n, 1);
	assert_int_equal(s.e[0].at_msc, 90000);
	assert_int_equal(s.e[0].low, 4);
	assert_int_equal(s.e[0].high, 9);
	assert_int_equal(s.e[0].balance, 7);
}

static void
day_sums_come_from_the_deals(void **state)
{
	struct fixture *f = *state;
	const int64_t t = INT64_C(1782154438909);
	struct deal d[] = {deal(1, t, 2, 0, 0, 0, 0, M(1000)),
	    deal(2, t + 1000, 0, 0, 9, 1, 10, 0),
	    deal(3, t + 2000, 0, 0, 9, 1, 10, 0),
	    deal(4, t + 3000, 1, 1, 9, 1, 11, M(5)),
	    deal(5, t + 4000, 4, 0, 0, 0, 0, M(-1)),
	    deal(6, t + 86400000, 1, 1, 9, 1, 11, M(7))};
	struct ledger_day day = {0};

	put(f->l, f->a, d, 6);
	OK(ledger_day_sums(
	    f->l, f->a, t - 10800000, t - 10800000 + 86400000, &day));
	assert_int_equal(day.opened, 1);
	assert_int_equal(day.closed, 1);
	assert_int_equal(day.net, M(4));
	assert_int_equal(day.flows, M(1000));
}

/* ---- jobs, imports ---- */

static void
a_sheet_row_is_given_once(void **state)
{
	struct fixture *f = *state;
	int64_t row;

	OK(ledger_sheet_row(f->l, "s", "t", "a", &row));
	assert_int_equal(row, 1);
	OK(ledger_sheet_row(f->l, "s", "t", "b", &row));
	assert_int_equal(row, 2);
	OK(ledger_sheet_row(f->l, "s", "t", "a", &row));
	assert_int_equal(row, 1);
	OK(ledger_sheet_row(f->l, "s", "u", "b", &row));
	assert_int_equal(row, 1);
	assert_int_equal(
	    ledger_sheet_hash_get(f->l, "s", "t", &row), LEDGER_NOT_FOUND);
	OK(ledger_sheet_hash_put(f->l, "s", "t", -5));
	OK(ledger_sheet_hash_get(f->l, "s", "t", &row));
	assert_int_equal(row, -5);
}

static void
own_deals_take_over_from_an_imported_trade(void **state)
{
	struct fixture *f = *state;
	struct ledger_import_trade t = {.json = "{}"};
	struct ledger_trade_filter all = {.account = f->a};
	struct deal d = deal(2, 2000, 0, 0, 9, 1, 10, 0);
	struct trades s;

	t.trade = (struct trade){.position_id = 9,
	    .symbol = "EURUSD",
	    .state = TRADE_CLOSED,
	    .net = M(12),
	    .profit = M(12),
	    .first_msc = 2000,
	    .price_open = 1,
	    .price_close = 2};
	OK(ledger_import_trade(f->l, f->a, &t, NOW));
	s = trades(f->l, all, (struct ledger_page){0});
	assert_int_equal(s.n, 1);
	assert_true(s.t[0].imported);
	assert_int_equal(sums(f->l, f->a).imported, 1);
	put(f->l, f->a, &d, 1);
	s = trades(f->l, all, (struct ledger_page){0});
	assert_int_equal(s.n, 1);
	assert_false(s.t[0].imported);
	assert_int_equal(
	    ledger_import_trade(f->l, f->a, &t, NOW), LEDGER_CONFLICT);
	s = trades(f->l, all, (struct ledger_page){0});
	assert_false(s.t[0].imported);
	assert_int_equal(count(f, "SELECT count(*) FROM imported_trade"), 1);
}

/* ---- the file ---- */

static void
a_reader_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct ledger *r = ledger_open(f->path, LEDGER_READ);
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	struct ledger_put p;

	assert_null(ledger_error(r));
	assert_int_equal(
	    ledger_deals_put(r, f->a, &d, 1, NOW, &p), LEDGER_READONLY);
	assert_non_null(ledger_error(r));
	/* and sees what the writer commits */
	put(f->l, f->a, &d, 1);
	assert_int_equal(deals(r, f->a, (struct ledger_page){0}).n, 1);
	ledger_close(r);
}

static void
a_missing_ledger_is_said(void **state)
{
	struct fixture *f = *state;
	struct ledger *r = ledger_open("/nonexistent/x.db", LEDGER_READ);
	struct copy c = {.n = 0};

	(void)f;
	assert_int_equal(ledger_state(r), LEDGER_NOT_FOUND);
	assert_string_equal(ledger_error(r),
	    "ledger /nonexistent/x.db: No such file or directory");
	assert_int_equal(ledger_accounts(r, see_account, &c), LEDGER_NOT_FOUND);
	ledger_close(r);
	r = ledger_open("/nonexistent/x.db", LEDGER_WRITE);
	assert_int_equal(ledger_state(r), LEDGER_READONLY);
	ledger_close(r);
}

static void
a_newer_ledger_is_refused(void **state)
{
	struct fixture *f = *state;
	struct ledger *r;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(
		db, "INSERT INTO migration VALUES (999, 0)", NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	r = ledger_open(f->path, LEDGER_WRITE);
	assert_int_equal(ledger_state(r), LEDGER_ERROR);
	assert_non_null(strstr(ledger_error(r), "version 999"));
	ledger_close(r);
}

static void
what_is_no_ledger_is_refused(void **state)
{
	struct fixture *f = *state;
	char path[160];
	struct ledger *r;
	FILE *file;

	snprintf(path, sizeof(path), "%s/text.db", f->dir);
	file = fopen(path, "w");
	fprintf(file, "%4096s", "no database");
	fclose(file);
	r = ledger_open(path, LEDGER_WRITE);
	assert_int_equal(ledger_state(r), LEDGER_ERROR);
	assert_non_null(ledger_error(r));
	ledger_close(r);
}

static void
an_undone_transaction_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));

	OK(ledger_begin(f->l));
	put(f->l, f->a, &d, 1);
	ledger_rollback(f->l);
	assert_int_equal(deals(f->l, f->a, (struct ledger_page){0}).n, 0);
	assert_int_equal(sums(f->l, f->a).deals, 0);
}

static void
a_copy_is_whole(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	char path[160];
	struct ledger *r;

	put(f->l, f->a, &d, 1);
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	OK(ledger_copy(f->l, path));
	snprintf(path, sizeof(path), "%s/copy.db-wal", f->dir);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	r = ledger_open(path, LEDGER_READ);
	assert_null(ledger_error(r));
	OK(ledger_check(r));
	assert_int_equal(deals(r, f->a, (struct ledger_page){0}).n, 1);
	ledger_close(r);
}

static void
a_damaged_file_is_noticed(void **state)
{
	struct fixture *f = *state;
	struct deal d[8];
	char path[160];
	struct ledger *r;
	FILE *file;

	for (int i = 0; i < 8; i++)
		d[i] = deal(i + 1, 1000 + i, 0, 0, 9, 1, 10, 0);
	put(f->l, f->a, d, 8);
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	OK(ledger_copy(f->l, path));
	file = fopen(path, "r+");
	for (long at = 8192; at < 8192 + 30 * 4096; at += 4096) {
		fseek(file, at + 8, SEEK_SET);
		fprintf(file, "damaged damaged damaged");
	}
	fclose(file);
	r = ledger_open(path, LEDGER_READ);
	if (ledger_state(r) == LEDGER_OK)
		assert_int_equal(ledger_check(r), LEDGER_ERROR);
	assert_non_null(ledger_error(r));
	ledger_close(r);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(deals_come_back_to_the_last_digit),
	    T(again_adds_nothing),
	    T(same_login_elsewhere_is_another_account),
	    T(pages_leave_nothing_out),
	    T(a_changed_deal_keeps_its_old_version),
	    T(trades_follow_their_deals),
	    T(the_partition_holds),
	    T(trade_pages_go_on_between_parts),
	    T(what_the_broker_gives_no_more_is_kept),
	    T(a_deal_cannot_be_deleted),
	    T(a_fresh_account_knows_nothing),
	    T(a_new_phase_is_a_new_period),
	    T(an_old_version_is_a_conflict),
	    T(every_change_is_in_the_audit_and_can_be_undone),
	    T(status_and_initial_balance_stay_in_the_period),
	    T(an_edited_preset_is_left_alone),
	    T(equity_is_thinned_with_age),
	    T(two_samples_of_a_minute_are_one),
	    T(day_sums_come_from_the_deals),
	    T(a_sheet_row_is_given_once),
	    T(own_deals_take_over_from_an_imported_trade),
	    T(a_reader_changes_nothing),
	    T(a_missing_ledger_is_said),
	    T(a_newer_ledger_is_refused),
	    T(what_is_no_ledger_is_refused),
	    T(an_undone_transaction_leaves_nothing),
	    T(a_copy_is_whole),
	    T(a_damaged_file_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
