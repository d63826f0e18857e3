/*
 * fleet.c: thousands of agents in one process, for measuring collect.
 *
 *   fleet --nodes N --out nodes.json [--rate CHANGES/S] [--positions P]
 *         [--delay MS] [--hung PERMILLE]
 *
 * Agent i is 127.1.a.b on one port; which one is meant is seen by the address
 * that was called. The answers are those of docs/agent-api.md. A hung agent
 * takes the question and says nothing. Prints "listening on PORT", and at
 * SIGTERM how many questions it had.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

#define NODES_MAX 60000
#define QUESTION_MAX 4096
#define FDS_MAX 70000
#define TICK_MS 20
#define ANSWER_MAX (4 << 20)

struct visitor {
	char question[QUESTION_MAX];
	size_t len;
	int node;
	bool waits; /* for due_mono_ms, or for a change */
	int64_t due_mono_ms;
	int64_t known; /* the rev it has; -1: none */
};

struct fleet {
	int nodes, positions, delay_ms, hung;
	double rate;
	const char *out;
	int listener, epoll, port;
	int64_t started_mono_ms, questions;
	struct visitor *visitors[FDS_MAX];
	int fds; /* one more than the highest */
	struct buf answer;
};

static volatile sig_atomic_t stop;

static void
on_signal(int signo)
{
	stop = signo;
}

/* Changes come at that rate, each node at its own moments. */
static int64_t
rev_of(const struct fleet *f, int node, int64_t now)
{
	double s = (double)(now - f->started_mono_ms) / 1000.0;

	return (int64_t)(s * f->rate + (double)(node % 97) / 97.0) + 1;
}

static void
put_position(struct buf *b, int node, int i)
{
	buf_printf(b,
	    "{\"ticket\":\"%d\",\"time\":1782154438,"
	    "\"time_msc\":1782154438909,\"time_update\":1782154438,"
	    "\"time_update_msc\":1782154438909,\"type\":%d,\"magic\":\"0\","
	    "\"identifier\":\"%d\",\"reason\":0,\"volume\":0.1,"
	    "\"price_open\":1.0871,\"sl\":0,\"tp\":0,"
	    "\"price_current\":1.0874,\"swap\":-0.12,\"profit\":3.1,"
	    "\"symbol\":\"EURUSD\",\"comment\":\"\",\"external_id\":\"\"}",
	    900000 + node * 100 + i, i % 2, 900000 + node * 100 + i);
}

static void
put_account(struct buf *b, int node, double profit)
{
	buf_printf(b,
	    "\"account\":{\"login\":\"%d\",\"trade_mode\":2,"
	    "\"leverage\":100,\"limit_orders\":200,\"margin_so_mode\":0,"
	    "\"trade_allowed\":true,\"trade_expert\":true,\"margin_mode\":2,"
	    "\"currency_digits\":2,\"fifo_close\":false,\"balance\":10000.5,"
	    "\"credit\":0,\"profit\":%.2f,\"equity\":%.2f,\"margin\":120.5,"
	    "\"margin_free\":9880,\"margin_level\":8299.17,"
	    "\"margin_so_call\":100,\"margin_so_so\":50,"
	    "\"margin_initial\":0,\"margin_maintenance\":0,\"assets\":0,"
	    "\"liabilities\":0,\"commission_blocked\":0,"
	    "\"name\":\"Account %d\",\"server\":\"Bench-Live\","
	    "\"currency\":\"USD\",\"company\":\"Bench Broker Ltd\"},",
	    5000000 + node, profit, 10000.5 + profit, node);
}

static void
put_terminal(struct buf *b)
{
	buf_puts(b,
	    "\"terminal\":{\"community_account\":false,"
	    "\"community_connection\":false,\"connected\":true,"
	    "\"dlls_allowed\":false,\"trade_allowed\":true,"
	    "\"tradeapi_disabled\":null,\"email_enabled\":false,"
	    "\"ftp_enabled\":false,\"notifications_enabled\":false,"
	    "\"mqid\":false,\"build\":5200,\"maxbars\":100000,"
	    "\"codepage\":1252,\"ping_last\":31234,"
	    "\"community_balance\":0,\"retransmission\":0.01,"
	    "\"company\":\"Bench Broker Ltd\",\"name\":\"MetaTrader 5\","
	    "\"language\":\"English\",\"path\":\"C:\\\\MT5\","
	    "\"data_path\":\"C:\\\\MT5\",\"commondata_path\":\"C:\\\\C\"},");
}

