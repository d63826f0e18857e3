/* import_folder.c: the legacy system's folder, and what its .env is here. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bin/command.h"
#include "bin/import.h"
#include "lib/base/buf.h"
#include "lib/base/config.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/nodes.h"
#include "lib/json/json.h"

#define ENV_MAX ((size_t)1 << 20)
#define NODES_TEXT_MAX ((size_t)4 << 20)

/* Settings that both systems have, by their names here. */
static const struct setting {
	const char *name;
	bool secret; /* its value is not printed */
} settings[] = {
    {"APP_HOST", false},
    {"APP_PORT", false},
    {"CORS_ORIGINS", false},
    {"GOOGLE_APPLICATION_CREDENTIALS", false},
    {"SHEETS_SPREADSHEET_ID", true},
    {"LOG_LEVEL", false},
    {"AGENT_TIMEOUT", false},
    {"CACHE_TTL", false},
    {"REDIS_HOST", false},
    {"REDIS_PORT", false},
    {"REDIS_DB", false},
    {"REDIS_PASSWORD", true},
};

struct old_env {
	const char *dir;
	char *phases;    /* PHASE_DATA_FILE */
	struct buf here; /* settings as they are called here */
	struct buf nodes, unknown;
};

/* ["a","b"] -> a,b; else as it is. */
static char *
list_of(const char *value)
{
	cJSON *doc = jsonin_parse(value, strlen(value));
	const cJSON *o;
	struct buf b;
	char *text;

	buf_init(&b, ENV_MAX);
	cJSON_ArrayForEach(o, doc)
		if (cJSON_IsString(o))
			buf_printf(
			    &b, "%s%s", b.len > 0 ? "," : "", o->valuestring);
	text = cJSON_IsArray(doc) && b.len > 0 ? mem_strdup(b.data)
					       : mem_strdup(value);
	buf_done(&b);
	cJSON_Delete(doc);
	return text;
}

/* A node's id out of a name: other signs than an id may have become "-". */
static char *
id_of(const char *name, int n)
{
	char *id = *name != '\0' ? mem_strndup(name, strnlen(name, 60))
				 : mem_printf("node-%d", n);

	for (char *c = id; *c != '\0'; c++)
		if (strchr(
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			"0123456789._-",
			*c) == NULL)
			*c = '-';
	return id;
}

/* [{"name","url"}] or ["url"] as nodes.json. */
static void
put_nodes(struct old_env *env, const char *value)
{
	cJSON *doc = jsonin_parse(value, strlen(value));
	const char *name, *url, *text;
	const cJSON *o;
	struct json j;
	char *id;
	int n = 0;

	json_init(&j, NODES_TEXT_MAX);
	json_array(&j, NULL);
	cJSON_ArrayForEach(o, doc) {
		name = url = "";
		if (cJSON_IsString(o))
			url = o->valuestring;
		(void)jsonin_string(o, "name", &name);
		(void)jsonin_string(o, "url", &url);
		if (*url == '\0') {
			log_warnx(".env: VPS_AGENTS_JSON: an agent without a "
				  "url: left out");
			continue;
		}
		id = id_of(name, ++n);
		json_object(&j, NULL);
		json_string(&j, "id", id);
		json_string(&j, "url", url);
		json_end(&j);
		free(id);
	}
	json_end(&j);
	text = json_text(&j, NULL);
	if (!cJSON_IsArray(doc))
		log_warnx(".env: VPS_AGENTS_JSON: not a JSON list: left out");
	else if (text != NULL)
		buf_puts(&env->nodes, text);
	json_done(&j);
	cJSON_Delete(doc);
}

static void
take_setting(struct old_env *env, const char *name, const char *value)
{
	const size_t len = sizeof(settings) / sizeof(settings[0]);
	const char *here = config_renamed(name);
	size_t i = 0;
	char *text;

	if (*value == '\0')
		return;
	if (strcmp(name, "VPS_AGENTS_JSON") == 0) {
		put_nodes(env, value);
		return;
	}
	if (strcmp(name, "PHASE_DATA_FILE") == 0) {
		free(env->phases);
		env->phases = *value == '/'
				  ? mem_strdup(value)
				  : mem_printf("%s/%s", env->dir, value);
		return;
	}
	if (here == NULL)
		here = name;
	while (i < len && strcmp(settings[i].name, here) != 0)
		i++;
	if (i == len) {
		buf_printf(&env->unknown, " %s", name);
		return;
	}
	text = list_of(value);
	if (settings[i].secret)
		buf_printf(
		    &env->here, "    %s=<the value of %s>\n", here, name);
	else
		buf_printf(&env->here, "    %s=%s\n", here, text);
	free(text);
}

