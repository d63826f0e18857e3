/* trade_test.c: trades out of deals, by hand-worked figures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/trading/money.h"
#include "lib/trading/trade.h"

#define M(x) ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))

#define DEAL_JSON(ticket, profit)                                              \
	"{\"ticket\":" ticket ",\"order\":\"1\",\"time\":2,\"time_msc\":2003," \
	"\"type\":0,\"entry\":0,\"magic\":\"0\",\"position_id\":\"9\","        \
	"\"reason\":3,\"volume\":0.01,\"price\":5007.398999999999,"            \
	"\"commission\":-0.07,\"swap\":0,\"profit\":" profit ",\"fee\":0,"     \
	"\"symbol\":\"XAUUSDc\",\"comment\":\"=1+1, \\\"x\\\" \xd0\x9f\","     \
	"\"external_id\":\"\",\"sl\":null,\"tp\":0}"

struct row {
	int type, entry;
	double volume, price, profit, commission, swap, fee;
};

struct result {
	struct trade part[4];
	int n;
};

static struct result
fold(const struct row *rows, size_t n)
{
	struct result res = {.n = 0};
	struct trade_fold f;

	trade_fold_init(&f, 77);
	for (size_t i = 0; i < n; i++) {
		struct deal d = {.ticket = (int64_t)i + 1,
		    .time_msc = 1000 * ((int64_t)i + 1),
		    .type = rows[i].type,
		    .entry = rows[i].entry,
		    .position_id = 77,
		    .reason = (int)i,
		    .volume = rows[i].volume,
		    .price = rows[i].price,
		    .profit = M(rows[i].profit),
		    .commission = M(rows[i].commission),
		    .swap = M(rows[i].swap),
		    .fee = M(rows[i].fee),
		    .symbol = "EURUSD"};
		int ended = trade_fold_add(&f, &d, 0, &res.part[res.n]);

		assert_int_not_equal(ended, -1);
		res.n += ended;
	}
	if (trade_fold_end(&f, &res.part[res.n]))
		res.n++;
	return res;
}
#define FOLD(...)                               \
	fold((const struct row[]){__VA_ARGS__}, \
	    sizeof((const struct row[]){__VA_ARGS__}) / sizeof(struct row))

static void
simple_round_trip(void **state)
{
	(void)state;
	struct result r = FOLD({0, 0, 0.37, 0.69398, 0, -1.3, 0, 0},
	    {1, 1, 0.37, 0.69498, 37, 0, -0.5, -0.01});
	const struct trade *t = &r.part[0];

	assert_int_equal(r.n, 1);
	assert_int_equal(t->state, TRADE_CLOSED);
	assert_int_equal(t->type, 0);
	assert_true(t->price_open == 0.69398);
	assert_true(t->price_close == 0.69498);
	assert_int_equal(t->time_open_broker_ms, 1000);
	assert_int_equal(t->time_close_broker_ms, 2000);
	assert_int_equal(t->reason, 1);
	assert_int_equal(t->deals, 2);
	/* 37 - 1.3 - 0.5 - 0.01 */
	assert_int_equal(t->net, M(35.19));
}

static void
several_entries_and_partial_closes(void **state)
{
	(void)state;
	/* entry (1*10 + 3*14)/4 = 13; exit (1*20 + 1*22)/2 = 21 */
	struct result r =
	    FOLD({0, 0, 1, 10, 0, -1, 0, 0}, {0, 0, 3, 14, 0, -3, 0, 0},
		{1, 1, 1, 20, 7, 0, 0, 0}, {1, 1, 1, 22, 9, 0, 0, 0});
	const struct trade *t = &r.part[0];

	assert_int_equal(r.n, 1);
	assert_int_equal(t->state, TRADE_PARTIALLY_CLOSED);
	assert_float_equal(t->price_open, 13, 1e-12);
	assert_float_equal(t->price_close, 21, 1e-12);
	assert_int_equal(t->volume_in, M(4));
	assert_int_equal(t->volume_out, M(2));
	assert_int_equal(t->net, M(12));
}

