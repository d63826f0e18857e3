/*
 * ledger_statistics_test.c: figures and days of an account, booked as they were
 * realised, against the ledger's day sums and against exact arithmetic.
 */
#include "lib/ledger/samples.h"
#include "lib/ledger/statistics.h"
#include "lib/trading/results.h"
#include "tests/unit/recording.h"

#define DAY_MS INT64_C(86400000)

static struct ledger_statistics
play(struct fixture *f, const char *name)
{
	struct ledger_statistics s;
	struct recording rec;
	struct ledger_put p;

	recording_load(&rec, name, 0);
	OK(ledger_deals_put(
	    f->l, f->a, rec.deals, rec.n, INT64_C(1800000000000), &p));
	recording_done(&rec);
	OK(ledger_statistics(f->l, f->a, 0, &s));
	/* each day is what the ledger says of it */
	for (size_t i = 0; i < s.days_len; i++) {
		struct ledger_day d = {0};

		OK(ledger_day_sums(f->l, f->a, s.days[i].day * DAY_MS,
		    (s.days[i].day + 1) * DAY_MS, &d));
		assert_true(s.days[i].net == d.net);
		assert_true(s.days[i].flows == d.flows);
		assert_int_equal(s.days[i].opened, d.opened);
		assert_int_equal(s.days[i].closed, d.closed);
	}
	return s;
}

/* What days with a result brought in, as numbers. */
static int
nets(const struct ledger_statistics *s, double list[])
{
	int n = 0;

	for (size_t i = 0; i < s->days_len; i++)
		if (s->days[i].results > 0)
			list[n++] = money_to_double(s->days[i].net);
	return n;
}

static void
a_position_closed_on_two_days(void **state)
{
	struct ledger_statistics s = play(*state, "scale-out-days");
	double list[8] = {0};

	assert_int_equal(nets(&s, list), 2);
	assert_true(list[0] == 1793 && list[1] == -510);
	assert_true(s.all.net == M(1283));
	assert_int_equal(s.all.results, 2);
	assert_int_equal(s.wins, 1);
	assert_int_equal(s.losses, 1);
	/* 0.9 of the lot and of the commission, and the rest */
	assert_true(s.best == M(1800 - 6.3));
	assert_true(s.worst == M(-500 - 10 - 0.7));
	assert_true(s.won + s.lost == s.all.net);
	assert_true(s.lots == M(1));
	assert_int_equal(s.trades_closed, 1);
	assert_int_equal(s.trades_open, 0);
	assert_true(s.all.flows == M(10000));
	assert_int_equal(s.first_broker_ms, INT64_C(1794236400000));
	assert_int_equal(s.last_broker_ms, INT64_C(1794582000000));
	ledger_statistics_done(&s);
}

static void
a_position_that_is_never_flat(void **state)
{
	static const double won[] = {300, -120, 80, -400, 150, 90, -60, 500};
	struct ledger_statistics s = play(*state, "netting-never-flat");
	double list[32] = {0};

	assert_int_equal(nets(&s, list), 8);
	for (int i = 0; i < 8; i++)
		assert_true(list[i] == won[i]);
	assert_true(s.all.net == M(540));
	assert_int_equal(s.all.results, 8);
	assert_int_equal(s.wins, 5);
	assert_int_equal(s.losses, 3);
	assert_int_equal(s.trades_open, 1);
	assert_int_equal(s.trades_closed, 0);
	assert_true(s.lots == M(4));
	/* +300 -120 +80 | -400 */
	assert_true(s.max_drawdown == M(-440));
	ledger_statistics_done(&s);
}

/* Trades closed in the same millisecond: in the order of their tickets. */
static void
ties_are_in_the_order_of_tickets(void **state)
{
	struct ledger_statistics s = play(*state, "ties-drawdown");

	assert_true(s.max_drawdown == M(-300));
	assert_true(s.all.net == M(100));
	ledger_statistics_done(&s);
}

