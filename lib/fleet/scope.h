/*
 * scope.h: which accounts were given to somebody.
 *
 * A text, a line for each: "holder:Anna", "firm:FTMO", "tag:vip",
 * "account:SERVER/LOGIN", and "none", which gives nothing; he sees what any of
 * them gives. "": all accounts. What the ledger does not say of an account
 * gives nobody that account.
 */
#ifndef LIB_FLEET_SCOPE_H
#define LIB_FLEET_SCOPE_H

#include "lib/fleet/facts.h"
#include "lib/fleet/view.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"

#define SCOPE_SIZE 4096 /* with its end */
#define SCOPE_NONE "none"

/* One more line; false: it cannot be, or there is no room, and why says so. */
#define SCOPE_WHY_SIZE 200
bool scope_add(
    char text[SCOPE_SIZE], const char *line, char why[SCOPE_WHY_SIZE]);

/* A list of such lines, empty: none of the accounts; null: all. */
bool scope_read(
    char text[SCOPE_SIZE], const cJSON *list, char why[SCOPE_WHY_SIZE]);
void scope_json(struct json *j, const char *key, const char *text);

/* The account that the next line of the text names; false: it names none. *text
 * is behind it then, or NULL at the end. */
bool scope_next_account(
    const char **text, char server[SCOPE_SIZE], int64_t *login);

/* Is that account among them? */
bool scope_has(const char *text, const struct facts *facts, const char *server,
    int64_t login);

/* May he see what the audit says: of that account, and of the one that it was
 * joined with, which is another one where that was undone. */
bool scope_has_audit(
    const char *text, const struct facts *facts, const struct ledger_audit *a);

/* Leaves of a view those rows alone, and the nodes that they are of. */
void scope_view(struct view *v, const char *text, const struct facts *facts);

#endif
