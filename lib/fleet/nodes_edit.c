/* nodes_edit.c: changes nodes.json. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/fleet/nodes.h"
#include "lib/fleet/nodes_edit.h"

#define FILE_MAX ((size_t)16 * 1024 * 1024)
#define PRIVATE 0640 /* it holds tokens */

static int
refuse(struct nodes_edit *e, bool wrong, const char *what, const char *why)
{
	e->wrong = wrong;
	snprintf(e->error, sizeof(e->error), "%s%s%s", what,
	    *what != '\0' ? ": " : "", why);
	return -1;
}

int
nodes_edit_open(struct nodes_edit *e, const struct config *c)
{
	char *text, *path;
	size_t len;
	int rc;

	memset(e, 0, sizeof(*e));
	e->lock.fd = -1;
	e->path = c->nodes_file;
	if (*e->path == '\0')
		return refuse(e, true, "NODES_FILE is not set",
		    "the nodes are in VPS_AGENTS_JSON");
	path = mem_printf("%s/nodes.lock", c->state_dir);
	rc = lock_open(&e->lock, path);
	free(path);
	if (rc == -1)
		return refuse(e, false, "", e->lock.error);
	if (!lock_try(&e->lock))
		return refuse(e, false, "",
		    "somebody else is changing the nodes; try again");
	if ((text = file_read(e->path, FILE_MAX, &len)) == NULL &&
	    errno != ENOENT)
		return refuse(e, false, e->path, strerror(errno));
	e->doc = text != NULL ? jsonin_parse(text, len) : cJSON_CreateArray();
	free(text);
	if (!cJSON_IsArray(e->doc))
		return refuse(e, false, e->path,
		    "it is no list of nodes; correct the file first");
	return 0;
}

int
nodes_edit_check(struct nodes_edit *e)
{
	char *tmp = mem_printf("%s.check", e->path);
	struct nodes nodes = {0};
	int rc = 0;

	cJSON_free(e->text);
	if ((e->text = cJSON_Print(e->doc)) == NULL)
		abort(); /* out of memory */
	if (file_write(tmp, e->text, strlen(e->text), 0600) == -1)
		rc = refuse(e, false, tmp, strerror(errno));
	else if (nodes_load(&nodes, tmp) == -1)
		rc = refuse(e, true, "", nodes.error);
	nodes_done(&nodes);
	unlink(tmp);
	free(tmp);
	return rc;
}

int
nodes_edit_write(struct nodes_edit *e)
{
	struct stat st;
	mode_t mode =
	    stat(e->path, &st) == 0 ? st.st_mode & 0777 : (mode_t)PRIVATE;

	if (file_write(e->path, e->text, strlen(e->text), mode) == 0)
		return 0;
	return refuse(e, false, e->path, strerror(errno));
}

void
nodes_edit_close(struct nodes_edit *e)
{
	lock_close(&e->lock);
	cJSON_Delete(e->doc);
	cJSON_free(e->text);
	e->doc = NULL;
	e->text = NULL;
}

cJSON *
nodes_edit_find(struct nodes_edit *e, const char *id)
{
	const char *text;
	cJSON *o;

	cJSON_ArrayForEach(o, e->doc)
		if (jsonin_string(o, "id", &text) && strcmp(text, id) == 0)
			return o;
	refuse(e, true, "no such node", id);
	return NULL;
}

static void
put(cJSON *node, const char *name, cJSON *value)
{
	if (cJSON_GetObjectItemCaseSensitive(node, name) != NULL)
		cJSON_ReplaceItemInObjectCaseSensitive(node, name, value);
	else
		cJSON_AddItemToObject(node, name, value);
}

void
nodes_edit_text(cJSON *node, const char *name, const char *text)
{
	if (text == NULL)
		cJSON_DeleteItemFromObjectCaseSensitive(node, name);
	else
		put(node, name, cJSON_CreateString(text));
}

void
nodes_edit_flag(cJSON *node, const char *name, bool on)
{
	put(node, name, cJSON_CreateBool(on));
}
