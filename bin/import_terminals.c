/* import_terminals.c: where each terminal is, as collect saw it last. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bin/import.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/nodes.h"
#include "lib/fleet/snapshot.h"
#include "lib/program/program.h"
#include "lib/redis/keys.h"

struct terminal {
	char *node, *server, *folder;
	int64_t login;
};

struct terminals {
	struct terminal *list;
	size_t len, size;
};

/* One kind of slash, one at a time, small letters, none at the end. */
static char *
folded(const char *path, size_t len)
{
	char *out = mem_new(len + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = path[i] == '\\' ? '/' : path[i];

		if (c != '/' || n == 0 || out[n - 1] != '/')
			out[n++] = (char)tolower((unsigned char)c);
	}
	while (n > 0 && out[n - 1] == '/')
		n--;
	out[n] = '\0';
	return out;
}

/* terminal64.exe's folder, as TERMINAL_PATH has it. */
static char *
folder_of(const char *program)
{
	char *path = folded(program, strlen(program));
	char *slash = strrchr(path, '/');

	if (slash != NULL && strstr(slash, ".exe") != NULL)
		*slash = '\0';
	return path;
}

static void
take_account(
    struct terminals *ts, const char *node, const struct snapshot_account *a)
{
	struct terminal *t;
	const char *path;
	cJSON *row;

	if (!a->whole || a->entry.server == NULL || a->entry.carried)
		return;
	row = jsonin_parse(a->row.data, a->row.len);
	if (jsonin_string(jsonin_object(row, "terminal"), "path", &path) &&
	    *path != '\0') {
		ts->list =
		    mem_room(ts->list, ts->len, &ts->size, sizeof(*ts->list));
		t = &ts->list[ts->len++];
		t->node = mem_strdup(node);
		t->server = mem_strdup(a->entry.server);
		t->login = a->entry.login;
		t->folder = folded(path, strlen(path));
	}
	cJSON_Delete(row);
}

/* -1: Redis does not answer. */
static int
take_node(struct terminals *ts, struct cache *cache, const char *id)
{
	char key[KEY_SIZE], *data;
	struct cache_value text = {NULL, 0};
	struct snapshot s;

	if (cache_get(cache, key_of(KEY_LAST, id, key), &data, &text.len) == -1)
		return -1;
	text.data = data;
	if (data != NULL) {
		if (snapshot_read(&s, &text))
			for (size_t i = 0; i < s.len; i++)
				take_account(ts, id, &s.accounts[i]);
		snapshot_done(&s);
	}
	free(data);
	return 0;
}

struct terminals *
terminals_load(const struct config *config)
{
	struct terminals *ts = mem_new(1, sizeof(*ts));
	struct nodes nodes = {0};
	struct cache *cache = NULL;

	if (*config->nodes_file == '\0' ||
	    nodes_load(&nodes, config->nodes_file) == -1 || nodes.len == 0 ||
	    (cache = program_cache(config)) == NULL)
		goto out;
	for (size_t i = 0; i < nodes.len; i++)
		if (take_node(ts, cache, nodes.list[i].id) == -1) {
			log_warnx("redis: %s: terminals are not known by their "
				  "paths",
			    cache_error(cache));
			break;
		}
out:
	cache_close(cache);
	nodes_done(&nodes);
	return ts;
}

void
terminals_free(struct terminals *ts)
{
	if (ts == NULL)
		return;
	for (size_t i = 0; i < ts->len; i++) {
		free(ts->list[i].node);
		free(ts->list[i].server);
		free(ts->list[i].folder);
	}
	free(ts->list);
	free(ts);
}

int
terminals_find(const struct terminals *ts, const char *program,
    const char *node, const char *name, const char **server, int64_t *login)
{
	const struct terminal *any = NULL, *named = NULL;
	char *folder = folder_of(program);
	int n = 0, n_named = 0;

	for (size_t i = 0; ts != NULL && *folder != '\0' && i < ts->len; i++) {
		const struct terminal *t = &ts->list[i];

		if (strcmp(t->folder, folder) != 0 ||
		    (node != NULL && strcmp(t->node, node) != 0))
			continue;
		any = t;
		n++;
		if (strcmp(t->node, name) == 0) {
			named = t;
			n_named++;
		}
	}
	free(folder);
	if (n_named == 1) {
		any = named;
		n = 1;
	}
	if (n != 1)
		return n;
	*server = any->server;
	*login = any->login;
	return 1;
}
