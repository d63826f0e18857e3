/*
 * ledger_order_test.c: whatever the order in which deals arrive, in whatever
 * pages and however often, the ledger is the same; its sums are those of
 * exact arithmetic, done here in the plainest way.
 */
#include "tests/unit/ledger_fixture.h"
#include "lib/ledger/samples.h"

#define DEALS 40
#define ROUNDS 60
#define POSITIONS 5

/* xorshift: the same sequence on every machine. */
static uint64_t seed = 88172645463325252u;

static int
draw(int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)n);
}

/* Up to 15 digits, of either sign. */
static money_t
some_money(void)
{
	static const int64_t size[] = {1, 1000000, INT64_C(100000000),
	    INT64_C(1000000000000), INT64_C(10000000000000000)};
	money_t v = (money_t)draw(1000000) * size[draw(5)];

	return draw(2) == 0 ? v : -v;
}

static struct deal
some_deal(int i)
{
	static const int types[] = {0, 1, 0, 1, 0, 1, 2, 3, 4, 6, 13, 18, 99};
	static const int entries[] = {0, 0, 1, 1, 2, 3};
	int type = types[draw(13)];
	struct deal d =
	    deal(100 + i, NOW + draw(20) * 1000, type, 0, 0, 0, 0, 0);

	d.profit = some_money();
	d.swap = draw(3) == 0 ? some_money() : 0;
	d.commission = draw(3) == 0 ? some_money() : 0;
	d.fee = draw(5) == 0 ? some_money() : 0;
	if (type < 2 || draw(4) == 0)
		d.position_id = 1 + draw(POSITIONS);
	if (type < 2) {
		d.entry = entries[draw(6)];
		d.reason = draw(6) == 0 ? 7 + draw(4) : draw(5);
		d.volume = (1 + draw(300)) / 100.0;
		d.price = 1 + draw(1000) / 1000.0;
	}
	return d;
}

static void
shuffle(int *order, int n)
{
	for (int i = 0; i < n; i++)
		order[i] = i;
	for (int i = n - 1; i > 0; i--) {
		int k = draw(i + 1), kept = order[i];

		order[i] = order[k];
		order[k] = kept;
	}
}

/* One deal at a time or several, some of them twice. */
static void
arrive(struct ledger *l, int64_t account, const struct deal *d, int n)
{
	int order[DEALS];
	struct deal page[DEALS];

	shuffle(order, n);
	for (int at = 0; at < n;) {
		int len = 1 + draw(7);

		if (len > n - at)
			len = n - at;
		for (int i = 0; i < len; i++)
			page[i] = d[order[at + i]];
		put(l, account, page, len);
		if (draw(3) == 0)
			put(l, account, page, 1 + draw(len));
		at += len;
	}
}

struct rows {
	struct trade t[DEALS * 2];
	int n;
};

static int
note_row(const struct ledger_trade *t, void *arg)
{
	struct rows *r = arg;

	assert_true(r->n < DEALS * 2);
	r->t[r->n++] = t->trade;
	return 0;
}

static void
read_rows(struct ledger *l, int64_t account, struct rows *r)
{
	struct ledger_trade_filter filter = {.account = account};

	r->n = 0;
	OK(ledger_trades(l, &filter, NULL, note_row, r));
}

static bool
same_price(double a, double b)
{
	return (isnan(a) && isnan(b)) || a == b;
}

static void
assert_same_trade(const struct trade *a, const struct trade *b)
{
	assert_int_equal(a->position_id, b->position_id);
	assert_int_equal(a->part, b->part);
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->state, b->state);
	assert_true(a->volume_in == b->volume_in);
	assert_true(a->volume_out == b->volume_out);
	assert_int_equal(a->time_open_broker_ms, b->time_open_broker_ms);
	assert_int_equal(a->time_close_broker_ms, b->time_close_broker_ms);
	assert_int_equal(a->first_broker_ms, b->first_broker_ms);
	assert_int_equal(a->ticket_close, b->ticket_close);
	assert_true(same_price(a->price_open, b->price_open));
	assert_true(same_price(a->price_close, b->price_close));
	assert_true(a->profit == b->profit && a->commission == b->commission);
	assert_true(a->swap == b->swap && a->fee == b->fee);
	assert_true(a->net == b->net && a->costs == b->costs);
	assert_int_equal(a->reason, b->reason);
	assert_int_equal(a->deals, b->deals);
}

static void
assert_same_sums(const struct ledger_sums *a, const struct ledger_sums *b)
{
	assert_int_equal(a->deals, b->deals);
	assert_true(a->trades_net == b->trades_net);
	assert_true(a->costs == b->costs);
	assert_true(a->flows == b->flows);
	assert_true(a->credit == b->credit);
}

/* By the type's number alone, as MetaQuotes lists them. */
static void
add_plainly(struct ledger_sums *s, const struct deal *d)
{
	money_t net = d->profit + d->swap + d->commission + d->fee;

	s->deals++;
	if (d->type < 2)
		s->trades_net += net;
	else if (d->type == 3)
		s->credit += net;
	else if (d->type == 4 || d->type == 18)
		s->costs += net;
	else if (d->type != 13)
		s->flows += net;
}

static void
any_order_of_arrival_gives_the_same_ledger(void **state)
{
	static struct rows a, b;
	struct fixture *f = *state;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t one = account(f->l, "One", 1000 + round);
		int64_t other = account(f->l, "Other", 1000 + round);
		struct ledger_sums plain = {0}, stored, running, again;
		int n = 1 + draw(DEALS);
		struct deal d[DEALS];
		money_t net = 0;

		for (int i = 0; i < n; i++) {
			d[i] = some_deal(i);
			add_plainly(&plain, &d[i]);
		}
		arrive(f->l, one, d, n);
		arrive(f->l, other, d, n);
		OK(ledger_sums(f->l, one, &stored));
		OK(ledger_running_sums(f->l, one, &running));
		OK(ledger_running_sums(f->l, other, &again));
		assert_same_sums(&running, &again);
		/* a cancelled deal is stored, and in no sum */
		plain.deals = running.deals;
		stored.deals = running.deals;
		assert_int_equal(running.deals, n);
		assert_same_sums(&running, &stored);
		assert_same_sums(&running, &plain);
		read_rows(f->l, one, &a);
		read_rows(f->l, other, &b);
		assert_int_equal(a.n, b.n);
		for (int i = 0; i < a.n; i++) {
			assert_same_trade(&a.t[i], &b.t[i]);
			net += a.t[i].net;
		}
		/* parts of positions lose nothing */
		assert_true(net == plain.trades_net);
	}
}

/* Days hold what the account holds, wherever they begin and end. */
static void
days_add_up_to_the_whole(void **state)
{
	struct fixture *f = *state;
	struct ledger_sums s;
	struct deal d[DEALS];
	money_t net = 0, flows = 0;

	for (int i = 0; i < DEALS; i++)
		d[i] = some_deal(i);
	arrive(f->l, f->a, d, DEALS);
	OK(ledger_running_sums(f->l, f->a, &s));
	for (int64_t from = NOW - 10800000 - 7000; from < NOW + 60000;) {
		int64_t to = from + 1 + draw(5000);
		struct ledger_day day = {.opened = 0};

		OK(ledger_day_sums(f->l, f->a, from, to, &day));
		net += day.net;
		flows += day.flows;
		from = to;
	}
	assert_true(net == s.trades_net + s.costs);
	assert_true(flows == s.flows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(any_order_of_arrival_gives_the_same_ledger),
	    T(days_add_up_to_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