static void
one_price_is_that_price(void **state)
{
	(void)state;
	/* 0.1 * 1.10023 three times over does not divide back exactly */
	struct result r = FOLD({1, 0, 0.1, 1.10023, 0, 0, 0, 0},
	    {1, 0, 0.1, 1.10023, 0, 0, 0, 0}, {1, 0, 0.1, 1.10023, 0, 0, 0, 0});

	assert_true(r.part[0].price_open == 1.10023);
	assert_int_equal(r.part[0].state, TRADE_OPEN);
	assert_int_equal(r.part[0].type, 1);
	assert_true(isnan(r.part[0].price_close));
	assert_int_equal(r.part[0].reason, -1);
}

/* 0.1 + 0.2 closed by 0.3: closed, not 1e-17 away from it. */
static void
volumes_are_exact(void **state)
{
	(void)state;
	struct result r = FOLD({0, 0, 0.1, 2, 0, 0, 0, 0},
	    {0, 0, 0.2, 2, 0, 0, 0, 0}, {1, 1, 0.3, 3, 1, 0, 0, 0});

	assert_int_equal(r.part[0].state, TRADE_CLOSED);
}

static void
reversal_makes_two_parts(void **state)
{
	(void)state;
	/* long 0.2, sell 0.58: closes 0.2, opens 0.38 short, then closed */
	struct result r = FOLD({0, 0, 0.2, 100, 0, -2, 0, 0},
	    {1, 2, 0.58, 90, -1.54, -5.8, -0.1, -0.58},
	    {0, 1, 0.38, 80, 3.8, 0, 0, 0});

	assert_int_equal(r.n, 2);
	assert_int_equal(r.part[0].part, 0);
	assert_int_equal(r.part[0].state, TRADE_CLOSED);
	assert_int_equal(r.part[0].type, 0);
	assert_int_equal(r.part[0].volume_out, M(0.2));
	/* of -5.8 commission 0.38/0.58 = -3.8 opens, -2.0 closes;
	 * of the fee -0.38 and -0.20 */
	assert_int_equal(r.part[0].commission, M(-4.0));
	assert_int_equal(r.part[0].net, M(-1.54 - 4.0 - 0.1 - 0.2));
	assert_int_equal(r.part[1].part, 1);
	assert_int_equal(r.part[1].type, 1);
	assert_int_equal(r.part[1].state, TRADE_CLOSED);
	assert_int_equal(r.part[1].volume_in, M(0.38));
	assert_true(r.part[1].price_open == 90);
	assert_int_equal(r.part[1].net, M(3.8 - 3.8 - 0.38));
	assert_int_equal(r.part[1].time_open_broker_ms, 2000);
}

/* Shares that do not come out even still add up to the whole. */
static void
reversal_loses_no_money(void **state)
{
	(void)state;
	struct result r = FOLD({0, 0, 0.01, 100, 0, 0, 0, 0},
	    {1, 2, 0.03, 90, 0.01, -0.00000001, -0.01, -0.1});

	assert_int_equal(r.n, 2);
	assert_int_equal(
	    r.part[0].net + r.part[1].net, M(0.01) - 1 + M(-0.01) + M(-0.1));
	assert_int_equal(r.part[1].state, TRADE_OPEN);
}

static void
twice_reversed_is_three_parts(void **state)
{
	(void)state;
	struct result r = FOLD({0, 0, 1, 10, 0, 0, 0, 0},
	    {1, 2, 2, 11, 1, 0, 0, 0}, {0, 2, 3, 9, 2, 0, 0, 0});

	assert_int_equal(r.n, 3);
	assert_int_equal(r.part[2].type, 0);
	assert_int_equal(r.part[2].volume_in, M(2));
	assert_int_equal(r.part[2].state, TRADE_OPEN);
}

static void
close_by_is_said(void **state)
{
	(void)state;
	struct result r =
	    FOLD({0, 0, 1, 10, 0, 0, 0, 0}, {1, 3, 1, 12, 2, 0, 0, 0});

	assert_int_equal(r.part[0].state, TRADE_CLOSED);
	assert_true(r.part[0].close_by);
}

static void
close_without_open_is_an_orphan(void **state)
{
	(void)state;
	struct result r = FOLD({1, 1, 1, 12, 2, -1, 0, 0});

	assert_int_equal(r.part[0].state, TRADE_ORPHAN);
	assert_int_equal(r.part[0].type, 0); /* a sell closes what was bought */
	assert_int_equal(r.part[0].time_open_broker_ms, 0);
	assert_true(isnan(r.part[0].price_open));
	assert_int_equal(r.part[0].net, M(1));
}

