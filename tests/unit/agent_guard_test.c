/* agent_guard_test.c: a file goes when the program that it is for has ended. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/platform.h"
#include "lib/base/file.h"
#include "tests/unit/unit.h"

#define LONG_MS 60000
#define DEADLINE_MS 5000

static char dir[] = "/tmp/mt5fleet-guard.XXXXXX", path[64];

static bool
is_there(void)
{
	struct stat st;

	return stat(path, &st) == 0;
}

static bool
goes(void)
{
	for (int ms = 0; ms < DEADLINE_MS && is_there(); ms += 10)
		usleep(10000);
	return !is_there();
}

static void
put_file(void)
{
	assert_int_equal(file_write(path, "secret", 6, 0600), 0);
}

/* A program that has made its guard, then the file, and waits. */
static pid_t
start_guarded(void)
{
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	if ((pid = fork()) == 0) {
		if (platform_guard(path, LONG_MS) == 0)
			put_file();
		close(ready[1]);
		pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 0);
	close(ready[0]);
	return pid;
}

static void
it_goes_with_its_program(void **state)
{
	static const int signals[] = {SIGKILL, SIGTERM, SIGABRT};

	(void)state;
	for (size_t i = 0; i < COUNT(signals); i++) {
		pid_t pid = start_guarded();

		assert_true(is_there());
		kill(pid, signals[i]);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		assert_true(goes());
	}
}

static void
it_goes_after_a_time(void **state)
{
	(void)state;
	put_file();
	assert_int_equal(platform_guard(path, 100), 0);
	assert_true(goes());
	platform_unguard();
}

static void
an_ended_guard_takes_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		put_file();
		assert_int_equal(platform_guard(path, LONG_MS), 0);
		platform_unguard();
		assert_true(is_there());
	}
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Its number may be another's by then. */
static void
a_guard_that_has_ended_is_left_alone(void **state)
{
	siginfo_t info;

	(void)state;
	put_file();
	assert_int_equal(platform_guard(path, 1), 0);
	assert_true(goes());
	assert_int_equal(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
	platform_exit(0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	platform_unguard();
}

/* Who listens on a port wants to do so again at once after a crash. */
static void
it_holds_nothing_else_open(void **state)
{
	int ends[2];
	char c;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(platform_guard(path, LONG_MS), 0);
	close(ends[1]);
	assert_int_equal(read(ends[0], &c, 1), 0);
	close(ends[0]);
	platform_unguard();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_goes_with_its_program),
	    cmocka_unit_test(it_goes_after_a_time),
	    cmocka_unit_test(an_ended_guard_takes_nothing),
	    cmocka_unit_test(a_guard_that_has_ended_is_left_alone),
	    cmocka_unit_test(it_holds_nothing_else_open)};
	int failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/start.ini", dir);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	rmdir(dir);
	return failed;
}
