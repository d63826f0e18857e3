/* presets.c: etc/rules.json -> rule sets, as long as nobody edited them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cron/phases/phases.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/json/jsonin.h"
#include "lib/ledger/flows.h"
#include "lib/trading/rules.h"

#define FILE_MAX ((size_t)4 << 20)
#define WHY_SIZE 256

static enum ledger_result
load_preset(struct app *app, const cJSON *o)
{
	struct ledger_rule_set set = {.preset = true};
	enum ledger_result r = LEDGER_OK;
	char why[WHY_SIZE] = "no name or rules", *text;
	struct rules rules;

	if (!jsonin_string(o, "name", &set.name) ||
	    jsonin_object(o, "rules") == NULL) {
		log_warnx("%s: %s", app->config.presets_file, why);
		app->bad_presets++;
		return LEDGER_OK;
	}
	(void)jsonin_string(o, "firm", &set.firm);
	(void)jsonin_string(o, "program", &set.program);
	(void)jsonin_string(o, "source_url", &set.source_url);
	(void)jsonin_string(o, "verified_on", &set.verified_on);
	text = cJSON_PrintUnformatted(jsonin_object(o, "rules"));
	set.rules = text;
	if (rules_parse(text, strlen(text), "", &rules, why, sizeof(why)) == 0)
		r = ledger_rule_set_preset(app->ledger, &set, app->now_utc_ms);
	else {
		log_warnx(
		    "%s: \"%s\": %s", app->config.presets_file, set.name, why);
		app->bad_presets++;
	}
	cJSON_free(text);
	return r;
}

/* How a flow's meaning is guessed, in the place of what is built in. */
static enum ledger_result
load_flows(struct app *app, const cJSON *doc)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, "flows");
	enum ledger_result r;
	char why[WHY_SIZE], *text;

	if (list != NULL && !flow_rules_check(list, why, sizeof(why))) {
		log_warnx("%s: %s", app->config.presets_file, why);
		app->bad_presets++;
		return LEDGER_OK;
	}
	text = list != NULL ? cJSON_PrintUnformatted(list) : NULL;
	r = ledger_flow_rules_put(app->ledger, text);
	cJSON_free(text);
	return r;
}

enum ledger_result
presets_load(struct app *app)
{
	enum ledger_result r = LEDGER_OK;
	const cJSON *o;
	size_t len;
	char *text = file_read(app->config.presets_file, FILE_MAX, &len);
	cJSON *doc = text != NULL ? jsonin_parse(text, len) : NULL;

	if (text == NULL && errno != ENOENT)
		log_warnx("%s: %s", app->config.presets_file, strerror(errno));
	if (text != NULL && jsonin_array(doc, "presets") == NULL) {
		log_warnx("%s: no list of presets", app->config.presets_file);
		app->bad_presets++;
	}
	if (doc != NULL)
		r = load_flows(app, doc);
	cJSON_ArrayForEach(o, jsonin_array(doc, "presets")) {
		if (r == LEDGER_OK)
			r = load_preset(app, o);
	}
	cJSON_Delete(doc);
	free(text);
	return r;
}
