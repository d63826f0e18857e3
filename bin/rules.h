/* rules.h: between the files of `mt5fleet rules` and `mt5fleet check`. */
#ifndef BIN_RULES_H
#define BIN_RULES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

#include "bin/command.h"

/* NULL: it was logged, with the line. */
cJSON *rules_read_file(const char *path);

/* Of examples that were tried: a line each goes to `to`. */
struct rules_tried {
	FILE *to;
	bool only_wrong;
	int good, all;
};

/*
 * Every example of a list, of one rule set with "examples", or of all the
 * presets of a file like etc/rules.json; "ok|WRONG name: expected … got …".
 * false: doc is none of those.
 */
bool rules_try(struct rules_tried *t, const cJSON *doc);

#define RULES_REPLAY_WHY 320

/*
 * A path of an account judged by the job's own code at the moments it names,
 * in a ledger of its own. The answer as JSON, the caller's; NULL: why.
 */
char *rules_replay(const cJSON *path, char why[RULES_REPLAY_WHY]);

#endif
