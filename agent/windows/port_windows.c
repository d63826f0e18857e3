/* port_windows.c: files, folders and the environment as POSIX has them. */
#include <windows.h>

#include <aclapi.h>
#include <sddl.h>
#include <stdarg.h>
#include <stdint.h>

#include "lib/base/mem.h"

wchar_t *
port_wide(const char *utf8)
{
	int n = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
	wchar_t *wide = mem_new((size_t)n + 1, sizeof(*wide));

	MultiByteToWideChar(CP_UTF8, 0, utf8, -1, wide, n);
	return wide;
}

char *
port_utf8(const wchar_t *wide)
{
	int n = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
	char *utf8 = mem_new((size_t)n + 1, 1);

	WideCharToMultiByte(CP_UTF8, 0, wide, -1, utf8, n, NULL, NULL);
	return utf8;
}

int
port_failed(void)
{
	static const struct {
		DWORD error;
		int number;
	} known[] = {
	    {ERROR_FILE_NOT_FOUND, ENOENT},
	    {ERROR_PATH_NOT_FOUND, ENOENT},
	    {ERROR_INVALID_NAME, ENOENT},
	    {ERROR_ACCESS_DENIED, EACCES},
	    {ERROR_SHARING_VIOLATION, EACCES},
	    {ERROR_LOCK_VIOLATION, EACCES},
	    {ERROR_FILE_EXISTS, EEXIST},
	    {ERROR_ALREADY_EXISTS, EEXIST},
	    {ERROR_DISK_FULL, ENOSPC},
	    {ERROR_DIRECTORY, ENOTDIR},
	    {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
	};
	DWORD error = GetLastError();

	errno = EIO;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].error == error)
			errno = known[i].number;
	return -1;
}

/* Of this process's user, as text for LocalFree; NULL: not to be had. */
static wchar_t *
own_sid(void)
{
	_Alignas(TOKEN_USER) char user[sizeof(TOKEN_USER) + 128];
	wchar_t *sid = NULL;
	HANDLE token;
	DWORD len;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
		return NULL;
	if (!GetTokenInformation(token, TokenUser, user, sizeof(user), &len) ||
	    !ConvertSidToStringSidW(((TOKEN_USER *)user)->User.Sid, &sid))
		sid = NULL;
	CloseHandle(token);
	return sid;
}

/* Full access for us, Administrators and SYSTEM, nothing inherited. For
 * LocalFree; NULL with errno set. */
static SECURITY_DESCRIPTOR *
own_access(void)
{
	SECURITY_DESCRIPTOR *sd = NULL;
	wchar_t text[256], *sid = own_sid();

	if (sid == NULL) {
		port_failed();
		return NULL;
	}
	_snwprintf(text, sizeof(text) / sizeof(text[0]),
	    L"D:P(A;OICI;FA;;;%ls)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", sid);
	LocalFree(sid);
	if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
		text, SDDL_REVISION_1, (PSECURITY_DESCRIPTOR *)&sd, NULL))
		port_failed();
	return sd;
}

/* A new file that nobody else reads, not for a moment. */
static int
open_own(const wchar_t *path, int flags)
{
	SECURITY_ATTRIBUTES sa = {sizeof(sa), NULL, FALSE};
	DWORD how = (flags & O_EXCL) != 0    ? CREATE_NEW
		    : (flags & O_TRUNC) != 0 ? CREATE_ALWAYS
					     : OPEN_ALWAYS;
	HANDLE file;
	int fd;

	if ((sa.lpSecurityDescriptor = own_access()) == NULL)
		return -1;
	file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ,
	    &sa, how, FILE_ATTRIBUTE_NORMAL, NULL);
	LocalFree(sa.lpSecurityDescriptor);
	if (file == INVALID_HANDLE_VALUE)
		return port_failed();
	fd = _open_osfhandle((intptr_t)file, flags | _O_BINARY);
	if (fd == -1)
		CloseHandle(file);
	return fd;
}

int
port_open(const char *path, int flags, ...)
{
	wchar_t *wide = port_wide(path);
	int fd, mode = 0;
	va_list ap;

	if ((flags & O_CREAT) != 0) {
		va_start(ap, flags);
		mode = va_arg(ap, int);
		va_end(ap);
	}
	if ((flags & O_CREAT) != 0 && (mode & 077) == 0)
		fd = open_own(wide, flags);
	else
		fd = _wopen(
		    wide, flags | _O_BINARY, mode & (_S_IREAD | _S_IWRITE));
	free(wide);
	return fd;
}

int
port_rename(const char *from, const char *to)
{
	wchar_t *a = port_wide(from), *b = port_wide(to);
	int rc = 0;

	if (!MoveFileExW(
		a, b, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
		rc = port_failed();
	free(a);
	free(b);
	return rc;
}

int
port_unlink(const char *path)
{
	wchar_t *wide = port_wide(path);
	int rc = DeleteFileW(wide) ? 0 : port_failed();

	free(wide);
	return rc;
}

int
port_mkdir(const char *path, int mode)
{
	SECURITY_ATTRIBUTES sa = {sizeof(sa), NULL, FALSE};
	wchar_t *wide = port_wide(path);
	int rc = -1;

	if ((mode & 077) != 0)
		rc = CreateDirectoryW(wide, NULL) ? 0 : port_failed();
	else if ((sa.lpSecurityDescriptor = own_access()) != NULL)
		rc = CreateDirectoryW(wide, &sa) ? 0 : port_failed();
	if (sa.lpSecurityDescriptor != NULL)
		LocalFree(sa.lpSecurityDescriptor);
	free(wide);
	return rc;
}

/* The environment as it was at the start, "NAME=value" each. */
static char **
environment(void)
{
	static char **list;
	wchar_t *block, *at;
	size_t len = 0;

	if (list != NULL)
		return list;
	list = mem_new(1, sizeof(*list));
	if ((block = GetEnvironmentStringsW()) == NULL)
		return list;
	for (at = block; *at != L'\0'; at += wcslen(at) + 1) {
		list = mem_grow(list, len + 2, sizeof(*list));
		list[len++] = port_utf8(at);
		list[len] = NULL;
	}
	FreeEnvironmentStringsW(block);
	return list;
}

char *
port_getenv(const char *name)
{
	size_t len = strlen(name);

	for (char **v = environment(); *v != NULL; v++)
		if (_strnicmp(*v, name, len) == 0 && (*v)[len] == '=')
			return *v + len + 1;
	return NULL;
}