static void
closed_more_than_opened_is_an_orphan(void **state)
{
	(void)state;
	struct result r =
	    FOLD({0, 0, 1, 10, 0, 0, 0, 0}, {1, 1, 2, 12, 2, 0, 0, 0});

	assert_int_equal(r.part[0].state, TRADE_ORPHAN);
}

/* Nothing but the deal itself says which way it was. */
static void
reversal_tells_what_the_unseen_was(void **state)
{
	(void)state;
	struct result bought = FOLD({1, 2, 2, 12, 2, -1, 0, 0});
	struct result sold = FOLD({0, 2, 2, 12, 2, -1, 0, 0});

	assert_int_equal(bought.part[0].type, 0);
	assert_int_equal(sold.part[0].type, 1);
}

static void
reversal_of_the_unseen_is_an_orphan(void **state)
{
	(void)state;
	struct result r =
	    FOLD({1, 2, 2, 12, 2, -1, 0, 0}, {0, 1, 1, 11, 1, 0, 0, 0});

	assert_int_equal(r.n, 2);
	assert_int_equal(r.part[0].state, TRADE_ORPHAN);
	assert_int_equal(r.part[1].state, TRADE_ORPHAN);
	assert_int_equal(r.part[0].net + r.part[1].net, M(2));
}

/* What the later deals close is what the reversal opened. */
static void
reversal_of_the_unseen_takes_what_is_known(void **state)
{
	(void)state;
	struct deal d[] = {{.ticket = 1,
			       .type = 1,
			       .entry = 2,
			       .position_id = 7,
			       .volume = 3,
			       .price = 12,
			       .profit = M(2),
			       .commission = M(-3),
			       .symbol = ""},
	    {.ticket = 2,
		.type = 0,
		.entry = 1,
		.position_id = 7,
		.volume = 1,
		.price = 11,
		.profit = M(1),
		.symbol = ""}};
	struct trade_fold f;
	struct trade a, b;

	trade_fold_init(&f, 7);
	assert_int_equal(
	    trade_fold_add(&f, &d[0], trade_later_volume(&d[1], 1), &a), 1);
	assert_int_equal(trade_fold_add(&f, &d[1], 0, &b), 0);
	assert_true(trade_fold_end(&f, &b));
	assert_int_equal(a.state, TRADE_ORPHAN);
	assert_int_equal(b.state, TRADE_ORPHAN);
	assert_int_equal(a.volume_out, M(2));
	assert_int_equal(a.commission, M(-2));
	assert_int_equal(b.volume_in, M(1));
	assert_int_equal(b.commission, M(-1));
	assert_int_equal(a.net + b.net, M(0));
}

static struct trade
fold_reasons(const struct deal *d, int n)
{
	struct trade_fold f;
	struct trade t = {0};

	trade_fold_init(&f, 7);
	for (int i = 0; i < n; i++)
		assert_int_equal(trade_fold_add(&f, &d[i], 0, &t), 0);
	assert_true(trade_fold_end(&f, &t));
	return t;
}

#define SPLIT_DEAL(n, side, way, why, lots, at, won)                           \
	{                                                                      \
		.ticket = n, .time_msc = (n)*1000, .type = side, .entry = way, \
		.position_id = 7, .reason = why, .volume = lots, .price = at,  \
		.profit = M(won), .symbol = "AAPL"                             \
	}

