/*
 * site.c: the site by the settings: `apply` writes nginx's files and has them
 * taken, `probe` asks the site as a browser would. The work is the script's,
 * etc/site; what it gets from here is checked.
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
	char *error = NULL, port[16];

	if (site_from(&s, c, &error) == -1) {
		log_error_lines(error);
		free(error);
		site_done(&s);
		return -1;
	}
	snprintf(port, sizeof(port), "%d", s.port);
	setenv("SITE_HOST", s.host, 1);
	setenv("SITE_PORT", port, 1);
	setenv("SITE_ORIGIN", s.origin, 1);
	setenv("SITE_TLS", site_tls_word(s.tls), 1);
	setenv("SITE_CERT", s.cert != NULL ? s.cert : "", 1);
	setenv("SITE_KEY", s.key != NULL ? s.key : "", 1);
	setenv("SITE_LISTEN", c->site_listen, 1);
	setenv("SITE_AUTH", c->dashboard_auth ? "required" : "off", 1);
	setenv("SITE_REDIS", site_redis_is_private(c) ? "private" : "other", 1);
	setenv("TRUSTED_PROXIES", c->trusted_proxies, 1);
	setenv("CORS_ORIGINS", c->cors_origins, 1);
	setenv("LIVE_SOCKET", c->live_socket, 1);
	site_done(&s);
	return 0;
}

int
command_site(const struct config *config, int argc, char *argv[])
{
	if (argc != 2 ||
	    (strcmp(argv[1], "apply") != 0 && strcmp(argv[1], "probe") != 0))
		return command_usage();
	if (*config->site_url == '\0') {
		printf("SITE_URL is not set: no site of ours; see mt5fleet "
		       "setup\n");
		return COMMAND_OK;
	}
	if (site_environment(config) == -1)
		return COMMAND_USAGE;
	execl(SITE_SCRIPT, "site", argv[1], NULL);
	log_error(SITE_SCRIPT ": %s", strerror(errno));
	return COMMAND_FAILED;
}
