/* flow_test.c: the first guess of what a deal is for, and what fits it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/json/jsonin.h"
#include "lib/trading/flow.h"

#define M(x) ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct row {
	int type;
	double amount;
	const char *comment;
	double before;  /* the balance; -1: unknown */
	double initial; /* 0: no phase */
	const char *phase;
	bool rules;
	enum deal_meaning meaning;
};

static struct flow_guess
guess_of(const struct row *row, const char *rule_set, const char *common)
{
	struct deal d = {.ticket = 3,
	    .type = row->type,
	    .profit = M(row->amount),
	    .symbol = "",
	    .comment = row->comment,
	    .external_id = ""};
	struct flow_context c = {.before = {row->before >= 0, M(row->before)},
	    .after = {row->before >= 0, M(row->before) + M(row->amount)},
	    .initial = {row->initial > 0, M(row->initial)},
	    .phase = row->phase,
	    .has_rules = row->rules};
	struct flow_rules *r = flow_rules_new(rule_set, common);
	struct flow_guess g;

	flow_guess(r, &d, &c, &g);
	flow_rules_free(r);
	return g;
}

static void
by_the_rules_as_built(void **state)
{
	static const struct row rows[] = {
	    {2, 10000, "Deposit", 0, 0, NULL, false, DEAL_DEPOSIT},
	    {2, 10000, "", 0, 0, NULL, false, DEAL_DEPOSIT},
	    {2, -52.40, "DIV US500 #2", 10000, 0, NULL, false, DEAL_DIVIDEND},
	    {2, 3.10, "Dividend adjustment", 10, 0, NULL, true, DEAL_DIVIDEND},
	    {2, -500, "individual", 10000, 0, NULL, false, DEAL_WITHDRAWAL},
	    {2, -500, "", 10000, 10000, "F1", true, DEAL_PAYOUT},
	    {2, -500, "", 10000, 10000, "R", false, DEAL_WITHDRAWAL},
	    {2, -500, "Withdrawal", 10500, 10000, "R", true, DEAL_PAYOUT},
	    {2, -500, "Withdrawal", 10500, 10000, "F1", true, DEAL_WITHDRAWAL},
	    {2, -500, "Profit split 80%", 10000, 0, NULL, false, DEAL_PAYOUT},
	    {2, -7, "Platform fee", 10000, 0, NULL, false, DEAL_FEE},
	    {2, -7, "coffee", 10000, 0, NULL, false, DEAL_WITHDRAWAL},
	    {2, -0.5, "swap XAUUSD", 10000, 0, NULL, false, DEAL_FEE},
	    {4, -7, "", 10000, 0, NULL, false, DEAL_FEE},
	    {12, 2, "", 10000, 0, NULL, false, DEAL_FEE},
	    {15, 2, "", 10000, 0, NULL, false, DEAL_DIVIDEND},
	    {17, -2, "", 10000, 0, NULL, false, DEAL_FEE},
	    /* the firm puts it back to its start: exactly, a cent off, not */
	    {2, 3000, "", 97000, 100000, "F1", true, DEAL_RESET},
	    {2, 2999.99, "", 97000, 100000, "F1", true, DEAL_RESET},
	    {2, 3000.01, "", 97000, 100000, "F1", true, DEAL_RESET},
	    {2, 2998, "", 97000, 100000, "F1", true, DEAL_DEPOSIT},
	    {2, 100000, "", 0, 100000, "F2", true, DEAL_RESET},
	    {2, -10000, "", 110000, 100000, "F2", true, DEAL_RESET},
	    {2, -10000, "", 110000, 100000, "R", true, DEAL_PAYOUT},
	    {2, 3000, "", -1, 100000, "F1", true, DEAL_DEPOSIT},
	    {2, 0, "Archived deals", 5, 0, NULL, false, DEAL_CORRECTED},
	    {5, 12, "", 5, 0, NULL, false, DEAL_CORRECTED},
	    {6, 30, "", 0, 0, NULL, false, DEAL_DEPOSIT},
	    {99, 30, "", 0, 0, NULL, false, DEAL_DEPOSIT},
	    {99, -30, "", 100, 0, NULL, false, DEAL_WITHDRAWAL},
	    /* credit before anything was deposited is what is traded with */
	    {3, 100000, "Allocation", 0, 100000, "F1", true, DEAL_CAPITAL},
	    {3, 5000, "Bonus", 10000, 0, NULL, false, DEAL_CREDITED},
	    {3, -5000, "", 10000, 0, NULL, false, DEAL_CREDITED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct flow_guess g = guess_of(&rows[i], NULL, NULL);

		if (g.meaning != rows[i].meaning)
			fail_msg("row %zu: %s (%s), should be %s", i,
			    flow_word(g.meaning), g.why,
			    flow_word(rows[i].meaning));
		assert_true(g.why[0] != '\0');
	}
}

static void
a_guess_says_why(void **state)
{
	static const struct row div = {
	    2, -52.4, "DIV US500 #2", 1, 0, NULL, false, DEAL_DIVIDEND};
	static const struct row reset = {
	    2, 2999.99, "", 97000, 100000, "F1", true, DEAL_RESET};

	(void)state;
	assert_string_equal(
	    guess_of(&div, NULL, NULL).why, "the comment says so: \"div\"");
	assert_string_equal(guess_of(&reset, NULL, NULL).why,
	    "the balance after it is the initial balance: 99999.99");
}

static void
a_rule_sets_own_come_first(void **state)
{
	static const char set[] =
	    "{\"flows\":[{\"meaning\":\"fee\",\"comment\":[\"desk*\"],"
	    "\"at_most\":100,\"why\":\"the desk's share\"}]}";
	static const struct row small = {
	    2, -40, "Desk charge", 500, 0, NULL, true, DEAL_FEE};
	static const struct row large = {
	    2, -140, "Desk", 500, 0, NULL, false, DEAL_WITHDRAWAL};
	static const struct row credit = {
	    3, 500, "", 500, 0, NULL, true, DEAL_CAPITAL};

	(void)state;
	assert_int_equal(guess_of(&small, set, NULL).meaning, DEAL_FEE);
	assert_int_equal(guess_of(&large, set, NULL).meaning, DEAL_WITHDRAWAL);
	assert_int_equal(
	    guess_of(&credit, "{\"credit\":\"capital\"}", NULL).meaning,
	    DEAL_CAPITAL);
	assert_int_equal(
	    guess_of(&credit, "{\"credit\":\"none\"}", NULL).meaning,
	    DEAL_CREDITED);
	/* others in the place of the common ones; none: by the sign */
	assert_int_equal(guess_of(&small, NULL, "[]").meaning, DEAL_WITHDRAWAL);
	/* what cannot be read is not believed */
	assert_int_equal(
	    guess_of(&small, "{\"flows\":7}", "nonsense").meaning, DEAL_FEE);
}

static bool
is_trade_7(
    void *arg, const struct deal *d, int64_t *ticket, enum deal_kind *kind)
{
	(void)arg;
	(void)d;
	*ticket = 7;
	*kind = DEAL_KIND_TRADE;
	return true;
}

static void
a_correction_of_a_trade_is_its_money(void **state)
{
	struct deal d = {.ticket = 9,
	    .type = DEAL_CORRECTION,
	    .profit = M(-500),
	    .comment = ""};
	struct flow_context c = {.cancels = is_trade_7};
	struct flow_rules *r = flow_rules_new(NULL, NULL);
	struct flow_guess g;

	(void)state;
	flow_guess(r, &d, &c, &g);
	assert_int_equal(g.meaning, DEAL_CORRECTED_PL);
	assert_int_equal(g.cancels, 7);
	assert_string_equal(flow_word(g.meaning), "correction");
	d.meaning = g.meaning;
	assert_int_equal(deal_kind(&d), DEAL_KIND_COST);
	flow_rules_free(r);
}

static void
kinds_follow_the_meaning(void **state)
{
	struct deal d = {.type = DEAL_BALANCE, .profit = M(-5)};

	(void)state;
	assert_int_equal(deal_kind(&d), DEAL_KIND_FLOW);
	d.meaning = DEAL_FEE;
	assert_int_equal(deal_kind(&d), DEAL_KIND_COST);
	d.meaning = DEAL_PAYOUT;
	assert_int_equal(deal_kind(&d), DEAL_KIND_FLOW);
	d.type = DEAL_CHARGE;
	assert_int_equal(deal_kind(&d), DEAL_KIND_FLOW);
	/* what moves the credit, and a trade, stay what they are */
	d.type = DEAL_CREDIT;
	assert_int_equal(deal_kind(&d), DEAL_KIND_CREDIT);
	d.type = DEAL_BUY;
	d.position_id = 7;
	assert_int_equal(deal_kind(&d), DEAL_KIND_TRADE);
}

static void
what_does_not_fit_is_quoted(void **state)
{
	struct deal d = {.ticket = 12, .type = DEAL_BALANCE, .profit = M(-5)};
	char why[FLOW_WHY_SIZE];

	(void)state;
	assert_true(flow_fits(&d, DEAL_PAYOUT, why));
	assert_true(flow_fits(&d, DEAL_RESET, why));
	assert_false(flow_fits(&d, DEAL_DEPOSIT, why));
	assert_string_equal(why, "a deposit is above 0; deal 12 is -5");
	assert_false(flow_fits(&d, DEAL_CAPITAL, why));
	assert_string_equal(why,
	    "deal 12 moves the balance, not the credit: it is not \"capital\"");
	d.profit = M(5);
	assert_false(flow_fits(&d, DEAL_PAYOUT, why));
	assert_string_equal(why, "a payout is below 0; deal 12 is 5");
	d.type = DEAL_CREDIT;
	assert_true(flow_fits(&d, DEAL_CAPITAL, why));
	assert_false(flow_fits(&d, DEAL_FEE, why));
	assert_string_equal(why, "deal 12 moves the credit: it is capital or "
				 "credit, not \"fee\"");
	d.type = DEAL_SELL;
	d.position_id = 70;
	assert_false(flow_fits(&d, DEAL_FEE, why));
	assert_non_null(strstr(why, "position 70"));
}

static void
a_bad_list_is_quoted(void **state)
{
	static const struct {
		const char *json, *why;
	} rows[] = {
	    {"{}", "flows: not a list"},
	    {"[7]", "flows, rule 1: not an object"},
	    {"[[1]]", "flows, rule 1: not an object"},
	    {"[{\"sign\":\"+\"}]", "flows, rule 1: no meaning"},
	    {"[{\"meaning\":\"gift\"}]",
		"flows, rule 1: meaning: " FLOW_WORDS ", not \"gift\""},
	    {"[{\"meaning\":\"fee\"},{\"meaning\":\"fee\",\"typ\":1}]",
		"flows, rule 2: unknown: \"typ\""},
	    {"[{\"meaning\":\"fee\",\"type\":[\"blance\"]}]",
		"flows, rule 1: type: unknown: \"blance\""},
	    {"[{\"meaning\":\"fee\",\"type\":\"balance\"}]",
		"flows, rule 1: type: not a list of texts"},
	    {"[{\"meaning\":\"fee\",\"comment\":[]}]",
		"flows, rule 1: comment: not a list of texts"},
	    {"[{\"meaning\":\"fee\",\"sign\":\"x\"}]",
		"flows, rule 1: sign: \"+\" or \"-\""},
	    {"[{\"meaning\":\"fee\",\"at_most\":-1}]",
		"flows, rule 1: at_most: not a number of 0 or more"},
	    {"[{\"meaning\":\"fee\",\"after\":{\"of\":\"high\"}}]",
		"flows, rule 1: after.of: initial or zero, not \"high\""},
	    {"[{\"meaning\":\"fee\",\"after\":[1]}]",
		"flows, rule 1: after: not an object"},
	    {"[{\"meaning\":\"fee\",\"rules\":1}]",
		"flows, rule 1: rules: true or false"},
	};
	char why[FLOW_WHY_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cJSON *o = jsonin_parse(rows[i].json, strlen(rows[i].json));

		assert_non_null(o);
		assert_false(flow_rules_check(o, why, sizeof(why)));
		assert_string_equal(why, rows[i].why);
		cJSON_Delete(o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_the_rules_as_built),
	    cmocka_unit_test(a_guess_says_why),
	    cmocka_unit_test(a_rule_sets_own_come_first),
	    cmocka_unit_test(a_correction_of_a_trade_is_its_money),
	    cmocka_unit_test(kinds_follow_the_meaning),
	    cmocka_unit_test(what_does_not_fit_is_quoted),
	    cmocka_unit_test(a_bad_list_is_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
