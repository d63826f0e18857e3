/* process_posix.c: the terminal's process on Linux, native or in Wine, its
 * log, and the guard. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/platform.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

#define ARGS_MAX 8
#define DRIVE_C "/drive_c/"
#define EXE ".exe"

static pid_t child; /* what was started last; 0: it has ended */
static pid_t guard; /* 0: none */
static int guard_pipe = -1;

static bool
is_windows_program(const char *program)
{
	size_t len = strlen(program);

	return len > strlen(EXE) &&
	       strcasecmp(program + len - strlen(EXE), EXE) == 0;
}

char *
platform_terminal_path(const char *program, const char *path)
{
	const char *c = strstr(path, DRIVE_C);
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

bool
platform_is_whole(const char *path)
{
	return *path == '/';
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

/* What it was started as is that program by name: "terminal64" will do, too. */
static bool
has_name(int64_t pid, const char *program)
{
	const char *file = strrchr(program, '/') + 1, *shown;
	char name[64], text[PATH_MAX + 1];
	ssize_t n;
	int fd;

	snprintf(name, sizeof(name), "/proc/%lld/cmdline", (long long)pid);
	if ((fd = open(name, O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	n = read(fd, text, PATH_MAX);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	shown = text;
	for (const char *p = text; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			shown = p + 1;
	return strncasecmp(shown, file, strlen(file) - strlen(EXE)) == 0;
}

/* Wine maps the program's file as Windows does, whatever it was started by;
 * "C:\\MT5\\terminal64.exe" may be in each of several prefixes. */
static bool
has_mapped(int64_t pid, const char *program)
{
	char name[64], *line = NULL, *path;
	size_t size = 0;
	bool found = false;
	FILE *maps;

	snprintf(name, sizeof(name), "/proc/%lld/maps", (long long)pid);
	if ((maps = fopen(name, "re")) == NULL)
		return false;
	while (!found && getline(&line, &size, maps) > 0) {
		line[strcspn(line, "\n")] = '\0';
		path = strchr(line, '/');
		found = path != NULL && is_file(path, program);
	}
	free(line);
	fclose(maps);
	return found;
}

static bool
runs(int64_t pid, const char *program)
{
	char name[64], text[PATH_MAX + 1];
	ssize_t n;

	if (is_windows_program(program))
		return has_name(pid, program) && has_mapped(pid, program);
	snprintf(name, sizeof(name), "/proc/%lld/exe", (long long)pid);
	if ((n = readlink(name, text, PATH_MAX)) <= 0)
		return false;
	text[n] = '\0';
	return is_file(text, program);
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
	/* Wine may have to make its own folder first */
	return found == 0 && last == child ? child : found;
}

/* What is in our environment goes to the terminal. The prefix is that of the
 * drive C: that the program is on. */
static void
prepare_environment(const char *program)
{
	static const char *const secrets[] = {
	    "MT5_PASSWORD", "MT5_LOGIN", "AGENT_TOKEN", "REDIS_PASSWORD"};
	const char *c = strstr(program, DRIVE_C);
	char *prefix;

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		unsetenv(secrets[i]); /* they were read long ago */
	if (c == NULL || !is_windows_program(program))
		return;
	prefix = mem_strndup(program, (size_t)(c - program));
	setenv("WINEPREFIX", prefix, 1);
	free(prefix);
}

/* On its own: no signal, file or session of ours. */
static int
spawn(const char *program, char *const *argv, pid_t *pid)
{
	char *dir =
	    mem_strndup(program, (size_t)(strrchr(program, '/') + 1 - program));
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&how);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID |
					   POSIX_SPAWN_SETSIGMASK |
					   POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, 0, 1);
	posix_spawn_file_actions_adddup2(&files, 0, 2);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	posix_spawn_file_actions_addchdir_np(&files, dir);
	error = posix_spawnp(pid, argv[0], &files, &how, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	free(dir);
	return error;
}

int64_t
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
	prepare_environment(program);
	if (access(program, R_OK) == -1)
		return -1; /* Wine would say so to nobody */
	errno = spawn(program, (char *const *)(uintptr_t)argv, &pid);
	if (errno != 0)
		return -1;
	return child = pid;
}

void
platform_end_process(int64_t pid, bool force)
{
	if (pid > 1)
		kill((pid_t)pid, force ? SIGKILL : SIGTERM);
}

/* Who is asked to end by SIGTERM, as Wine's programs are at a shutdown, did
 * not crash. */
static enum platform_exit
judge(int status)
{
	bool normal = WIFEXITED(status) ? WEXITSTATUS(status) == 0
					: WTERMSIG(status) == SIGTERM;

	return normal ? EXIT_NORMAL : EXIT_CRASH;
}

/* Takes leave of every child, so that none stays a zombie; its number is
 * another's from then on. */
enum platform_exit
platform_exit(int64_t pid)
{
	enum platform_exit how = EXIT_UNKNOWN;
	int status;
	pid_t ended;

	while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
		if (ended == guard)
			guard = 0;
		if (ended == child)
			child = 0;
		if (ended == pid)
			how = judge(status);
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

int
platform_run(const char *program, const char *const *args)
{
	const char *argv[32] = {program};
	int status, n = 1;
	pid_t pid;

	while (*args != NULL && n < 31)
		argv[n++] = *args++;
	fflush(NULL);
	if ((pid = fork()) == 0) {
		execvp(program, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (pid == -1)
		return -1;
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
platform_install(const char *const *words)
{
	const char *argv[32] = {"install.sh"};
	int n = 1;

	while (*words != NULL && n < 31)
		argv[n++] = *words++;
	return platform_run("sh", argv);
}
