/* rules.h: between the files of `mt5fleet rules` and `mt5fleet check`. */
#ifndef BIN_RULES_H
#define BIN_RULES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

#include "bin/command.h"

/* "ok|WRONG name: expected … got …"; rules NULL: the example's own. */
bool rules_try_one(const cJSON *example, const cJSON *rules, FILE *to);

#define RULES_REPLAY_WHY 320

/*
 * A path of an account judged by the job's own code at the moments it names,
 * in a ledger of its own. The answer as JSON, the caller's; NULL: why.
 */
char *rules_replay(const cJSON *path, char why[RULES_REPLAY_WHY]);

#endif
