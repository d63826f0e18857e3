/* phase_json.h: an account's phase as rows, answers and events say it. */
#ifndef LIB_FLEET_PHASE_JSON_H
#define LIB_FLEET_PHASE_JSON_H

#include "lib/json/json.h"
#include "lib/ledger/ledger.h"

/*
 * {"phase","status","holder","prop_firm","vs_group","initial_balance","tags",
 * "note","started_utc","paused_until_utc","rule_set":{"id","name"},"version"};
 * what is not set is null.
 */
void phase_json(
    struct json *j, const char *key, const struct ledger_account *a);

#endif
