/*
 * start.c: where agent.exe starts: arguments in UTF-8, and, for the task at
 * log-on, `--log FILE` first: no window, messages go to the end of FILE.
 * The agent starts itself once more as a guard.
 */
#include <windows.h>

#include <stdbool.h>

#include "agent/windows/start.h"
#include "lib/base/mem.h"

#define LOG_MAX (8 * 1024 * 1024)

int wmain(int argc, wchar_t **argv);

/* What has grown large becomes FILE.old. */
static void
turn_log(const char *path)
{
	char *old = mem_printf("%s.old", path);
	wchar_t *wide = port_wide(path);
	WIN32_FILE_ATTRIBUTE_DATA d;

	if (GetFileAttributesExW(wide, GetFileExInfoStandard, &d) &&
	    (d.nFileSizeHigh > 0 || d.nFileSizeLow > LOG_MAX))
		rename(path, old);
	free(wide);
	free(old);
}

static bool
log_to(const char *path)
{
	int fd;

	turn_log(path);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd == -1) {
		fprintf(stderr, "mt5fleet-agent: --log %s: %s\n", path,
		    strerror(errno));
		return false;
	}
	FreeConsole();
	return _dup2(fd, STDOUT_FILENO) == 0 && _dup2(fd, STDERR_FILENO) == 0;
}

int
wmain(int argc, wchar_t **wide)
{
	char **argv = mem_new((size_t)argc + 1, sizeof(*argv));

	for (int i = 0; i < argc; i++)
		argv[i] = port_utf8(wide[i]);
	SetConsoleOutputCP(CP_UTF8);
	_setmode(STDOUT_FILENO, _O_BINARY);
	_setmode(STDERR_FILENO, _O_BINARY);
	if (argc == 5 && strcmp(argv[1], GUARD_OPTION) == 0)
		return guard_main(argv + 2);
	if (argc < 3 || strcmp(argv[1], "--log") != 0)
		return agent_main(argc, argv);
	if (!log_to(argv[2]))
		return 1;
	argv[2] = argv[0];
	return agent_main(argc - 2, argv + 2);
}
