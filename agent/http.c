/* http.c: the HTTP server. What knows libmicrohttpd is here, in http_link.c
 * (a connection) and in http_exchange.c (a request). */
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/http.h"
#include "agent/http_exchange.h"
#include "agent/http_link.h"
#include "agent/platform.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define CONNECTIONS_MAX 256
#define CONNECTIONS_PER_ADDRESS 64
#define CROWD (CONNECTIONS_MAX * 3 / 4)
#define HEADERS_MAX 16384 /* bytes, with all else MHD keeps for a request */
#define SWEEP_MS 1000
#define CHAIN_MAX 8  /* certificates */
#define LAST_TURNS 4 /* a parked one needs some to take its answer */

/* What a client is shown. Connections may still use one that was replaced: all
 * of them live as long as the server. */
struct shown {
	struct shown *before;
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned len;
	gnutls_privkey_t key;
};

struct http {
	struct MHD_Daemon *daemon;
	struct shown *shown; /* NULL: no TLS */
	struct link *links;
	struct exchanges exchanges;
	int64_t sweep_mono_ms;
};

static void
shown_free(struct shown *s)
{
	for (unsigned i = 0; i < s->len; i++)
		gnutls_pcert_deinit(&s->chain[i]);
	if (s->key != NULL)
		gnutls_privkey_deinit(s->key);
	free(s);
}

static void __attribute__((format(printf, 2, 0)))
on_log(void *cls, const char *fmt, va_list ap)
{
	char line[512];

	(void)cls;
	vsnprintf(line, sizeof(line), fmt, ap);
	line[strcspn(line, "\n")] = '\0';
	log_debug("http: %s", line);
}

/* GnuTLS gives its function nothing to know a server by: there is one. */
static struct shown *now_shown;

static int
show(gnutls_session_t session, const gnutls_datum_t *names, int names_len,
    const gnutls_pk_algorithm_t *kinds, int kinds_len, gnutls_pcert_st **cert,
    unsigned *cert_len, gnutls_privkey_t *key)
{
	(void)session, (void)names, (void)names_len, (void)kinds;
	(void)kinds_len;
	*cert = now_shown->chain;
	*cert_len = now_shown->len;
	*key = now_shown->key;
	return 0;
}

const char *
http_set_identity(struct http *h, const char *cert, const char *key)
{
	const gnutls_datum_t cert_text = {
	    (unsigned char *)(uintptr_t)cert, (unsigned)strlen(cert)};
	const gnutls_datum_t key_text = {
	    (unsigned char *)(uintptr_t)key, (unsigned)strlen(key)};
	struct shown *s = mem_new(1, sizeof(*s));
	unsigned len = CHAIN_MAX;
	int rc;

	if ((rc = gnutls_pcert_list_import_x509_raw(
		 s->chain, &len, &cert_text, GNUTLS_X509_FMT_PEM, 0)) >= 0)
		s->len = len;
	if (rc < 0 || (rc = gnutls_privkey_init(&s->key)) < 0 ||
	    (rc = gnutls_privkey_import_x509_raw(
		 s->key, &key_text, GNUTLS_X509_FMT_PEM, NULL, 0)) < 0) {
		shown_free(s);
		return gnutls_strerror(rc);
	}
	s->before = h->shown;
	now_shown = h->shown = s;
	return NULL;
}

static struct MHD_Daemon *
start(struct http *h, const struct http_options *o, unsigned flags,
    const void *address)
{
	static const char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:"
					 "+VERS-TLS1.2";
	struct MHD_OptionItem tls[] = {
	    {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)show},
	    {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)priorities},
	    {MHD_OPTION_END, 0, NULL}};

	if (o->cert == NULL)
		tls[0].option = MHD_OPTION_END;
	else
		flags |= MHD_USE_TLS;
	return MHD_start_daemon(flags, 0, NULL, NULL, exchange_take,
	    &h->exchanges, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
	    MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, &h->exchanges,
	    MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_NOTIFY_COMPLETED,
	    exchange_completed, NULL, MHD_OPTION_NOTIFY_CONNECTION, link_notify,
	    &h->links, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	    (unsigned)CONNECTIONS_PER_ADDRESS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(REQUEST_TIME_MS / 1000),
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, tls,
	    MHD_OPTION_END);
}

static void
all_shown_free(struct http *h)
{
	struct shown *before;

	for (struct shown *s = h->shown; s != NULL; s = before) {
		before = s->before;
		shown_free(s);
	}
}

struct http *
http_new(const struct http_options *o, char **error)
{
	_Alignas(16) unsigned char address[PLATFORM_ADDRESS_SIZE];
	unsigned flags = MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	const char *why;
	struct http *h;
	bool loopback, ipv6;

	if (!platform_address(o->host, o->port, &loopback, &ipv6, address)) {
		*error = mem_printf("not an address: \"%s\"", o->host);
		return NULL;
	}
	if (MHD_is_feature_supported(MHD_FEATURE_EPOLL) == MHD_YES)
		flags |= MHD_USE_EPOLL;
	if (ipv6)
		flags |= MHD_USE_IPv6;
	h = mem_new(1, sizeof(*h));
	h->exchanges.web = o->web;
	if (o->cert != NULL &&
	    (why = http_set_identity(h, o->cert, o->key)) != NULL) {
		*error = mem_printf("certificate and key: %s", why);
		free(h);
		return NULL;
	}
	if ((h->daemon = start(h, o, flags, address)) != NULL)
		return h;
	*error = mem_printf("cannot listen on %s port %d: %s", o->host, o->port,
	    platform_error());
	all_shown_free(h);
	free(h);
	return NULL;
}

/* MHD must not be stopped while a connection is parked. */
void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	h->exchanges.ending = true;
	http_wake(h, true, clock_mono_ms());
	for (int i = 0; i < LAST_TURNS; i++)
		MHD_run(h->daemon);
	MHD_stop_daemon(h->daemon);
	all_shown_free(h);
	free(h);
}

int
http_port(const struct http *h)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info != NULL ? info->port : 0;
}

int
http_fd(const struct http *h)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info != NULL ? info->epoll_fd : -1;
}

int
http_timeout_ms(const struct http *h, int max_ms)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (h->exchanges.resumed)
		return 0;
	if (MHD_get_timeout(h->daemon, &ms) == MHD_YES &&
	    ms < (MHD_UNSIGNED_LONG_LONG)max_ms)
		return (int)ms;
	return max_ms;
}

void
http_run(struct http *h, int wait_ms)
{
	int64_t now_mono_ms = clock_mono_ms();

	if (now_mono_ms >= h->sweep_mono_ms) {
		links_sweep(h->links, now_mono_ms, CROWD);
		exchanges_sweep(&h->exchanges, now_mono_ms);
		h->sweep_mono_ms = now_mono_ms + SWEEP_MS;
	}
	h->exchanges.resumed = false;
	MHD_run_wait(h->daemon, wait_ms);
}

void
http_wake(struct http *h, bool moved, int64_t now_mono_ms)
{
	exchanges_wake(&h->exchanges, moved, now_mono_ms);
}

int64_t
http_deadline_mono_ms(const struct http *h)
{
	return exchanges_deadline_mono_ms(&h->exchanges);
}
