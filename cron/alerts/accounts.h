/* accounts.h: what the ledger knows of accounts, for the filters of targets. */
#ifndef ALERTS_ACCOUNTS_H
#define ALERTS_ACCOUNTS_H

#include "lib/ledger/ledger.h"
#include "lib/notify/notice.h"

struct account_known {
	char *server, *login, *node, *firm, *holder, *tags;
};

struct accounts {
	struct account_known *list;
	size_t len, size;
};

enum ledger_result accounts_read(struct accounts *a, struct ledger *l);
void accounts_done(struct accounts *a);

/* Firm, holder and, where it is not known, node of a notice's account. */
void accounts_know(const struct accounts *a, struct notice *n);

/* Does the target want it? What is of a node is of all its accounts. */
bool accounts_want(
    const struct accounts *a, const struct target *t, const struct notice *n);

/* Has the target to do with the account of n, whatever is said of it? */
bool accounts_concern(
    const struct accounts *a, const struct target *t, const struct notice *n);

#endif