static void
a_reversal_has_its_result(void **state)
{
	struct ledger_statistics s = play(*state, "dst-back-inout");

	assert_int_equal(s.all.results, 2);
	assert_int_equal(s.wins, 2);
	assert_true(s.won == M(200));
	assert_true(s.lots == M(2));
	assert_int_equal(s.trades_closed, 2);
	ledger_statistics_done(&s);
}

static void
the_servers_own_deals_are_no_results(void **state)
{
	struct ledger_statistics s = play(*state, "rollover-reopen");

	assert_int_equal(s.all.results, 1);
	assert_true(s.best == M(2000));
	assert_true(s.all.net == M(2000));
	assert_true(s.lots == M(1));
	ledger_statistics_done(&s);
}

static void
costs_are_in_days_and_in_no_result(void **state)
{
	struct ledger_statistics s = play(*state, "typed-with-pos");

	assert_true(s.all.charges == M(15.74));
	assert_true(s.all.net == M(65.74));
	assert_true(s.won + s.lost == M(50));
	ledger_statistics_done(&s);
}

static void
since_a_moment(void **state)
{
	struct fixture *f = *state;
	struct ledger_statistics s = play(f, "scale-out-days");

	ledger_statistics_done(&s);
	/* behind the first close: its share of the commission was paid before
	 */
	OK(ledger_statistics(f->l, f->a, INT64_C(1794236400001), &s));
	assert_int_equal(s.all.results, 1);
	assert_true(s.all.net == M(-510));
	assert_int_equal(s.days_len, 1);
	assert_int_equal(s.trades_closed, 1);
	ledger_statistics_done(&s);
	OK(ledger_statistics(f->l, f->a, INT64_C(1794582000001), &s));
	assert_int_equal(s.all.results, 0);
	assert_int_equal(s.trades_closed, 0);
	assert_int_equal(s.days_len, 0);
	ledger_statistics_done(&s);
	/* an account without deals */
	OK(ledger_statistics(f->l, f->b, 0, &s));
	assert_int_equal(s.days_len, 0);
	ledger_statistics_done(&s);
}

static void
imported_trades_are_results(void **state)
{
	struct fixture *f = *state;
	struct ledger_import_trade t = {.json = "{}",
	    .trade = {.position_id = 5,
		.state = TRADE_CLOSED,
		.volume_in = M(1),
		.volume_out = M(1),
		.time_open_broker_ms = NOW - 10,
		.time_close_broker_ms = NOW,
		.first_broker_ms = NOW - 10,
		.profit = M(12),
		.commission = M(-2),
		.net = M(10)}};
	struct ledger_statistics s;

	OK(ledger_import_trade(f->l, f->a, &t, NOW));
	OK(ledger_statistics(f->l, f->a, 0, &s));
	assert_int_equal(s.all.imported, 1);
	assert_int_equal(s.all.results, 1);
	assert_int_equal(s.trades_closed, 1);
	assert_true(s.all.net == M(10) && s.won == M(10));
	ledger_statistics_done(&s);
}

/* ---- any deals at all ---- */

static uint32_t seed;

static int
random_below(int n)
{
	seed = seed * 1664525u + 1013904223u;
	return (int)((seed >> 8) % (unsigned)n);
}

static money_t
random_money(void)
{
	money_t v = random_below(1000000);

	v = v * 1000000 + random_below(1000000);
	/* up to 1e13 with two decimals, as 15 digits carry it */
	if (random_below(3) == 0)
		v *= 1000000;
	return random_below(2) == 0 ? v : -v;
}

static struct deal
random_deal(int64_t ticket)
{
	static const int types[] = {0, 1, 0, 1, 0, 1, 2, 3, 7, 12, 15, 13, 42};
	static const int reasons[] = {0, 3, 4, 5, 6, 7, 8, 9, 10};
	int type = types[random_below(13)];
	struct deal d =
	    deal(ticket, NOW + random_below(20) * DAY_MS / 2 + random_below(3),
		type, random_below(4),
		type < 2 || random_below(3) == 0 ? 1 + random_below(6) : 0,
		random_below(5) * 0.25, 100, 0);

	d.reason = reasons[random_below(9)];
	d.profit = random_money();
	d.commission = random_money();
	d.swap = random_money();
	d.fee = random_money();
	d.offset_s = 0;
	return d;
}

