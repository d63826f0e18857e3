/* entry.c: an entry of the stream as clients get it. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/fleet/event.h"
#include "lib/json/jsonin.h"
#include "live/entry.h"
#include "live/filter.h"

#define SIZE_AT_FIRST 64 /* a power of two */

void
entries_init(struct entries *e, size_t entry_max)
{
	memset(e, 0, sizeof(*e));
	json_init(&e->text, entry_max);
	e->size = SIZE_AT_FIRST;
	e->accounts = mem_new(e->size, sizeof(*e->accounts));
}

void
entries_done(struct entries *e)
{
	json_done(&e->text);
	free(e->accounts);
	memset(e, 0, sizeof(*e));
}

static struct entry_account *
place_of(struct entry_account *list, size_t size, uint64_t account)
{
	size_t at = account & (size - 1);

	while (list[at].account != 0 && list[at].account != account)
		at = (at + 1) & (size - 1);
	return &list[at];
}

static struct entry_account *
account_of(struct entries *e, uint64_t account)
{
	struct entry_account *a;

	if (2 * e->len >= e->size) {
		size_t size = 2 * e->size;
		struct entry_account *list = mem_new(size, sizeof(*list));

		for (size_t i = 0; i < e->size; i++)
			if (e->accounts[i].account != 0)
				*place_of(list, size, e->accounts[i].account) =
				    e->accounts[i];
		free(e->accounts);
		e->accounts = list;
		e->size = size;
	}
	a = place_of(e->accounts, e->size, account);
	if (a->account == 0) {
		a->account = account;
		e->len++;
	}
	return a;
}

/*
 * What the ledger adds. A phase that was changed after the ledger was asked
 * makes the old one's figures unknown, until it is asked again.
 */
static void
put_ledger(struct entries *e, struct event_id id, struct entry_account *a,
    const struct event_entry *event, const struct entry_facts *known)
{
	const struct account_facts *found = NULL;
	struct account_facts facts;
	struct row_money m;
	int64_t login;

	event_read_money(event, &m);
	if (jsonin_int64(event->doc, "login", &login))
		found = facts_find(known->facts, event->server, login);
	if (found != NULL && m.known) {
		facts = *found;
		found = &facts;
		if (known->began_mono_ms <= a->phase_mono_ms)
			pl_forget_phase(&facts.pl);
		high_note(&a->high, RULE_MAX_LOSS, &facts.pl, &m.money, id.ms);
		high_note(
		    &a->day_high, RULE_DAILY_LOSS, &facts.pl, &m.money, id.ms);
	}
	row_json_ledger(&e->text, &m, found, clock_utc_ms());
}

bool
entry_make(struct entries *e, struct event_id id, const char *data, size_t len,
    const struct entry_facts *known, struct entry *out)
{
	struct event_entry event = {.type = EVENT_TYPES};
	bool good = len > 0 && *data == '{' && event_read(&event, data, len);

	if (!good)
		goto out;
	*out = (struct entry){.is_phase = event.type == EVENT_PHASE,
	    .type = event.type < EVENT_TYPES ? 1U << event.type : 0,
	    .text = data,
	    .len = len};
	if (event.server == NULL)
		goto out;
	out->account = account_hash(event.server, event.login);
	if (out->is_phase)
		account_of(e, out->account)->phase_mono_ms = clock_mono_ms();
	if (event.type == EVENT_ACCOUNT) {
		json_reset(&e->text);
		json_object(&e->text, NULL);
		json_members(&e->text, data, len);
		put_ledger(e, id, account_of(e, out->account), &event, known);
		out->newest = &account_of(e, out->account)->newest;
		json_end(&e->text);
		out->text = json_text(&e->text, &out->len);
		good = out->text != NULL;
	}
out:
	event_done(&event);
	return good;
}
