/* sheets_ask_test.c: asking Google: again or not, when, where, and its no. */
#include <stdio.h>
#include <string.h>

#include "cron/sheets/a1.h"
#include "cron/sheets/google/error.h"
#include "cron/sheets/google/pace.h"
#include "cron/sheets/google/retry.h"
#include "tests/unit/unit.h"

#define EMAIL "fleet@x.iam.gserviceaccount.com"

static void
again_where_it_helps(void **state)
{
	static const struct {
		int code;
		enum retry want;
	} table[] = {{200, RETRY_DONE}, {204, RETRY_DONE}, {0, RETRY_WAIT},
	    {429, RETRY_WAIT}, {500, RETRY_WAIT}, {502, RETRY_WAIT},
	    {503, RETRY_WAIT}, {504, RETRY_WAIT}, {401, RETRY_TOKEN},
	    {400, RETRY_NEVER}, {403, RETRY_NEVER}, {404, RETRY_NEVER},
	    {302, RETRY_NEVER}};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_int_equal(retry_after(table[i].code), table[i].want);
}

static void
waits_double_to_64_s(void **state)
{
	(void)state;
	assert_int_equal(retry_wait_ms(0, 0, RETRY_MAX_MS), 1000);
	assert_int_equal(retry_wait_ms(0, 1000, RETRY_MAX_MS), 2000);
	assert_int_equal(retry_wait_ms(3, 500, RETRY_MAX_MS), 8500);
	assert_int_equal(retry_wait_ms(5, 1, RETRY_MAX_MS), 32001);
	assert_int_equal(retry_wait_ms(6, 1, RETRY_MAX_MS), 64000);
	assert_int_equal(retry_wait_ms(1000, 7, RETRY_MAX_MS), 64000);
	assert_int_equal(retry_wait_ms(4, 7, 20), 20);
}

static void
no_minute_has_more_than_its_share(void **state)
{
	struct pace p = {0};
	int64_t now = 1000, sent[400];

	(void)state;
	for (size_t i = 0; i < COUNT(sent); i++) {
		now += pace_wait_ms(&p, now);
		pace_sent(&p, now);
		sent[i] = now;
		now += (int64_t)(i % 7) * 100;
	}
	for (size_t i = 60; i < COUNT(sent); i++)
		assert_true(sent[i] - sent[i - 60] > 60000);
	assert_int_equal(sent[49] - sent[0] < 60000, 1);
}

static void
columns_have_letters(void **state)
{
	char text[A1_COLUMN_SIZE];

	(void)state;
	assert_string_equal(a1_column(0, text), "A");
	assert_string_equal(a1_column(25, text), "Z");
	assert_string_equal(a1_column(26, text), "AA");
	assert_string_equal(a1_column(701, text), "ZZ");
	assert_string_equal(a1_column(702, text), "AAA");
	assert_string_equal(a1_column(18277, text), "ZZZ");
}

static void
ranges_quote_titles(void **state)
{
	char text[A1_SIZE], longest[A1_SIZE * 2];

	(void)state;
	assert_string_equal(
	    a1_range("Cash flows", 0, 2, 9, 500, text), "'Cash flows'!A2:J500");
	assert_string_equal(a1_whole_row("a'b", 1, text), "'a''b'!1:1");
	assert_string_equal(
	    a1_whole_column("Trades", 27, text), "'Trades'!AB1:AB");
	memset(longest, '\'', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_true(
	    strlen(a1_range(longest, 0, 1, 18277, 9999999, text)) < A1_SIZE);
}

static void
ends_of_ranges(void **state)
{
	static const char *const bad[] = {"", "Trades", "Trades!A1:", "x!1:1",
	    "x!A0", "x!A1:Z99999999999", "x!A1:ZZZZZZZ1", "x!A1:Z1x"};
	int column = -1, row = -1;

	(void)state;
	assert_int_equal(a1_end("'Cash flows'!A1:AB1000", &column, &row), 0);
	assert_int_equal(column, 27);
	assert_int_equal(row, 1000);
	assert_int_equal(a1_end("Trades!C7", &column, &row), 0);
	assert_int_equal(column, 2);
	assert_int_equal(row, 7);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(a1_end(bad[i], &column, &row), -1);
	assert_int_equal(row, 7);
}

static void
expect_api(int code, const char *body, const char *part)
{
	char text[GOOGLE_ERROR_SIZE];

	google_error_api(code, body, strlen(body), EMAIL, text);
	if (strstr(text, part) == NULL || strchr(text, '\n') != NULL)
		fail_msg("%s, not %s", text, part);
}

static void
what_to_do_on_an_error(void **state)
{
	(void)state;
	expect_api(403,
	    "{\"error\":{\"code\":403,\"message\":\"The caller does not have "
	    "permission\",\"status\":\"PERMISSION_DENIED\"}}",
	    "not shared with " EMAIL);
	expect_api(403,
	    "{\"error\":{\"message\":\"Google Sheets API has not been used in "
	    "project 1 before or it is disabled.\"}}",
	    "enable the Google Sheets API");
	expect_api(404, "{}", "SHEETS_SPREADSHEET_ID");
	expect_api(400,
	    "{\"error\":{\"message\":\"Unable to parse range: Trades!A1\"}}",
	    "Unable to parse range: Trades!A1");
	expect_api(502, "<html>", "502: no reason given");
	expect_api(429, "", "quota");
	expect_api(401, "not JSON", "new token was refused");
}

static void
expect_token(const char *body, const char *part)
{
	char text[GOOGLE_ERROR_SIZE];

	google_error_token(400, body, strlen(body), text);
	if (strstr(text, part) == NULL)
		fail_msg("%s, not %s", text, part);
}

static void
what_to_do_without_a_token(void **state)
{
	(void)state;
	expect_token("{\"error\":\"invalid_grant\",\"error_description\":"
		     "\"Invalid JWT: Token must be a short-lived token (60 "
		     "minutes) and in a reasonable timeframe.\"}",
	    "clock is wrong");
	expect_token("{\"error\":\"invalid_grant\",\"error_description\":"
		     "\"Invalid JWT Signature.\"}",
	    "new key file");
	expect_token(
	    "{\"error\":\"invalid_scope\"}", "GOOGLE_APPLICATION_CREDENTIALS");
	expect_token("", "400");
}

static void
secrets_are_hidden(void **state)
{
	char text[GOOGLE_ERROR_SIZE] =
	    "no ya29.secret at /spreadsheets/1Abcdefgh/x 1Abcdefgh";

	(void)state;
	google_error_hide(text, "1Abcdefgh");
	google_error_hide(text, "ya29.secret");
	google_error_hide(text, NULL);
	google_error_hide(text, "no");
	assert_string_equal(text, "no … at /spreadsheets/…/x …");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(again_where_it_helps),
	    cmocka_unit_test(waits_double_to_64_s),
	    cmocka_unit_test(no_minute_has_more_than_its_share),
	    cmocka_unit_test(columns_have_letters),
	    cmocka_unit_test(ranges_quote_titles),
	    cmocka_unit_test(ends_of_ranges),
	    cmocka_unit_test(what_to_do_on_an_error),
	    cmocka_unit_test(what_to_do_without_a_token),
	    cmocka_unit_test(secrets_are_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
