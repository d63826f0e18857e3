/*
 * site.c: the site by the settings: `apply` writes nginx's files and has them
 * taken, `probe` asks the site as a browser would. The work is the script's,
 * etc/site; what it gets from here is checked, and shown by `settings`.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bin/command.h"
#include "bin/site.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/site.h"
#include "lib/redis/cache_url.h"

/* What the script gets of the settings. */
static const char *const names[] = {"SITE_HOST", "SITE_PORT", "SITE_PATH",
    "SITE_ORIGIN", "SITE_TLS", "SITE_CERT", "SITE_KEY", "SITE_LISTEN",
    "SITE_AUTH", "SITE_REDIS", "TRUSTED_PROXIES", "CORS_ORIGINS", "LIVE_SOCKET",
    "TLS_CERT_FILE", "REDIS_TLS_HOST", "REDIS_TLS_PORT", "REDIS_TLS_SOCKET",
    "REDIS_CA_FILE"};
#define NAMES (sizeof(names) / sizeof(names[0]))

void
command_programs(char folder[COMMAND_PATH_SIZE])
{
	ssize_t n = readlink("/proc/self/exe", folder, COMMAND_PATH_SIZE - 1);
	char *slash;

	folder[n > 0 ? n : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash != NULL)
		*slash = '\0';
	if (slash == NULL || strcmp(folder, PREFIX "/bin") == 0)
		snprintf(
		    folder, COMMAND_PATH_SIZE, "%s", PREFIX "/lib/mt5fleet");
}

bool
site_redis_is_private(const struct config *c)
{
	const char *url = c->redis_url;

	if (strncmp(url, "unix:", 5) != 0)
		return false;
	url += strncmp(url, "unix://", 7) == 0 ? 7 : 5;
	return strncmp(url, SITE_REDIS_SOCKET, strlen(SITE_REDIS_SOCKET)) == 0;
}

int
site_environment(const struct config *c)
{
	struct site s;
	struct cache_address redis;
	char *error = NULL, port[16], redis_port[16];
	bool tls;

	if (site_from(&s, c, &error) == -1) {
		log_error_lines(error);
		free(error);
		site_done(&s);
		return -1;
	}
	snprintf(port, sizeof(port), "%d", s.port);
	if (cache_address_from(&redis, c, &error) == -1) {
		log_error_lines(error);
		free(error);
		cache_address_done(&redis);
		site_done(&s);
		return -1;
	}
	snprintf(redis_port, sizeof(redis_port), "%d", redis.port);
	tls = cache_url_is_tls(c->redis_url);
	const char *const values[] = {s.host, port, s.path, s.origin,
	    site_tls_word(s.tls), s.cert != NULL ? s.cert : "",
	    s.key != NULL ? s.key : "", c->site_listen,
	    c->dashboard_auth ? "required" : "off",
	    site_redis_is_private(c) ? "private"
	    : tls                    ? "tls"
				     : "other",
	    c->trusted_proxies, c->cors_origins, c->live_socket,
	    c->tls_cert_file, tls ? redis.host : "", redis_port,
	    c->redis_tls_socket, c->redis_ca_file};

	_Static_assert(sizeof(values) / sizeof(values[0]) == NAMES, "names");
	for (size_t i = 0; i < NAMES; i++)
		setenv(names[i], values[i], 1);
	cache_address_done(&redis);
	site_done(&s);
	return 0;
}

/* The same for a shell: export NAME='value'. */
static void
print_environment(void)
{
	for (size_t i = 0; i < NAMES; i++) {
		printf("export %s='", names[i]);
		for (const char *p = getenv(names[i]); p != NULL && *p != '\0';
		     p++)
			if (*p == '\'')
				fputs("'\\''", stdout);
			else
				putchar(*p);
		puts("'");
	}
}

int
command_site(const struct config *config, int argc, char *argv[])
{
	static const char *const verbs[] = {
	    "apply", "probe", "renew", "stunnel", "settings"};
	size_t verb = 0;

	while (verb < 5 && (argc != 2 || strcmp(argv[1], verbs[verb]) != 0))
		verb++;
	if (verb == 5)
		return command_usage();
	if (*config->site_url == '\0' && verb < 3) {
		printf("SITE_URL is not set: no site of ours; see mt5fleet "
		       "setup\n");
		return COMMAND_OK;
	}
	if (site_environment(config) == -1)
		return COMMAND_USAGE;
	if (verb == 4) {
		print_environment();
		return COMMAND_OK;
	}
	execl(SITE_SCRIPT, "site", argv[1], NULL);
	log_error(SITE_SCRIPT ": %s", strerror(errno));
	return COMMAND_FAILED;
}
