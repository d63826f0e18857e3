/* sheets_live_test.c: which node's word counts, and what it says. */
#include <string.h>

#include "cron/sheets/live.h"
#include "lib/money.h"
#include "tests/unit/unit.h"

static void
take(struct live *l, const char *head, bool fresh, const char *node)
{
	live_take(l, head, strlen(head), fresh, node,
	    node != NULL ? strlen(node) : 0);
}

#define HEAD(status, at, balance)                                          \
	"{\"accounts\":[{\"server\":\"B\",\"login\":\"9007199254740993\"," \
	"\"status\":\"" status "\",\"at_msc\":" at ",\"balance\":" balance \
	",\"credit\":0,\"equity\":null}]}\n{\"account\":{}}\n[]\n[]\n"

static void
values_and_what_is_not_known(void **state)
{
	const struct live_account *a;
	struct live l = {0};

	(void)state;
	take(&l, HEAD("ok", "1000", "6047.22"), true, NULL);
	assert_non_null(a = live_find(&l, "B", 9007199254740993));
	assert_null(live_find(&l, "C", 9007199254740993));
	assert_null(live_find(&l, "B", 9007199254740992));
	assert_true(a->fresh);
	assert_int_equal(a->status, STATUS_OK);
	assert_int_equal(a->at_msc, 1000);
	assert_true(a->balance.known);
	assert_int_equal(a->balance.v, 604722 * (MONEY_ONE / 100));
	assert_true(a->credit.known);
	assert_false(a->equity.known);
	assert_false(a->profit.known);
	live_done(&l);
}

static void
the_last_word_is_never_ok(void **state)
{
	static const struct {
		const char *node;
		enum status want;
	} table[] = {{NULL, STATUS_STALE}, {"", STATUS_STALE},
	    {"{\"status\":\"ok\"}", STATUS_STALE},
	    {"{\"status\":\"unreachable\"}", STATUS_UNREACHABLE},
	    {"{\"status\":\"unauthorized\"}", STATUS_UNAUTHORIZED},
	    {"{\"status\":\"what\"}", STATUS_STALE}};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct live l = {0};

		take(&l, HEAD("ok", "5", "1"), false, table[i].node);
		assert_int_equal(l.len, 1);
		assert_int_equal(l.list[0].status, table[i].want);
		assert_false(l.list[0].fresh);
		live_done(&l);
	}
}

static void
live_wins_then_newer(void **state)
{
	struct live l = {0};

	(void)state;
	take(&l, HEAD("ok", "900", "1"), false, NULL);
	take(&l, HEAD("ok", "500", "2"), true, NULL);
	take(&l, HEAD("ok", "990", "3"), false, NULL);
	assert_int_equal(l.len, 1);
	assert_int_equal(l.list[0].balance.v, 2 * MONEY_ONE);
	take(&l, HEAD("stale", "600", "4"), true, NULL);
	assert_int_equal(l.list[0].balance.v, 4 * MONEY_ONE);
	assert_int_equal(l.list[0].status, STATUS_STALE);
	live_done(&l);
}

static void
nonsense_is_no_account(void **state)
{
	static const char *const bad[] = {"", "{", "[]", "{\"accounts\":5}",
	    "{\"accounts\":[5,{}, {\"server\":\"B\"}]}",
	    "{\"accounts\":[{\"server\":\"B\",\"login\":\"x\",\"at_msc\":1}]}"};
	struct live l = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		take(&l, bad[i], true, NULL);
	assert_int_equal(l.len, 0);
	take(&l, HEAD("new word", "1", "1"), true, NULL);
	assert_int_equal(l.list[0].status, STATUS_STALE);
	live_done(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_and_what_is_not_known),
	    cmocka_unit_test(the_last_word_is_never_ok),
	    cmocka_unit_test(live_wins_then_newer),
	    cmocka_unit_test(nonsense_is_no_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
