/* config_fuzz.c: a settings file, and the Redis address it names. */
#include "lib/base/config.h"
#include "lib/redis/cache_url.h"
#include "tests/fuzz/fuzz.h"

static void
fuzz_one(const char *text, size_t len)
{
	struct cache_address address;
	struct config config;
	char *error = NULL;
	int fd, rc;
	char *path = fuzz_file(text, len, &fd);

	rc = config_load(&config, path);
	if ((rc == -1) != (config.error != NULL))
		abort();
	if (rc == 0) {
		if ((cache_address_from(&address, &config, &error) == -1) !=
		    (error != NULL))
			abort();
		cache_address_done(&address);
		free(error);
	}
	config_done(&config);
	close(fd);
	free(path);
}
