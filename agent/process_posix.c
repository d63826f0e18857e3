/* process_posix.c: the terminal's process on Linux, native or in Wine, its
 * log, and the guard. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/platform.h"
#include "lib/mem.h"
#include "lib/num.h"

#define ARGS_MAX 8

static pid_t guard; /* 0: none */
static int guard_pipe = -1;

static bool
is_windows_program(const char *program)
{
	size_t len = strlen(program);

	return len > 4 && strcasecmp(program + len - 4, ".exe") == 0;
}

char *
platform_terminal_path(const char *program, const char *path)
{
	const char *c = strstr(path, "/drive_c/");
	char *text;

	if (!is_windows_program(program))
		return mem_strdup(path);
	text = c != NULL ? mem_printf("C:%s", c + strlen("/drive_c"))
			 : mem_printf("Z:%s", path);
	for (char *p = text; *p != '\0'; p++)
		if (*p == '/')
			*p = '\\';
	return text;
}

char *
platform_real_path(const char *path)
{
	char *real = realpath(path, NULL);

	return real != NULL ? real : mem_strdup(path);
}

/* Also where an update has put another file in its place meanwhile. */
static bool
is_file(const char *link, const char *program)
{
	size_t len = strlen(program);

	return strncmp(link, program, len) == 0 &&
	       (link[len] == '\0' || strcmp(link + len, " (deleted)") == 0);
}

/* A native program is known by its file, one in Wine by its first word. */
static bool
runs(int64_t pid, const char *program)
{
	char name[64], text[PATH_MAX + 1], *shown;
	ssize_t n;
	bool same;
	int fd;

	snprintf(name, sizeof(name), "/proc/%lld/exe", (long long)pid);
	if ((n = readlink(name, text, PATH_MAX)) <= 0)
		return false;
	text[n] = '\0';
	if (is_file(text, program))
		return true;
	if (!is_windows_program(program))
		return false;
	snprintf(name, sizeof(name), "/proc/%lld/cmdline", (long long)pid);
	if ((fd = open(name, O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	n = read(fd, text, PATH_MAX);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	shown = platform_terminal_path(program, program);
	same = strcasecmp(text, shown) == 0;
	free(shown);
	return same;
}

int64_t
platform_find_process(const char *program, int64_t last)
{
	int64_t pid = 0, found = 0;
	struct dirent *e;
	DIR *d;

	if (last > 0 && runs(last, program))
		return last;
	if ((d = opendir("/proc")) == NULL)
		return 0;
	while (found == 0 && (e = readdir(d)) != NULL)
		if (num_int64(e->d_name, 1, INT_MAX, &pid) == 0 &&
		    runs(pid, program))
			found = pid;
	closedir(d);
	return found;
}

static void
become(const char *program, char *const *argv)
{
	static const char *const secrets[] = {
	    "MT5_PASSWORD", "MT5_LOGIN", "AGENT_TOKEN", "REDIS_PASSWORD"};
	char *dir = mem_strdup(program), *slash = strrchr(dir, '/');
	sigset_t none;
	int null;

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		unsetenv(secrets[i]);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if ((null = open("/dev/null", O_RDWR)) != -1)
		for (int fd = 0; fd < 3; fd++)
			dup2(null, fd);
	close_range(3, ~0u, 0);
	if (slash != NULL) {
		*slash = '\0';
		if (*dir != '\0' && chdir(dir) == -1)
			_exit(127);
	}
	execvp(argv[0], argv);
	_exit(127);
}

int
platform_start(const char *program, const char *const *args)
{
	const char *argv[ARGS_MAX + 3];
	size_t n = 0;
	pid_t pid;

	if (is_windows_program(program))
		argv[n++] = "wine";
	argv[n++] = program;
	while (*args != NULL && n < ARGS_MAX + 2)
		argv[n++] = *args++;
	argv[n] = NULL;
	if ((pid = fork()) == 0)
		become(program, (char *const *)(uintptr_t)argv);
	return pid == -1 ? -1 : 0;
}

void
platform_end_process(int64_t pid, bool force)
{
	if (pid > 1)
		kill((pid_t)pid, force ? SIGKILL : SIGTERM);
}

/* Takes leave of every child, so that none stays a zombie. */
enum platform_exit
platform_exit(int64_t pid)
{
	enum platform_exit how = EXIT_UNKNOWN;
	int status;
	pid_t ended;

	while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
		if (ended == guard)
			guard = 0; /* the number is another's from now on */
		if (ended == pid)
			how = WIFEXITED(status) && WEXITSTATUS(status) == 0
				  ? EXIT_NORMAL
				  : EXIT_CRASH;
	}
	return how;
}

/* Of ours it keeps the pipe's end alone: not the port, and nothing that
 * somebody else waits for. No signal of a terminal or a session reaches it. */
static void
stand_guard(int fd, const char *path, int timeout_ms)
{
	struct pollfd p = {STDIN_FILENO, POLLIN, 0};

	setsid();
	dup2(fd, STDIN_FILENO);
	close_range(STDIN_FILENO + 1, ~0u, 0);
	while (poll(&p, 1, timeout_ms) == -1 && errno == EINTR)
		;
	unlink(path);
	_exit(0);
}

int
platform_guard(const char *path, int timeout_ms)
{
	int ends[2];
	pid_t pid;

	platform_unguard();
	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	if ((pid = fork()) == 0)
		stand_guard(ends[0], path, timeout_ms);
	close(ends[0]);
	if (pid == -1) {
		close(ends[1]);
		return -1;
	}
	guard = pid;
	guard_pipe = ends[1];
	return 0;
}

void
platform_unguard(void)
{
	if (guard != 0) {
		kill(guard, SIGKILL);
		while (waitpid(guard, NULL, 0) == -1 && errno == EINTR)
			;
	}
	guard = 0;
	if (guard_pipe != -1)
		close(guard_pipe);
	guard_pipe = -1;
}

size_t
platform_read_at(const char *path, int64_t at, void *data, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = 0;

	if (fd == -1)
		return 0;
	n = pread(fd, data, size, (off_t)at);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}
