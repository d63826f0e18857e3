/* ledger_test.c: what goes into the ledger comes out of it. */
#include "lib/ledger/sheets.h"
#include "lib/ledger/trade_fields.h"
#include "lib/ledger/trades.h"
#include "tests/unit/ledger_fixture.h"

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
	assert_int_equal(s.d[0].utc_ms, 1782154438909 - 10800000);
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
		page.after_broker_ms = s.d[s.n - 1].time_msc;
		page.after_id = s.d[s.n - 1].ticket;
	}
	assert_int_equal(n, 7);
	/* 4003…4006 are tickets 4 3 2 1, then 5 6 7 at 5000 */
	assert_memory_equal(
	    seen, ((int64_t[]){4, 3, 2, 1, 5, 6, 7}), 7 * sizeof(int64_t));
	page = (struct ledger_page){.limit = 3, .newest_first = true};
	assert_int_equal(deals(f->l, f->a, page).d[0].ticket, 7);
	page.after_broker_ms = 5000;
	page.after_id = 5;
	assert_int_equal(deals(f->l, f->a, page).d[0].ticket, 1);
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
	d.utc_ms = 1000 - 7200000;
	p = put(f->l, f->a, &d, 1);
	assert_int_equal(p.changed, 1);
	s = deals(f->l, f->a, (struct ledger_page){0});
	assert_int_equal(s.n, 1);
	assert_int_equal(s.d[0].swap, M(-0.5));
	assert_int_equal(s.d[0].offset_s, 10800);
	assert_int_equal(s.d[0].utc_ms, 1000 - 10800000);
	assert_int_equal(count(f, "SELECT count(*) FROM deal_version WHERE "
				  "deal LIKE '%\"swap\":\"0\"%'"),
	    1);
	assert_int_equal(sums(f->l, f->a).trades_net, M(-0.5));
	/* only the clock moved: that is no change */
	d.offset_s = 3600;
	assert_int_equal(put(f->l, f->a, &d, 1).same, 1);
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
	money_t net = 0;

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
		page.after_broker_ms = t.t[0].trade.first_broker_ms;
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
	struct ledger_span span = {0, 0, 5000, 0, 0};
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
	assert_int_equal(s.d[1].missing_utc_ms, NOW);
	/* it comes back */
	d[1] = deal(2, 2000, 0, 0, 9, 1, 10, 0);
	put(f->l, f->a, &d[1], 1);
	assert_int_equal(
	    deals(f->l, f->a, (struct ledger_page){0}).d[1].missing_utc_ms, 0);
}

static void
a_deal_cannot_be_deleted(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	char *why = NULL, said[256];
	sqlite3 *db;

	put(f->l, f->a, &d, 1);
	if (on_postgresql()) {
		(void)pg_ask(f->path, "DELETE FROM deal", said);
		assert_non_null(strstr(said, "a deal is never deleted"));
		(void)pg_ask(f->path, "TRUNCATE deal", said);
		assert_non_null(strstr(said, "a deal is never deleted"));
		return;
	}
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "DELETE FROM deal", NULL, NULL, &why),
	    SQLITE_CONSTRAINT);
	assert_string_equal(why, "a deal is never deleted");
	sqlite3_free(why);
	sqlite3_close(db);
}

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
}

struct sheet_rows {
	int n;
	int64_t row[4];
	char key[4][8];
	struct ledger_sheet_cells cells[4];
};

static int
keep_sheet_row(int64_t row, const char *key,
    const struct ledger_sheet_cells *cells, void *arg)
{
	struct sheet_rows *all = arg;

	all->row[all->n] = row;
	snprintf(all->key[all->n], sizeof(all->key[0]), "%s", key);
	all->cells[all->n++] = *cells;
	return 0;
}

static struct sheet_rows
sheet_rows(struct fixture *f)
{
	struct sheet_rows all = {0};

	OK(ledger_sheet_rows(f->l, "s", "t", keep_sheet_row, &all));
	return all;
}

static void
a_sheet_row_knows_what_it_was_written_with(void **state)
{
	struct fixture *f = *state;
	const struct ledger_sheet_cells some = {true, INT64_MIN},
					perhaps = {true, 0}, none = {false, 0};
	struct sheet_rows all;
	int64_t row;
	int column;

	OK(ledger_sheet_row(f->l, "s", "t", "b", &row));
	OK(ledger_sheet_row(f->l, "s", "t", "a", &row));
	OK(ledger_sheet_cells(f->l, "s", "t", 2, &some));
	all = sheet_rows(f);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.key[0], "b");
	assert_string_equal(all.key[1], "a");
	assert_int_equal(all.row[1], 2);
	assert_false(all.cells[0].written);
	assert_true(all.cells[1].written);
	assert_int_equal(all.cells[1].hash, INT64_MIN);

	/* what was not written stays so */
	OK(ledger_sheet_all_cells(f->l, "s", "t", &perhaps));
	all = sheet_rows(f);
	assert_false(all.cells[0].written);
	assert_true(all.cells[1].written);
	assert_int_equal(all.cells[1].hash, 0);
	OK(ledger_sheet_all_cells(f->l, "s", "t", &none));
	assert_false(sheet_rows(f).cells[1].written);

	assert_int_equal(
	    ledger_sheet_key_column(f->l, "s", "t", &column), LEDGER_NOT_FOUND);
	OK(ledger_sheet_filled(f->l, "s", "t", 3));
	OK(ledger_sheet_filled(f->l, "s", "t", 4));
	OK(ledger_sheet_key_column(f->l, "s", "t", &column));
	assert_int_equal(column, 4);
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
	    .first_broker_ms = 2000,
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

