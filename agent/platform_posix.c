/* platform_posix.c: files, folders, waiting and sockets on Linux. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "agent/platform.h"
#include "lib/base/mem.h"

#define WATCH_EVENTS (IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE)

const char platform_path_separator = ':';

struct platform {
	int inotify; /* -1: none, the caller looks by itself */
	sigset_t unblocked;
	/* what inotify said and nobody has asked for yet */
	_Alignas(struct inotify_event) char events[4096];
	size_t len, at;
};

static volatile sig_atomic_t stopped;

static void
stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static void
noted(int sig)
{
	(void)sig;
}

static void
take_signals(sigset_t *unblocked)
{
	struct sigaction sa;
	sigset_t blocked;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = stop;
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = noted; /* a child's end wakes the loop */
	sigaction(SIGCHLD, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, unblocked);
	sigdelset(unblocked, SIGTERM);
	sigdelset(unblocked, SIGINT);
	sigdelset(unblocked, SIGCHLD);
}

struct platform *
platform_open(void)
{
	struct platform *p = mem_new(1, sizeof(*p));

	take_signals(&p->unblocked);
	p->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return p;
}

void
platform_close(struct platform *p)
{
	if (p == NULL)
		return;
	if (p->inotify != -1)
		close(p->inotify);
	free(p);
}

bool
platform_stopped(const struct platform *p)
{
	(void)p;
	return stopped != 0;
}

int
platform_watch(struct platform *p, const char *dir)
{
	if (p->inotify == -1)
		return -1;
	return inotify_add_watch(
	    p->inotify, dir, WATCH_EVENTS | IN_ONLYDIR | IN_EXCL_UNLINK);
}

void
platform_unwatch(struct platform *p, int watch)
{
	if (watch != -1)
		inotify_rm_watch(p->inotify, watch);
}

void
platform_wait(struct platform *p, int fd, int timeout_ms)
{
	struct pollfd fds[2] = {{fd, POLLIN, 0}, {p->inotify, POLLIN, 0}};
	struct timespec timeout = {
	    timeout_ms / 1000, (long)(timeout_ms % 1000) * 1000000};

	ppoll(fds, 2, &timeout, &p->unblocked);
}

/* A file that is being written is not worth a look yet. */
static bool
is_worth_a_look(const struct inotify_event *event, const char *name)
{
	const char *dot;

	if ((event->mask & IN_CREATE) != 0 && (event->mask & IN_ISDIR) == 0)
		return false;
	return event->len == 0 || (dot = strrchr(name, '.')) == NULL ||
	       strcmp(dot, ".tmp") != 0;
}

static bool
fill_events(struct platform *p)
{
	ssize_t n;

	if (p->inotify == -1)
		return false;
	if ((n = read(p->inotify, p->events, sizeof(p->events))) <= 0)
		return false;
	p->len = (size_t)n;
	p->at = 0;
	return true;
}

int
platform_changed(struct platform *p)
{
	struct inotify_event event;
	const char *name;

	while (p->at < p->len || fill_events(p)) {
		memcpy(&event, p->events + p->at, sizeof(event));
		name = p->events + p->at + sizeof(event);
		p->at += sizeof(event) + event.len;
		if (is_worth_a_look(&event, name))
			return event.wd;
	}
	return -1;
}

static void
stamp_from(struct stamp *stamp, const struct stat *st)
{
	stamp->mtime_ns =
	    (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
	stamp->size = st->st_size;
	stamp->inode = st->st_ino;
}

int
platform_stamp(const char *path, struct stamp *stamp)
{
	struct stat st;

	if (lstat(path, &st) == -1)
		return -1;
	stamp_from(stamp, &st);
	return 0;
}

static enum platform_read
read_all(int fd, struct buf *b)
{
	char part[65536];
	ssize_t n;

	for (;;) {
		n = read(fd, part, sizeof(part));
		if (n == 0)
			return READ_OK;
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return READ_ERROR;
		if (buf_add(b, part, (size_t)n) == -1)
			return READ_OVERSIZED;
	}
}

static bool
is_trusted(const char *path, const struct stat *st)
{
	char *dir = mem_strndup(path, (size_t)(strrchr(path, '/') - path));
	struct stat owner;
	bool ok;

	ok = S_ISREG(st->st_mode) &&
	     (st->st_uid == geteuid() ||
		 (stat(dir, &owner) == 0 && owner.st_uid == st->st_uid));
	free(dir);
	return ok;
}

/* O_NONBLOCK: a FIFO in its place does not hang us. */
enum platform_read
platform_read(const char *path, struct buf *b, struct stamp *stamp)
{
	enum platform_read result = READ_ERROR;
	struct stat st;
	int fd;

	if (platform_stamp(path, stamp) == -1)
		return READ_MISSING;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd == -1)
		return errno == ENOENT  ? READ_MISSING
		       : errno == ELOOP ? READ_FOREIGN
					: READ_ERROR;
	if (fstat(fd, &st) == 0) {
		stamp_from(stamp, &st);
		if (!is_trusted(path, &st))
			result = READ_FOREIGN;
		else if (st.st_size > (off_t)b->cap)
			result = READ_OVERSIZED;
		else
			result = read_all(fd, b);
	}
	close(fd);
	return result;
}

/* No fsync: what lies in the mailbox is worth nothing after a crash. */
int
platform_publish(const char *path, const void *data, size_t len)
{
	char *tmp = mem_printf("%s.tmp", path);
	struct stat st;
	int fd, rc = -1;

	/* left behind by a crash, or a hard link to a file that is not ours */
	if (lstat(tmp, &st) == 0 && S_ISREG(st.st_mode))
		unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		goto out;
	rc = write(fd, data, len) == (ssize_t)len ? 0 : -1;
	if (close(fd) == -1)
		rc = -1;
	if (rc == 0)
		rc = rename(tmp, path);
	if (rc == -1)
		unlink(tmp);
out:
	free(tmp);
	return rc;
}

int
platform_remove(const char *path)
{
	return unlink(path);
}

int
platform_list(
    const char *dir, void (*found)(void *arg, const char *name), void *arg)
{
	struct dirent *e;
	DIR *d;

	if ((d = opendir(dir)) == NULL)
		return -1;
	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			found(arg, e->d_name);
	closedir(d);
	return 0;
}

/* Wine may be anywhere. */
char *
platform_common(void)
{
	return NULL;
}

void
platform_hostname(char *name, size_t size)
{
	if (gethostname(name, size) == -1)
		strncpy(name, "agent", size);
	name[size - 1] = '\0';
}

bool
platform_hung_up(int fd)
{
	struct pollfd p = {fd, POLLRDHUP, 0};

	return poll(&p, 1, 0) == 1 &&
	       (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void
platform_shutdown(int fd)
{
	shutdown(fd, SHUT_RDWR);
}

void
platform_sockets(void)
{
}

/* connect() keeps to the time to send, too. */
void
platform_socket_timeout(int fd, int timeout_ms)
{
	struct timeval t = {timeout_ms / 1000, timeout_ms % 1000 * 1000};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
}

int
platform_connect(int fd, const void *address, size_t len)
{
	return connect(fd, address, (socklen_t)len);
}

void
platform_hang_up(int fd)
{
	close(fd);
}

bool
platform_is_privileged(void)
{
	return geteuid() == 0;
}

const char *
platform_settings(void)
{
	return "/etc/mt5fleet/agent.env";
}

const char *
platform_error(void)
{
	return strerror(errno);
}