/* Two for one: what was bought and sold before is told in new shares. */
static void
a_split_restates(void **state)
{
	(void)state;
	const struct deal d[] = {SPLIT_DEAL(1, 0, 0, 0, 10, 100, 0),
	    SPLIT_DEAL(2, 1, 1, 0, 4, 110, 40),
	    SPLIT_DEAL(3, 1, 1, 9, 6, 104, 24),
	    SPLIT_DEAL(4, 0, 0, 9, 12, 52, 0),
	    SPLIT_DEAL(5, 1, 1, 0, 12, 55, 36)};
	struct trade t = fold_reasons(d, 5);

	assert_int_equal(t.state, TRADE_CLOSED);
	assert_int_equal(t.volume_in, M(20));
	assert_int_equal(t.volume_out, M(20));
	assert_true(t.price_open == 50);
	assert_float_equal(t.price_close, 55, 1e-12);
	assert_int_equal(t.net, M(100));
	assert_int_equal(t.deals, 5);
	/* the new shares alone, on top of the old */
	const struct deal on_top[] = {SPLIT_DEAL(1, 0, 0, 0, 10, 100, 0),
	    SPLIT_DEAL(2, 0, 0, 9, 20, 0, 0),
	    SPLIT_DEAL(3, 1, 1, 0, 30, 40, 200)};

	t = fold_reasons(on_top, 3);
	assert_int_equal(t.volume_in, M(30));
	assert_int_equal(t.state, TRADE_CLOSED);
	assert_float_equal(t.price_open, 100.0 / 3, 1e-12);
}

static void
service_deals_are_no_trading(void **state)
{
	(void)state;
	/* variation margin, day by day; a corporate action closes */
	const struct deal d[] = {SPLIT_DEAL(1, 1, 0, 3, 2, 100, 0),
	    SPLIT_DEAL(2, 0, 1, 8, 2, 90, 20), SPLIT_DEAL(3, 1, 0, 8, 2, 90, 0),
	    SPLIT_DEAL(4, 0, 1, 10, 2, 80, 20)};
	struct trade t = fold_reasons(d, 3);

	assert_int_equal(t.state, TRADE_OPEN);
	assert_int_equal(t.volume_in, M(2));
	assert_int_equal(t.net, M(20));
	assert_int_equal(t.reason, -1);
	t = fold_reasons(d, 4);
	assert_int_equal(t.state, TRADE_CLOSED);
	assert_int_equal(t.type, 1);
	assert_true(t.price_open == 100 && t.price_close == 80);
	assert_int_equal(t.net, M(40));
	assert_int_equal(t.reason, 10);
	/* where the opening was never seen, the reopenings do not make one */
	t = fold_reasons(&d[1], 2);
	assert_int_equal(t.state, TRADE_ORPHAN);
	assert_int_equal(t.volume_in, 0);
	assert_int_equal(t.type, 1);
}

static void
a_deal_without_milliseconds_has_its_second(void **state)
{
	(void)state;
	struct deal d;
	char why[200] = "";
	cJSON *doc = cJSON_Parse(DEAL_JSON("\"12\"", "1"));

	cJSON_SetNumberValue(cJSON_GetObjectItem(doc, "time_msc"), 0);
	cJSON_SetNumberValue(cJSON_GetObjectItem(doc, "time"), 1795168860);
	assert_int_equal(deal_from_json(doc, &d, why, sizeof(why)), 0);
	assert_int_equal(d.time_msc, INT64_C(1795168860000));
	cJSON_Delete(doc);
}

static void
times_beyond_mt5_are_refused(void **state)
{
	(void)state;
	struct deal d;
	char why[200] = "";
	cJSON *doc = cJSON_Parse(DEAL_JSON("\"12\"", "1"));

	cJSON_ReplaceItemInObject(
	    doc, "time_msc", cJSON_CreateString("-9223372036854775808"));
	assert_int_equal(deal_from_json(doc, &d, why, sizeof(why)), -1);
	assert_string_equal(why, "deal time_msc: \"-9223372036854775808\"");
	cJSON_ReplaceItemInObject(
	    doc, "time_msc", cJSON_CreateString("9223372036854775807"));
	assert_int_equal(deal_from_json(doc, &d, why, sizeof(why)), -1);
	cJSON_Delete(doc);
}

static void
sums_beyond_what_can_be_held_are_refused(void **state)
{
	(void)state;
	struct trade_fold f;
	struct trade done;
	struct deal d = {.type = 0,
	    .position_id = 1,
	    .volume = 1,
	    .price = 1,
	    .profit = (money_t)1 << 126,
	    .symbol = ""};

	trade_fold_init(&f, 1);
	assert_int_equal(trade_fold_add(&f, &d, 0, &done), 0);
	assert_int_equal(trade_fold_add(&f, &d, 0, &done), -1);
}