static int
keep_trade(const struct ledger_trade *t, void *arg)
{
	struct ledger_trade *out = arg;

	assert_string_equal(t->server, "Broker-Live");
	assert_string_equal(t->currency, "USD");
	*out = *t;
	return 0;
}

/* Each field has a value of its own, so that no two can change places. */
static void
every_field_of_a_trade_comes_back(void **state)
{
	struct fixture *f = *state;
	struct trade t = {.position_id = 11,
	    .part = 12,
	    .symbol = "EURUSD",
	    .type = 13,
	    .state = TRADE_ORPHAN,
	    .volume_in = 14,
	    .volume_out = 15,
	    .time_open_broker_ms = 16,
	    .time_close_broker_ms = 17,
	    .first_broker_ms = 18,
	    .price_open = 19.5,
	    .price_close = 20.5,
	    .profit = 21,
	    .commission = 22,
	    .swap = 23,
	    .fee = 24,
	    .net = 25,
	    .reason = 26,
	    .close_by = true,
	    .ticket_close = 29,
	    .ticket_open = 28,
	    .deals = 27};
	/* its UTC are those of the deals with these tickets */
	struct deal d[] = {deal(28, NOW - 5, 2, 0, 0, 0, 0, 1),
	    deal(29, NOW - 4, 2, 0, 0, 0, 0, 1)};
	struct ledger_trade_filter one = {.account = f->a}, all = {0};
	struct ledger_page back = {INT64_MAX, INT64_MAX, 0, 1, true};
	struct ledger_trade got[3] = {0};
	const struct ledger_trade want = {.server = "Broker-Live",
	    .login = 52001001,
	    .currency = "USD",
	    .changed_utc_ms = NOW,
	    .open_utc_ms = NOW - 5 - 10800000,
	    .close_utc_ms = NOW - 4 - 10800000,
	    .trade = t};
	const struct trade_field *field;
	struct trade_value a, b;

	put(f->l, f->a, d, 2);
	OK(ledger_trade_put(f->l, f->a, &t, false, NOW));
	OK(ledger_trades(f->l, &one, NULL, keep_trade, &got[0]));
	OK(ledger_trades(f->l, &one, &back, keep_trade, &got[1]));
	OK(ledger_trades(f->l, &all, NULL, keep_trade, &got[2]));
	for (int i = 0; i < 3; i++) {
		got[i].server = want.server; /* seen in keep_trade */
		got[i].currency = want.currency;
		assert_int_equal(got[i].account, f->a);
		assert_int_equal(got[i].currency_digits, 2);
		for (size_t k = 0; k < trade_fields_len; k++) {
			field = &trade_fields[k];
			a = trade_field_value(field, &want);
			b = trade_field_value(field, &got[i]);
			assert_true(a.known && b.known);
			if (a.n != b.n || a.price != b.price ||
			    (a.text != NULL && strcmp(a.text, b.text) != 0))
				fail_msg("%s of list %d", field->name, i);
		}
	}
	/* the columns have the values by their names too */
	assert_int_equal(
	    count(f,
		"SELECT count(*) FROM trade WHERE "
		"position_id = 11 AND part = 12 AND symbol = 'EURUSD' AND "
		"type = 13 AND state = 3 AND volume_in = 14 AND "
		"volume_out = 15 AND time_open_msc = 16 AND "
		"time_close_msc = 17 AND first_msc = 18 AND "
		"price_open = 19.5 AND price_close = 20.5 AND profit = 21 AND "
		"commission = 22 AND swap = 23 AND fee = 24 AND net = 25 AND "
		"reason = 26 AND close_by = 1 AND deals = 27 AND "
		"imported = 0"),
	    1);
}

static void
what_an_import_was_not_told_is_unknown(void **state)
{
	struct ledger_trade t = {.imported = true, .trade.net = 5};
	const struct trade_field *field;
	int unknown = 0;

	(void)state;
	for (size_t k = 0; k < trade_fields_len; k++) {
		field = &trade_fields[k];
		if (field->type != TRADE_FIELD_MONEY)
			continue;
		unknown += !trade_field_value(field, &t).known;
		assert_int_equal(trade_field_value(field, &t).known,
		    strcmp(field->name, "swap") != 0 &&
			strcmp(field->name, "fee") != 0);
	}
	assert_int_equal(unknown, 2);
}

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
	    T(a_sheet_row_is_given_once),
	    T(a_sheet_row_knows_what_it_was_written_with),
	    T(own_deals_take_over_from_an_imported_trade),
	    T(every_field_of_a_trade_comes_back),
	    T(what_an_import_was_not_told_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