/* How many brackets are open at the end of it, strings left out. */
static int
open_brackets(const char *text)
{
	bool quoted = false;
	int open = 0;

	for (; *text != '\0'; text++) {
		if (quoted && *text == '\\' && text[1] != '\0')
			text++;
		else if (*text == '"')
			quoted = !quoted;
		else if (!quoted && strchr("[{", *text) != NULL)
			open++;
		else if (!quoted && strchr("]}", *text) != NULL)
			open--;
	}
	return open;
}

/* NAME=value, where a value that begins with a bracket or a quote may go on
 * over several lines. */
static void
read_env(struct old_env *env, char *text)
{
	char *rest = text, *line, *name, *value, *end;

	while ((line = strsep(&rest, "\n")) != NULL) {
		name = line + strspn(line, " \t\r");
		if (strncmp(name, "export ", 7) == 0)
			name += 7;
		value = strchr(name, '=');
		if (*name == '#' || value == NULL)
			continue;
		*value++ = '\0';
		name[strcspn(name, " \t")] = '\0';
		value += strspn(value, " \t");
		while (
		    rest != NULL &&
		    ((strchr("[{", *value) != NULL && *value != '\0' &&
			 open_brackets(value) > 0) ||
			(*value == '\'' && strchr(value + 1, '\'') == NULL))) {
			rest[-1] = '\n';
			strsep(&rest, "\n");
		}
		end = value + strlen(value);
		while (end > value && strchr(" \t\r\n", end[-1]) != NULL)
			*--end = '\0';
		if (end - value >= 2 && end[-1] == *value &&
		    strchr("\"'", *value) != NULL) {
			end[-1] = '\0';
			value++;
		}
		take_setting(env, name, value);
	}
}

/* What a person is to do with it. */
static void
print_env(const struct old_env *env)
{
	if (env->here.len > 0)
		printf(".env: put these into the settings (MT5FLEET_CONFIG):\n"
		       "%s",
		    env->here.data);
	if (env->nodes.len > 0)
		printf(".env: VPS_AGENTS_JSON: put this into nodes.json "
		       "(NODES_FILE), with each agent's token:\n    %s\n",
		    env->nodes.data);
	if (env->unknown.len > 0)
		printf(".env: of no use here:%s\n", env->unknown.data);
}

/* In DIR, or in DIR/data. NULL: it is not there. */
static char *
find(const char *dir, const char *name)
{
	char *path = mem_printf("%s/%s", dir, name);

	if (access(path, F_OK) == 0)
		return path;
	free(path);
	path = mem_printf("%s/data/%s", dir, name);
	if (access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

int
import_folder(const struct import_context *c, const char *dir)
{
	/* agents.json sets what is missing in a phase: behind them */
	static const struct {
		const char *name, *kind;
	} files[] = {{"phases.json", "phases"}, {"vs_data.json", "vs"},
	    {"agents.json", "agents"}, {"trade_cache.json", "trades"}};
	struct old_env env = {.dir = dir};
	char *path = mem_printf("%s/.env", dir), *text;
	int found = 0, one, rc = COMMAND_OK;

	buf_init(&env.here, ENV_MAX);
	buf_init(&env.nodes, NODES_TEXT_MAX);
	buf_init(&env.unknown, ENV_MAX);
	text = file_read(path, ENV_MAX, NULL);
	if (text != NULL) {
		read_env(&env, text);
		print_env(&env);
		found++;
	} else if (errno != ENOENT) {
		log_error("%s: %s", path, strerror(errno));
		rc = COMMAND_FAILED;
	}
	free(text);
	free(path);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (rc == COMMAND_LEDGER)
			break;
		path = i == 0 && env.phases != NULL &&
			       access(env.phases, F_OK) == 0
			   ? mem_strdup(env.phases)
			   : find(dir, files[i].name);
		if (path == NULL) {
			printf("%s: not there\n", files[i].name);
			continue;
		}
		found++;
		one = import_file(c, path, import_kind(files[i].kind));
		if (one > rc)
			rc = one;
		free(path);
	}
	if (found == 0) {
		log_error(
		    "%s: none of the legacy system's files is in it", dir);
		rc = COMMAND_FAILED;
	} else if (rc == COMMAND_FAILED)
		printf("what is kept aside: mt5fleet import --kept; import the "
		       "folder again once the cause is fixed\n");
	free(env.phases);
	buf_done(&env.here);
	buf_done(&env.nodes);
	buf_done(&env.unknown);
	return rc;
}
