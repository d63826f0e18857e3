/* process_windows.c: the terminal's process on Windows, its log, and the
 * guard. */
#include <windows.h>
#include <tlhelp32.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "agent/platform.h"
#include "agent/windows/start.h"
#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

#define COMMAND_MAX 32768
#define PATH_SIZE 1024
#define GUARD_TRIES 600
#define GUARD_PAUSE_MS 100

static HANDLE child; /* what was started last, to learn how it ended */
static DWORD child_id;
static HANDLE guard; /* NULL: none */

char *
platform_terminal_path(const char *program, const char *path)
{
	char *text = mem_strdup(path);

	(void)program;
	for (char *p = text; *p != '\0'; p++)
		if (*p == '/')
			*p = '\\';
	return text;
}

bool
platform_is_whole(const char *path)
{
	return isalpha((unsigned char)path[0]) && path[1] == ':' &&
	       (path[2] == '\\' || path[2] == '/');
}

/* As the terminal itself sees it: letters as they are on the disk. */
char *
platform_real_path(const char *path)
{
	wchar_t *wide = port_wide(path), whole[PATH_SIZE], named[PATH_SIZE];
	DWORD n = GetFullPathNameW(wide, PATH_SIZE, whole, NULL);

	free(wide);
	if (n == 0 || n >= PATH_SIZE)
		return mem_strdup(path);
	n = GetLongPathNameW(whole, named, PATH_SIZE);
	if (n == 0 || n >= PATH_SIZE)
		wcscpy(named, whole);
	if (named[0] != L'\0' && named[1] == L':')
		named[0] = towupper(named[0]);
	return port_utf8(named);
}

static bool
runs(DWORD pid, const wchar_t *program)
{
	HANDLE h = OpenProcess(
	    PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, pid);
	wchar_t name[PATH_SIZE];
	DWORD size = PATH_SIZE;
	bool same;

	if (h == NULL)
		return false;
	same = QueryFullProcessImageNameW(h, 0, name, &size) &&
	       _wcsicmp(name, program) == 0 &&
	       WaitForSingleObject(h, 0) == WAIT_TIMEOUT;
	CloseHandle(h);
	return same;
}

/* By the file's own name first: that needs no right to the process. */
static DWORD
search(const wchar_t *program)
{
	HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
	PROCESSENTRY32W e = {.dwSize = sizeof(e)};
	const wchar_t *file = wcsrchr(program, L'\\');
	DWORD found = 0;

	if (all == INVALID_HANDLE_VALUE)
		return 0;
	file = file != NULL ? file + 1 : program;
	for (BOOL more = Process32FirstW(all, &e); more && found == 0;
	     more = Process32NextW(all, &e))
		if (_wcsicmp(e.szExeFile, file) == 0 &&
		    runs(e.th32ProcessID, program))
			found = e.th32ProcessID;
	CloseHandle(all);
	return found;
}

int64_t
platform_find_process(const char *program, int64_t last)
{
	wchar_t *wide = port_wide(program);
	DWORD pid = (DWORD)last;

	if (pid == 0 || !runs(pid, wide))
		pid = search(wide);
	free(wide);
	return pid;
}

/* None of our arguments has a quote in it: a file name cannot. */
static wchar_t *
command_line(const char *program, const char *const *args)
{
	struct buf text;
	wchar_t *wide;

	buf_init(&text, COMMAND_MAX);
	buf_printf(&text, "\"%s\"", program);
	for (; *args != NULL; args++)
		buf_printf(&text, " \"%s\"", *args);
	wide = port_wide(text.data);
	buf_done(&text);
	return wide;
}

