/* agent_terminal_test.c: what a snapshot must be, when the revision moves,
 * and how old a terminal is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/terminal.h"
#include "lib/base/mem.h"
#include "tests/unit/unit.h"

#define ID "0123456789abcdef"
#define BRIDGE "\"bridge\":{\"session\":\"s1\"}"
#define ACCOUNT                                                              \
	"\"account\":{\"login\":\"9007199254740993\",\"server\":\"A-Live\"," \
	"\"trade_allowed\":true,\"trade_expert\":true}"
#define TERMINAL "\"terminal\":{\"connected\":true,\"trade_allowed\":true}"
#define LISTS "\"positions\":[],\"orders\":[]"
#define HISTORY "\"history\":{\"complete\":true}"
#define HEAD "{\"v\":1,\"kind\":\"snapshot\",\"terminal_id\":\"" ID "\","

static struct terminals ts;

static int
setup(void **state)
{
	(void)state;
	terminals_init(&ts, "run", 10000);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	terminals_done(&ts);
	return 0;
}

static struct snapshot *
parse(const char *text, const char **why)
{
	return snapshot_new(mem_strdup(text), strlen(text), ID, why);
}

static struct snapshot *
make(const char *session, int seq, int rev)
{
	char *text = mem_printf(HEAD "\"bridge\":{\"session\":\"%s\"},"
				     "\"seq\":%d,\"rev\":%d," ACCOUNT
				     "," TERMINAL "," LISTS "," HISTORY "}",
	    session, seq, rev);
	const char *why = NULL;
	struct snapshot *s = snapshot_new(text, strlen(text), ID, &why);

	if (s == NULL)
		fail_msg("refused: %s", why);
	return s;
}

static void
a_whole_snapshot_is_read(void **state)
{
	struct snapshot *s = make("s1", 5, 4);

	(void)state;
	assert_string_equal(s->session, "s1");
	assert_string_equal(s->server, "A-Live");
	assert_true(s->login == 9007199254740993);
	assert_true(s->seq == 5 && s->rev == 4);
	assert_true(s->connected && s->history_complete);
	snapshot_free(s);
}

static void
an_account_may_be_null(void **state)
{
	const char *why = NULL;
	struct snapshot *s =
	    parse(HEAD BRIDGE ",\"seq\":1,\"rev\":1,\"account\":null," TERMINAL
			      "," LISTS "," HISTORY "}",
		&why);

	(void)state;
	assert_non_null(s);
	assert_null(s->server);
	snapshot_free(s);
}

static void
every_other_shape_is_refused(void **state)
{
	static const char *const bad[] = {"{}", "not json", "{\"v\":2}",
	    "{\"v\":1,\"kind\":\"reply\"}",
	    /* another terminal's file */
	    "{\"v\":1,\"kind\":\"snapshot\",\"terminal_id\":"
	    "\"ffffffffffffffff\"," BRIDGE ",\"seq\":1,\"rev\":1," ACCOUNT
	    "," TERMINAL "," LISTS "," HISTORY "}",
	    /* a server that would be another one for who ends at a NUL */
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1,\"account\":{\"login\":\"5\","
			"\"server\":\"A\\u0000B\"}," TERMINAL "," LISTS
			"," HISTORY "}",
	    /* one thing missing or of another type */
	    HEAD "\"bridge\":{},\"seq\":1,\"rev\":1," ACCOUNT "," TERMINAL
		 "," LISTS "," HISTORY "}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1.5," ACCOUNT "," TERMINAL "," LISTS
			"," HISTORY "}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1," TERMINAL "," LISTS "," HISTORY
			"}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1,\"account\":{\"login\":\"0\","
			"\"server\":\"A\"}," TERMINAL "," LISTS "," HISTORY "}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1,\"account\":{\"login\":\"x\","
			"\"server\":\"A\"}," TERMINAL "," LISTS "," HISTORY "}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1," ACCOUNT
			",\"terminal\":null," LISTS "," HISTORY "}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1," ACCOUNT "," TERMINAL
			",\"positions\":{},\"orders\":[]," HISTORY "}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1," ACCOUNT "," TERMINAL
			",\"positions\":[]," HISTORY "}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1," ACCOUNT "," TERMINAL "," LISTS
			"}",
	    HEAD BRIDGE ",\"seq\":1,\"rev\":1,\"x\":\"\xff\"," ACCOUNT
			"," TERMINAL "," LISTS "," HISTORY "}"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *why = NULL;

		if (parse(bad[i], &why) != NULL)
			fail_msg("taken: %s", bad[i]);
		assert_non_null(why);
	}
}

