/* pinned.c: HTTPS requests to one site whose key is known beforehand. */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/pinned.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

#define TIMEOUT_MS 30000
#define HEAD_MAX 16384
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static int
fail(struct pinned *p, const char *what, const char *why)
{
	snprintf(p->error, sizeof(p->error), "%s: %s", what, why);
	return -1;
}

static int
digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* "sha256//" and 43 digits of base64 with a '=' behind them. */
static bool
read_pin(const char *pin, unsigned char key[32])
{
	uint32_t bits = 0;
	int v;

	if (strncmp(pin, "sha256//", 8) != 0 || strlen(pin + 8) != 44 ||
	    pin[8 + 43] != '=')
		return false;
	pin += 8;
	for (size_t i = 0, n = 0; i < 43; i++) {
		if ((v = digit(pin[i])) == -1)
			return false;
		bits = bits << 6 | (uint32_t)v;
		if (i % 4 > 0)
			key[n++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
	}
	return true;
}

int
pinned_init(struct pinned *p, const char *site, const char *pin)
{
	const char *host = site + 8, *end;
	char *port;
	size_t len;
	int rc = 0;

	memset(p, 0, sizeof(*p));
	p->port = 443;
	if (strncmp(site, "https://", 8) != 0)
		return fail(p, "--site: not https://…", site);
	if (!read_pin(pin, p->key))
		return fail(p, "--fingerprint: not sha256//…", pin);
	end = *host == '[' ? strchr(host, ']') : host + strcspn(host, ":/");
	len = end != NULL ? (size_t)(end - host) : 0;
	if (len < 2)
		return fail(p, "--site: no host in it", site);
	if (*host == '[')
		p->host = mem_strndup(host + 1, len - 1);
	else
		p->host = mem_strndup(host, len);
	end += *host == '[';
	if (*end == ':') {
		len = strcspn(++end, "/");
		port = mem_strndup(end, len);
		rc = num_int(port, 1, 65535, &p->port);
		free(port);
		end += len;
	}
	if (rc == -1 || (*end != '\0' && *end != '/') ||
	    strpbrk(end, " \r\n\t?#") != NULL)
		return fail(p, "--site: not https://host[:port]", site);
	len = strlen(end);
	p->path = mem_strndup(end, len - (len > 0 && end[len - 1] == '/'));
	return 0;
}

void
pinned_done(struct pinned *p)
{
	free(p->host);
	free(p->path);
	p->host = p->path = NULL;
}

/* ---- TLS ---- */

/* Its key is the one that is known. Names, dates and issuers say less. */
static bool
is_pinned(gnutls_session_t session, const unsigned char key[32])
{
	unsigned char id[32];
	size_t size = sizeof(id);
	gnutls_x509_crt_t crt = NULL;
	const gnutls_datum_t *list;
	unsigned n = 0;
	bool same = false;

	list = gnutls_certificate_get_peers(session, &n);
	if (list == NULL || n == 0 || gnutls_x509_crt_init(&crt) < 0)
		return false;
	if (gnutls_x509_crt_import(crt, &list[0], GNUTLS_X509_FMT_DER) >= 0 &&
	    gnutls_x509_crt_get_key_id(
		crt, GNUTLS_KEYID_USE_SHA256, id, &size) >= 0)
		same = size == 32 && gnutls_memcmp(id, key, 32) == 0;
	gnutls_x509_crt_deinit(crt);
	return same;
}

static int
shake_hands(struct pinned *p, gnutls_session_t session,
    gnutls_certificate_credentials_t none, int fd)
{
	int rc;

	if ((rc = gnutls_priority_set_direct(session, PRIORITIES, NULL)) < 0 ||
	    (rc = gnutls_credentials_set(
		 session, GNUTLS_CRD_CERTIFICATE, none)) < 0)
		return fail(p, p->host, gnutls_strerror(rc));
	gnutls_server_name_set(
	    session, GNUTLS_NAME_DNS, p->host, strlen(p->host));
	gnutls_transport_set_int(session, fd);
	gnutls_handshake_set_timeout(session, TIMEOUT_MS);
	do
		rc = gnutls_handshake(session);
	while (rc < 0 && !gnutls_error_is_fatal(rc));
	if (rc < 0)
		return fail(p, p->host, gnutls_strerror(rc));
	if (!is_pinned(session, p->key))
		return fail(p, p->host,
		    "its key is not the one that the line names: nothing was "
		    "sent to it");
	return 0;
}

/* ---- HTTP ---- */

static int
send_all(
    struct pinned *p, gnutls_session_t session, const char *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n)
		if ((n = gnutls_record_send(session, data, len)) < 0) {
			if (n != GNUTLS_E_AGAIN && n != GNUTLS_E_INTERRUPTED)
				return fail(
				    p, p->host, gnutls_strerror((int)n));
			n = 0;
		}
	return 0;
}

