/* result.c: what Google or the ledger answered, as the result of a run. */
#include <stdio.h>

#include "cron/sheets/sheets.h"

enum sheets_result
sheets_google(struct sheets *s, enum google_result rc)
{
	if (rc == GOOGLE_OK)
		return SHEETS_DONE;
	snprintf(s->error, sizeof(s->error), "%s", batch_error(&s->batch));
	return rc == GOOGLE_LATER ? SHEETS_LATER : SHEETS_PERSON;
}

enum sheets_result
sheets_ledger(struct sheets *s, enum ledger_result rc)
{
	const char *why = ledger_error(s->ledger);

	if (rc == LEDGER_OK)
		return SHEETS_DONE;
	snprintf(s->error, sizeof(s->error), "ledger: %s",
	    why != NULL ? why : ledger_result_word(rc));
	return ledger_state(s->ledger) == LEDGER_OK ||
		       ledger_state(s->ledger) == LEDGER_UNREACHABLE
		   ? SHEETS_LATER
		   : SHEETS_PERSON;
}
