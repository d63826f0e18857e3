/*
 * port_windows.h: what POSIX has and Windows does not.
 *
 * agent/windows/windows.mk puts it before every file of agent.exe, so that
 * none of them has to know. Paths, arguments and the environment are UTF-8
 * here as on POSIX. A file that is made with mode 0600 gets an access list
 * that names its owner, Administrators and SYSTEM, and inherits nothing.
 */
#ifndef AGENT_WINDOWS_PORT_WINDOWS_H
#define AGENT_WINDOWS_PORT_WINDOWS_H

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define O_CLOEXEC _O_NOINHERIT
#define O_NONBLOCK 0 /* no FIFO lies in a folder there */

/* its own narrows a double first, or seems to */
#undef isfinite
#define isfinite(x) __builtin_isfinite(x)

/* For the caller to free. */
wchar_t *port_wide(const char *utf8);
char *port_utf8(const wchar_t *wide);

/* Puts what GetLastError says into errno; -1. */
int port_failed(void);

int port_open(const char *path, int flags, ...);
int port_rename(const char *from, const char *to);
int port_unlink(const char *path);
int port_mkdir(const char *path, int mode);
char *port_getenv(const char *name);

#define open(...) port_open(__VA_ARGS__)
#define rename(from, to) port_rename(from, to)
#define unlink(path) port_unlink(path)
#define mkdir(path, mode) port_mkdir(path, mode)
#define getenv(name) port_getenv(name)
#define fsync(fd) _commit(fd)
#define write(fd, data, len) _write(fd, data, (unsigned)(len))

void *memmem(const void *s, size_t n, const void *what, size_t len);
void *memrchr(const void *s, int c, size_t n);
void *reallocarray(void *p, size_t n, size_t size);
char *strndup(const char *s, size_t n);
char *strsep(char **rest, const char *separators);
struct tm *gmtime_r(const time_t *t, struct tm *tm);

#endif
