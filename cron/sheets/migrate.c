/* adopt.c: gives the rows of the first system's Accounts to their accounts. */
#include <inttypes.h>
#include <stdio.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/sync.h"
#include "lib/base/log.h"
#include "lib/ledger/jobs.h"

/* That system knew an account by its number alone. NULL: none, or several. */
static const struct source_account *
by_number(const struct sync *s, uint64_t number)
{
	const struct source_account *found = NULL, *a;
	char text[32];

	for (int i = 0; i < s->source->len; i++) {
		a = &s->source->accounts[i];
		snprintf(text, sizeof(text), "%" PRId64, a->login);
		if (hash_text(text) != number)
			continue;
		if (found != NULL)
			return NULL;
		found = a;
	}
	return found;
}

/* The ledger counts rows from 1 as it is asked for them: asked in the
 * sheet's order it gives the places that they have. False: it cannot. */
static bool
adopt_row(struct sync *s, struct book_tab *t, int row)
{
	struct book_seen *seen = &t->seen[row - 1];
	const struct source_account *a = by_number(s, seen->key);
	char key[ROW_KEY_SIZE];
	int64_t given;

	if (a == NULL)
		return false;
	snprintf(key, sizeof(key), "%" PRId64 "@%s", a->login, a->server);
	if (ledger_sheet_row(s->ledger, s->sheet, t->tab->title, key, &given) !=
		LEDGER_OK ||
	    given != row)
		return false;
	seen->key = hash_text(key);
	seen->kind = BOOK_OURS;
	return true;
}

enum sync_result
sync_adopt(struct sync *s, struct book_tab *t)
{
	int row = 1;

	mirror_doubt(&s->mirror[TAB_ACCOUNTS]);
	if (s->dry || !t->have_keys)
		return SYNC_DONE;
	if (ledger_begin(s->ledger) != LEDGER_OK)
		return sync_ledger(s);
	while (row <= t->seen_len && adopt_row(s, t, row))
		row++;
	if (row <= t->seen_len) {
		ledger_rollback(s->ledger);
		log_warnx(
		    "tab=\"%s\" row=%d: it cannot be told whose row that is",
		    t->tab->title, row + 1);
		book_refuse(t, BOOK_NOT_OURS, t->tab->column[t->tab->key].name);
		return SYNC_DONE;
	}
	log_info("tab=\"%s\": %d rows of the first system are taken over",
	    t->tab->title, t->seen_len);
	return ledger_commit(s->ledger) == LEDGER_OK ? SYNC_DONE
						     : sync_ledger(s);
}
