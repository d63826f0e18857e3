/*
 * bad_server.h: an HTTP server on loopback that misbehaves as the path says,
 * and says what it saw in the answer. A thread each connection.
 */
#ifndef TESTS_UNIT_BAD_SERVER_H
#define TESTS_UNIT_BAD_SERVER_H

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener, port;
static atomic_int connections;           /* since the start */
static atomic_int at_once, most_at_once; /* of /slow, under way */
static atomic_int stopping;

static void
say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) == -1)
		return;
}

static void
flood(int fd, const char *head, bool chunked)
{
	static char piece[65536];
	int left = 1024; /* 64 MiB */

	say(fd, head);
	for (; left > 0; left--) {
		if (chunked)
			say(fd, "10000\r\n");
		if (send(fd, piece, sizeof(piece), MSG_NOSIGNAL) == -1)
			return;
		if (chunked)
			say(fd, "\r\n");
	}
}

static void
drip(int fd)
{
	say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
	while (send(fd, "x", 1, MSG_NOSIGNAL) == 1 && !stopping)
		usleep(100000);
}

static void
echo(int fd, const char *question)
{
	char head[128];

	snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", strlen(question));
	say(fd, head);
	say(fd, question);
}

static bool
asks_for(const char *question, const char *path)
{
	const char *space = strchr(question, ' ');

	return space != NULL && strncmp(space + 1, path, strlen(path)) == 0;
}

static void
slow(int fd, const char *question)
{
	int now = atomic_fetch_add(&at_once, 1) + 1;
	int most = atomic_load(&most_at_once);

	while (now > most &&
	       !atomic_compare_exchange_weak(&most_at_once, &most, now))
		;
	usleep(200000);
	atomic_fetch_sub(&at_once, 1);
	echo(fd, question);
}

/* False: the connection ends. */
static bool
answer(int fd, const char *q)
{
	if (asks_for(q, "/echo"))
		echo(fd, q);
	else if (asks_for(q, "/once")) {
		/* says nothing of it, but closes: a re-used one is dead then */
		echo(fd, q);
		return false;
	} else if (asks_for(q, "/slow"))
		slow(fd, q);
	else if (asks_for(q, "/401"))
		say(fd, "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
	else if (asks_for(q, "/302"))
		say(fd, "HTTP/1.1 302 Go\r\nLocation: /echo\r\n"
			"Content-Length: 0\r\n\r\n");
	else if (asks_for(q, "/big"))
		flood(fd, "HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n",
		    false);
	else if (asks_for(q, "/chunks"))
		flood(fd,
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		    true);
	else if (asks_for(q, "/drip"))
		drip(fd);
	else if (asks_for(q, "/cut"))
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
	else if (asks_for(q, "/hang"))
		while (!stopping)
			usleep(10000);
	else if (asks_for(q, "/garbage"))
		say(fd, "\001\002 this is no HTTP\r\n\r\n");
	return asks_for(q, "/echo") || asks_for(q, "/slow") ||
	       asks_for(q, "/401") || asks_for(q, "/302");
}

static void *
serve(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char q[8192];
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, q + len, sizeof(q) - 1 - len, 0)) > 0) {
		len += (size_t)n;
		q[len] = '\0';
		if (strstr(q, "\r\n\r\n") == NULL)
			continue;
		len = 0;
		if (!answer(fd, q))
			break;
	}
	close(fd);
	return NULL;
}

static void *
accept_all(void *arg)
{
	pthread_attr_t attr;
	pthread_t t;
	int fd;

	(void)arg;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	while ((fd = accept(listener, NULL, NULL)) != -1) {
		atomic_fetch_add(&connections, 1);
		pthread_create(&t, &attr, serve, (void *)(intptr_t)fd);
	}
	return NULL;
}

static int
start_server(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof(at);
	pthread_t t;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) == -1 ||
	    listen(listener, 512) == -1)
		return -1;
	getsockname(listener, (struct sockaddr *)&at, &len);
	port = ntohs(at.sin_port);
	return pthread_create(&t, NULL, accept_all, NULL) == 0 ? 0 : -1;
}

static int
stop_server(void **state)
{
	(void)state;
	atomic_store(&stopping, 1);
	shutdown(listener, SHUT_RDWR);
	return 0;
}

#endif
