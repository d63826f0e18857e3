/*
 * wsload.c: thousands of WebSocket clients in one process.
 *
 *   wsload SOCKET|PORT CLIENTS SECONDS [stamp]
 *
 * Connects them all to the Unix socket or the port of this machine, prints
 * "ready", counts the messages that hold "t":<ms since 1970> for SECONDS, and
 * prints one line of JSON. With `stamp`, those whose "name" is "t=<us of
 * CLOCK_MONOTONIC>", as a simulated terminal with --stamp writes it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BUCKETS 600000 /* of 0.1 ms */
#define BUFFER 65536
#define EVENTS 512

static const char handshake[] =
    "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

struct conn {
	int fd;
	size_t len; /* of what is kept from the last read */
	char *kept;
};

static unsigned long buckets[BUCKETS], messages, cut_off;
static clockid_t clock_id = CLOCK_REALTIME;
static const char *marker = "\"t\":";
static double per_ms = 1; /* of what stands behind the marker */

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(clock_id, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
fail(const char *what)
{
	fprintf(stderr, "wsload: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Blocks until the server has said 101 and all of its head is read. */
static void
open_conn(struct conn *c, const struct sockaddr *address, socklen_t size)
{
	char head[1024];
	size_t len = 0;
	ssize_t n;

	c->fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd == -1 || connect(c->fd, address, size) == -1)
		fail("connect");
	if (write(c->fd, handshake, sizeof(handshake) - 1) == -1)
		fail("write");
	while (len < 4 || memcmp(head + len - 4, "\r\n\r\n", 4) != 0) {
		if (len == sizeof(head) || (n = read(c->fd, head + len, 1)) < 1)
			fail("handshake");
		len += (size_t)n;
	}
	if (memcmp(head, "HTTP/1.1 101", 12) != 0)
		fail("refused");
}

static void
count(const char *text, size_t len, double now)
{
	const char *t = memmem(text, len, marker, strlen(marker));
	double late;

	if (t == NULL)
		return;
	late = (now - strtod(t + strlen(marker), NULL) / per_ms) * 10;
	buckets[late < 0 ? 0 : late < BUCKETS ? (size_t)late : BUCKETS - 1]++;
	messages++;
}

/* Bytes of whole frames at the front of data. */
static size_t
take_frames(const char *data, size_t len, double now)
{
	const unsigned char *at = (const unsigned char *)data;
	size_t used = 0, head, size;

	while (len - used >= 4) {
		head = 2;
		size = at[used + 1] & 127u;
		if (size == 126) {
			head = 4;
			size = (size_t)at[used + 2] << 8 | at[used + 3];
		} else if (size == 127)
			fail("a frame of 64 KB and more");
		if (len - used < head + size)
			break;
		count(data + used + head, size, now);
		used += head + size;
	}
	return used;
}

static void
read_conn(struct conn *c)
{
	static char data[2 * BUFFER];
	size_t used, len = c->len;
	ssize_t n;

	memcpy(data, c->kept, len);
	n = read(c->fd, data + len, BUFFER);
	if (n <= 0) {
		if (n == 0 || errno != EAGAIN) {
			close(c->fd);
			cut_off++;
		}
		return;
	}
	len += (size_t)n;
	used = take_frames(data, len, now_ms());
	free(c->kept);
	c->len = len - used;
	c->kept = malloc(c->len + 1);
	memcpy(c->kept, data + used, c->len);
}

static double
percentile(double p)
{
	unsigned long want = (unsigned long)((double)messages * p), sum = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		if ((sum += buckets[i]) > want)
			return (double)i / 10;
	return 0;
}

static void
listen_for(int poll, double seconds)
{
	struct epoll_event events[EVENTS];
	double end = now_ms() + seconds * 1000;
	int n;

	while (now_ms() < end) {
		n = epoll_wait(poll, events, EVENTS, 100);
		for (int i = 0; i < n; i++)
			read_conn(events[i].data.ptr);
	}
}

int
main(int argc, char *argv[])
{
	struct sockaddr_un file = {.sun_family = AF_UNIX};
	struct sockaddr_in port = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct sockaddr *address = (const struct sockaddr *)&file;
	socklen_t size = sizeof(file);
	int clients = argc >= 4 ? atoi(argv[2]) : 0;
	int poll = epoll_create1(EPOLL_CLOEXEC);
	struct conn *conns = calloc((size_t)clients + 1, sizeof(*conns));
	struct rlimit limit;

	if (clients <= 0 || conns == NULL) {
		fputs("usage: wsload SOCKET|PORT CLIENTS SECONDS [stamp]\n",
		    stderr);
		free(conns);
		return 2;
	}
	if (argc == 5 && strcmp(argv[4], "stamp") == 0) {
		clock_id = CLOCK_MONOTONIC;
		marker = "\"name\":\"t=";
		per_ms = 1000;
	}
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	snprintf(file.sun_path, sizeof(file.sun_path), "%s", argv[1]);
	if (strspn(argv[1], "0123456789") == strlen(argv[1])) {
		port.sin_port = htons((uint16_t)atoi(argv[1]));
		address = (const struct sockaddr *)&port;
		size = sizeof(port);
	}
	for (int i = 0; i < clients; i++) {
		struct epoll_event e = {EPOLLIN, {.ptr = &conns[i]}};

		open_conn(&conns[i], address, size);
		conns[i].kept = malloc(1);
		epoll_ctl(poll, EPOLL_CTL_ADD, conns[i].fd, &e);
	}
	printf("ready\n");
	fflush(stdout);
	listen_for(poll, atof(argv[3]));
	printf("{\"messages\":%lu,\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f,"
	       "\"cut_off\":%lu}\n",
	    messages, percentile(0.5), percentile(0.99), percentile(0.99999),
	    cut_off);
	return 0;
}
