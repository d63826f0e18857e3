/* live_message_test.c: what a client may say to the gateway. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/fleet/event.h"
#include "live/message.h"
#include "tests/unit/unit.h"

static int
read_text(struct message *m, const char *text)
{
	return message_read(m, text, strlen(text));
}

static void
the_three_kinds(void **state)
{
	struct message m;

	(void)state;
	assert_int_equal(read_text(&m, "{\"type\":\"ping\"}"), 0);
	assert_int_equal(m.kind, MESSAGE_PING);
	assert_int_equal(read_text(&m, " {\"x\":1,\"type\":\"refresh\"}\n"), 0);
	assert_int_equal(m.kind, MESSAGE_REFRESH);
	assert_int_equal(read_text(&m, "{\"type\":\"subscribe\"}"), 0);
	assert_int_equal(m.kind, MESSAGE_SUBSCRIBE);
	assert_true(filter_wants(&m.filter, account_hash("S", "1"), 0));
	message_done(&m);
}

static void
subscribe_names_accounts(void **state)
{
	struct message m;

	(void)state;
	assert_int_equal(read_text(&m, "{\"type\":\"subscribe\",\"accounts\":["
				       "{\"server\":\"B\",\"login\":\"2\"},"
				       "{\"server\":\"A\",\"login\":\"1\"}]}"),
	    0);
	assert_true(filter_wants(&m.filter, account_hash("A", "1"), 0));
	assert_true(filter_wants(&m.filter, account_hash("B", "2"), 0));
	assert_false(filter_wants(&m.filter, account_hash("A", "2"), 0));
	assert_true(filter_wants(&m.filter, 0, 0));
	message_done(&m);
	assert_int_equal(
	    read_text(&m, "{\"type\":\"subscribe\",\"accounts\":[]}"), 0);
	assert_false(filter_wants(&m.filter, account_hash("A", "1"), 0));
	message_done(&m);
}

static void
subscribe_says_how_often_and_what_else(void **state)
{
	struct message m;

	(void)state;
	assert_int_equal(
	    read_text(&m,
		"{\"type\":\"subscribe\",\"accounts\":[],\"also\":[\"status\","
		"\"alert\"],\"every_ms\":250,\"after\":\"12-3\"}"),
	    0);
	assert_int_equal(m.every_ms, 250);
	assert_true(m.has_after);
	assert_int_equal(m.after.seq, 3);
	assert_true(filter_wants(
	    &m.filter, account_hash("A", "1"), 1U << EVENT_STATUS));
	assert_false(filter_wants(
	    &m.filter, account_hash("A", "1"), 1U << EVENT_ACCOUNT));
	message_done(&m);
	assert_int_equal(read_text(&m, "{\"type\":\"subscribe\",\"accounts\":"
				       "[],\"also\":[\"reset\"]}"),
	    -1);
	assert_string_equal(m.error_code, "bad_subscribe");
	assert_non_null(strstr(m.error_text, "\"reset\""));
	message_done(&m);
}

static void
what_is_wrong_is_quoted(void **state)
{
	static const struct {
		const char *text, *code, *quote;
	} bad[] = {
	    {"", "bad_message", "not a JSON object"},
	    {"hello", "bad_message", "\"hello\""},
	    {"[1]", "bad_message", "\"[1]\""},
	    {"{}", "bad_message", "type"},
	    {"{\"type\":1}", "bad_message", "type"},
	    {"{\"type\":\"Ping\"}", "unknown_type", "\"Ping\""},
	    {"{\"type\":\"ping\"} x", "bad_message", "not a JSON"},
	    {"{\"type\":\"subscribe\",\"accounts\":7}", "bad_account", "list"},
	    {"{\"type\":\"subscribe\",\"accounts\":[7]}", "bad_account", "[0]"},
	    {"{\"type\":\"subscribe\",\"accounts\":"
	     "[{\"server\":\"A\",\"login\":\"1\"},{\"server\":\"A\"}]}",
		"bad_account", "[1]"},
	};
	struct message m;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(read_text(&m, bad[i].text), -1);
		assert_string_equal(m.error_code, bad[i].code);
		assert_non_null(strstr(m.error_text, bad[i].quote));
		message_done(&m);
	}
}

static void
too_many_accounts_are_refused(void **state)
{
	struct message m;
	struct buf text;

	(void)state;
	buf_init(&text, MESSAGE_MAX);
	buf_puts(&text, "{\"type\":\"subscribe\",\"accounts\":[0");
	for (int i = 0; i < SUBSCRIBE_MAX; i++)
		buf_puts(&text, ",0");
	buf_puts(&text, "]}");
	assert_int_equal(message_read(&m, text.data, text.len), -1);
	assert_string_equal(m.error_code, "too_many_accounts");
	message_done(&m);
	buf_done(&text);
}

static void
accounts_are_told_apart(void **state)
{
	(void)state;
	assert_true(account_hash("A", "1") == account_hash("A", "1"));
	assert_false(account_hash("A", "1") == account_hash("1", "A"));
	assert_false(account_hash("A1", "") == account_hash("A", "1"));
	assert_false(account_hash("", "") == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_three_kinds),
	    cmocka_unit_test(subscribe_names_accounts),
	    cmocka_unit_test(subscribe_says_how_often_and_what_else),
	    cmocka_unit_test(what_is_wrong_is_quoted),
	    cmocka_unit_test(too_many_accounts_are_refused),
	    cmocka_unit_test(accounts_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
