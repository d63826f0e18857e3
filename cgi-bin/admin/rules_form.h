/* rules_form.h: between the pages of a rule set. */
#ifndef ADMIN_RULES_FORM_H
#define ADMIN_RULES_FORM_H

#include "lib/ledger/ledger.h"
#include "lib/web/web.h"

/* The form of a rule set, as it was sent. */
void rules_form_again(struct buf *b, const struct request *req);

/* The name and the rules, their worked examples too; false with the reason. */
#define RULES_WHY_SIZE 512
bool rules_are_good(const struct ledger_rule_set *r, char why[RULES_WHY_SIZE]);

#endif
