/* redis.h: a real Redis of the test's own, on a Unix socket in a new folder. */
#ifndef TESTS_UNIT_REDIS_H
#define TESTS_UNIT_REDIS_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct redis {
	char dir[32];
	char socket[64];
	char url[80];
	pid_t pid;
};

static inline int
redis_answers(const struct redis *r)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), rc;

	strcpy(a.sun_path, r->socket);
	rc = connect(fd, (struct sockaddr *)(void *)&a, sizeof(a));
	close(fd);
	return rc == 0;
}

/* On the same socket again after redis_stop(); 0 when it answers. */
static inline int
redis_start(struct redis *r)
{
	const struct timespec pause = {0, 5000000};

	if ((r->pid = fork()) == 0) {
		if (freopen("/dev/null", "w", stdout) == NULL)
			_exit(126);
		execlp("redis-server", "redis-server", "--port", "0",
		    "--unixsocket", r->socket, "--save", "", "--dir", r->dir,
		    (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 2000; i++) {
		if (redis_answers(r))
			return 0;
		nanosleep(&pause, NULL);
	}
	return -1;
}

static inline int
redis_new(struct redis *r)
{
	strcpy(r->dir, "/tmp/redis-test-XXXXXX");
	if (mkdtemp(r->dir) == NULL)
		return -1;
	snprintf(r->socket, sizeof(r->socket), "%s/s", r->dir);
	snprintf(r->url, sizeof(r->url), "unix:%s", r->socket);
	return redis_start(r);
}

static inline void
redis_stop(struct redis *r)
{
	if (r->pid <= 0)
		return;
	kill(r->pid, SIGKILL);
	waitpid(r->pid, NULL, 0);
	r->pid = 0;
}

static inline void
redis_done(struct redis *r)
{
	redis_stop(r);
	unlink(r->socket);
	rmdir(r->dir);
}

#endif
