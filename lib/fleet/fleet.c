/* fleet.c: the nodes that there are, from nodes.json as it is now. */
#include <stdlib.h>
#include <string.h>

#include "lib/fleet/fleet.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"

static void
free_keys(struct fleet *f)
{
	for (size_t i = 0; i < f->keys_len; i++)
		free(f->keys[i]);
	free(f->keys);
	free(f->seen);
	f->seen = NULL;
	f->keys = NULL;
	f->keys_len = 0;
}

static void
make_keys(struct fleet *f)
{
	free_keys(f);
	f->keys = mem_new(2 * f->nodes.len + 1, sizeof(*f->keys));
	f->seen = mem_new(f->nodes.len, sizeof(*f->seen));
	for (size_t i = 0; i < f->nodes.len; i++) {
		const char *id = f->nodes.list[i].id;

		f->keys[f->keys_len++] = mem_printf(KEY_SNAPSHOT "%s", id);
		f->keys[f->keys_len++] = mem_printf(KEY_NODE "%s", id);
	}
	f->keys[f->keys_len++] = mem_strdup(KEY_COLLECTOR);
}

static void
take(struct fleet *f, struct nodes *fresh, int rc)
{
	free(f->error);
	f->error = NULL;
	if (rc == -1) {
		f->error = mem_strdup(fresh->error);
		f->error_line = fresh->error_line;
		log_warnx("nodes: %s", f->error);
		nodes_done(fresh);
		if (f->keys == NULL)
			make_keys(f);
		return;
	}
	nodes_done(&f->nodes);
	f->nodes = *fresh;
	f->listed = true;
	make_keys(f);
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void
fleet_refresh(struct fleet *f, const struct config *config)
{
	struct nodes fresh;
	struct stat stamp = {0};

	if (*config->nodes_file == '\0') {
		if (!f->loaded)
			take(f, &fresh,
			    nodes_from_urls(&fresh, config->vps_agents_json));
		f->loaded = true;
		return;
	}
	/* a file that is gone is all zeros: tried once, then left alone */
	stat(config->nodes_file, &stamp);
	if (f->loaded && same_file(&stamp, &f->stamp))
		return;
	take(f, &fresh, nodes_load(&fresh, config->nodes_file));
	f->stamp = stamp;
	f->loaded = true;
}

void
fleet_done(struct fleet *f)
{
	nodes_done(&f->nodes);
	free_keys(f);
	free(f->error);
	memset(f, 0, sizeof(*f));
}
