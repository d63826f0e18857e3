/* site.c: where the site is and how it is reached. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/base/site.h"

#define ERROR_MAX 8192

static const char *const tls_words[] = {
    [SITE_OFF] = "off",
    [SITE_SELF] = "self",
    [SITE_FILES] = "files",
    [SITE_ACME] = "acme",
    [SITE_PROXY] = "proxy",
};
#define TLS_WORDS (sizeof(tls_words) / sizeof(tls_words[0]))

const char *
site_tls_word(enum site_tls tls)
{
	return tls_words[tls];
}

bool
site_on_loopback(const char *host)
{
	return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 ||
	       strcmp(host, "[::1]") == 0 || strcmp(host, "localhost") == 0;
}

bool
site_is_secure(const struct config *c)
{
	if (*c->site_url != '\0')
		return strncmp(c->site_url, "https:", 6) == 0;
	return !site_on_loopback(c->app_host);
}

bool
site_host_is_good(const char *s, size_t len)
{
	bool six = len > 2 && s[0] == '[' && s[len - 1] == ']';

	if (len == 0 || len > 253 || s[0] == '.' || s[0] == '-')
		return false;
	if (six) {
		s++;
		len -= 2;
	}
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (six ? !isxdigit(c) && c != ':' && c != '.'
			: !isalnum(c) && c != '.' && c != '-')
			return false;
	}
	return true;
}

/* What follows the host: words that need no escaping, without "..". */
static bool
read_path(struct site *s, const char *path)
{
	size_t len = strlen(path);

	while (len > 0 && path[len - 1] == '/')
		len--;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)path[i]) &&
		    (path[i] == '\0' || strchr("/._~-", path[i]) == NULL))
			return false;
	s->path = mem_strndup(path, len);
	return strstr(s->path, "//") == NULL && strstr(s->path, "/.") == NULL;
}

