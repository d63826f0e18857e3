/*
 * cache_url.h: where Redis is, from REDIS_URL or from REDIS_HOST and the rest.
 *
 *   unix:/run/redis.sock   unix:/run/redis.sock?db=2
 *   redis://[[user]:password@]host[:port][/db]      (%XX is understood)
 *   rediss://…   the same through the stunnel at REDIS_TLS_SOCKET
 *   redis+sentinel://[[user]:password@]host[:port],…/name[/db]
 *       [?sentinel_password=…[&sentinel_user=…]]
 *     the master of that name, by whichever sentinel answers; user and password
 *     are Redis' own. An IPv6 address stands in brackets.
 */
#ifndef LIB_REDIS_CACHE_URL_H
#define LIB_REDIS_CACHE_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/config.h"

struct cache_host {
	char *host;
	int port;
};

struct cache_address {
	/* with sentinels host and port are NULL and 0: they know */
	struct cache_host *sentinels;
	size_t sentinels_len;
	char *master; /* its name there */
	char *sentinel_user, *sentinel_password;

	char *path; /* of a Unix socket, or NULL; with a host: of stunnel's */
	char *host;
	int port;
	int db;
	char *user; /* NULL: none */
	char *password;
};

/*
 * 0, or -1 with *error (the caller's) saying why, without the password.
 * cache_address_done in both cases.
 */
int cache_address_from(
    struct cache_address *a, const struct config *config, char **error);
bool cache_url_is_tls(const char *url);
void cache_address_done(struct cache_address *a);

#endif
