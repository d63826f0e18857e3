/* ledger_file_test.c: the ledger's file: read-only, damaged, copied. */
#include "tests/unit/ledger_fixture.h"

static void
a_reader_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct ledger *r = ledger_open(f->path, LEDGER_READ);
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	struct ledger_put p;

	assert_null(ledger_error(r));
	assert_int_equal(
	    ledger_deals_put(r, f->a, &d, 1, NOW, &p), LEDGER_READONLY);
	assert_non_null(ledger_error(r));
	/* and sees what the writer commits */
	put(f->l, f->a, &d, 1);
	assert_int_equal(deals(r, f->a, (struct ledger_page){0}).n, 1);
	ledger_close(r);
}

static void
a_missing_ledger_is_said(void **state)
{
	struct fixture *f = *state;
	struct ledger *r = ledger_open("/nonexistent/x.db", LEDGER_READ);
	struct ledger_page page = {.limit = 1};
	struct seen seen = {.n = 0};

	(void)f;
	assert_int_equal(ledger_state(r), LEDGER_NOT_FOUND);
	assert_string_equal(ledger_error(r),
	    "ledger /nonexistent/x.db: No such file or directory");
	assert_int_equal(
	    ledger_deals(r, 1, &page, see_deal, &seen), LEDGER_NOT_FOUND);
	ledger_close(r);
	r = ledger_open("/nonexistent/x.db", LEDGER_WRITE);
	assert_int_equal(ledger_state(r), LEDGER_READONLY);
	ledger_close(r);
}

static void
a_newer_ledger_is_refused(void **state)
{
	struct fixture *f = *state;
	struct ledger *r;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(
		db, "INSERT INTO migration VALUES (999, 0)", NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	r = ledger_open(f->path, LEDGER_WRITE);
	assert_int_equal(ledger_state(r), LEDGER_ERROR);
	assert_non_null(strstr(ledger_error(r), "version 999"));
	ledger_close(r);
}

static void
what_is_no_ledger_is_refused(void **state)
{
	struct fixture *f = *state;
	char path[160];
	struct ledger *r;
	FILE *file;

	snprintf(path, sizeof(path), "%s/text.db", f->dir);
	file = fopen(path, "w");
	fprintf(file, "%4096s", "no database");
	fclose(file);
	r = ledger_open(path, LEDGER_WRITE);
	assert_int_equal(ledger_state(r), LEDGER_ERROR);
	assert_non_null(ledger_error(r));
	ledger_close(r);
}

static void
an_undone_transaction_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));

	OK(ledger_begin(f->l));
	put(f->l, f->a, &d, 1);
	ledger_rollback(f->l);
	assert_int_equal(deals(f->l, f->a, (struct ledger_page){0}).n, 0);
	assert_int_equal(sums(f->l, f->a).deals, 0);
}

static void
a_copy_is_whole(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	char path[160];
	struct ledger *r;

	put(f->l, f->a, &d, 1);
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	OK(ledger_copy(f->l, path));
	snprintf(path, sizeof(path), "%s/copy.db-wal", f->dir);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	r = ledger_open(path, LEDGER_READ);
	assert_null(ledger_error(r));
	OK(ledger_check(r));
	assert_int_equal(deals(r, f->a, (struct ledger_page){0}).n, 1);
	ledger_close(r);
}

/* A writer that keeps its lock longer than we wait: nothing is restored. */
static void
a_restore_that_was_not_done_is_said(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	char path[160];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	OK(ledger_copy(f->l, path));
	put(f->l, f->a, &d, 1);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(ledger_replace(f->l, path), LEDGER_BUSY);
	sqlite3_close(db);
	assert_int_equal(deals(f->l, f->a, (struct ledger_page){0}).n, 1);
	OK(ledger_replace(f->l, path));
	assert_int_equal(deals(f->l, f->a, (struct ledger_page){0}).n, 0);
}

/* Who keeps what a revision showed must see that it is another ledger now. */
static void
a_restored_ledger_has_a_new_revision(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	int64_t before, after;
	char path[160];

	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	OK(ledger_copy(f->l, path));
	put(f->l, f->a, &d, 1);
	OK(ledger_revision(f->l, &before));
	OK(ledger_replace(f->l, path));
	OK(ledger_revision(f->l, &after));
	assert_true(after > before);
}

static void
a_damaged_file_is_noticed(void **state)
{
	struct fixture *f = *state;
	struct deal d[8];
	char path[160];
	struct ledger *r;
	FILE *file;

	for (int i = 0; i < 8; i++)
		d[i] = deal(i + 1, 1000 + i, 0, 0, 9, 1, 10, 0);
	put(f->l, f->a, d, 8);
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	OK(ledger_copy(f->l, path));
	file = fopen(path, "r+");
	for (long at = 8192; at < 8192 + 30 * 4096; at += 4096) {
		fseek(file, at + 8, SEEK_SET);
		fprintf(file, "damaged damaged damaged");
	}
	fclose(file);
	r = ledger_open(path, LEDGER_READ);
	if (ledger_state(r) == LEDGER_OK)
		assert_int_equal(ledger_check(r), LEDGER_ERROR);
	assert_non_null(ledger_error(r));
	ledger_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_reader_changes_nothing),
	    T(a_missing_ledger_is_said),
	    T(a_newer_ledger_is_refused),
	    T(what_is_no_ledger_is_refused),
	    T(an_undone_transaction_leaves_nothing),
	    T(a_copy_is_whole),
	    T(a_restore_that_was_not_done_is_said),
	    T(a_restored_ledger_has_a_new_revision),
	    T(a_damaged_file_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
