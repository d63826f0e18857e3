/* migrate.c: gives the rows of the legacy system's Accounts to their accounts.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cron/sheets/hash.h"
#include "cron/sheets/sheets.h"
#include "lib/base/log.h"

/* That system knew an account by its number alone. NULL: none, or several. */
static const struct source_account *
by_number(const struct sheets *s, uint64_t number)
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
migrate_row(struct sheets *s, struct book_tab *t, int row)
{
	struct book_seen *seen = &t->seen[row - 1];
	const struct source_account *a = by_number(s, seen->key);
	char key[ROW_KEY_SIZE];
	int given;

	if (a == NULL)
		return false;
	snprintf(key, sizeof(key), "%" PRId64 "@%s", a->login, a->server);
	if (mirror_add(&s->mirror[TAB_ACCOUNTS], key, &given) != LEDGER_OK ||
	    given != row)
		return false;
	seen->key = hash_text(key);
	seen->kind = BOOK_OURS;
	return true;
}

enum sheets_result
migrate_accounts(struct sheets *s, struct book_tab *t)
{
	enum ledger_result rc = mirror_doubt(&s->mirror[TAB_ACCOUNTS]);
	int row = 1;

	if (rc == LEDGER_OK && (s->dry || !t->have_keys))
		return SHEETS_DONE;
	if (rc == LEDGER_OK)
		rc = ledger_begin(s->ledger);
	if (rc != LEDGER_OK)
		return sheets_ledger(s, rc);
	while (row <= t->seen_len && migrate_row(s, t, row))
		row++;
	if (row <= t->seen_len) {
		ledger_rollback(s->ledger);
		log_warnx("tab=\"%s\" row=%d: no account fits this row",
		    t->tab->title, row + 1);
		book_refuse(t, BOOK_NOT_OURS, t->tab->column[t->tab->key].name);
		return SHEETS_DONE;
	}
	log_info("tab=\"%s\": %d rows of the legacy system are taken over",
	    t->tab->title, t->seen_len);
	return sheets_ledger(s, ledger_commit(s->ledger));
}
