/*
 * ledger_cases_test.c: odd histories, each with what is right for it
 * (tests/cases/<name>/expect.md says why).
 */
#include "tests/unit/recording.h"
#include "lib/base/utf8.h"
#include "lib/ledger/samples.h"

#define DAY_MS INT64_C(86400000)

static struct recording rec;

/* Stores a recording, its deals one by one in the order that step gives. */
static void
play(struct fixture *f, const char *name, int step)
{
	struct ledger_put p;

	recording_load(&rec, name, 0);
	for (int i = 0, at = 0; i < rec.n; i++, at = (at + step) % rec.n)
		OK(ledger_deals_put(
		    f->l, f->a, &rec.deals[at], 1, INT64_C(1800000000000), &p));
}

static struct trade trade_list[64];
static char symbols[64][TRADE_SYMBOL_SIZE];

static int
note_trade(const struct ledger_trade *t, void *arg)
{
	int *n = arg;

	strcpy(symbols[*n], t->trade.symbol);
	trade_list[(*n)++] = t->trade;
	return 0;
}

static int
list_trades(struct fixture *f)
{
	struct ledger_trade_filter filter = {.account = f->a};
	int n = 0;

	OK(ledger_trades(f->l, &filter, NULL, note_trade, &n));
	return n;
}

static struct ledger_sums
sums_of(struct fixture *f)
{
	struct ledger_sums stored, running;

	OK(ledger_sums(f->l, f->a, &stored));
	OK(ledger_running_sums(f->l, f->a, &running));
	assert_int_equal(stored.trades_net, running.trades_net);
	assert_int_equal(stored.costs, running.costs);
	assert_int_equal(stored.flows, running.flows);
	return stored;
}

static struct ledger_day
day_of(struct fixture *f, int64_t from_utc_ms)
{
	struct ledger_day d = {0};

	OK(ledger_day_sums(f->l, f->a, from_utc_ms, from_utc_ms + DAY_MS, &d));
	return d;
}

static void
every_type_has_its_kind(void **state)
{
	struct fixture *f = *state;
	struct ledger_sums s;

	play(f, "all-types", 1);
	s = sums_of(f);
	assert_int_equal(s.costs, M(15.75));
	assert_int_equal(s.flows, M(9851.50));
	assert_int_equal(s.credit, 0);
	assert_int_equal(s.trades_net, 0);
	recording_done(&rec);
}

static void
positions_closed_by_each_other(void **state)
{
	struct fixture *f = *state;

	play(f, "close-by", 1);
	assert_int_equal(list_trades(f), 3);
	assert_int_equal(trade_list[0].net, M(1596.80));
	assert_float_equal(trade_list[0].price_close, 1.116, 1e-12);
	assert_int_equal(trade_list[1].net, M(-1.20));
	assert_int_equal(trade_list[2].net, M(-1.80));
	for (int i = 0; i < 3; i++)
		assert_int_equal(trade_list[i].state, TRADE_CLOSED);
	recording_done(&rec);
}

static void
a_reversal_while_the_clock_goes_back(void **state)
{
	struct fixture *f = *state;

	/* in any order of arrival */
	play(f, "dst-back-inout", 3);
	assert_int_equal(list_trades(f), 2);
	for (int i = 0; i < 2; i++) {
		const struct trade *t = &trade_list[i];

		assert_int_equal(t->part, i);
		assert_int_equal(t->type, i);
		assert_int_equal(t->volume_in, M(1));
		assert_int_equal(t->volume_out, M(1));
		assert_int_equal(t->net, M(100));
		assert_int_equal(t->state, TRADE_CLOSED);
		assert_true(t->price_open == (i == 0 ? 70000 : 70100));
		assert_true(t->price_close == (i == 0 ? 70100 : 70000));
	}
	recording_done(&rec);
}

static void
the_server_reopens_a_position_each_night(void **state)
{
	struct fixture *f = *state;
	const struct trade *t = trade_list;
	int64_t first = INT64_C(1794182400000); /* 9 November */

	play(f, "rollover-reopen", 5);
	assert_int_equal(list_trades(f), 1);
	assert_int_equal(t->volume_in, M(1));
	assert_int_equal(t->volume_out, M(1));
	assert_true(t->price_open == 1.1 && t->price_close == 1.12);
	assert_int_equal(t->net, M(2000));
	assert_int_equal(t->state, TRADE_CLOSED);
	assert_int_equal(t->time_open_broker_ms, INT64_C(1794218400000));
	assert_int_equal(t->time_close_broker_ms, INT64_C(1794564000000));
	for (int i = 0; i < 5; i++) {
		struct ledger_day d = day_of(f, first + i * DAY_MS);

		assert_int_equal(d.opened, i == 0);
		assert_int_equal(d.closed, i == 4);
		assert_int_equal(d.net, i == 4 ? M(1600) : M(100));
	}
	recording_done(&rec);
}

