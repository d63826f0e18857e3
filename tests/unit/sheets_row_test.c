/* sheets_row_test.c: cells as JSON, and what rows were last written with. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/mirror.h"
#include "cron/sheets/row.h"
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
	static const char *const files[] = {"", "-wal", "-shm"};
	char path[64];

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		snprintf(path, sizeof(path), "%s/ledger.db%s", dir, files[i]);
		unlink(path);
	}
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
first_columns_are_the_legacy_systems(void **state)
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

static struct ledger *
open_ledger(void)
{
	char path[64];
	struct ledger *l;

	snprintf(path, sizeof(path), "%s/ledger.db", dir);
	l = ledger_open(path, LEDGER_WRITE);
	assert_null(ledger_error(l));
	return l;
}

static void
load(struct mirror *m, struct ledger *l, const char *sheet)
{
	assert_int_equal(
	    mirror_load(m, l, sheet, tab_get(TAB_TRADES), false), LEDGER_OK);
}

static uint64_t
key_of(int row)
{
	char text[16];

	snprintf(text, sizeof(text), "key %d", row);
	return hash_text(text);
}

static void
rows_are_remembered(void **state)
{
	struct ledger *l = open_ledger();
	struct mirror m;
	char text[16];
	int row;

	(void)state;
	load(&m, l, "7");
	assert_int_equal(m.len, 0);
	assert_false(m.filled);
	assert_int_equal(ledger_begin(l), LEDGER_OK);
	for (int i = 1; i <= 5000; i++) {
		snprintf(text, sizeof(text), "key %d", i);
		assert_int_equal(mirror_add(&m, text, &row), LEDGER_OK);
		assert_int_equal(row, i);
		assert_int_equal(mirror_note(&m, i, (uint64_t)i), LEDGER_OK);
	}
	assert_int_equal(mirror_add(&m, "key 9", &row), LEDGER_OK);
	assert_int_equal(row, 9);
	assert_int_equal(mirror_note(&m, 8, UINT64_MAX), LEDGER_OK);
	assert_int_equal(mirror_emptied(&m, 7), LEDGER_OK);
	assert_int_equal(mirror_filled(&m, 3), LEDGER_OK);
	assert_int_equal(ledger_commit(l), LEDGER_OK);
	mirror_done(&m);

	load(&m, l, "7");
	assert_int_equal(m.len, 5000);
	assert_true(m.filled);
	assert_int_equal(m.key_column, 3);
	for (int i = 1; i <= 5000; i++)
		assert_int_equal(mirror_find(&m, key_of(i)), i);
	assert_int_equal(mirror_find(&m, key_of(5001)), 0);
	assert_true(mirror_row(&m, 4000).written);
	assert_int_equal(mirror_row(&m, 4000).cells, 4000);
	assert_true(mirror_row(&m, 8).cells == UINT64_MAX);
	assert_int_equal(mirror_row(&m, 5001).key, 0);
	/* emptied, and still its key's */
	assert_false(mirror_row(&m, 7).written);
	assert_int_equal(mirror_find(&m, key_of(7)), 7);
	assert_int_equal(mirror_doubt(&m), LEDGER_OK);
	mirror_done(&m);

	load(&m, l, "8"); /* another spreadsheet's */
	assert_int_equal(m.len, 0);
	assert_false(m.filled);
	mirror_done(&m);
	load(&m, l, "7");
	assert_true(mirror_row(&m, 4000).written);
	assert_int_equal(mirror_row(&m, 4000).cells, MIRROR_PERHAPS);
	assert_false(mirror_row(&m, 7).written);
	assert_int_equal(mirror_forget(&m), LEDGER_OK);
	mirror_done(&m);
	load(&m, l, "7");
	assert_false(mirror_row(&m, 4000).written);
	assert_int_equal(mirror_find(&m, key_of(4000)), 4000);
	mirror_done(&m);
	ledger_close(l);
}

static void
a_dry_run_notes_nothing(void **state)
{
	struct ledger *l = open_ledger();
	struct mirror m;
	int row;

	(void)state;
	load(&m, l, "dry");
	assert_int_equal(mirror_add(&m, "a", &row), LEDGER_OK);
	assert_int_equal(mirror_note(&m, row, 5), LEDGER_OK);
	m.dry = true;
	assert_int_equal(mirror_note(&m, row, 6), LEDGER_OK);
	assert_int_equal(mirror_doubt(&m), LEDGER_OK);
	assert_int_equal(mirror_forget(&m), LEDGER_OK);
	assert_int_equal(mirror_filled(&m, 4), LEDGER_OK);
	mirror_done(&m);
	load(&m, l, "dry");
	assert_int_equal(mirror_row(&m, row).cells, 5);
	assert_false(m.filled);
	mirror_done(&m);
	ledger_close(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tabs_are_whole),
	    cmocka_unit_test(first_columns_are_the_legacy_systems),
	    cmocka_unit_test(cells),
	    cmocka_unit_test(rows_are_remembered),
	    cmocka_unit_test(a_dry_run_notes_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
