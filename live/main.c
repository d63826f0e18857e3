/* main.c: live: what changes, to every browser that listens. docs/live.md */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/cache_url.h"
#include "lib/log.h"
#include "lib/version.h"
#include "live/live.h"
#include "live/server.h"
#include "live/stream.h"
#include "live/watch.h"

#define HEARTBEAT_US (LIVE_HEARTBEAT_S * LWS_US_PER_SEC)

struct program {
	struct live live;
	struct cache_address redis;
	struct watch *signals;
	int signal_fd;
	bool late; /* the time for close frames is over */
	lws_sorted_usec_list_t heartbeat, deadline;
};

static void
usage(FILE *out)
{
	fputs("usage: live [-nvVh] [-c file]\n"
	      "The WebSocket gateway: passes the Redis stream `live` on.\n"
	      "  -c file  settings (default: MT5FLEET_CONFIG)\n"
	      "  -n       check the settings, and end\n"
	      "  -v       say more\n"
	      "  -V       say the version, and end\n",
	    out);
}

static int
load(struct program *p, const char *file)
{
	struct config *c = &p->live.config;
	const char *bad;
	char *error = NULL;

	if (config_load(c, file) == -1) {
		fputs(c->error, stderr);
		return -1;
	}
	if ((bad = server_bad_address(c)) != NULL) {
		fprintf(stderr, "%s: \"%s\"\n", bad, c->live_socket);
		return -1;
	}
	if (cache_address_from(&p->redis, c, &error) == -1) {
		fprintf(stderr, "%s\n", error);
		free(error);
		return -1;
	}
	return 0;
}

static void
on_deadline(lws_sorted_usec_list_t *deadline)
{
	lws_container_of(deadline, struct program, deadline)->late = true;
}

static void
on_heartbeat(lws_sorted_usec_list_t *heartbeat)
{
	struct program *p =
	    lws_container_of(heartbeat, struct program, heartbeat);

	hub_heartbeat(&p->live);
	lws_sul_schedule(
	    p->live.context, 0, &p->heartbeat, on_heartbeat, HEARTBEAT_US);
}

static void
on_signal(void *arg, enum watch_event event)
{
	struct program *p = arg;
	struct signalfd_siginfo info;

	if (event != WATCH_READ ||
	    read(p->signal_fd, &info, sizeof(info)) != sizeof(info) ||
	    p->live.stopping != 0)
		return;
	p->live.stopping = (int)info.ssi_signo;
	log_info("signal %d: %zu clients are told to come again",
	    p->live.stopping, p->live.hub.len);
	hub_stop(&p->live);
	lws_sul_schedule(p->live.context, 0, &p->deadline, on_deadline,
	    LIVE_STOP_MS * LWS_US_PER_MS);
}

/* Signals are read like anything else: they arrive only where the loop waits.
 */
static int
watch_signals(struct program *p)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	p->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	p->signals = watch_new(p->live.vhost, p->signal_fd, on_signal, p);
	return p->signals != NULL ? 0 : -1;
}

static void
loop(struct program *p)
{
	struct live *live = &p->live;

	while (live->stopping == 0 || (live->hub.len > 0 && !p->late))
		if (lws_service(live->context, 0) < 0)
			break;
}

static int
run(struct program *p)
{
	struct live *live = &p->live;
	int rc = 1;

	ring_init(&live->ring, LIVE_RING_ENTRIES, LIVE_RING_BYTES, LWS_PRE);
	if (server_open(live) == -1 || watch_signals(p) == -1)
		goto out;
	live->stream = stream_new(live, &p->redis);
	lws_sul_schedule(
	    live->context, 0, &p->heartbeat, on_heartbeat, HEARTBEAT_US);
	log_info("listening: version=%s", MT5FLEET_VERSION);
	loop(p);
	rc = 0;
out:
	stream_free(live->stream);
	watch_free(p->signals);
	server_close(live);
	ring_done(&live->ring);
	return rc;
}

int
main(int argc, char *argv[])
{
	struct program p = {.signal_fd = -1};
	const char *file = NULL;
	bool check = false, verbose = false;
	int ch, rc = 2;

	while ((ch = getopt(argc, argv, "c:nvVh")) != -1)
		switch (ch) {
		case 'c':
			file = optarg;
			break;
		case 'n':
			check = true;
			break;
		case 'v':
			verbose = true;
			break;
		case 'V':
			printf("live %s\n", MT5FLEET_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	if (load(&p, file) == 0) {
		log_init("live",
		    verbose ? LOG_LEVEL_DEBUG : p.live.config.log_level);
		rc = check ? 0 : run(&p);
	}
	cache_address_done(&p.redis);
	config_done(&p.live.config);
	return rc;
}
