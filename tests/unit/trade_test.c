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
		int ended = trade_fold_add(&f, &d, &res.part[res.n]);

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
	assert_int_equal(t->time_open_msc, 1000);
	assert_int_equal(t->time_close_msc, 2000);
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
	assert_int_equal(r.part[1].time_open_msc, 2000);
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
	assert_int_equal(r.part[0].time_open_msc, 0);
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
	    .profit = INT64_MAX,
	    .symbol = ""};

	trade_fold_init(&f, 1);
	assert_int_equal(trade_fold_add(&f, &d, &done), 0);
	assert_int_equal(trade_fold_add(&f, &d, &done), -1);
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
	    {18, 0, DEAL_KIND_FLOW},
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

#define DEAL_JSON(ticket, profit)                                              \
	"{\"ticket\":" ticket ",\"order\":\"1\",\"time\":2,\"time_msc\":2003," \
	"\"type\":0,\"entry\":0,\"magic\":\"0\",\"position_id\":\"9\","        \
	"\"reason\":3,\"volume\":0.01,\"price\":5007.398999999999,"            \
	"\"commission\":-0.07,\"swap\":0,\"profit\":" profit ",\"fee\":0,"     \
	"\"symbol\":\"XAUUSDc\",\"comment\":\"=1+1, \\\"x\\\" \xd0\x9f\","     \
	"\"external_id\":\"\",\"sl\":null,\"tp\":0}"

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
	    cmocka_unit_test(reversal_of_the_unseen_is_an_orphan),
	    cmocka_unit_test(sums_beyond_what_can_be_held_are_refused),
	    cmocka_unit_test(kinds_of_deals),
	    cmocka_unit_test(a_deal_is_read_to_the_last_digit),
	    cmocka_unit_test(a_bad_deal_is_refused_and_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
