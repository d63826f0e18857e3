/*
 * fault.c: preloaded, it counts what may fail in one place, and makes one of
 * them fail. FAULT says which: "io:N" the N-th write, sync, new file, rename
 * or connection, "sql:N" the N-th step of a statement, "memory:N" the N-th
 * allocation. Into FAULT_COUNT goes how many there were. Standard output and
 * the log are left alone.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SQLITE_IOERR 10

/* the C library's own names begin with "__"
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
enum kind { NONE, IO, SQL, MEMORY };

static enum kind wanted;
static long fails_at, counted;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static void __attribute__((constructor)) begin(void)
{
	const char *fault = getenv("FAULT"), *colon;

	if (fault == NULL || (colon = strchr(fault, ':')) == NULL)
		return;
	fails_at = strtol(colon + 1, NULL, 10);
	wanted = *fault == 'i' ? IO : *fault == 's' ? SQL : MEMORY;
}

static void __attribute__((destructor)) end(void)
{
	const char *path = getenv("FAULT_COUNT");
	char text[32];
	ssize_t n;
	int fd;

	wanted = NONE;
	if (path == NULL)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	n = snprintf(text, sizeof(text), "%ld\n", counted);
	if (fd == -1 || write(fd, text, (size_t)n) != n)
		_exit(99);
	close(fd);
}

/* The one place: is this the one? */
static bool
fails(enum kind kind, int error)
{
	if (kind != wanted || ++counted != fails_at)
		return false;
	errno = error;
	return true;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t
write(int fd, const void *data, size_t len)
{
	return fd > 2 && fails(IO, ENOSPC) ? -1 : REAL(write)(fd, data, len);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	return fails(IO, ENOSPC) ? -1 : REAL(pwrite64)(fd, data, len, at);
}

int
fsync(int fd)
{
	return fails(IO, EIO) ? -1 : REAL(fsync)(fd);
}

int
fdatasync(int fd)
{
	return fails(IO, EIO) ? -1 : REAL(fdatasync)(fd);
}

int
ftruncate64(int fd, off64_t len)
{
	return fails(IO, EIO) ? -1 : REAL(ftruncate64)(fd, len);
}

int
rename(const char *from, const char *to)
{
	return fails(IO, EACCES) ? -1 : REAL(rename)(from, to);
}

int
connect(int fd, const struct sockaddr *address, socklen_t len)
{
	return fails(IO, ECONNREFUSED) ? -1 : REAL(connect)(fd, address, len);
}

/* Of files that are made: what is not there for reading is another test's. */
int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if ((flags & O_CREAT) != 0 && fails(IO, EMFILE))
		return -1;
	return REAL(open)(path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if ((flags & O_CREAT) != 0 && fails(IO, EMFILE))
		return -1;
	return REAL(open64)(path, flags, mode);
}

int sqlite3_step(void *statement);
int sqlite3_exec(void *db, const char *sql,
    int (*row)(void *, int, char **, char **), void *arg, char **error);

/* SQLite's own use of it, which learns of a failure in another way. */
static bool
is_within(const void *caller)
{
	Dl_info info;

	return dladdr(caller, &info) != 0 &&
	       strstr(info.dli_fname, "libsqlite3") != NULL;
}

int
sqlite3_step(void *statement)
{
	if (!is_within(__builtin_return_address(0)) && fails(SQL, EIO))
		return SQLITE_IOERR;
	return REAL(sqlite3_step)(statement);
}

int
sqlite3_exec(void *db, const char *sql,
    int (*row)(void *, int, char **, char **), void *arg, char **error)
{
	if (!is_within(__builtin_return_address(0)) && fails(SQL, EIO))
		return SQLITE_IOERR;
	return REAL(sqlite3_exec)(db, sql, row, arg, error);
}

void *
malloc(size_t size)
{
	return fails(MEMORY, ENOMEM) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails(MEMORY, ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
	return fails(MEMORY, ENOMEM) ? NULL : __libc_realloc(p, size);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
