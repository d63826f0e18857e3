/* main.c: live: what changes, to every browser that listens. docs/live.md */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/redis/cache_url.h"
#include "lib/base/log.h"
#include "lib/base/version.h"
#include "lib/program/program.h"
#include "live/callers.h"
#include "live/gateway.h"
#include "live/live.h"
#include "live/reader.h"
#include "live/server.h"
#include "live/stream.h"
#include "live/watch.h"

#define HEARTBEAT_US (LIVE_HEARTBEAT_S * LWS_US_PER_SEC)

struct gateway {
	struct live live;
	struct cache_address redis;
	struct watch *signals;
	int signal_fd;
	bool late; /* the time for close frames is over */
	lws_sorted_usec_list_t heartbeat, callers, deadline;
};

static const char usage[] =
    "usage: live [-nvVh] [-c file]\n"
    "The WebSocket gateway: passes the Redis stream `live` on.\n"
    "  -c file  settings (default: MT5FLEET_CONFIG)\n"
    "  -n       check the settings, and end\n"
    "  -v       verbose\n"
    "  -V       print the version\n";

static int
configure(struct gateway *g, const struct program *p)
{
	struct config *c = &g->live.config;
	const char *bad;
	char *error = NULL;

	if (program_configure(p, c) == -1)
		return -1;
	if ((bad = server_bad_address(c)) != NULL) {
		log_error("%s: \"%s\"", bad, c->live_socket);
		return -1;
	}
	if (cache_address_from(&g->redis, c, &error) == -1) {
		log_error("%s", error);
		free(error);
		return -1;
	}
	return 0;
}

static void
on_deadline(lws_sorted_usec_list_t *deadline)
{
	lws_container_of(deadline, struct gateway, deadline)->late = true;
}

static void
on_heartbeat(lws_sorted_usec_list_t *heartbeat)
{
	struct gateway *g =
	    lws_container_of(heartbeat, struct gateway, heartbeat);

	hub_heartbeat(&g->live.hub);
	lws_sul_schedule(
	    g->live.context, 0, &g->heartbeat, on_heartbeat, HEARTBEAT_US);
}

static void
on_callers(lws_sorted_usec_list_t *callers)
{
	struct gateway *g = lws_container_of(callers, struct gateway, callers);
	int64_t began_mono_ms;

	callers_turn(g->live.callers, &g->live.hub,
	    reader_facts(g->live.reader, &began_mono_ms));
	lws_sul_schedule(g->live.context, 0, &g->callers, on_callers,
	    CALLERS_EVERY_MS * LWS_US_PER_MS);
}

static void
on_signal(void *arg, enum watch_event event)
{
	struct gateway *g = arg;
	struct signalfd_siginfo info;

	if (event != WATCH_READ ||
	    read(g->signal_fd, &info, sizeof(info)) != sizeof(info) ||
	    g->live.stopping != 0)
		return;
	g->live.stopping = (int)info.ssi_signo;
	log_info("signal %d: closing %zu clients; they reconnect",
	    g->live.stopping, g->live.hub.len);
	hub_stop(&g->live.hub);
	lws_sul_schedule(g->live.context, 0, &g->deadline, on_deadline,
	    LIVE_STOP_MS * LWS_US_PER_MS);
}

/* Signals are read like anything else: they arrive only where the loop waits.
 */
static int
watch_signals(struct gateway *g)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	g->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	g->signals = watch_new(g->live.vhost, g->signal_fd, on_signal, g);
	return g->signals != NULL ? 0 : -1;
}

static void
loop(struct gateway *g)
{
	struct live *live = &g->live;

	while (live->stopping == 0 || (live->hub.len > 0 && !g->late))
		if (lws_service(live->context, 0) < 0)
			break;
}

static int
run(struct gateway *g)
{
	struct live *live = &g->live;
	int rc = 1;

	ring_init(&live->ring, LIVE_RING_ENTRIES, LIVE_RING_BYTES, LWS_PRE);
	if (server_open(live) == -1 || watch_signals(g) == -1)
		goto out;
	if ((live->reader = reader_new(config_ledger(&live->config))) == NULL ||
	    (live->callers = callers_new(&live->config)) == NULL)
		goto out;
	live->stream =
	    stream_new(&(struct stream_parts){.context = live->context,
		.vhost = live->vhost,
		.redis = &g->redis,
		.ring = &live->ring,
		.reader = live->reader,
		.events = &gateway_events,
		.arg = live});
	lws_sul_schedule(
	    live->context, 0, &g->heartbeat, on_heartbeat, HEARTBEAT_US);
	on_callers(&g->callers);
	log_info("listening: version=%s", MT5FLEET_VERSION);
	loop(g);
	rc = 0;
out:
	lws_sul_cancel(&live->pace);
	stream_free(live->stream);
	reader_free(live->reader);
	callers_free(live->callers);
	watch_free(g->signals);
	server_close(live);
	ring_done(&live->ring);
	return rc;
}

int
main(int argc, char *argv[])
{
	struct program p = {.name = "live",
	    .title = "live",
	    .usage = usage,
	    .file = true,
	    .bad_option = 2};
	struct gateway g = {.signal_fd = -1};
	int rc;

	if (!program_begin(&p, NULL, argc, argv, &rc))
		return rc;
	rc = 2;
	if (configure(&g, &p) == 0)
		rc = p.check ? 0 : run(&g);
	cache_address_done(&g.redis);
	config_done(&g.live.config);
	return rc;
}