static void
a_symbol_of_31_characters_is_whole(void **state)
{
	struct fixture *f = *state;

	play(f, "long-symbol", 1);
	assert_int_equal(list_trades(f), 1);
	assert_int_equal(strlen(symbols[0]), 91);
	assert_true(utf8_valid(symbols[0], 91));
	assert_string_equal(symbols[0], rec.deals[1].symbol);
	recording_done(&rec);
}

static void
texts_come_back_byte_for_byte(void **state)
{
	struct fixture *f = *state;

	play(f, "odd-texts", 1);
	assert_int_equal(sums_of(f).trades_net, M(15.15));
	for (int i = 0, n = list_trades(f); i < n; i++)
		for (int k = 0; k < rec.n; k++)
			if (rec.deals[k].position_id ==
			    trade_list[i].position_id)
				assert_string_equal(
				    symbols[i], rec.deals[k].symbol);
	recording_done(&rec);
}

static void
tickets_at_the_end_of_63_bits(void **state)
{
	struct fixture *f = *state;

	play(f, "huge-tickets", 1);
	assert_int_equal(list_trades(f), 1);
	assert_int_equal(
	    trade_list[0].position_id, INT64_C(9223372036854775790));
	assert_int_equal(
	    trade_list[0].ticket_close, INT64_C(9223372036854775791));
	assert_int_equal(trade_list[0].net, M(10));
	recording_done(&rec);
}

static void
costs_that_name_their_position(void **state)
{
	struct fixture *f = *state;
	struct ledger_sums s;

	play(f, "typed-with-pos", 5);
	s = sums_of(f);
	assert_int_equal(list_trades(f), 1);
	assert_int_equal(trade_list[0].net, M(50));
	assert_int_equal(trade_list[0].net + trade_list[0].costs, M(65.74));
	assert_int_equal(s.costs, M(15.74));
	/* all there is, once */
	assert_int_equal(trade_list[0].net + s.costs + s.flows, M(10065.74));
	recording_done(&rec);
}

static void
a_day_has_what_was_realised_on_it(void **state)
{
	struct fixture *f = *state;
	int64_t first = INT64_C(1794182400000); /* 9 November */

	play(f, "scale-out-days", 1);
	assert_int_equal(list_trades(f), 1);
	assert_int_equal(trade_list[0].net, M(1283));
	for (int i = 0; i < 5; i++)
		assert_int_equal(
		    day_of(f, first + i * DAY_MS).net, i == 0   ? M(1793)
						       : i == 4 ? M(-510)
								: 0);
	recording_done(&rec);
}

static void
a_position_that_is_never_flat(void **state)
{
	struct fixture *f = *state;
	static const int won[] = {300, -120, 80, -400, 0, 0, 150, 90, -60, 500};
	int64_t first = INT64_C(1793664000000); /* 3 November */

	play(f, "netting-never-flat", 7);
	assert_int_equal(list_trades(f), 1);
	assert_int_equal(trade_list[0].state, TRADE_PARTIALLY_CLOSED);
	assert_int_equal(trade_list[0].volume_in, M(5));
	assert_int_equal(trade_list[0].volume_out, M(4));
	assert_int_equal(trade_list[0].net, M(540));
	for (int i = 0; i < 10; i++)
		assert_int_equal(day_of(f, first + i * DAY_MS).net, M(won[i]));
	recording_done(&rec);
}

/* Trades closed in the same moment are told apart by their closing tickets. */
static void
ties_have_an_order(void **state)
{
	struct fixture *f = *state;

	play(f, "ties-drawdown", 1);
	assert_int_equal(list_trades(f), 3);
	assert_int_equal(trade_list[1].time_close_broker_ms,
	    trade_list[2].time_close_broker_ms);
	assert_int_equal(trade_list[1].ticket_close, 1006);
	assert_int_equal(trade_list[2].ticket_close, 1007);
	recording_done(&rec);
}

