/* url_test.c: every byte to %XX and back. */
#include <ctype.h>
#include <string.h>

#include "lib/base/url.h"
#include "tests/unit/unit.h"

static void
what_is_plain_stays(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	url_escape(&b, "aZ09-._~ /?&=+%\"\x01\xc3\xa4");
	assert_string_equal(
	    b.data, "aZ09-._~%20%2F%3F%26%3D%2B%25%22%01%C3%A4");
	buf_done(&b);
}

static void
every_byte_comes_back(void **state)
{
	char text[2] = "";
	struct buf b;

	(void)state;
	for (int c = 1; c < 256; c++) {
		buf_init(&b, 10);
		text[0] = (char)c;
		url_escape(&b, text);
		if (isalnum(c) || strchr("-._~", c) != NULL)
			assert_string_equal(b.data, text);
		else
			assert_int_equal(url_byte(b.data), c);
		buf_done(&b);
	}
}

static void
what_is_no_byte(void **state)
{
	static const char *const none[] = {
	    "", "a", "%", "%4", "%4g", "%g4", "%%41", "%\x14\x11", "%-1"};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(url_byte(none[i]), -1);
	assert_int_equal(url_byte("%41z"), 'A');
	assert_int_equal(url_byte("%aF"), 0xaf);
	assert_int_equal(url_byte("%00"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_plain_stays),
	    cmocka_unit_test(every_byte_comes_back),
	    cmocka_unit_test(what_is_no_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
