/* rules_form.h: between the pages of a rule set. */
#ifndef ADMIN_RULES_FORM_H
#define ADMIN_RULES_FORM_H

#include "lib/web/web.h"

/* The form of a rule set, as it was sent. */
void rules_form_again(struct buf *b, const struct request *req);

#endif
