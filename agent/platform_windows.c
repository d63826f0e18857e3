/* platform_windows.c: files, folders, waiting and sockets on Windows. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/platform.h"
#include "lib/base/mem.h"

#define EPOCH_100NS 116444736000000000 /* 1601 to 1970 */
#define BUSY_TRIES 10
#define BUSY_MS 5
#define LAST_WORDS_MS 4000 /* Windows itself waits 5 s */

const char platform_path_separator = ';';

struct platform {
	bool open;
};

/* The handler's thread may look at them when all else is gone. */
static volatile LONG stopped;
static HANDLE ended;

/* Runs in a thread of its own. When the window is closed or the user logs
 * off, Windows ends the process as soon as this returns. */
static BOOL WINAPI
stop(DWORD event)
{
	InterlockedExchange(&stopped, 1);
	if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
		WaitForSingleObject(ended, LAST_WORDS_MS);
	return TRUE;
}

struct platform *
platform_open(void)
{
	struct platform *p = mem_new(1, sizeof(*p));

	p->open = true;
	ended = CreateEventW(NULL, TRUE, FALSE, NULL);
	SetConsoleCtrlHandler(stop, TRUE);
	return p;
}

void
platform_close(struct platform *p)
{
	if (p == NULL)
		return;
	SetEvent(ended);
	free(p);
}

bool
platform_stopped(const struct platform *p)
{
	(void)p;
	return InterlockedCompareExchange(&stopped, 0, 0) != 0;
}

/* microhttpd waits for its sockets by itself here, and no file can wake it:
 * a look at each folder every 50 ms costs less than a thread that would. */
int
platform_watch(struct platform *p, const char *dir)
{
	(void)p;
	(void)dir;
	return -1;
}

void
platform_unwatch(struct platform *p, int watch)
{
	(void)p;
	(void)watch;
}

void
platform_wait(struct platform *p, int fd, int timeout_ms)
{
	(void)p;
	(void)fd;
	Sleep((DWORD)timeout_ms);
}

int
platform_changed(struct platform *p)
{
	(void)p;
	return -1;
}

static int64_t
pair(DWORD high, DWORD low)
{
	return (int64_t)((uint64_t)high << 32 | low);
}

/* The number of a file is known only once it is open; 0 stands for it. */
static void
stamp_from(struct stamp *stamp, FILETIME written, DWORD high, DWORD low)
{
	int64_t at = pair(written.dwHighDateTime, written.dwLowDateTime);

	stamp->mtime_ns = (at - EPOCH_100NS) * 100;
	stamp->size = pair(high, low);
	stamp->inode = 0;
}

int
platform_stamp(const char *path, struct stamp *stamp)
{
	WIN32_FILE_ATTRIBUTE_DATA d;
	wchar_t *wide = port_wide(path);
	BOOL ok = GetFileAttributesExW(wide, GetFileExInfoStandard, &d);

	free(wide);
	if (!ok)
		return port_failed();
	stamp_from(stamp, d.ftLastWriteTime, d.nFileSizeHigh, d.nFileSizeLow);
	return 0;
}

static enum platform_read
read_all(HANDLE file, struct buf *b)
{
	char part[65536];
	DWORD n;

	for (;;) {
		if (!ReadFile(file, part, sizeof(part), &n, NULL))
			return READ_ERROR;
		if (n == 0)
			return READ_OK;
		if (buf_add(b, part, n) == -1)
			return READ_OVERSIZED;
	}
}

static enum platform_read
read_plain(HANDLE file, struct buf *b, struct stamp *stamp)
{
	const DWORD never =
	    FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
	BY_HANDLE_FILE_INFORMATION info;

	if (GetFileType(file) != FILE_TYPE_DISK ||
	    !GetFileInformationByHandle(file, &info) ||
	    (info.dwFileAttributes & never) != 0)
		return READ_FOREIGN;
	stamp_from(
	    stamp, info.ftLastWriteTime, info.nFileSizeHigh, info.nFileSizeLow);
	if (stamp->size > (int64_t)b->cap)
		return READ_OVERSIZED;
	return read_all(file, b);
}

static bool
is_busy(DWORD error)
{
	return error == ERROR_SHARING_VIOLATION ||
	       error == ERROR_ACCESS_DENIED || error == ERROR_LOCK_VIOLATION;
}

static HANDLE
open_shared(const char *path)
{
	wchar_t *wide = port_wide(path);
	HANDLE file = CreateFileW(wide, GENERIC_READ,
	    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
	    OPEN_EXISTING,
	    FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_SEQUENTIAL_SCAN, NULL);

	free(wide);
	return file;
}

/* A file that another has for itself for a moment counts as not there, with
 * a stamp like no other, so that the next look reads it. */
enum platform_read
platform_read(const char *path, struct buf *b, struct stamp *stamp)
{
	enum platform_read result;
	HANDLE file;

	if (platform_stamp(path, stamp) == -1)
		return READ_MISSING;
	file = open_shared(path);
	if (file != INVALID_HANDLE_VALUE) {
		result = read_plain(file, b, stamp);
		CloseHandle(file);
		return result;
	}
	if (GetLastError() == ERROR_SHARING_VIOLATION) {
		stamp->mtime_ns = stamp->size = -1;
		return READ_MISSING;
	}
	return GetLastError() == ERROR_FILE_NOT_FOUND ? READ_MISSING
						      : READ_ERROR;
}

/* The bridge, or a virus scanner, lets go of a file within milliseconds. */
static int
move(const wchar_t *from, const wchar_t *to)
{
	for (int i = 0; i < BUSY_TRIES; i++) {
		if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING))
			return 0;
		if (!is_busy(GetLastError()))
			break;
		Sleep(BUSY_MS);
	}
	return port_failed();
}