/* What is dated tomorrow counts from when it was seen, on both sides alike. */
static void
a_deal_dated_tomorrow_counts_when_it_was_seen(void **state)
{
	struct fixture *f = *state;
	int64_t now = INT64_C(1795893146000), day = now - now % DAY_MS;
	struct ledger_put p;

	recording_load(&rec, "future", 0);
	OK(ledger_deals_put(f->l, f->a, rec.deals, rec.n, now, &p));
	assert_int_equal(day_of(f, day).flows, M(150));
	assert_int_equal(day_of(f, day + DAY_MS).flows, 0);
	assert_int_equal(day_of(f, day + 2 * DAY_MS).flows, 0);
	/* a time in the past is its own, whenever it is seen */
	assert_int_equal(
	    day_of(f, rec.deals[0].utc_ms - rec.deals[0].utc_ms % DAY_MS).flows,
	    M(100000));
	recording_done(&rec);
}

static const struct trade *
trade_of(struct fixture *f, int64_t position)
{
	for (int i = 0, n = list_trades(f); i < n; i++)
		if (trade_list[i].position_id == position)
			return &trade_list[i];
	return NULL;
}

static void
a_trade_that_the_dealer_annulled(void **state)
{
	struct fixture *f = *state;
	struct ledger_span all = {0, INT64_MIN, INT64_MAX, INT64_MAX, 0};
	int64_t day = INT64_C(1795651200000), n; /* 26 November */
	money_t sum;
	int missing, moved;
	struct ledger_put p;
	struct recording before;

	play(f, "annulled-trade/before", 1);
	before = rec;
	assert_int_equal(day_of(f, day).net, M(1000));
	assert_int_equal(trade_of(f, 2)->state, TRADE_CLOSED);
	recording_load(&rec, "annulled-trade/after", 0);
	OK(ledger_deals_put(f->l, f->a, rec.deals, rec.n, 5, &p));
	OK(ledger_deals_missing(
	    f->l, f->a, &all, rec.deals, rec.n, 1800000000000, &missing));
	assert_int_equal(missing, 2);
	/* a difference that they do not explain moves nothing */
	OK(ledger_deals_settle(f->l, f->a, M(-999), M(0.005), 6, &moved));
	assert_int_equal(moved, 0);
	OK(ledger_deals_settle(f->l, f->a, M(-1000), M(0.005), 6, &moved));
	assert_int_equal(moved, 2);
	assert_int_equal(sums_of(f).trades_net, 0);
	assert_int_equal(trade_of(f, 2)->state, TRADE_ANNULLED);
	assert_int_equal(day_of(f, day).net, 0);
	assert_int_equal(day_of(f, day).opened, 0);
	OK(ledger_deals_excluded(f->l, f->a, DEAL_ANNULLED, &n, &sum));
	assert_int_equal(n, 2);
	assert_int_equal(sum, M(1000));
	/* the broker gives them again: they count again */
	OK(ledger_deals_put(f->l, f->a, before.deals, before.n, 7, &p));
	assert_int_equal(sums_of(f).trades_net, M(1000));
	assert_int_equal(trade_of(f, 2)->state, TRADE_CLOSED);
	recording_done(&rec);
	recording_done(&before);
}

/* Archived deals stay in the balance; a difference for another reason does not
 * annul them, and a wrong guess is undone by the balance. */
static void
the_balance_has_the_last_word(void **state)
{
	struct fixture *f = *state;
	struct ledger_span all = {0, INT64_MIN, INT64_MAX, INT64_MAX, 0};
	struct deal d[] = {deal(1, 1000, 2, 0, 0, 0, 0, M(1000)),
	    deal(2, 2000, 0, 0, 9, 1, 10, 0),
	    deal(3, 3000, 1, 1, 9, 1, 11, M(5)),
	    deal(4, 4000, 0, 0, 10, 1, 10, 0),
	    deal(5, 5000, 1, 1, 10, 1, 11, M(7))};
	int missing, moved;

	put(f->l, f->a, d, 5);
	/* position 9 was archived, position 10 annulled by a later read */
	OK(ledger_deals_missing(f->l, f->a, &all, d, 1, NOW, &missing));
	assert_int_equal(missing, 4);
	OK(ledger_deals_settle(f->l, f->a, M(-7), 1, NOW, &moved));
	assert_int_equal(moved, 2);
	assert_int_equal(trade_of(f, 9)->state, TRADE_CLOSED);
	assert_int_equal(trade_of(f, 10)->state, TRADE_ANNULLED);
	assert_int_equal(sums_of(f).trades_net, M(5));
	/* its money is back in the balance */
	OK(ledger_deals_settle(f->l, f->a, M(7), 1, NOW, &moved));
	assert_int_equal(moved, 2);
	assert_int_equal(sums_of(f).trades_net, M(12));
}

