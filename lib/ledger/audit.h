/* audit.h: between the ledger's own files: a row of the audit. */
#ifndef LIB_LEDGER_AUDIT_H
#define LIB_LEDGER_AUDIT_H

#include "lib/ledger/people.h"

struct ledger_audit_new {
	const struct ledger_actor *actor;
	const char *action;
	int64_t account; /* 0: none */
	const char *field, *from, *to;
	int64_t period; /* the one it began; 0 */
};

enum ledger_result ledger_audit_put(
    struct ledger *l, const struct ledger_audit_new *a);

#endif