static void
the_revision_moves_with_the_content_only(void **state)
{
	struct terminal *t = terminals_add(&ts, ID, "/x");
	char first[REV_SIZE], then[REV_SIZE];

	(void)state;
	assert_true(terminal_take(&ts, t, make("s1", 1, 1), 1000, 0));
	terminals_rev(&ts, first);
	assert_true(terminal_take(&ts, t, make("s1", 2, 1), 2000, 0));
	assert_string_equal(terminals_rev(&ts, then), first);
	assert_true(terminal_take(&ts, t, make("s1", 3, 2), 3000, 0));
	assert_string_not_equal(terminals_rev(&ts, then), first);
	terminals_rev(&ts, first);
	assert_true(terminal_take(&ts, t, make("s2", 3, 2), 4000, 0));
	assert_string_not_equal(terminals_rev(&ts, then), first);
}

static void
only_a_new_write_makes_a_terminal_younger(void **state)
{
	struct terminal *t = terminals_add(&ts, ID, "/x");

	(void)state;
	terminal_take(&ts, t, make("s1", 1, 1), 1000, 0);
	assert_false(terminal_take(&ts, t, make("s1", 1, 1), 5000, 0));
	assert_true(terminal_age_ms(t, 6000) == 5000);
	assert_true(terminal_take(&ts, t, make("s1", 2, 1), 6000, 0));
	assert_true(terminal_age_ms(t, 6500) == 500);
}

static void
a_bridge_falls_silent_and_comes_back(void **state)
{
	struct terminal *t = terminals_add(&ts, ID, "/x");
	uint64_t moves;

	(void)state;
	terminal_take(&ts, t, make("s1", 1, 1), 1000, 0);
	assert_int_equal(terminal_status(t), STATUS_OK);
	moves = ts.moves;
	assert_true(terminals_tick(&ts, 10999) == 11000);
	assert_false(t->silent);
	assert_true(terminals_tick(&ts, 11000) == INT64_MAX);
	assert_true(t->silent && ts.moves == moves + 1);
	assert_int_equal(terminal_status(t), STATUS_BRIDGE_SILENT);
	assert_true(terminal_age_ms(t, 21000) == 20000);
	terminal_take(&ts, t, make("s1", 2, 1), 30000, 0);
	assert_true(!t->silent && ts.moves == moves + 2);
}

/* An agent that starts beside a terminal that died yesterday. */
static void
an_old_file_is_silent_from_the_start(void **state)
{
	struct terminal *t = terminals_add(&ts, ID, "/x");

	(void)state;
	terminal_take(&ts, t, make("s1", 1, 1), 1000, 86400000);
	assert_true(t->silent);
	assert_true(terminal_age_ms(t, 1000) == 86400000);
}

static void
a_terminal_that_goes_moves_the_revision(void **state)
{
	struct terminal *t = terminals_add(&ts, ID, "/x");
	uint64_t moves;

	(void)state;
	assert_ptr_equal(terminals_find(&ts, "/x"), t);
	terminal_take(&ts, t, make("s1", 1, 1), 1000, 0);
	moves = ts.moves;
	terminals_remove(&ts, t);
	assert_true(ts.moves == moves + 1 && ts.len == 0);
	assert_null(terminals_find(&ts, "/x"));
}

static void
another_account_than_the_expected_is_wrong(void **state)
{
	struct terminal *t = terminals_add(&ts, ID, "/x");

	(void)state;
	terminal_take(&ts, t, make("s1", 1, 1), 1000, 0);
	t->expected_login = 9007199254740993;
	t->expected_server = mem_strdup("A-Live");
	assert_int_equal(terminal_status(t), STATUS_OK);
	t->expected_login = 9007199254740992;
	assert_int_equal(terminal_status(t), STATUS_WRONG_ACCOUNT);
}

static struct snapshot *
make_with(int seq, const char *member, const char *value)
{
	char *text = mem_printf(HEAD BRIDGE ",\"seq\":%d,\"rev\":%d," ACCOUNT
					    "," TERMINAL "," LISTS "," HISTORY
					    ",\"%s\":%s}",
	    seq, seq, member, value);
	const char *why = NULL;
	struct snapshot *s = snapshot_new(text, strlen(text), ID, &why);

	if (s == NULL)
		fail_msg("refused: %s", why);
	return s;
}