static void
put_whole(struct buf *b, const struct fleet *f, int node, int64_t rev)
{
	double profit = (double)((rev * 37 + node) % 4000) / 10.0 - 200.0;

	buf_printf(b,
	    "{\"rev\":\"bench-%" PRId64 "\",\"now_utc\":\"x\",\"agent\":"
	    "{\"name\":\"n%05d\",\"version\":\"1.0.0\","
	    "\"started_utc\":\"2026-11-21T09:56:00.123Z\"},\"terminals\":[{"
	    "\"terminal_id\":\"%016x\",\"age_ms\":40,\"bridge\":\"ok\","
	    "\"process\":null,\"snapshot\":{\"v\":1,\"kind\":\"snapshot\","
	    "\"terminal_id\":\"%016x\",\"seq\":812,\"rev\":%" PRId64
	    ",\"gmt_msc\":1782154438909,\"trade_server_msc\":1782165238000,"
	    "\"broker_offset_s\":10800,\"clock_moving\":true,",
	    rev, node, node, node, rev);
	put_account(b, node, profit);
	put_terminal(b);
	buf_puts(b, "\"positions\":[");
	for (int i = 0; i < f->positions; i++) {
		if (i > 0)
			buf_putc(b, ',');
		put_position(b, node, i);
	}
	buf_printf(b,
	    "],\"orders\":[],\"equity\":{\"low\":%.2f,\"high\":%.2f,"
	    "\"since_msc\":1782165237000,\"day\":\"2026-06-22\","
	    "\"day_low\":9700.5,\"day_high\":10300.5,"
	    "\"day_since_msc\":1782154438909},\"history\":{\"deals\":140,"
	    "\"complete\":true,\"last_ticket\":\"77\","
	    "\"last_msc\":1782154438909}}}]}",
	    10000.5 + profit, 10000.5 + profit);
}

static void
put_body(
    struct buf *b, const struct fleet *f, const struct visitor *v, int64_t now)
{
	int64_t rev = rev_of(f, v->node, now);

	if (rev == v->known)
		buf_printf(b,
		    "{\"rev\":\"bench-%" PRId64 "\",\"unchanged\":true,"
		    "\"terminals\":[{\"terminal_id\":\"%016x\","
		    "\"age_ms\":310}]}",
		    rev, v->node);
	else
		put_whole(b, f, v->node, rev);
}

static void
bye(struct fleet *f, int fd)
{
	free(f->visitors[fd]);
	f->visitors[fd] = NULL;
	close(fd);
}

static void
reply(struct fleet *f, int fd, int64_t now)
{
	struct visitor *v = f->visitors[fd];
	struct buf body;
	ssize_t n;

	buf_init(&body, ANSWER_MAX);
	put_body(&body, f, v, now);
	buf_reset(&f->answer);
	buf_printf(&f->answer,
	    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    body.len);
	buf_add(&f->answer, body.data, body.len);
	buf_done(&body);
	v->waits = false;
	v->len = 0;
	n = send(fd, f->answer.data, f->answer.len, MSG_NOSIGNAL);
	/* more than a socket takes at once is not what is measured here */
	if (n != (ssize_t)f->answer.len)
		bye(f, fd);
}

static int64_t
number_behind(const char *text, const char *name, int64_t otherwise)
{
	const char *at = strstr(text, name);

	return at != NULL ? strtoll(at + strlen(name), NULL, 10) : otherwise;
}

static void
consider(struct fleet *f, int fd, int64_t now)
{
	struct visitor *v = f->visitors[fd];
	int64_t wait_s;

	f->questions++;
	v->known = number_behind(v->question, "after=bench-", -1);
	wait_s = number_behind(v->question, "wait=", 0);
	v->waits = true;
	v->due_mono_ms = now + f->delay_ms;
	if (v->node % 1000 < f->hung)
		v->due_mono_ms = INT64_MAX;
	else if (rev_of(f, v->node, now) == v->known)
		v->due_mono_ms = now + wait_s * 1000;
	if (v->due_mono_ms <= now)
		reply(f, fd, now);
}

static void
hear(struct fleet *f, int fd, int64_t now)
{
	struct visitor *v = f->visitors[fd];
	ssize_t n;

	n = recv(fd, v->question + v->len, sizeof(v->question) - 1 - v->len, 0);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		bye(f, fd);
		return;
	}
	v->len += (size_t)n;
	v->question[v->len] = '\0';
	if (strstr(v->question, "\r\n\r\n") != NULL)
		consider(f, fd, now);
}