static void
same_statistics(struct fixture *f, int64_t a, int64_t b)
{
	struct ledger_statistics x, y;

	OK(ledger_statistics(f->l, a, 0, &x));
	OK(ledger_statistics(f->l, b, 0, &y));
	assert_memory_equal(&x.all, &y.all, sizeof(x.all));
	assert_int_equal(x.days_len, y.days_len);
	assert_memory_equal(x.days, y.days, x.days_len * sizeof(*x.days));
	assert_true(x.max_drawdown == y.max_drawdown && x.won == y.won &&
		    x.lost == y.lost && x.best == y.best &&
		    x.worst == y.worst && x.lots == y.lots);
	assert_int_equal(x.trades_closed, y.trades_closed);
	assert_int_equal(x.trades_open, y.trades_open);
	ledger_statistics_done(&x);
	ledger_statistics_done(&y);
}

static int
note_trade(const struct ledger_trade *t, void *arg)
{
	struct trades *s = arg;
	struct ledger_trade *to = &s->t[s->n++ % 16];

	*to = *t;
	to->account = 0;
	to->server = to->currency = NULL;
	to->login = 0;
	to->changed_utc_ms = 0;
	return 0;
}

static struct trades
all_trades(struct fixture *f, int64_t account)
{
	struct ledger_trade_filter filter = {.account = account};
	struct trades s;

	memset(&s, 0, sizeof(s));
	OK(ledger_trades(f->l, &filter, NULL, note_trade, &s));
	return s;
}

/*
 * Any deals, in any order of arrival, in pages of any length, some twice, the
 * ledger closed and opened between: the same sums, trades and statistics, and
 * all of them what adding up by hand gives.
 */