/* HTTP/1.0: no chunks, and the end of the connection is that of the body. */
static int
ask(struct pinned *p, gnutls_session_t session, const char *path,
    const char *json)
{
	bool v6 = strchr(p->host, ':') != NULL;
	struct buf b;
	int rc;

	buf_init(&b, 1024 * 1024);
	buf_printf(&b,
	    "%s %s%s HTTP/1.0\r\nHost: %s%s%s:%d\r\n"
	    "User-Agent: mt5fleet-agent\r\n",
	    json != NULL ? "POST" : "GET", p->path, path, v6 ? "[" : "",
	    p->host, v6 ? "]" : "", p->port);
	if (json != NULL)
		buf_printf(&b,
		    "Content-Type: application/json\r\n"
		    "Content-Length: %zu\r\n\r\n%s",
		    strlen(json), json);
	else
		buf_puts(&b, "\r\n");
	rc = send_all(p, session, b.data, b.len);
	if (b.data != NULL)
		gnutls_memset(b.data, 0, b.len); /* a token was in it */
	buf_done(&b);
	return rc;
}

/* The whole answer. A body that ends before its time is said by TLS, or by
 * Content-Length. */
static int
receive(struct pinned *p, gnutls_session_t session, struct buf *all)
{
	int64_t end_mono_ms = clock_mono_ms() + TIMEOUT_MS;
	char part[16384];
	ssize_t n;

	for (;;) {
		n = gnutls_record_recv(session, part, sizeof(part));
		if (n == 0 || n == GNUTLS_E_PREMATURE_TERMINATION)
			return 0;
		/* a session ticket is not for us to see, and says EAGAIN */
		if ((n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED) &&
		    clock_mono_ms() < end_mono_ms)
			continue;
		if (n < 0)
			return fail(p, p->host,
			    n == GNUTLS_E_AGAIN ? "no answer in time"
						: gnutls_strerror((int)n));
		if (buf_add(all, part, (size_t)n) == -1)
			return fail(p, p->host, "its answer is too large");
	}
}

/* Behind that header's name, or NULL. */
static const char *
find_header(const char *head, const char *end, const char *name)
{
	size_t len = strlen(name);

	while (head < end && (head = strstr(head, "\r\n")) != NULL) {
		head += 2;
		if (strncasecmp(head, name, len) == 0 && head[len] == ':')
			return head + len + 1;
	}
	return NULL;
}

static int
take_answer(struct pinned *p, const struct buf *all, struct buf *body)
{
	const char *head = all->data != NULL ? all->data : "";
	const char *end = strstr(head, "\r\n\r\n"), *length;
	char digits[4] = "";
	int status, declared;
	size_t len;

	if (strncmp(head, "HTTP/1.", 7) == 0 && strlen(head) > 12)
		memcpy(digits, head + 9, 3);
	if (end == NULL || end - head > HEAD_MAX ||
	    num_int(digits, 100, 599, &status) == -1)
		return fail(p, p->host, "no HTTP answer");
	end += 4;
	len = all->len - (size_t)(end - head);
	length = find_header(head, end - 4, "Content-Length");
	if (length != NULL) {
		char number[16];

		length += strspn(length, " ");
		snprintf(number, sizeof(number), "%.*s",
		    (int)strcspn(length, "\r \t"), length);
		if (num_int(number, 0, INT32_MAX, &declared) == -1 ||
		    (size_t)declared != len)
			return fail(p, p->host, "its answer was cut off");
	}
	if (buf_add(body, end, len) == -1)
		return fail(p, p->host, "its answer is too large");
	return status;
}

int
pinned_request(
    struct pinned *p, const char *path, const char *json, struct buf *body)
{
	gnutls_certificate_credentials_t none = NULL;
	gnutls_session_t session = NULL;
	const char *why = "no such host";
	struct buf all;
	int fd, rc = -1;

	fd = platform_dial(p->host, p->port, TIMEOUT_MS, p->peer, &why);
	if (fd == -1)
		return fail(p, p->host, why);
	buf_init(&all, body->cap + HEAD_MAX);
	if (gnutls_certificate_allocate_credentials(&none) < 0 ||
	    gnutls_init(&session, GNUTLS_CLIENT) < 0)
		fail(p, p->host, "out of memory");
	else if (shake_hands(p, session, none, fd) == 0 &&
		 ask(p, session, path, json) == 0 &&
		 receive(p, session, &all) == 0)
		rc = take_answer(p, &all, body);
	if (session != NULL)
		gnutls_deinit(session);
	if (none != NULL)
		gnutls_certificate_free_credentials(none);
	buf_done(&all);
	platform_hang_up(fd);
	return rc;
}