static void
forget_secrets(void)
{
	static const wchar_t *const names[] = {
	    L"MT5_PASSWORD", L"MT5_LOGIN", L"AGENT_TOKEN", L"REDIS_PASSWORD"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		SetEnvironmentVariableW(names[i], NULL);
}

/* Out of the task's job where that is allowed, for it shall outlive us. */
static bool
create(const wchar_t *file, wchar_t *command, const wchar_t *dir,
    STARTUPINFOEXW *info, PROCESS_INFORMATION *made)
{
	BOOL inherits = info->lpAttributeList != NULL;
	DWORD flags = CREATE_NEW_PROCESS_GROUP | DETACHED_PROCESS;

	info->StartupInfo.cb =
	    inherits ? sizeof(*info) : sizeof(info->StartupInfo);
	if (inherits)
		flags |= EXTENDED_STARTUPINFO_PRESENT;
	if (CreateProcessW(file, command, NULL, NULL, inherits,
		flags | CREATE_BREAKAWAY_FROM_JOB, NULL, dir,
		&info->StartupInfo, made))
		return true;
	return GetLastError() == ERROR_ACCESS_DENIED &&
	       CreateProcessW(file, command, NULL, NULL, inherits, flags, NULL,
		   dir, &info->StartupInfo, made);
}

int64_t
platform_start(const char *program, const char *const *args)
{
	wchar_t *command = command_line(program, args);
	wchar_t *file = port_wide(program), *dir = _wcsdup(file);
	wchar_t *slash = wcsrchr(dir, L'\\');
	STARTUPINFOEXW info = {.lpAttributeList = NULL};
	PROCESS_INFORMATION made;
	bool ok;

	if (slash != NULL)
		*slash = L'\0';
	forget_secrets(); /* they were read long ago */
	ok = create(file, command, dir, &info, &made);
	if (ok) {
		CloseHandle(made.hThread);
		if (child != NULL)
			CloseHandle(child);
		child = made.hProcess;
		child_id = made.dwProcessId;
	}
	free(command);
	free(file);
	free(dir);
	return ok ? (int64_t)child_id : -1;
}

static BOOL CALLBACK
close_window(HWND window, LPARAM pid)
{
	DWORD owner = 0;

	GetWindowThreadProcessId(window, &owner);
	if (owner == (DWORD)pid)
		PostMessageW(window, WM_CLOSE, 0, 0);
	return TRUE;
}

void
platform_end_process(int64_t pid, bool force)
{
	HANDLE h;

	if (pid <= 0)
		return;
	if (!force) {
		EnumWindows(close_window, (LPARAM)pid);
		return;
	}
	if ((h = OpenProcess(PROCESS_TERMINATE, FALSE, (DWORD)pid)) == NULL)
		return;
	TerminateProcess(h, 1);
	CloseHandle(h);
}

enum platform_exit
platform_exit(int64_t pid)
{
	DWORD code = 0;

	if (child == NULL || WaitForSingleObject(child, 0) == WAIT_TIMEOUT)
		return EXIT_UNKNOWN;
	GetExitCodeProcess(child, &code);
	CloseHandle(child);
	child = NULL;
	if ((DWORD)pid != child_id)
		return EXIT_UNKNOWN;
	return code == 0 ? EXIT_NORMAL : EXIT_CRASH;
}

size_t
platform_read_at(const char *path, int64_t at, void *data, size_t size)
{
	wchar_t *wide = port_wide(path);
	HANDLE h = CreateFileW(wide, GENERIC_READ,
	    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
	    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
	LARGE_INTEGER offset = {.QuadPart = at};
	DWORD n = 0;

	free(wide);
	if (h == INVALID_HANDLE_VALUE)
		return 0;
	if (!SetFilePointerEx(h, offset, NULL, FILE_BEGIN) ||
	    !ReadFile(h, data, (DWORD)size, &n, NULL))
		n = 0;
	CloseHandle(h);
	return n;
}

/* It inherits this one handle: no socket of ours, no file. */
static bool
create_with(HANDLE handle, const wchar_t *file, wchar_t *command,
    PROCESS_INFORMATION *made)
{
	STARTUPINFOEXW info = {.lpAttributeList = NULL};
	SIZE_T size = 0;
	bool ok = false;

	InitializeProcThreadAttributeList(NULL, 1, 0, &size);
	info.lpAttributeList = mem_new(1, size);
	if (InitializeProcThreadAttributeList(
		info.lpAttributeList, 1, 0, &size)) {
		ok = UpdateProcThreadAttribute(info.lpAttributeList, 0,
			 PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &handle,
			 sizeof(handle), NULL, NULL) &&
		     create(file, command, NULL, &info, made);
		DeleteProcThreadAttributeList(info.lpAttributeList);
	}
	free(info.lpAttributeList);
	return ok;
}

/* This program once more: agent/windows/start.c leads to guard_main. */
static bool
create_guard(
    HANDLE us, const char *path, int timeout_ms, PROCESS_INFORMATION *made)
{
	wchar_t file[PATH_SIZE], *command;
	char *program, handle[24], ms[16];
	const char *args[] = {GUARD_OPTION, handle, ms, path, NULL};
	DWORD n = GetModuleFileNameW(NULL, file, PATH_SIZE);
	bool ok;

	if (n == 0 || n == PATH_SIZE)
		return false;
	snprintf(handle, sizeof(handle), "%lld", (long long)(intptr_t)us);
	snprintf(ms, sizeof(ms), "%d", timeout_ms);
	program = port_utf8(file);
	command = command_line(program, args);
	ok = create_with(us, file, command, made);
	free(command);
	free(program);
	return ok;
}

/* Windows creates a process asleep and wakes it then: an agent that is ended
 * in between leaves a guard that never runs, and there is no file yet. */
int
platform_guard(const char *path, int timeout_ms)
{
	HANDLE self = GetCurrentProcess(), us;
	PROCESS_INFORMATION made;
	bool ok;

	platform_unguard();
	if (!DuplicateHandle(self, self, self, &us, SYNCHRONIZE, TRUE, 0))
		return -1;
	ok = create_guard(us, path, timeout_ms, &made);
	CloseHandle(us);
	if (!ok)
		return -1;
	CloseHandle(made.hThread);
	guard = made.hProcess;
	return 0;
}

void
platform_unguard(void)
{
	if (guard == NULL)
		return;
	TerminateProcess(guard, 0);
	WaitForSingleObject(guard, INFINITE);
	CloseHandle(guard);
	guard = NULL;
}

/* A terminal that reads it, or a virus scanner, may have it open. */
int
guard_main(char *const *args)
{
	int64_t handle, timeout_ms;

	if (num_int64(args[0], 1, INT64_MAX, &handle) == -1 ||
	    num_int64(args[1], 1, INT32_MAX, &timeout_ms) == -1)
		return 2;
	WaitForSingleObject((HANDLE)(intptr_t)handle, (DWORD)timeout_ms);
	for (int i = 0; i < GUARD_TRIES; i++) {
		if (platform_remove(args[2]) == 0 || errno == ENOENT)
			return 0;
		Sleep(GUARD_PAUSE_MS);
	}
	return 1;
}

int
platform_run(const char *program, const char *const *args)
{
	wchar_t *command = command_line(program, args);
	STARTUPINFOW info = {.cb = sizeof(info)};
	PROCESS_INFORMATION made;
	DWORD code = 1;

	fflush(NULL);
	if (!CreateProcessW(
		NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &info, &made)) {
		free(command);
		return port_failed();
	}
	free(command);
	WaitForSingleObject(made.hProcess, INFINITE);
	GetExitCodeProcess(made.hProcess, &code);
	CloseHandle(made.hProcess);
	CloseHandle(made.hThread);
	return (int)code;
}

/* install.sh's words by install.ps1's names; it takes lists with commas. */
int
platform_install(const char *const *words)
{
	const char *argv[32] = {"-NoProfile", "-ExecutionPolicy", "Bypass",
	    "-File", ".\\install.ps1", "-Quiet"};
	int n = 6;

	for (; *words != NULL && n < 30; words++) {
		if (strcmp(*words, "--coordinator") == 0)
			argv[n++] = "-Coordinator";
		else if (strcmp(*words, "--port") == 0)
			argv[n++] = "-Port";
		else if (strcmp(*words, "--user") == 0)
			argv[n++] = "-User";
		else if (strcmp(*words, "--quiet") != 0) {
			if (n > 6 && argv[n - 1][0] != '-')
				argv[n++] = "-Address";
			argv[n++] = *words;
		}
	}
	return platform_run("powershell.exe", argv);
}
