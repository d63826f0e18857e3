/* cache_url.c: where Redis is, from REDIS_URL or from REDIS_HOST and the rest.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/redis/cache_url.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/base/url.h"

#define DB_MAX 1023

/* A part of a URL in memory of its own, %XX resolved; NULL where it is empty.
 */
static char *
decoded(const char *s, size_t len)
{
	char *text = mem_new(len + 1, 1), *to = text;
	int byte;

	for (size_t i = 0; i < len; i++)
		if (i + 2 < len && (byte = url_byte(s + i)) >= 0) {
			*to++ = (char)byte;
			i += 2;
		} else
			*to++ = s[i];
	if (to == text) {
		free(text);
		return NULL;
	}
	return text;
}

/* unix:/path, unix:///path, with ?db=N */
static int
read_unix(struct cache_address *a, const char *s)
{
	size_t len = strcspn(s, "?");

	if (strncmp(s, "//", 2) == 0) {
		s += 2;
		len -= 2;
	}
	if (*s != '/')
		return -1;
	a->path = mem_strndup(s, len);
	s += len;
	if (*s == '\0')
		return 0;
	return strncmp(s, "?db=", 4) == 0 ? num_int(s + 4, 0, DB_MAX, &a->db)
					  : -1;
}

static const char *
read_user(struct cache_address *a, const char *s)
{
	const char *at = strrchr(s, '@'), *colon;

	if (at == NULL)
		return s;
	colon = memchr(s, ':', (size_t)(at - s));
	if (colon == NULL)
		colon = s - 1; /* the password alone */
	else
		a->user = decoded(s, (size_t)(colon - s));
	a->password = decoded(colon + 1, (size_t)(at - colon - 1));
	return at + 1;
}

/* The port, after the host: "" ":6380". */
static int
read_port(struct cache_address *a, const char *s, size_t len)
{
	char *text;
	int rc;

	if (len == 0)
		return 0;
	if (*s != ':')
		return -1;
	text = mem_strndup(s + 1, len - 1);
	rc = num_int(text, 1, 65535, &a->port);
	free(text);
	return rc;
}

/* What stands behind redis:// */
static int
read_tcp(struct cache_address *a, const char *s)
{
	const char *slash;
	size_t host, all;

	s = read_user(a, s);
	all = strcspn(s, "/");
	slash = s + all;
	host = *s == '[' ? strcspn(s, "]") : strcspn(s, ":/");
	if (*s == '[') {
		if (s[host] != ']')
			return -1;
		a->host = mem_strndup(s + 1, host - 1);
		host++;
	} else
		a->host = mem_strndup(s, host);
	if (*a->host == '\0' || read_port(a, s + host, all - host) == -1)
		return -1;
	if (*slash == '\0' || slash[1] == '\0')
		return 0;
	return num_int(slash + 1, 0, DB_MAX, &a->db);
}

static char *
complaint(const char *url)
{
	if (strchr(url, '@') != NULL)
		url = "(not shown: it may hold a password)";
	return mem_printf("REDIS_URL: neither unix:/path[?db=N] nor "
			  "redis[s]://[user:password@]host[:port][/db]: \"%s\"",
	    url);
}

bool
cache_url_is_tls(const char *url)
{
	return strncmp(url, "rediss://", 9) == 0;
}

int
cache_address_from(
    struct cache_address *a, const struct config *config, char **error)
{
	const char *url = config->redis_url != NULL ? config->redis_url : "";
	int rc = -1;

	memset(a, 0, sizeof(*a));
	a->port = config->redis_port;
	a->db = config->redis_db;
	if (*url == '\0') {
		a->host = mem_strdup(config->redis_host);
		rc = 0;
	} else if (strncmp(url, "unix:", 5) == 0)
		rc = read_unix(a, url + 5);
	else if (strncmp(url, "redis://", 8) == 0) {
		a->port = 6379;
		rc = read_tcp(a, url + 8);
	} else if (cache_url_is_tls(url)) {
		/* Debian's hiredis knows no TLS: stunnel has it */
		a->port = 6379;
		rc = read_tcp(a, url + 9);
		a->path = mem_strdup(config->redis_tls_socket);
	}
	if (a->password == NULL && config->redis_password != NULL &&
	    *config->redis_password != '\0')
		a->password = mem_strdup(config->redis_password);
	if (rc == -1)
		*error = complaint(url);
	return rc;
}

void
cache_address_done(struct cache_address *a)
{
	if (a == NULL)
		return;
	free(a->path);
	free(a->host);
	free(a->user);
	free(a->password);
	memset(a, 0, sizeof(*a));
}
