/* alias.c: accounts that were joined into another one, and by which name. */
#include "lib/ledger/db.h"
#include "lib/ledger/history.h"
#include "lib/ledger/trades.h"

enum ledger_result
ledger_account_is_merged(struct ledger *l, int64_t account, bool *merged)
{
	struct query q;

	*merged = false;
	query_init(&q, l, SQL_ACCOUNT_MERGED);
	put_int(&q, account);
	if (query_next(&q))
		*merged = take_int(&q) != 0;
	return query_found(&q);
}

enum ledger_result
ledger_account_origin(
    struct ledger *l, const char *server, int64_t login, int64_t *origin)
{
	struct query q;

	*origin = 0;
	query_init(&q, l, SQL_ACCOUNT_ORIGIN);
	put_text(&q, server);
	put_int(&q, login);
	if (query_next(&q))
		*origin = take_int(&q);
	return query_done(&q);
}