static void
welcome(struct fleet *f)
{
	struct sockaddr_in at = {0};
	socklen_t len = sizeof(at);
	struct epoll_event ev = {.events = EPOLLIN};
	uint32_t ip;
	int fd;

	fd = accept4(f->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd == -1)
		return;
	if (getsockname(fd, (struct sockaddr *)&at, &len) == -1)
		at.sin_addr.s_addr = 0; /* refused below */
	ip = ntohl(at.sin_addr.s_addr);
	if (fd >= FDS_MAX || ip >> 24 != 127) {
		close(fd);
		return;
	}
	f->visitors[fd] = mem_new(1, sizeof(struct visitor));
	f->visitors[fd]->node = (int)(ip & 0xffff) - 1;
	if (fd >= f->fds)
		f->fds = fd + 1;
	ev.data.fd = fd;
	epoll_ctl(f->epoll, EPOLL_CTL_ADD, fd, &ev);
}

static void
answer_waiting(struct fleet *f, int64_t now)
{
	for (int fd = 0; fd < f->fds; fd++) {
		const struct visitor *v = f->visitors[fd];

		if (v == NULL || !v->waits || v->due_mono_ms == INT64_MAX)
			continue;
		if (v->due_mono_ms <= now ||
		    (v->known >= 0 && rev_of(f, v->node, now) != v->known))
			reply(f, fd, now);
	}
}

static int
serve(struct fleet *f)
{
	struct epoll_event events[256];
	int64_t ticked = 0, now;
	int n;

	while (!stop) {
		n = epoll_wait(f->epoll, events, 256, TICK_MS);
		now = clock_mono_ms();
		for (int i = 0; i < n; i++)
			if (events[i].data.fd == f->listener)
				welcome(f);
			else if (f->visitors[events[i].data.fd] != NULL)
				hear(f, events[i].data.fd, now);
		if (now - ticked >= TICK_MS) {
			ticked = now;
			answer_waiting(f, now);
		}
	}
	printf("questions: %" PRId64 "\n", f->questions);
	return 0;
}

static int
write_nodes(const struct fleet *f)
{
	struct buf b;
	int rc;

	buf_init(&b, (size_t)64 << 20);
	buf_puts(&b, "[");
	for (int i = 0; i < f->nodes; i++)
		buf_printf(&b,
		    "%s\n{\"id\":\"n%05d\",\"url\":\"http://127.1.%d.%d:%d\"}",
		    i > 0 ? "," : "", i, (i + 1) >> 8, (i + 1) & 255, f->port);
	buf_puts(&b, "\n]\n");
	rc = file_write(f->out, b.data, b.len, 0600);
	buf_done(&b);
	return rc;
}

static int
listen_somewhere(struct fleet *f)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	struct epoll_event ev = {.events = EPOLLIN};
	socklen_t len = sizeof(at);

	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	f->listener =
	    socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (bind(f->listener, (struct sockaddr *)&at, sizeof(at)) == -1 ||
	    listen(f->listener, 4096) == -1)
		return -1;
	getsockname(f->listener, (struct sockaddr *)&at, &len);
	f->port = ntohs(at.sin_port);
	ev.data.fd = f->listener;
	return epoll_ctl(f->epoll, EPOLL_CTL_ADD, f->listener, &ev);
}

static int
read_options(struct fleet *f, int argc, char *argv[])
{
	static const struct option names[] = {{"nodes", 1, NULL, 'n'},
	    {"out", 1, NULL, 'o'}, {"rate", 1, NULL, 'r'},
	    {"positions", 1, NULL, 'p'}, {"delay", 1, NULL, 'd'},
	    {"hung", 1, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int c, rc = 0;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (c) {
		case 'n':
			rc |= num_int(optarg, 1, NODES_MAX, &f->nodes);
			break;
		case 'o':
			f->out = optarg;
			break;
		case 'r':
			rc |= num_double(optarg, &f->rate);
			break;
		case 'p':
			rc |= num_int(optarg, 0, 90, &f->positions);
			break;
		case 'd':
			rc |= num_int(optarg, 0, 60000, &f->delay_ms);
			break;
		case 'h':
			rc |= num_int(optarg, 0, 1000, &f->hung);
			break;
		default:
			return -1;
		}
	return f->out != NULL && f->nodes > 0 ? rc : -1;
}

int
main(int argc, char *argv[])
{
	static struct fleet f;
	struct sigaction sa = {.sa_handler = on_signal};
	struct rlimit r;

	if (read_options(&f, argc, argv) == -1) {
		fputs("fleet: --nodes N --out FILE [--rate R] [--positions P]"
		      " [--delay MS] [--hung PERMILLE]\n",
		    stderr);
		return 2;
	}
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	f.started_mono_ms = clock_mono_ms();
	buf_init(&f.answer, ANSWER_MAX);
	if (listen_somewhere(&f) == -1 || write_nodes(&f) == -1) {
		perror("fleet");
		return 1;
	}
	printf("listening on %d\n", f.port);
	fflush(stdout);
	return serve(&f);
}
