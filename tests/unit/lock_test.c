/* lock_test.c: one process at a time, and who it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/lock.h"

static char dir[] = "/tmp/lock_test.XXXXXX";
static char path[64];

static int
make_dir(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/a.lock", dir);
	return 0;
}

static int
remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

/* A child that takes the lock, says so, and waits to be killed. */
static pid_t
start_holder(void)
{
	int ready[2];
	char c = '\0';
	struct lock l;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	if ((pid = fork()) == 0) {
		if (lock_open(&l, path) == 0 && lock_try(&l))
			c = '+';
		if (write(ready[1], &c, 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, '+');
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void
end(pid_t pid, int signo)
{
	kill(pid, signo);
	waitpid(pid, NULL, 0);
}

static void
held_once(void **state)
{
	struct lock a, b;

	(void)state;
	assert_int_equal(lock_open(&a, path), 0);
	assert_int_equal(lock_open(&b, path), 0);
	assert_true(lock_try(&a));
	assert_true(a.held);
	assert_false(lock_try(&b));
	assert_false(b.held);
	lock_close(&a);
	assert_true(lock_try(&b));
	lock_close(&b);
	lock_close(&b);
}

static void
the_pid_is_inside(void **state)
{
	struct lock l;
	char expected[16], *text;

	(void)state;
	snprintf(expected, sizeof(expected), "%d\n", (int)getpid());
	assert_int_equal(lock_open(&l, path), 0);
	assert_true(lock_try(&l));
	text = file_read(path, 100, NULL);
	assert_string_equal(text, expected);
	free(text);
	lock_close(&l);
}

static void
the_holder_is_found(void **state)
{
	struct lock l;
	pid_t holder = start_holder(), found = 0;
	int fd;

	(void)state;
	assert_int_equal(lock_open(&l, path), 0);
	assert_false(lock_try(&l));
	fd = lock_holder(&l, &found);
	assert_true(fd >= 0);
	assert_int_equal(found, holder);
	close(fd);
	lock_close(&l);
	end(holder, SIGKILL);
}

static void
it_ends_with_its_process(void **state)
{
	struct lock l;
	pid_t holder = start_holder(), found = 0;

	(void)state;
	assert_int_equal(lock_open(&l, path), 0);
	assert_false(lock_try(&l));
	end(holder, SIGKILL);
	/* the dead one's pid is still inside: it names nobody */
	assert_int_equal(lock_holder(&l, &found), -1);
	assert_int_equal(found, 0);
	assert_true(lock_try(&l));
	lock_close(&l);
}

/* A pid in the file does not make a process the holder. */
static void
a_stranger_is_not_named(void **state)
{
	struct lock l;
	pid_t stranger, found = 0;
	char text[16];
	int n;

	(void)state;
	if ((stranger = fork()) == 0)
		for (;;)
			pause();
	n = snprintf(text, sizeof(text), "%d\n", (int)stranger);
	assert_int_equal(file_write(path, text, (size_t)n, 0600), 0);
	assert_int_equal(lock_open(&l, path), 0);
	assert_int_equal(lock_holder(&l, &found), -1);
	lock_close(&l);
	end(stranger, SIGKILL);
}

static void
one_that_only_waits_is_not_named(void **state)
{
	struct lock l, inherited;
	pid_t waiter, found = 0;
	char text[16];
	int n;

	(void)state;
	assert_int_equal(lock_open(&inherited, path), 0);
	if ((waiter = fork()) == 0)
		for (;;)
			pause(); /* has the file open, and no lock */
	n = snprintf(text, sizeof(text), "%d\n", (int)waiter);
	assert_int_equal(pwrite(inherited.fd, text, (size_t)n, 0), n);
	assert_int_equal(ftruncate(inherited.fd, n), 0);
	assert_int_equal(lock_open(&l, path), 0);
	assert_int_equal(lock_holder(&l, &found), -1);
	lock_close(&l);
	lock_close(&inherited);
	end(waiter, SIGKILL);
}

static void
nonsense_inside(void **state)
{
	static const char *const texts[] = {
	    "", "\n", "x\n", "-1\n", "0\n", "1", "99999999999999\n", "12 34\n"};
	struct lock l;
	pid_t found = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(
		    file_write(path, texts[i], strlen(texts[i]), 0600), 0);
		assert_int_equal(lock_open(&l, path), 0);
		assert_int_equal(lock_holder(&l, &found), -1);
		lock_close(&l);
	}
}

static void
children_do_not_inherit_it(void **state)
{
	struct lock l;

	(void)state;
	assert_int_equal(lock_open(&l, path), 0);
	assert_true(fcntl(l.fd, F_GETFD) & FD_CLOEXEC);
	lock_close(&l);
}

static void
a_bad_path_is_quoted(void **state)
{
	struct lock l;

	(void)state;
	assert_int_equal(lock_open(&l, "/nowhere/at/all"), -1);
	assert_string_equal(
	    l.error, "/nowhere/at/all: No such file or directory");
	lock_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(held_once),
	    cmocka_unit_test(the_pid_is_inside),
	    cmocka_unit_test(the_holder_is_found),
	    cmocka_unit_test(it_ends_with_its_process),
	    cmocka_unit_test(a_stranger_is_not_named),
	    cmocka_unit_test(one_that_only_waits_is_not_named),
	    cmocka_unit_test(nonsense_inside),
	    cmocka_unit_test(children_do_not_inherit_it),
	    cmocka_unit_test(a_bad_path_is_quoted),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
