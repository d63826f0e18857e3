/* ledger.c: a ledger, on whichever engine its place names. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/ledger/engine.h"

enum ledger_result
ledger_state(const struct ledger *l)
{
	return l->state;
}

const char *
ledger_error(const struct ledger *l)
{
	return l->error[0] != '\0' ? l->error : NULL;
}

const char *
ledger_reason(const struct ledger *l)
{
	static const char begin[] = "ledger: ";
	size_t len = sizeof(begin) - 1;

	return strncmp(l->error, begin, len) == 0 ? l->error + len : l->error;
}

struct ledger *
ledger_open(const char *where, enum ledger_mode mode)
{
	struct ledger *l = mem_new(1, sizeof(*l));

	l->mode = mode;
	l->engine = ledger_is_url(where) ? &engine_postgresql : &engine_sqlite;
	l->engine->open(l, where);
	return l;
}

void
ledger_close(struct ledger *l)
{
	if (l == NULL)
		return;
	l->engine->close(l);
	free(l);
}

enum ledger_result
ledger_revision(struct ledger *l, int64_t *revision)
{
	struct query q;

	query_init(&q, l, SQL_REVISION_GET);
	if (query_next(&q))
		*revision = take_int(&q);
	return query_done(&q);
}

enum ledger_result
ledger_replace(struct ledger *l, const char *path)
{
	return l->state == LEDGER_OK ? l->engine->replace(l, path) : l->state;
}

bool
ledger_is_damaged(const struct ledger *l)
{
	return l->damaged;
}

enum ledger_result
ledger_check(struct ledger *l)
{
	return l->state == LEDGER_OK ? l->engine->check(l) : l->state;
}
