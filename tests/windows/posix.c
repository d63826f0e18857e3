/* posix.c: what the simulated terminal uses of POSIX, by Windows' own means.
 * Its paths are ASCII. */
#include <windows.h>

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <shlwapi.h>
#include <signal.h>

int flock(int fd, int how);
int fnmatch(const char *pattern, const char *name, int flags);
int windows_rename(const char *from, const char *to);
int windows_open(const char *path, int flags, int mode);
int windows_on_signal(int signal, void (**handler)(int));

/* Of a byte that no file has: who reads is not hindered. */
int
flock(int fd, int how)
{
	OVERLAPPED far_off = {.Offset = 0, .OffsetHigh = 0x70000000};
	DWORD flags = LOCKFILE_FAIL_IMMEDIATELY;

	if ((how & 2) != 0)
		flags |= LOCKFILE_EXCLUSIVE_LOCK;
	return LockFileEx((HANDLE)_get_osfhandle(fd), flags, 0, 1, 0, &far_off)
		   ? 0
		   : -1;
}

int
fnmatch(const char *pattern, const char *name, int flags)
{
	(void)flags;
	return PathMatchSpecA(name, pattern) ? 0 : 1;
}

/* As FileMove of MQL5. */
int
windows_rename(const char *from, const char *to)
{
	return MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING) ? 0 : -1;
}

/* As FileOpen of MQL5: others may not delete or replace what is open. */
int
windows_open(const char *path, int flags, int mode)
{
	return _open(path, flags | _O_BINARY, mode & (_S_IREAD | _S_IWRITE));
}

static void (*ending)(int);

/* What ends a program with a window from outside is its window's closing. */
static LRESULT CALLBACK
on_message(HWND window, UINT message, WPARAM w, LPARAM l)
{
	if (message != WM_CLOSE)
		return DefWindowProcA(window, message, w, l);
	ending(SIGTERM);
	return 0;
}

static DWORD WINAPI
show_window(void *arg)
{
	WNDCLASSA class = {.lpfnWndProc = on_message,
	    .hInstance = GetModuleHandleA(NULL),
	    .lpszClassName = "simulated terminal"};
	MSG message;

	(void)arg;
	RegisterClassA(&class);
	CreateWindowA(class.lpszClassName, "terminal", WS_OVERLAPPED, 0, 0, 1,
	    1, NULL, NULL, class.hInstance, NULL);
	while (GetMessageA(&message, NULL, 0, 0) > 0)
		DispatchMessageA(&message);
	return 0;
}

int
windows_on_signal(int number, void (**handler)(int))
{
	if (ending == NULL) {
		ending = *handler;
		CloseHandle(CreateThread(NULL, 0, show_window, NULL, 0, NULL));
	}
	return signal(number, *handler) == SIG_ERR ? -1 : 0;
}
