/* copy.c: a copy of a ledger in use, which is always a file. */
#include <stdio.h>

#include "lib/ledger/engine.h"
#include "lib/ledger/transfer.h"

/* A copy is a file of SQLite, as one of a file is: a plain one, without a WAL.
 */
static enum ledger_result
copy_rows(struct ledger *l, const char *path)
{
	struct ledger *to = ledger_open(path, LEDGER_WRITE);
	enum ledger_result r = ledger_state(to);
	char why[TRANSFER_WHY_SIZE];
	struct query q;

	snprintf(why, sizeof(why), "%s", to->error);
	if (r == LEDGER_OK && (r = ledger_snapshot(l)) == LEDGER_OK) {
		r = ledger_transfer(l, to, NULL, NULL, why);
		l->engine->rollback(l);
		if (r != LEDGER_OK)
			snprintf(l->error, sizeof(l->error), "%s", why);
	} else if (ledger_state(to) != LEDGER_OK)
		snprintf(l->error, sizeof(l->error), "%s", why);
	if (r == LEDGER_OK) {
		query_init_text(&q, to, "PRAGMA journal_mode = DELETE");
		r = query_run(&q);
	}
	ledger_close(to);
	return r;
}

enum ledger_result
ledger_copy(struct ledger *l, const char *path)
{
	if (l->state != LEDGER_OK)
		return l->state;
	return l->engine->copy != NULL ? l->engine->copy(l, path)
				       : copy_rows(l, path);
}
