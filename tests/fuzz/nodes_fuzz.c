/* nodes_fuzz.c: nodes.json, and VPS_AGENTS_JSON. */
#include "lib/fleet/nodes.h"
#include "tests/fuzz/fuzz.h"

static void
check(struct nodes *n, int rc)
{
	if ((rc == -1) != (n->error != NULL))
		abort();
	for (size_t i = 0; i < n->len; i++)
		if (rc == 0 && nodes_find(n, n->list[i].id) != &n->list[i])
			abort();
	nodes_done(n);
}

static void
fuzz_one(const char *text, size_t len)
{
	struct nodes n;
	int fd;
	char *path = fuzz_file(text, len, &fd), *copy;

	check(&n, nodes_load(&n, path));
	close(fd);
	free(path);
	copy = mem_strndup(text, len);
	check(&n, nodes_from_urls(&n, copy));
	free(copy);
}
