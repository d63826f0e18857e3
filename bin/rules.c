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

cJSON *
rules_read_file(const char *path)
{
	char where[JSONIN_WHERE_SIZE];
	size_t len;
	char *text = file_read(path, FILE_MAX, &len);
	cJSON *doc;

	if (text == NULL) {
		log_error("%s: %s", path, strerror(errno));
		return NULL;
	}
	doc = jsonin_parse(text, len);
	if (doc == NULL)
		log_error("%s:%s: not JSON from here", path,
		    jsonin_where(text, len, where));
	free(text);
	return doc;
}

/* ---- try ---- */

static void
try_one(struct rules_tried *t, const cJSON *example, const cJSON *rules)
{
	const char *name = "(no name)";
	struct buf out;
	bool good;

	buf_init(&out, 16384);
	(void)jsonin_string(example, "name", &name);
	good = rules_trial_example(example, rules, &out);
	t->all++;
	t->good += good;
	if (!good || !t->only_wrong)
		fprintf(t->to, "%s %s: %s\n", good ? "ok" : "WRONG", name,
		    out.data);
	buf_done(&out);
}

/* rules NULL: those of each example. */
static bool
try_list(struct rules_tried *t, const cJSON *list, const cJSON *rules)
{
	const cJSON *e;

	if (!cJSON_IsArray(list))
		return false;
	cJSON_ArrayForEach(e, list)
		try_one(t, e, rules);
	return true;
}

/* A preset, or a rule set that carries its own. */
static bool
try_set(struct rules_tried *t, const cJSON *set)
{
	return try_list(t, cJSON_GetObjectItemCaseSensitive(set, "examples"),
	    jsonin_object(set, "rules") != NULL ? jsonin_object(set, "rules")
						: set);
}

bool
rules_try(struct rules_tried *t, const cJSON *doc)
{
	const cJSON *presets = jsonin_array(doc, "presets"), *p;

	if (presets != NULL) {
		cJSON_ArrayForEach(p, presets)
			(void)try_set(t, p);
		return true;
	}
	if (cJSON_HasObjectItem(doc, "events"))
		try_one(t, doc, NULL);
	else
		return try_list(t, doc, NULL) || try_set(t, doc);
	return true;
}

static int
try_examples(const char *path)
{
	struct rules_tried t = {.to = stdout};
	cJSON *doc = rules_read_file(path);

	if (doc == NULL)
		return COMMAND_FAILED;
	if (!rules_try(&t, doc))
		log_error("%s: neither a list of examples nor a rule set that "
			  "has some",
		    path);
	else if (t.all == 0)
		log_error("%s: no examples", path);
	else
		printf("%d of %d\n", t.good, t.all);
	cJSON_Delete(doc);
	return t.good == t.all && t.all > 0 ? COMMAND_OK : COMMAND_FAILED;
}

/* ---- replay ---- */

static int
replay(const char *path)
{
	cJSON *doc = rules_read_file(path);
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
