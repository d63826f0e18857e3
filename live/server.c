/* server.c: lws' context, and the Unix socket or loopback port. */
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "live/gateway.h"
#include "live/live.h"
#include "live/server.h"
#include "live/watch.h"

#define HANDSHAKES 1024 /* connections that are no clients yet */
#define HANDSHAKE_S 10
#define PING_S 20 /* of silence; and as long again, then it is hung up on */

static const struct lws_protocols *const protocols[] = {
    &gateway_protocol, &watch_protocol, NULL};

static const lws_retry_bo_t idle = {
    .secs_since_valid_ping = PING_S,
    .secs_since_valid_hangup = 2 * PING_S,
};

const char *
server_bad_address(const struct config *config)
{
	struct sockaddr_un address;

	if (config->live_port == 0 &&
	    strlen(config->live_socket) >= sizeof(address.sun_path))
		return "LIVE_SOCKET: too long for a Unix socket";
	return NULL;
}

/* lws would take the socket away from under another gateway. */
static bool
is_taken(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool taken;

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	taken = fd != -1 &&
		connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	if (fd != -1)
		close(fd);
	return taken;
}

static void
log_of_lws(int level, const char *line)
{
	int len = (int)strcspn(line, "\n");

	if (level == LLL_ERR)
		log_warnx("lws: %.*s", len, line);
	else
		log_debug("lws: %.*s", len, line);
}

static void
raise_limit(void)
{
	const rlim_t wanted = LIVE_CLIENTS + HANDSHAKES;
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == -1)
		return;
	r.rlim_cur = r.rlim_max < wanted ? r.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < wanted)
		log_warnx("only %ju descriptors: at most so many clients",
		    (uintmax_t)r.rlim_cur);
}

static void
listen_where(struct lws_context_creation_info *info, const struct config *c)
{
	if (c->live_port != 0) {
		info->port = c->live_port;
		info->iface = "127.0.0.1";
	} else {
		info->options |= LWS_SERVER_OPTION_UNIX_SOCK;
		info->iface = c->live_socket;
	}
}

int
server_open(struct live *live)
{
	const struct config *c = &live->config;
	struct lws_context_creation_info info = {
	    .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
		       LWS_SERVER_OPTION_VALIDATE_UTF8 |
		       LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
	    .pprotocols = (const struct lws_protocols **)protocols,
	    .server_string = "mt5fleet",
	    .retry_and_idle_policy = &idle,
	    .timeout_secs = HANDSHAKE_S,
	    .max_http_header_data = 8192,
	    .user = live,
	    .gid = -1,
	    .uid = -1,
	};

	lws_set_log_level(LLL_ERR | LLL_WARN, log_of_lws);
	raise_limit();
	if (c->live_port == 0 && is_taken(c->live_socket)) {
		log_error("another gateway listens: \"%s\"", c->live_socket);
		return -1;
	}
	listen_where(&info, c);
	if ((live->context = lws_create_context(&info)) == NULL ||
	    (live->vhost = lws_create_vhost(live->context, &info)) == NULL) {
		log_error("cannot listen: %s \"%s\" %d", strerror(errno),
		    info.iface, info.port);
		return -1;
	}
	return 0;
}

void
server_close(struct live *live)
{
	if (live->context != NULL)
		lws_context_destroy(live->context);
	live->context = NULL;
}
