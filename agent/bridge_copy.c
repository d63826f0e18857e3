/* bridge_copy.c: the bridge's sources into every terminal of this machine. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/bridge_copy.h"
#include "agent/platform.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define SOURCE_MAX ((size_t)1024 * 1024)
#define TERMINAL_ID_LEN 32 /* hex digits: how MetaTrader names data folders */

struct copying {
	const char *from, *to; /* folders */
	const char *terminals;
	int n, failed;
};

static void
say(struct copying *c, const char *path)
{
	log_error("%s: %s", path, strerror(errno));
	c->failed++;
}

static bool
is_source(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL &&
	       (strcmp(dot, ".mqh") == 0 || strcmp(dot, ".mq5") == 0);
}

static void
copy_source(void *arg, const char *name)
{
	struct copying *c = arg;
	char *from, *to, *text;
	size_t len;

	if (!is_source(name))
		return;
	from = mem_printf("%s/%s", c->from, name);
	to = mem_printf("%s/%s", c->to, name);
	if ((text = file_read(from, SOURCE_MAX, &len)) == NULL)
		say(c, from);
	else if (file_write(to, text, len, 0644) == -1)
		say(c, to);
	free(text);
	free(to);
	free(from);
}

/* 0: it is a folder now. */
static int
make_folder(struct copying *c, const char *path)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return 0;
	say(c, path);
	return -1;
}

static void
consider(void *arg, const char *name)
{
	struct copying *c = arg;
	char *mql, *services, *to;
	struct stamp stamp;

	if (strlen(name) != TERMINAL_ID_LEN ||
	    strspn(name, "0123456789ABCDEFabcdef") != TERMINAL_ID_LEN)
		return;
	mql = mem_printf("%s/%s/MQL5", c->terminals, name);
	services = mem_printf("%s/Services", mql);
	to = mem_printf("%s/mt5fleet", services);
	if (platform_stamp(mql, &stamp) == 0 && make_folder(c, services) == 0 &&
	    make_folder(c, to) == 0) {
		c->to = to;
		platform_list(c->from, copy_source, c);
		c->n++;
	}
	free(to);
	free(services);
	free(mql);
}

/* "…/Terminal/Common/Files" -> "…/Terminal"; NULL: it is called otherwise. */
static char *
terminals_of(const char *common)
{
	static const char end[] = "Common/Files";
	char *path = mem_strdup(common);
	size_t len;

	for (char *p = path; *p != '\0'; p++)
		if (*p == '\\')
			*p = '/';
	len = strlen(path);
	while (len > 0 && path[len - 1] == '/')
		path[--len] = '\0';
	if (len > sizeof(end) &&
	    strcmp(path + len - (sizeof(end) - 1), end) == 0) {
		path[len - sizeof(end)] = '\0';
		return path;
	}
	free(path);
	return NULL;
}

int
bridge_copy(const struct config *c, const char *from)
{
	struct copying copying = {.from = from};
	char *list = mem_strdup(c->agent_common), *rest = list, *one, *folder;
	const char separator[2] = {platform_path_separator, '\0'};

	while ((one = strsep(&rest, separator)) != NULL) {
		if ((folder = terminals_of(one)) == NULL)
			continue;
		copying.terminals = folder;
		platform_list(folder, consider, &copying);
		free(folder);
	}
	free(list);
	return copying.failed > 0 ? -1 : copying.n;
}

int
bridge_run(const struct config *c, const char *from)
{
	int n = bridge_copy(c, from);

	if (n < 0)
		return 1;
	printf("the bridge is in %d terminals\n", n);
	return 0;
}
