/*
 * platform.h: what each operating system does its own way.
 *
 * The rest of agent/ is plain C and microhttpd; another system is another
 * file behind this header. Paths are UTF-8.
 */
#ifndef AGENT_PLATFORM_H
#define AGENT_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

struct platform;

/* Catches the signals that stop the program; NULL with errno set. */
struct platform *platform_open(void);
void platform_close(struct platform *p);

/* A signal to stop arrived. */
bool platform_stopped(const struct platform *p);

/* Watches a folder; a watch number, or -1 where there is none to be had. */
int platform_watch(struct platform *p, const char *dir);
void platform_unwatch(struct platform *p, int watch);

/* Sleeps until a watched folder changes, fd can be read, a signal or
 * timeout_ms; the signals arrive only here. */
void platform_wait(struct platform *p, int fd, int timeout_ms);

/* The watch of the next folder that changed, -1: none. */
int platform_changed(struct platform *p);

/* Tells two versions of a file apart without reading it. */
struct stamp {
	int64_t mtime_ns; /* since 1970 */
	int64_t size;
	uint64_t inode;
};

/* 0, or -1 with errno set. */
int platform_stamp(const char *path, struct stamp *stamp);

enum platform_read {
	READ_OK,
	READ_MISSING,
	READ_OVERSIZED,
	READ_FOREIGN, /* no regular file, or another user's */
	READ_ERROR
};

/* Adds a regular file to b, up to its cap; a concurrent write or rename is not
 * blocked. It has to belong to its folder's owner or to us. */
enum platform_read platform_read(
    const char *path, struct buf *b, struct stamp *stamp);

/* Bytes read from that offset on, 0: none or no such file. */
size_t platform_read_at(const char *path, int64_t at, void *data, size_t size);

/*
 * Written as path.tmp, then renamed; only its owner reads it. A regular file of
 * that name is replaced, never written to; anything else makes it fail.
 */
int platform_publish(const char *path, const void *data, size_t len);
int platform_remove(const char *path);

/* Calls found for each name in dir that is not . or ..; -1: not there. */
int platform_list(
    const char *dir, void (*found)(void *arg, const char *name), void *arg);

/*
 * The process that runs this program file, whoever started it; 0: none.
 * last is where it was found before, or the one that platform_start started,
 * which may need a while to become that program.
 */
int64_t platform_find_process(const char *program, int64_t last);

/* Starts it detached, in its own folder: it outlives us. Its pid, or -1. */
int64_t platform_start(const char *program, const char *const *args);

/* Asks it to exit, or kills it. */
void platform_end_process(int64_t pid, bool force);

/*
 * A guard: a process of its own that removes a file as soon as this program
 * has ended, however that came, and after timeout_ms in any case. It has to
 * be another process, for nothing of ours runs after a SIGKILL or a crash.
 * (Windows would remove a file that was opened for that with its last handle,
 * but then the terminal could open it only if it shares it for deletion.) It
 * knows of our end by what every end does: on POSIX the one writer of its
 * pipe is gone, on Windows the handle of our process that it was given is
 * signalled. One at a time. 0, or -1: there is none.
 */
int platform_guard(const char *path, int timeout_ms);

/* Ends it without removing anything: it cannot come late and take a file of
 * the same name that was made since. */
void platform_unguard(void);

enum platform_exit { EXIT_UNKNOWN, EXIT_NORMAL, EXIT_CRASH };

/* How the one that platform_start started has ended; unknown where another
 * program is its parent. Asked once. */
enum platform_exit platform_exit(int64_t pid);

/* The terminal's own name for a file: with Wine it is that of a drive. */
char *platform_terminal_path(const char *program, const char *path);

/* An absolute path. */
bool platform_is_whole(const char *path);

/* The path without links and dots, for the caller to free; or a copy. */
char *platform_real_path(const char *path);

/* Where this user's terminals have their Common/Files, for the caller to free;
 * NULL: it has to be configured. */
char *platform_common(void);

/* Separates several folders in one text. */
extern const char platform_path_separator;

/* The host name, truncated to size. */
void platform_hostname(char *name, size_t size);

/* The other end of the socket is gone. */
bool platform_hung_up(int fd);

/* Ends a connection that MHD owns; MHD sees it as closed by the client. */
void platform_shutdown(int fd);

#define PLATFORM_ADDRESS_SIZE 128

/* A socket address from "127.0.0.1" or "::1"; false where it is none. */
bool platform_address(const char *host, int port, bool *loopback, bool *ipv6,
    unsigned char address[PLATFORM_ADDRESS_SIZE]);

/* The number part of a struct sockaddr, as text. */
void platform_address_text(const void *address, char *text, size_t size);

/*
 * A TCP connection; a read or write that takes longer than timeout_ms fails.
 * peer: the number of the other end. -1: *why says so. platform_hang_up ends
 * it.
 */
#define PLATFORM_PEER_SIZE 64
int platform_dial(const char *host, int port, int timeout_ms,
    char peer[PLATFORM_PEER_SIZE], const char **why);
void platform_hang_up(int fd);
int platform_connect(int fd, const void *address, size_t len);
void platform_socket_timeout(int fd, int timeout_ms);
/* Before the first of them. */
void platform_sockets(void);

/* Runs it, waits, and gives its exit code; -1: it did not run. It has our
 * output. */
int platform_run(const char *program, const char *const *args);

/* May do everything here: root; an administrator. */
bool platform_is_privileged(void);

/* What puts the agent in place on this system, from files of that folder. */
int platform_install(const char *const *words);

/* Where it then keeps its settings. */
const char *platform_settings(void);

/* The message of the last call that failed. */
const char *platform_error(void);

#endif