/* Each is of the account, names its field, and holds no value. */
static void
values_that_mt5_cannot_give_are_not_kept(void **state)
{
	static const struct {
		const char *member, *value, *why;
	} bad[] = {
	    {"broker_offset_s", "1e9", "broker_offset_s: 1000000000"},
	    {"broker_offset_s", "-50400", "broker_offset_s: -50400"},
	    {"gmt_msc", "-1", "gmt_msc: -1"},
	    {"trade_server_msc", "1e17", "trade_server_msc: 1"},
	    {"equity", "{\"day_low\":1e308}", "equity.day_low: 1e"},
	    {"equity", "{\"low\":-2e15}", "equity.low: -2"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct snapshot *s = make_with(7, bad[i].member, bad[i].value);
		const struct member *account =
		    members_find(&s->members, "account");

		assert_non_null(s->refused);
		if (strncmp(s->refused, bad[i].why, strlen(bad[i].why)) != 0)
			fail_msg("%s: %s", bad[i].value, s->refused);
		assert_true(s->login == 9007199254740993 && s->seq == 7);
		assert_true(member_is(account, '{'));
		assert_true(
		    member_is(members_find(&s->members, "positions"), 'n'));
		assert_null(strstr(s->text, bad[i].value));
		snapshot_free(s);
	}
}

/* Which is no reason to refuse the account. */
static void
a_rate_that_cannot_be_is_unknown(void **state)
{
	struct snapshot *s = make_with(1, "usd_rate", "1e300");

	(void)state;
	assert_null(s->refused);
	assert_true(isnan(s->usd_rate));
	snapshot_free(s);
	s = make_with(1, "usd_rate", "1.25");
	assert_true(s->usd_rate == 1.25);
	snapshot_free(s);
}

static void
a_refused_write_is_told_until_a_good_one(void **state)
{
	struct terminal *t = terminals_add(&ts, ID, "/x");
	uint64_t moves;

	(void)state;
	terminal_take(&ts, t, make("s1", 1, 1), 1000, 0);
	assert_null(t->error);
	moves = ts.moves;
	terminal_take(&ts, t, make_with(2, "gmt_msc", "-1"), 2000, 0);
	assert_int_equal(terminal_status(t), STATUS_BAD_DATA);
	assert_true(ts.moves > moves);
	moves = ts.moves;
	terminal_take(&ts, t, make("s1", 3, 3), 3000, 0);
	assert_int_equal(terminal_status(t), STATUS_OK);
	assert_true(t->error == NULL && ts.moves > moves);
}

static void
an_older_write_of_the_same_run_is_refused(void **state)
{
	struct terminal *t = terminals_add(&ts, ID, "/x");
	uint64_t moves;

	(void)state;
	terminal_take(&ts, t, make("s1", 812, 40), 1000, 0);
	moves = ts.moves;
	assert_false(terminal_take(&ts, t, make("s1", 811, 39), 2000, 0));
	assert_int_equal(terminal_status(t), STATUS_BAD_DATA);
	assert_string_equal(t->error, "seq: 811 is older than 812, the last "
				      "one of this run of the bridge");
	assert_true(t->snapshot->seq == 812 && ts.moves == moves + 1);
	assert_true(terminal_age_ms(t, 2500) == 1500);
	assert_true(terminal_take(&ts, t, make("s1", 813, 40), 3000, 0));
	assert_true(t->error == NULL && ts.moves == moves + 2);
	/* another run counts from its own beginning */
	assert_true(terminal_take(&ts, t, make("s2", 1, 1), 4000, 0));
	assert_int_equal(terminal_status(t), STATUS_OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_whole_snapshot_is_read),
	    TEST(an_account_may_be_null),
	    TEST(every_other_shape_is_refused),
	    TEST(the_revision_moves_with_the_content_only),
	    TEST(only_a_new_write_makes_a_terminal_younger),
	    TEST(a_bridge_falls_silent_and_comes_back),
	    TEST(an_old_file_is_silent_from_the_start),
	    TEST(a_terminal_that_goes_moves_the_revision),
	    TEST(another_account_than_the_expected_is_wrong),
	    TEST(values_that_mt5_cannot_give_are_not_kept),
	    TEST(a_rate_that_cannot_be_is_unknown),
	    TEST(a_refused_write_is_told_until_a_good_one),
	    TEST(an_older_write_of_the_same_run_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