static void
a_cancelled_deal_counts_where_the_balance_says_so(void **state)
{
	struct fixture *f = *state;
	struct deal d[] = {deal(1, 1000, 2, 0, 0, 0, 0, M(1000)),
	    deal(2, 2000, 13, 0, 9, 1, 10, 0)};
	int moved;

	d[1].commission = M(-3);
	put(f->l, f->a, d, 2);
	assert_int_equal(sums_of(f).costs, 0);
	OK(ledger_deals_settle(f->l, f->a, M(-3), M(0.005), NOW, &moved));
	assert_int_equal(moved, 1);
	assert_int_equal(sums_of(f).costs, M(-3));
	/* read again, it stays so */
	put(f->l, f->a, d, 2);
	assert_int_equal(sums_of(f).costs, M(-3));
	OK(ledger_deals_settle(f->l, f->a, M(3), M(0.005), NOW, &moved));
	assert_int_equal(sums_of(f).costs, 0);
}

static void
a_buy_that_is_cancelled_later_is_no_trade_any_more(void **state)
{
	struct fixture *f = *state;
	struct deal d[] = {deal(2, 2000, 0, 0, 9, 1, 10, 0),
	    deal(3, 3000, 1, 1, 9, 1, 11, M(5))};

	d[0].commission = M(-2);
	put(f->l, f->a, d, 2);
	d[0].type = 13;
	d[1].type = 14;
	d[1].profit = 0;
	put(f->l, f->a, d, 2);
	assert_int_equal(list_trades(f), 0);
	assert_int_equal(sums_of(f).trades_net, 0);
	assert_int_equal(sums_of(f).costs, 0);
}

/* Sums beyond 64 bits: exact in what is stored and in what is said. */
static int
note_equity(const struct ledger_equity *e, void *arg)
{
	*(struct ledger_equity *)arg = *e;
	return 0;
}

static void
large_currencies_are_exact(void **state)
{
	struct fixture *f = *state;
	struct deal d[1000];
	struct ledger_equity e = {.at_utc_ms = NOW, .span_s = 60};
	money_t one, half, sum = 0;
	char text[MONEY_SIZE];
	struct ledger_sums s;

	play(f, "vnd-flows-blocks-fleet", 1);
	s = sums_of(f);
	assert_string_equal(money_format(s.flows, -1, text), "180000001000");
	assert_string_equal(
	    money_format(s.trades_net, -1, text), "-180000000000");
	recording_done(&rec);

	assert_int_equal(money_from_double(9999999999999.99, &one), 0);
	assert_int_equal(money_from_double(0.25, &half), 0);
	for (int i = 0; i < 1000; i++) {
		d[i] = deal(5000 + i, NOW + i, 2, 0, 0, 0, 0, 0);
		d[i].profit = i % 3 == 2 ? -half : one;
		sum += d[i].profit;
	}
	put(f->l, f->b, d, 1000);
	OK(ledger_sums(f->l, f->b, &s));
	assert_true(s.flows == sum);
	OK(ledger_running_sums(f->l, f->b, &s));
	assert_true(s.flows == sum);
	assert_string_equal(money_format(sum, 2, text), "6669999999999910.08");
	/* low and high of one minute, the largest there are */
	e.balance = e.equity = e.low = e.high = sum;
	OK(ledger_equity_put(f->l, f->b, &e));
	e.low = -sum;
	e.high = half;
	OK(ledger_equity_put(f->l, f->b, &e));
	for (int i = 0; i < 2; i++) {
		struct ledger_equity got = {.at_utc_ms = 0};
		bool more;

		OK(ledger_equity(f->l, f->b, NOW - 3600000, NOW + 3600000,
		    note_equity, &got));
		assert_true(got.low == -sum && got.high == sum);
		assert_true(got.balance == sum);
		/* thinned, they are the same */
		OK(ledger_equity_thin(f->l, f->b, NOW + 30 * DAY_MS, &more));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(every_type_has_its_kind),
	    T(positions_closed_by_each_other),
	    T(a_reversal_while_the_clock_goes_back),
	    T(the_server_reopens_a_position_each_night),
	    T(a_symbol_of_31_characters_is_whole),
	    T(texts_come_back_byte_for_byte),
	    T(tickets_at_the_end_of_63_bits),
	    T(costs_that_name_their_position),
	    T(a_day_has_what_was_realised_on_it),
	    T(a_position_that_is_never_flat),
	    T(ties_have_an_order),
	    T(a_deal_dated_tomorrow_counts_when_it_was_seen),
	    T(a_trade_that_the_dealer_annulled),
	    T(the_balance_has_the_last_word),
	    T(a_cancelled_deal_counts_where_the_balance_says_so),
	    T(large_currencies_are_exact),
	    T(a_buy_that_is_cancelled_later_is_no_trade_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