static void
kinds_of_deals(void **state)
{
	(void)state;
	static const struct {
		int type;
		int64_t position_id;
		enum deal_kind kind;
	} rows[] = {
	    {0, 5, DEAL_KIND_TRADE},
	    {1, 5, DEAL_KIND_TRADE},
	    {0, 0, DEAL_KIND_COST},
	    {2, 0, DEAL_KIND_FLOW},
	    {3, 0, DEAL_KIND_CREDIT},
	    {4, 0, DEAL_KIND_COST},
	    {5, 0, DEAL_KIND_FLOW},
	    {6, 0, DEAL_KIND_FLOW},
	    {7, 5, DEAL_KIND_COST},
	    {12, 0, DEAL_KIND_COST},
	    {13, 5, DEAL_KIND_COST},
	    {15, 0, DEAL_KIND_COST},
	    {17, 0, DEAL_KIND_COST},
	    {10, 0, DEAL_KIND_COST},
	    {11, 0, DEAL_KIND_COST},
	    {18, 0, DEAL_KIND_COST},
	    {19, 0, DEAL_KIND_FLOW},
	    {20, 0, DEAL_KIND_CREDIT},
	    {99, 0, DEAL_KIND_FLOW},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct deal d = {
		    .type = rows[i].type, .position_id = rows[i].position_id};

		assert_int_equal(deal_kind(&d), rows[i].kind);
	}
}

static int
parse(const char *text, struct deal *d, char *why)
{
	static cJSON *doc;

	cJSON_Delete(doc);
	doc = cJSON_Parse(text);
	assert_non_null(doc);
	return deal_from_json(doc, d, why, 200);
}

static void
a_deal_is_read_to_the_last_digit(void **state)
{
	(void)state;
	struct deal d;
	char why[200] = "";

	assert_int_equal(
	    parse(DEAL_JSON("\"9223372036854775807\"", "5.5600000000000005"),
		&d, why),
	    0);
	assert_int_equal(d.ticket, INT64_MAX);
	assert_true(d.price == 5007.398999999999);
	assert_int_equal(d.profit, M(5.56));
	assert_int_equal(d.commission, M(-0.07));
	assert_true(isnan(d.sl));
	assert_string_equal(d.comment, "=1+1, \"x\" \xd0\x9f");
}

static void
a_bad_deal_is_refused_and_quoted(void **state)
{
	(void)state;
	struct deal d;
	char why[200] = "";

	assert_int_equal(parse(DEAL_JSON("\"12x\"", "1"), &d, why), -1);
	assert_string_equal(why, "deal ticket: \"12x\"");
	assert_int_equal(parse(DEAL_JSON("\"12\"", "null"), &d, why), -1);
	assert_string_equal(why, "deal profit: null");
	assert_int_equal(parse("{}", &d, why), -1);
	assert_string_equal(why, "deal ticket: missing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(simple_round_trip),
	    cmocka_unit_test(several_entries_and_partial_closes),
	    cmocka_unit_test(one_price_is_that_price),
	    cmocka_unit_test(volumes_are_exact),
	    cmocka_unit_test(reversal_makes_two_parts),
	    cmocka_unit_test(reversal_loses_no_money),
	    cmocka_unit_test(twice_reversed_is_three_parts),
	    cmocka_unit_test(close_by_is_said),
	    cmocka_unit_test(close_without_open_is_an_orphan),
	    cmocka_unit_test(closed_more_than_opened_is_an_orphan),
	    cmocka_unit_test(reversal_tells_what_the_unseen_was),
	    cmocka_unit_test(reversal_of_the_unseen_is_an_orphan),
	    cmocka_unit_test(reversal_of_the_unseen_takes_what_is_known),
	    cmocka_unit_test(a_split_restates),
	    cmocka_unit_test(service_deals_are_no_trading),
	    cmocka_unit_test(a_deal_without_milliseconds_has_its_second),
	    cmocka_unit_test(times_beyond_mt5_are_refused),
	    cmocka_unit_test(sums_beyond_what_can_be_held_are_refused),
	    cmocka_unit_test(kinds_of_deals),
	    cmocka_unit_test(a_deal_is_read_to_the_last_digit),
	    cmocka_unit_test(a_bad_deal_is_refused_and_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
