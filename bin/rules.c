/* rules.c: `mt5fleet rules`: rule sets tried on examples, and on a path. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/rules.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/json/jsonin.h"
#include "lib/trading/rules_trial.h"

#define FILE_MAX ((size_t)64 << 20)

/* NULL: the reason was logged. */
static cJSON *
read_json(const char *path)
{
	size_t len;
	char *text = file_read(path, FILE_MAX, &len);
	cJSON *doc;

	if (text == NULL) {
		log_error("%s: %s", path, strerror(errno));
		return NULL;
	}
	doc = jsonin_parse(text, len);
	if (doc == NULL)
		log_error("%s: not JSON", path);
	free(text);
	return doc;
}

bool
rules_try_one(const cJSON *example, const cJSON *rules, FILE *to)
{
	const char *name = "(no name)";
	struct buf out;
	bool good;

	buf_init(&out, 16384);
	(void)jsonin_string(example, "name", &name);
	good = rules_trial_example(example, rules, &out);
	fprintf(to, "%s %s: %s\n", good ? "ok" : "WRONG", name, out.data);
	buf_done(&out);
	return good;
}

static int
try_examples(const char *path)
{
	cJSON *doc = read_json(path);
	const cJSON *e;
	int good = 0, all = 0;

	if (doc == NULL)
		return COMMAND_FAILED;
	if (!cJSON_IsArray(doc)) {
		log_error("%s: not a list of examples", path);
		cJSON_Delete(doc);
		return COMMAND_FAILED;
	}
	cJSON_ArrayForEach(e, doc) {
		good += rules_try_one(e, NULL, stdout);
		all++;
	}
	printf("%d of %d\n", good, all);
	cJSON_Delete(doc);
	return good == all && all > 0 ? COMMAND_OK : COMMAND_FAILED;
}

static int
replay(const char *path)
{
	cJSON *doc = read_json(path);
	char *text, why[RULES_REPLAY_WHY];

	if (doc == NULL)
		return COMMAND_FAILED;
	text = rules_replay(doc, why);
	cJSON_Delete(doc);
	if (text == NULL) {
		log_error("%s: %s", path, why);
		return COMMAND_FAILED;
	}
	puts(text);
	free(text);
	return COMMAND_OK;
}

int
command_rules(const struct config *config, int argc, char *argv[])
{
	(void)config;
	if (argc == 3 && strcmp(argv[1], "try") == 0)
		return try_examples(argv[2]);
	if (argc == 3 && strcmp(argv[1], "replay") == 0)
		return replay(argv[2]);
	return command_usage();
}
