/* file_test.c: whole files, and what lies in a file's place. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "tests/unit/unit.h"

static char dir[] = "/tmp/file_test.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	char *command = mem_printf("rm -rf %s", dir);
	int rc = system(command);

	(void)state;
	free(command);
	return rc;
}

static void
assert_holds(const char *path, const char *want)
{
	size_t len;
	char *text = file_read(path, 100, &len);

	assert_non_null(text);
	assert_string_equal(text, want);
	assert_int_equal(len, strlen(want));
	free(text);
}

static void
what_is_written_is_read(void **state)
{
	char *path = mem_printf("%s/a", dir);

	(void)state;
	assert_int_equal(file_write(path, "one", 3, 0600), 0);
	assert_holds(path, "one");
	assert_int_equal(file_write(path, "", 0, 0600), 0);
	assert_holds(path, "");
	assert_int_equal(file_write(path, "0123456789", 10, 0600), 0);
	assert_null(file_read(path, 9, NULL));
	assert_int_equal(errno, EFBIG);
	free(path);
}

/* open() of a FIFO waits for whoever writes to it: for ever. */
static void
a_fifo_is_refused_at_once(void **state)
{
	char *path = mem_printf("%s/fifo", dir);

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(60); /* the test must not hang either */
	assert_null(file_read(path, 100, NULL));
	assert_int_equal(errno, ENOTSUP);
	alarm(0);
	assert_int_equal(file_write(path, "x", 1, 0600), 0);
	assert_holds(path, "x"); /* it was replaced */
	free(path);
}

static void
a_folder_is_refused(void **state)
{
	(void)state;
	assert_null(file_read(dir, 100, NULL));
	assert_int_equal(errno, EISDIR);
}

/* Operators link to their settings; what was asked for is read. */
static void
a_link_is_followed_in_reading(void **state)
{
	char *path = mem_printf("%s/real", dir),
	     *link = mem_printf("%s/l", dir);

	(void)state;
	assert_int_equal(file_write(path, "real", 4, 0600), 0);
	assert_int_equal(symlink(path, link), 0);
	assert_holds(link, "real");
	free(link);
	free(path);
}

/* Who can write to the folder knows under which name we shall write next. */
static void
no_link_is_followed_in_writing(void **state)
{
	char *path = mem_printf("%s/new", dir);
	char *foreign = mem_printf("%s/foreign", dir);
	char *tmp = mem_printf("%s.%d.tmp", path, (int)getpid());
	struct stat st;

	(void)state;
	assert_int_equal(file_write(foreign, "theirs", 6, 0600), 0);
	for (int hard = 0; hard < 2; hard++) {
		assert_int_equal(
		    hard ? link(foreign, tmp) : symlink(foreign, tmp), 0);
		assert_int_equal(file_write(path, "ours", 4, 0600), 0);
		assert_holds(path, "ours");
		assert_holds(foreign, "theirs");
		assert_int_equal(lstat(path, &st), 0);
		assert_true(S_ISREG(st.st_mode));
		assert_int_equal(st.st_nlink, 1);
	}
	/* a folder in its place: nothing is written, and that is said */
	assert_int_equal(mkdir(tmp, 0700), 0);
	assert_int_equal(file_write(path, "more", 4, 0600), -1);
	assert_holds(path, "ours");
	free(tmp);
	free(foreign);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_is_read),
	    cmocka_unit_test(a_fifo_is_refused_at_once),
	    cmocka_unit_test(a_folder_is_refused),
	    cmocka_unit_test(a_link_is_followed_in_reading),
	    cmocka_unit_test(no_link_is_followed_in_writing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