static int
write_file(const wchar_t *path, const void *data, size_t len)
{
	HANDLE file;
	DWORD n = 0;
	BOOL ok;

	file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW,
	    FILE_ATTRIBUTE_NORMAL, NULL);
	if (file == INVALID_HANDLE_VALUE)
		return port_failed();
	ok = WriteFile(file, data, (DWORD)len, &n, NULL) && n == len;
	if (!ok)
		port_failed();
	CloseHandle(file);
	return ok ? 0 : -1;
}

int
platform_publish(const char *path, const void *data, size_t len)
{
	char *name = mem_printf("%s.tmp", path);
	wchar_t *tmp = port_wide(name), *to = port_wide(path);
	int rc;

	DeleteFileW(tmp); /* a link itself, not what it points to */
	if ((rc = write_file(tmp, data, len)) == 0)
		rc = move(tmp, to);
	if (rc == -1)
		DeleteFileW(tmp);
	free(to);
	free(tmp);
	free(name);
	return rc;
}

int
platform_remove(const char *path)
{
	wchar_t *wide = port_wide(path);
	int rc = -1;

	for (int i = 0; i < BUSY_TRIES && rc == -1; i++) {
		if (i > 0)
			Sleep(BUSY_MS);
		if (DeleteFileW(wide))
			rc = 0;
		else if (!is_busy(GetLastError()))
			break;
	}
	if (rc == -1)
		port_failed();
	free(wide);
	return rc;
}

static void
name_it(
    const wchar_t *wide, void (*found)(void *arg, const char *name), void *arg)
{
	char *name = port_utf8(wide);

	if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
		found(arg, name);
	free(name);
}

int
platform_list(
    const char *dir, void (*found)(void *arg, const char *name), void *arg)
{
	char *pattern = mem_printf("%s/*", dir);
	wchar_t *wide = port_wide(pattern);
	WIN32_FIND_DATAW entry;
	HANDLE find = FindFirstFileW(wide, &entry);

	free(wide);
	free(pattern);
	if (find == INVALID_HANDLE_VALUE)
		return port_failed();
	do
		name_it(entry.cFileName, found, arg);
	while (FindNextFileW(find, &entry));
	FindClose(find);
	return 0;
}

char *
platform_common(void)
{
	const char *roaming = getenv("APPDATA");

	if (roaming == NULL)
		return NULL;
	return mem_printf("%s\\MetaQuotes\\Terminal\\Common\\Files", roaming);
}

void
platform_hostname(char *name, size_t size)
{
	wchar_t wide[256];
	DWORD len = sizeof(wide) / sizeof(wide[0]);
	char *utf8;

	if (!GetComputerNameExW(ComputerNameDnsHostname, wide, &len))
		wcscpy(wide, L"agent");
	utf8 = port_utf8(wide);
	snprintf(name, size, "%s", utf8);
	free(utf8);
}

bool
platform_hung_up(int fd)
{
	WSAPOLLFD p = {(SOCKET)fd, POLLRDNORM, 0};
	char byte;

	if (WSAPoll(&p, 1, 0) != 1)
		return false;
	if ((p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		return true;
	return (p.revents & POLLRDNORM) != 0 &&
	       recv((SOCKET)fd, &byte, 1, MSG_PEEK) == 0;
}

void
platform_shutdown(int fd)
{
	shutdown((SOCKET)fd, SD_BOTH);
}

void
platform_sockets(void)
{
	WSADATA data;

	WSAStartup(MAKEWORD(2, 2), &data);
}

void
platform_socket_timeout(int fd, int timeout_ms)
{
	DWORD ms = (DWORD)timeout_ms;

	setsockopt(
	    (SOCKET)fd, SOL_SOCKET, SO_RCVTIMEO, (const char *)&ms, sizeof(ms));
	setsockopt(
	    (SOCKET)fd, SOL_SOCKET, SO_SNDTIMEO, (const char *)&ms, sizeof(ms));
}

int
platform_connect(int fd, const void *address, size_t len)
{
	return connect((SOCKET)fd, address, (int)len);
}

void
platform_hang_up(int fd)
{
	closesocket((SOCKET)fd);
}

/* In the group of administrators, and not with its rights taken away. */
bool
platform_is_privileged(void)
{
	SID_IDENTIFIER_AUTHORITY nt = {SECURITY_NT_AUTHORITY};
	BOOL is = FALSE;
	PSID group;

	if (!AllocateAndInitializeSid(&nt, 2, SECURITY_BUILTIN_DOMAIN_RID,
		DOMAIN_ALIAS_RID_ADMINS, 0, 0, 0, 0, 0, 0, &group))
		return false;
	if (!CheckTokenMembership(NULL, group, &is))
		is = FALSE;
	FreeSid(group);
	return is;
}

const char *
platform_settings(void)
{
	static char path[512];
	const char *data = getenv("ProgramData");

	snprintf(path, sizeof(path), "%s\\mt5fleet\\agent.env",
	    data != NULL ? data : "C:\\ProgramData");
	return path;
}

/* As strerror gives it, in the machine's language. */
const char *
platform_error(void)
{
	static char text[256];
	wchar_t wide[128];
	DWORD error = GetLastError();
	char *utf8;

	if (FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM |
			       FORMAT_MESSAGE_IGNORE_INSERTS |
			       FORMAT_MESSAGE_MAX_WIDTH_MASK,
		NULL, error, 0, wide, sizeof(wide) / sizeof(wide[0]),
		NULL) == 0)
		return strerror(errno);
	utf8 = port_utf8(wide);
	snprintf(text, sizeof(text), "%s(%lu)", utf8, error);
	free(utf8);
	return text;
}
