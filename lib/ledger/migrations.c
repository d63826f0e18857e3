/* migrations.c: a ledger's version, and the way to this program's. */
#include <inttypes.h>
#include <stdio.h>

#include "lib/base/clock.h"
#include "lib/ledger/migrations.h"

/* The last one applied; 0 where there is no ledger yet, -1 with the error. */
static int64_t
applied(struct ledger *l, const struct migrations *m)
{
	int64_t there = m->ask(l, m->is_there);

	if (there != 1)
		return there;
	return m->ask(l, "SELECT coalesce(max(number), 0) FROM migration");
}

static enum ledger_result
apply_from(struct ledger *l, const struct migrations *m, int64_t number)
{
	enum ledger_result r = m->run(l, m->create);
	char note[128];

	for (; r == LEDGER_OK && number < m->len; number++) {
		if (m->sql[number] != NULL)
			r = m->run(l, m->sql[number]);
		snprintf(note, sizeof(note),
		    "INSERT INTO migration VALUES (%" PRId64 ", %" PRId64 ")",
		    number + 1, clock_utc_ms());
		if (r == LEDGER_OK)
			r = m->run(l, note);
	}
	return r;
}

/* Under the writer's lock, so that two programs do not both do it. */
static enum ledger_result
apply(struct ledger *l, const struct migrations *m)
{
	enum ledger_result r = m->begin(l);
	int64_t number;

	if (r != LEDGER_OK)
		return r;
	number = applied(l, m);
	r = number == -1 ? LEDGER_ERROR : apply_from(l, m, number);
	if (r == LEDGER_OK)
		return m->commit(l);
	m->rollback(l);
	return r;
}

enum ledger_result
migrations_settle(struct ledger *l, const struct migrations *m)
{
	int64_t number = applied(l, m);

	if (number == -1)
		return l->state != LEDGER_OK ? l->state : LEDGER_ERROR;
	if (number == m->len ||
	    (l->mode == LEDGER_CHECK && number > 0 && number < m->len))
		return LEDGER_OK;
	if (number < m->len && l->mode == LEDGER_WRITE)
		return apply(l, m);
	if (number == 0 && m->no_ledger != NULL) {
		snprintf(l->error, sizeof(l->error), "ledger not found: %s",
		    m->no_ledger);
		return LEDGER_NOT_FOUND;
	}
	snprintf(l->error, sizeof(l->error),
	    "ledger error: the %s is of version %" PRId64
	    ", this program of %" PRId64 "%s",
	    m->store, number, m->len,
	    number < m->len ? ": run a job to bring it up to date"
			    : ": the program is too old");
	return LEDGER_ERROR;
}
