/* accounts.c: what the ledger knows of accounts, for the filters of targets. */
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/accounts.h"
#include "lib/base/mem.h"

static char *
copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static int
keep(const struct ledger_account *from, void *arg)
{
	struct accounts *a = arg;

	a->list = mem_room(a->list, a->len, &a->size, sizeof(*a->list));
	a->list[a->len++] =
	    (struct account_known){.server = mem_strdup(from->server),
		.login = mem_printf("%lld", (long long)from->login),
		.node = copy(from->node),
		.firm = copy(from->prop_firm),
		.holder = copy(from->holder),
		.tags = copy(from->tags)};
	return 0;
}

enum ledger_result
accounts_read(struct accounts *a, struct ledger *l)
{
	accounts_done(a);
	return ledger_accounts(l, keep, a);
}

void
accounts_done(struct accounts *a)
{
	for (size_t i = 0; i < a->len; i++) {
		free(a->list[i].server);
		free(a->list[i].login);
		free(a->list[i].node);
		free(a->list[i].firm);
		free(a->list[i].holder);
		free(a->list[i].tags);
	}
	free(a->list);
	*a = (struct accounts){.list = NULL};
}

static const struct account_known *
find(const struct accounts *a, const struct notice *n)
{
	for (size_t i = 0; n->server != NULL && n->login != NULL && i < a->len;
	     i++)
		if (strcmp(a->list[i].server, n->server) == 0 &&
		    strcmp(a->list[i].login, n->login) == 0)
			return &a->list[i];
	return NULL;
}

void
accounts_know(const struct accounts *a, struct notice *n)
{
	const struct account_known *k = find(a, n);

	if (k == NULL)
		return;
	n->firm = k->firm;
	n->holder = k->holder;
	if (n->node == NULL)
		n->node = k->node;
}

static struct notice_subject
subject_of(const struct account_known *k)
{
	return (struct notice_subject){
	    .firm = k->firm, .holder = k->holder, .tags = k->tags};
}

bool
accounts_want(
    const struct accounts *a, const struct target *t, const struct notice *n)
{
	const struct account_known *k = find(a, n);
	struct notice_subject s = {.tags = NULL};

	if (k != NULL)
		s = subject_of(k);
	if (n->server != NULL || n->node == NULL)
		return target_wants(t, n, &s);
	for (size_t i = 0; i < a->len; i++) {
		struct notice of = *n;

		if (a->list[i].node == NULL ||
		    strcmp(a->list[i].node, n->node) != 0)
			continue;
		of.server = a->list[i].server;
		of.login = a->list[i].login;
		s = subject_of(&a->list[i]);
		if (target_wants(t, &of, &s))
			return true;
	}
	return target_wants(t, n, &(struct notice_subject){.tags = NULL});
}

bool
accounts_concern(
    const struct accounts *a, const struct target *t, const struct notice *n)
{
	const struct account_known *k = find(a, n);
	const struct notice_subject s =
	    k != NULL ? subject_of(k) : (struct notice_subject){.tags = NULL};

	return target_wants_account(t, n, &s);
}
