/* sheets_row_test.c: cells as JSON, and what rows were last written with. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/mirror.h"
#include "cron/sheets/row.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"
#include "tests/unit/unit.h"

static char dir[] = "/tmp/sheets-row.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return rmdir(dir);
}

static void
tabs_are_whole(void **state)
{
	const struct tab *t, *other;

	(void)state;
	for (int i = 0; i < TAB_COUNT; i++) {
		t = tab_get((enum tab_id)i);
		assert_true(t->columns <= TAB_COLUMNS_MAX);
		assert_string_equal(t->column[t->key].name, "Key");
		for (int c = 0; c < TAB_COLUMNS_MAX; c++)
			assert_int_equal(
			    t->column[c].name != NULL, c < t->columns);
		for (int k = 0; k < i; k++) {
			other = tab_get((enum tab_id)k);
			assert_int_not_equal(t->sheet_id, other->sheet_id);
		}
	}
}

static void
first_columns_are_the_first_systems(void **state)
{
	static const char *const names[] = {"Account Number", "Holder",
	    "Prop Firm", "Phase", "Day Operating", "Balance"};
	const struct tab *t = tab_get(TAB_ACCOUNTS);

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		assert_string_equal(t->column[i].name, names[i]);
}

static void
expect_cell(const struct row *r, int i, const char *want)
{
	size_t len;
	const char *cell = row_cell(r, i, &len);

	if (len != strlen(want) || memcmp(cell, want, len) != 0)
		fail_msg("cell %d: %.*s, not %s", i, (int)len, cell, want);
}

static void
cells(void **state)
{
	struct row r;

	(void)state;
	row_init(&r);
	row_begin(&r, tab_get(TAB_TRADES));
	row_key(&r, "%d@%s", 5, "B\"roker");
	row_text(&r, "=IMPORTXML(\"x\")");
	row_text(&r, NULL);
	row_id(&r, INT64_MAX);
	row_count(&r, 0);
	row_money(&r, -1250000000);
	row_money(&r, 0);
	row_amount(&r, (struct amount){false, 5});
	row_amount(&r, (struct amount){true, 1});
	row_number(&r, 1.08765);
	row_number(&r, NAN);
	row_time(&r, 0);
	row_time(&r, INT64_C(1546300800000)); /* 2019-01-01 00:00 */
	row_time(&r, INT64_C(1546322400000)); /* 06:00 */
	row_date(&r, "2019-01-01");
	row_date(&r, "1970-01-01");
	row_date(&r, "2024-02-29");
	row_date(&r, "");
	row_keep(&r);
	row_blank(&r);
	expect_cell(&r, 0, "\"5@B\\\"roker\"");
	expect_cell(&r, 1, "\"=IMPORTXML(\\\"x\\\")\"");
	expect_cell(&r, 2, "\"\"");
	expect_cell(&r, 3, "\"9223372036854775807\"");
	expect_cell(&r, 4, "0");
	expect_cell(&r, 5, "-12.5");
	expect_cell(&r, 6, "0");
	expect_cell(&r, 7, "\"\"");
	expect_cell(&r, 8, "0.00000001");
	expect_cell(&r, 9, "1.08765");
	expect_cell(&r, 10, "\"\"");
	expect_cell(&r, 11, "\"\"");
	expect_cell(&r, 12, "43466");
	expect_cell(&r, 13, "43466.25");
	expect_cell(&r, 14, "43466");
	expect_cell(&r, 15, "25569");
	expect_cell(&r, 16, "45351");
	expect_cell(&r, 17, "\"\"");
	expect_cell(&r, 18, "null");
	expect_cell(&r, 19, "\"\"");
	assert_string_equal(r.key, "5@B\"roker");
	row_done(&r);
}

static void
load(struct mirror *m, uint64_t spreadsheet)
{
	mirror_load(m, dir, tab_get(TAB_TRADES), spreadsheet);
}

static void
rows_are_remembered(void **state)
{
	struct mirror m;

	(void)state;
	load(&m, 7);
	assert_int_equal(m.len, 0);
	for (int row = 1; row <= 5000; row++)
		mirror_set(&m, row, (uint64_t)row * 77, (uint64_t)row);
	m.key_column = 3;
	assert_int_equal(mirror_save(&m), 0);
	mirror_done(&m);

	load(&m, 7);
	assert_int_equal(m.len, 5000);
	assert_int_equal(m.key_column, 3);
	for (int row = 1; row <= 5000; row++)
		assert_int_equal(mirror_find(&m, (uint64_t)row * 77), row);
	assert_int_equal(mirror_find(&m, 5), 0);
	assert_int_equal(mirror_row(&m, 4000).cells, 4000);
	assert_int_equal(mirror_row(&m, 5001).key, 0);
	mirror_doubt(&m);
	assert_int_equal(mirror_row(&m, 4000).cells, 0);
	assert_int_equal(mirror_find(&m, 4000 * 77), 4000);
	mirror_done(&m);

	load(&m, 8); /* another spreadsheet's */
	assert_int_equal(m.len, 0);
	mirror_done(&m);
	load(&m, 7);
	mirror_forget(&m);
	assert_int_equal(mirror_find(&m, 77), 0);
	unlink(m.file);
	mirror_done(&m);
}

/* Rows take other keys, again and again, at random: as a plain list does. */
static void
rows_that_change_hands(void **state)
{
	uint64_t list[200] = {0}, key, random = 42;
	struct mirror m;
	int want, row;

	(void)state;
	load(&m, 7);
	for (int i = 0; i < 20000; i++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		row = (int)(random >> 33) % 200 + 1;
		key = (random >> 20 & 511) + 1;
		if (mirror_find(&m, key) != 0)
			key = 0; /* a key is never in two rows */
		mirror_set(&m, row, key, 1);
		list[row - 1] = key;
	}
	for (key = 1; key <= 512; key++) {
		want = 0;
		for (row = 1; row <= 200; row++)
			if (list[row - 1] == key)
				want = row;
		assert_int_equal(mirror_find(&m, key), want);
	}
	mirror_done(&m);
}

static void
a_torn_file_is_none(void **state)
{
	struct mirror m;
	size_t len;
	char *data, *file;

	(void)state;
	load(&m, 7);
	mirror_set(&m, 3, 5, 6);
	assert_int_equal(mirror_save(&m), 0);
	file = mem_strdup(m.file);
	mirror_done(&m);
	assert_non_null(data = file_read(file, 65536, &len));
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_equal(file_write(file, data, cut, 0600), 0);
		load(&m, 7);
		assert_int_equal(m.len, 0);
		mirror_done(&m);
	}
	data[len - 1] ^= 1;
	assert_int_equal(file_write(file, data, len, 0600), 0);
	load(&m, 7);
	assert_int_equal(m.len, 0);
	mirror_done(&m);
	unlink(file);
	free(file);
	free(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tabs_are_whole),
	    cmocka_unit_test(first_columns_are_the_first_systems),
	    cmocka_unit_test(cells),
	    cmocka_unit_test(rows_are_remembered),
	    cmocka_unit_test(rows_that_change_hands),
	    cmocka_unit_test(a_torn_file_is_none),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