/* Host, port and path of SITE_URL; false: it is none of ours. */
static bool
read_url(struct site *s, const char *url, bool *https)
{
	const char *host, *rest;
	char *port;
	size_t len;
	bool good;

	*https = strncmp(url, "https://", 8) == 0;
	if (!*https && strncmp(url, "http://", 7) != 0)
		return false;
	host = url + (*https ? 8 : 7);
	len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	if (len > strlen(host) || !site_host_is_good(host, len))
		return false;
	rest = host + len;
	s->port = *https ? 443 : 80;
	if (*rest == ':') {
		rest++;
		port = mem_strndup(rest, strcspn(rest, "/"));
		good = num_int(port, 1, 65535, &s->port) == 0;
		rest += strlen(port);
		free(port);
		if (!good)
			return false;
	}
	if (!read_path(s, rest))
		return false;
	s->host = mem_strndup(host, len);
	for (char *p = s->host; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return true;
}

static void
read_tls(struct site *s, const struct config *c, bool https, struct buf *errors)
{
	const char *word = c->site_tls;
	size_t i;

	s->tls = https ? SITE_SELF : SITE_OFF;
	if (*word == '\0')
		return;
	for (i = 0; i < TLS_WORDS && strcmp(tls_words[i], word) != 0; i++)
		;
	if (i == TLS_WORDS)
		buf_printf(errors,
		    "SITE_TLS: neither self, files, acme, proxy nor off: "
		    "\"%s\"\n",
		    word);
	else if ((i == SITE_OFF) == https)
		buf_printf(errors,
		    "SITE_TLS: \"%s\" does not go with SITE_URL: \"%s\"\n",
		    word, c->site_url);
	else
		s->tls = (enum site_tls)i;
}

static void
read_certificate(struct site *s, const struct config *c, struct buf *errors)
{
	bool given = *c->tls_cert_file != '\0' && *c->tls_key_file != '\0';

	s->cert = mem_strdup("");
	s->key = mem_strdup("");
	if (s->tls == SITE_OFF || s->tls == SITE_PROXY)
		return;
	free(s->cert);
	free(s->key);
	if (s->tls == SITE_ACME) {
		s->cert = mem_printf(
		    "/etc/letsencrypt/live/%s/fullchain.pem", s->host);
		s->key =
		    mem_printf("/etc/letsencrypt/live/%s/privkey.pem", s->host);
	} else if (s->tls == SITE_FILES) {
		s->cert = mem_strdup(c->tls_cert_file);
		s->key = mem_strdup(c->tls_key_file);
	} else {
		s->cert = mem_strdup("/etc/mt5fleet/tls/self.crt");
		s->key = mem_strdup("/etc/mt5fleet/tls/self.key");
	}
	if (s->tls == SITE_FILES && !given)
		buf_puts(errors,
		    "SITE_TLS: files needs TLS_CERT_FILE and TLS_KEY_FILE\n");
}

/* A list of addresses goes into nginx's files as it is. */
static void
check_list(const char *name, const char *text, struct buf *errors)
{
	for (const char *p = text; *p != '\0'; p++)
		if (!isxdigit((unsigned char)*p) &&
		    strchr(":.,/[]* ", *p) == NULL) {
			buf_printf(errors,
			    "%s: not a list of addresses: \"%s\"\n", name,
			    text);
			return;
		}
}

/* Origins as a browser says them; they go into nginx's files as they are. */
static void
check_origins(const char *text, struct buf *errors)
{
	char *list = mem_strdup(text), *rest = list, *origin;

	while ((origin = strsep(&rest, ", ")) != NULL) {
		struct site s = {.host = NULL};
		bool https;

		if (*origin != '\0' &&
		    (!read_url(&s, origin, &https) || *s.path != '\0' ||
			origin[strlen(origin) - 1] == '/'))
			buf_printf(errors,
			    "CORS_ORIGINS: not http[s]://host[:port]: "
			    "\"%s\"\n",
			    origin);
		free(s.host);
		free(s.path);
	}
	free(list);
}

static void
read_given(struct site *s, const struct config *c, struct buf *errors)
{
	bool https;

	if (!read_url(s, c->site_url, &https)) {
		buf_printf(errors,
		    "SITE_URL: not http[s]://host[:port][/path]: \"%s\"\n",
		    c->site_url);
		return;
	}
	read_tls(s, c, https, errors);
	read_certificate(s, c, errors);
	if (!https && !site_on_loopback(s->host))
		buf_printf(errors,
		    "SITE_URL: plain http is for this machine alone "
		    "(http://127.0.0.1, http://localhost); use https: \"%s\"\n",
		    c->site_url);
	if (s->port == (https ? 443 : 80))
		s->origin =
		    mem_printf("%s://%s", https ? "https" : "http", s->host);
	else
		s->origin = mem_printf(
		    "%s://%s:%d", https ? "https" : "http", s->host, s->port);
	check_list("SITE_LISTEN", c->site_listen, errors);
	check_list("TRUSTED_PROXIES", c->trusted_proxies, errors);
}

int
site_from(struct site *s, const struct config *c, char **error)
{
	struct buf errors;
	int rc = 0;

	memset(s, 0, sizeof(*s));
	buf_init(&errors, ERROR_MAX);
	s->given = *c->site_url != '\0';
	if (s->given)
		read_given(s, c, &errors);
	else {
		s->host = mem_strdup(c->app_host);
		s->path = mem_strdup("");
		s->port = c->app_port;
		s->origin = mem_printf("http://%s:%d", s->host, s->port);
	}
	if (!s->given &&
	    (!site_host_is_good(c->app_host, strlen(c->app_host)) &&
		strchr(c->app_host, ':') == NULL))
		buf_printf(&errors,
		    "APP_HOST: neither a name nor an address: \"%s\"\n",
		    c->app_host);
	check_origins(c->cors_origins, &errors);
	if (!c->dashboard_auth && s->host != NULL &&
	    (s->tls != SITE_OFF || !site_on_loopback(s->host)))
		buf_printf(&errors,
		    "DASHBOARD_AUTH: off is for a site that only this machine "
		    "reaches, not for \"%s\"\n",
		    s->given ? c->site_url : c->app_host);
	if (errors.len > 0) {
		*error = buf_take(&errors);
		rc = -1;
	}
	buf_done(&errors);
	return rc;
}

void
site_done(struct site *s)
{
	if (s == NULL)
		return;
	free(s->host);
	free(s->path);
	free(s->origin);
	free(s->cert);
	free(s->key);
	memset(s, 0, sizeof(*s));
}

char *
site_address(const struct config *c)
{
	char *error = NULL, *text;
	struct site s;

	if (site_from(&s, c, &error) == 0 && s.given)
		text = mem_printf("%s%s", s.origin, s.path);
	else
		text = mem_strdup("");
	free(error);
	site_done(&s);
	return text;
}