static void
any_order_of_arrival_gives_the_same(void **state)
{
	struct fixture *f = *state;
	enum { N = 60, RUNS = 40 };

	for (int run = 0; run < RUNS; run++) {
		struct deal d[N], shuffled[N];
		money_t naive[4] = {0};
		char server[32];
		int64_t a, b;
		struct ledger_sums one, other;
		struct ledger_statistics s;
		struct trades x, y;
		struct ledger_put p;
		money_t by_days = 0, flows = 0, results = 0, pending = 0;
		money_t capital;

		seed = (uint32_t)run * 7919u + 1;
		snprintf(server, sizeof(server), "Random-%d", run);
		a = account(f->l, server, 1);
		b = account(f->l, server, 2);
		for (int i = 0; i < N; i++) {
			shuffled[i] = d[i] = random_deal(1000 + i);
			if (!deal_is_cancelled(&d[i])) {
				money_t net;

				assert_int_equal(deal_net(&d[i], &net), 0);
				naive[deal_kind(&d[i])] += net;
			}
		}
		OK(ledger_deals_put(f->l, a, d, N, NOW + 90 * DAY_MS, &p));
		for (int i = N - 1; i > 0; i--) {
			int k = random_below(i + 1);
			struct deal t = shuffled[i];

			shuffled[i] = shuffled[k];
			shuffled[k] = t;
		}
		for (int at = 0, n; at < N; at += n) {
			n = 1 + random_below(9);
			n = at + n > N ? N - at : n;
			/* the page before once more */
			if (at > 3 && random_below(3) == 0)
				OK(ledger_deals_put(f->l, b, &shuffled[at - 3],
				    3, NOW + 90 * DAY_MS, &p));
			OK(ledger_deals_put(
			    f->l, b, &shuffled[at], n, NOW + 90 * DAY_MS, &p));
			if (random_below(6) == 0) {
				ledger_close(f->l);
				f->l = ledger_open(f->path, LEDGER_WRITE);
			}
		}
		OK(ledger_sums(f->l, a, &one));
		OK(ledger_running_sums(f->l, b, &other));
		assert_true(one.trades_net == naive[DEAL_KIND_TRADE]);
		assert_true(one.costs == naive[DEAL_KIND_COST]);
		assert_true(one.flows == naive[DEAL_KIND_FLOW]);
		assert_true(one.credit == naive[DEAL_KIND_CREDIT]);
		assert_true(one.trades_net == other.trades_net);
		assert_true(one.costs == other.costs);
		assert_true(one.flows == other.flows);
		assert_true(one.credit == other.credit);
		x = all_trades(f, a);
		y = all_trades(f, b);
		assert_int_equal(x.n, y.n);
		for (int i = 0; i < x.n && i < 16; i++) {
			assert_true(x.t[i].trade.net == y.t[i].trade.net);
			assert_int_equal(
			    x.t[i].trade.state, y.t[i].trade.state);
			assert_true(
			    x.t[i].trade.volume_in == y.t[i].trade.volume_in);
			assert_int_equal(
			    x.t[i].open_utc_ms, y.t[i].open_utc_ms);
			assert_int_equal(
			    x.t[i].close_utc_ms, y.t[i].close_utc_ms);
		}
		same_statistics(f, a, b);
		/* days and results add up to the deals */
		OK(ledger_statistics(f->l, a, 0, &s));
		for (size_t i = 0; i < s.days_len; i++) {
			struct ledger_day day = {0};

			by_days += s.days[i].net;
			flows += s.days[i].flows;
			OK(ledger_day_sums(f->l, a, s.days[i].day * DAY_MS,
			    (s.days[i].day + 1) * DAY_MS, &day));
			assert_true(day.net == s.days[i].net);
			assert_int_equal(day.closed, s.days[i].closed);
			assert_int_equal(day.opened, s.days[i].opened);
		}
		assert_true(by_days == one.trades_net + one.costs);
		assert_true(by_days == s.all.net);
		OK(ledger_capital(f->l, a, NOW + 90 * DAY_MS, &capital));
		assert_true(flows == one.flows + capital);
		assert_true(
		    s.all.profit + s.all.commission + s.all.swap + s.all.fee ==
		    one.trades_net);
		ledger_statistics_done(&s);
		for (int64_t position = 1; position <= 6; position++) {
			struct results_fold fold = {0};
			money_t result, lots;

			for (int i = 0; i < N; i++)
				if (deal_kind(&d[i]) == DEAL_KIND_TRADE &&
				    d[i].position_id == position &&
				    results_add(
					&fold, &d[i], 0, &result, &lots))
					results += result;
			pending += fold.pending;
		}
		assert_true(results + pending == one.trades_net);
	}
}

/* What is known from the deals there are, as in the list of trades. */
static void
a_reversal_whose_opening_was_never_seen(void **state)
{
	struct fixture *f = *state;
	struct deal d[] = {
	    deal(11, 1794000000000, 1, 2, 7, 3, 1.5, M(100)),
	    deal(12, 1794000600000, 0, 1, 7, 1, 1.4, M(50)),
	};
	struct ledger_statistics s;
	struct trades x;
	struct ledger_put p;

	d[0].commission = M(-9);
	OK(ledger_deals_put(f->l, f->a, d, 2, INT64_C(1800000000000), &p));
	x = all_trades(f, f->a);
	assert_int_equal(x.n, 2);
	assert_true(x.t[0].trade.volume_out == M(2));
	assert_true(x.t[0].trade.net == M(94));
	assert_true(x.t[1].trade.net == M(47));
	OK(ledger_statistics(f->l, f->a, 0, &s));
	assert_true(s.lots == M(3));
	assert_true(s.best == M(94) && s.worst == M(47));
	assert_true(s.all.net == M(141));
	assert_int_equal(s.orphans, 2);
	ledger_statistics_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_position_closed_on_two_days),
	    T(a_position_that_is_never_flat),
	    T(ties_are_in_the_order_of_tickets),
	    T(a_reversal_has_its_result),
	    T(a_reversal_whose_opening_was_never_seen),
	    T(the_servers_own_deals_are_no_results),
	    T(costs_are_in_days_and_in_no_result),
	    T(since_a_moment),
	    T(imported_trades_are_results),
	    T(any_order_of_arrival_gives_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
