/* agent_envelope_test.c: the last line of a mailbox file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/envelope.h"
#include "tests/unit/unit.h"

static enum envelope
open_text(const char *file, size_t *len)
{
	return envelope_open(file, strlen(file), len);
}

/* CRC-32 of "{}" and of "123456789" as everyone has them. */
static void
a_whole_file_gives_its_body(void **state)
{
	size_t len = 0;

	(void)state;
	assert_int_equal(
	    open_text("123456789\n#9 cbf43926\n", &len), ENVELOPE_OK);
	assert_int_equal(len, 9);
	assert_int_equal(open_text("\n#0 00000000\n", &len), ENVELOPE_OK);
	assert_int_equal(len, 0);
}

static void
what_is_sealed_opens(void **state)
{
	struct buf b;
	size_t len = 0;

	(void)state;
	buf_init(&b, 100);
	buf_puts(&b, "{\"a\":\"\xc3\xa9\"}");
	envelope_seal(&b);
	assert_int_equal(envelope_open(b.data, b.len, &len), ENVELOPE_OK);
	assert_int_equal(len, 10);
	buf_done(&b);
}

static void
a_last_line_that_does_not_fit_is_torn(void **state)
{
	static const char *const torn[] = {"", "\n", "{}", "123456789",
	    "123456789\n", "123456789\n#9", "123456789\n#9 cbf43926",
	    "123456789\n#9 cbf43927\n", "123456789\n#8 cbf43926\n",
	    "123456789\n#9 CBF43926\n", "123456789\n#09 cbf43926\n",
	    "123456789\n#9  cbf43926\n", "123456789\n#9 cbf43926\n\n",
	    "123456789\n#9 cbf43926 \n", "123456789\r\n#9 cbf43926\n",
	    "#9 cbf43926\n", "123456789\n9 cbf43926\n",
	    "123456780\n#9 cbf43926\n", "12345678\n#9 cbf43926\n",
	    "123456789\n#-9 cbf43926\n",
	    "123456789\n#99999999999999999999 cbf43926\n"};
	size_t len = 77;

	(void)state;
	for (size_t i = 0; i < COUNT(torn); i++)
		assert_int_equal(open_text(torn[i], &len), ENVELOPE_TORN);
	assert_int_equal(len, 77);
}

static void
every_prefix_of_a_file_is_torn(void **state)
{
	static const char file[] = "123456789\n#9 cbf43926\n";
	size_t len;

	(void)state;
	for (size_t n = 0; n < sizeof(file) - 1; n++)
		assert_int_equal(envelope_open(file, n, &len), ENVELOPE_TORN);
}

static void
a_body_over_the_limit_is_oversized(void **state)
{
	size_t len = 0;
	struct buf b;
	char *body = malloc(ENVELOPE_BODY_MAX + 1);

	(void)state;
	assert_non_null(body);
	memset(body, 'x', ENVELOPE_BODY_MAX + 1);
	buf_init(&b, ENVELOPE_FILE_MAX + 1);
	buf_add(&b, body, ENVELOPE_BODY_MAX);
	envelope_seal(&b);
	assert_int_equal(envelope_open(b.data, b.len, &len), ENVELOPE_OK);
	assert_int_equal(len, ENVELOPE_BODY_MAX);
	buf_reset(&b);
	buf_add(&b, body, ENVELOPE_BODY_MAX + 1);
	envelope_seal(&b);
	assert_false(b.overflow);
	assert_int_equal(
	    envelope_open(b.data, b.len, &len), ENVELOPE_OVERSIZED);
	buf_done(&b);
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_whole_file_gives_its_body),
	    cmocka_unit_test(what_is_sealed_opens),
	    cmocka_unit_test(a_last_line_that_does_not_fit_is_torn),
	    cmocka_unit_test(every_prefix_of_a_file_is_torn),
	    cmocka_unit_test(a_body_over_the_limit_is_oversized),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
