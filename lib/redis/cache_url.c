/* cache_url.c: where Redis is, from REDIS_URL or from REDIS_HOST and the rest.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/file.h"
#include "lib/redis/acl.h"
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
read_user(struct cache_address *a, const char *s, size_t len)
{
	const char *at = memrchr(s, '@', len), *colon;

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

	s = read_user(a, s, strlen(s));
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

/* ---- sentinels ---- */

#define SENTINEL_PORT 26379
#define SENTINELS_MAX 16

/* "host", "host:1234", "[::1]:1234" */
static int
read_host(struct cache_host *h, const char *s, size_t len)
{
	size_t host = *s == '[' ? strcspn(s, "]") : strcspn(s, ":,/");
	char *port;
	int rc;

	h->port = SENTINEL_PORT;
	if (*s == '[') {
		if (host >= len)
			return -1;
		h->host = mem_strndup(s + 1, host - 1);
		host++;
	} else
		h->host = mem_strndup(s, host < len ? host : len);
	if (*h->host == '\0')
		return -1;
	if (host >= len)
		return 0;
	if (s[host] != ':')
		return -1;
	port = mem_strndup(s + host + 1, len - host - 1);
	rc = num_int(port, 1, 65535, &h->port);
	free(port);
	return rc;
}

static int
read_hosts(struct cache_address *a, const char *s, size_t len)
{
	const char *end = s + len;

	a->sentinels = mem_new(SENTINELS_MAX, sizeof(*a->sentinels));
	for (;;) {
		size_t n = strcspn(s, ",/");

		if (a->sentinels_len == SENTINELS_MAX ||
		    read_host(&a->sentinels[a->sentinels_len++], s, n) == -1)
			return -1;
		s += n;
		if (s >= end)
			return 0;
		s++;
	}
}

/* "sentinel_password=x&sentinel_user=y" */
static int
read_query(struct cache_address *a, const char *s)
{
	static const char user[] = "sentinel_user=",
			  password[] = "sentinel_password=";

	while (*s != '\0') {
		size_t len = strcspn(s, "&");
		char **to;
		size_t name;

		if (strncmp(s, user, sizeof(user) - 1) == 0) {
			to = &a->sentinel_user;
			name = sizeof(user) - 1;
		} else if (strncmp(s, password, sizeof(password) - 1) == 0) {
			to = &a->sentinel_password;
			name = sizeof(password) - 1;
		} else
			return -1;
		if (*to != NULL ||
		    (*to = decoded(s + name, len - name)) == NULL)
			return -1;
		s += len;
		s += *s == '&';
	}
	return a->sentinel_user != NULL && a->sentinel_password == NULL ? -1
									: 0;
}

/* What stands behind redis+sentinel:// */
static int
read_sentinels(struct cache_address *a, const char *s)
{
	size_t len;

	a->port = 0;
	s = read_user(a, s, strcspn(s, "?"));
	len = strcspn(s, "/?");
	if (s[len] != '/' || read_hosts(a, s, len) == -1)
		return -1;
	s += len + 1;
	len = strcspn(s, "/?");
	if ((a->master = decoded(s, len)) == NULL)
		return -1;
	s += len;
	if (*s == '/') {
		char *db = mem_strndup(s + 1, strcspn(s + 1, "?"));
		int rc = *db != '\0' ? num_int(db, 0, DB_MAX, &a->db) : 0;

		free(db);
		if (rc == -1)
			return -1;
		s += strcspn(s, "?");
	}
	return *s == '?' ? read_query(a, s + 1) : 0;
}

static char *
complaint(const char *url)
{
	if (strchr(url, '@') != NULL || strstr(url, "password=") != NULL)
		url = "(not shown: it may hold a password)";
	return mem_printf("REDIS_URL: none of unix:/path[?db=N], "
			  "redis[s]://[user:password@]host[:port][/db] and "
			  "redis+sentinel://[user:password@]host[:port],…/name"
			  "[/db]: \"%s\"",
	    url);
}

#define PASSWORD_FILE_MAX 256

/* The program's own user, where the settings have a folder of them. */
static int
read_own_user(
    struct cache_address *a, const struct config *config, char **error)
{
	const char *program =
	    config->program != NULL ? config->program : "mt5fleet";
	char name[ACL_NAME_SIZE], *path, *text;
	int rc = -1;

	if (config->redis_users == NULL || *config->redis_users == '\0' ||
	    a->password != NULL || a->user != NULL)
		return 0;
	path = mem_printf("%s/%s", config->redis_users, program);
	if ((text = file_read(path, PASSWORD_FILE_MAX, NULL)) == NULL)
		*error =
		    mem_printf("REDIS_USERS: %s: %s", path, strerror(errno));
	else {
		text[strcspn(text, "\r\n")] = '\0';
		a->user = mem_strdup(acl_user_name(program, name));
		a->password = text;
		rc = 0;
	}
	free(path);
	return rc;
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
	} else if (strncmp(url, "redis+sentinel://", 17) == 0)
		rc = read_sentinels(a, url + 17);
	else if (cache_url_is_tls(url)) {
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
	else
		rc = read_own_user(a, config, error);
	return rc;
}

void
cache_address_done(struct cache_address *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->sentinels_len; i++)
		free(a->sentinels[i].host);
	free(a->sentinels);
	free(a->master);
	free(a->sentinel_user);
	free(a->sentinel_password);
	free(a->path);
	free(a->host);
	free(a->user);
	free(a->password);
	memset(a, 0, sizeof(*a));
}
