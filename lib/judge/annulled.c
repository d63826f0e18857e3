/*
 * annulled.c: verdicts that an admin annulled. The period goes on with it; the
 * break it was about is no new verdict, until the rule was kept again.
 */
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/judge/subject.h"

static int64_t
bit_of(const struct rule_seen *seen)
{
	switch (seen->verdict) {
	case RULE_NO_VERDICT:
		return 0;
	case RULE_TARGET_REACHED:
		return ANNULLED_TARGET;
	case RULE_DAILY_BREACHED:
		return RULE_BIT(RULE_DAILY_LOSS);
	case RULE_TOTAL_BREACHED:
		return RULE_BIT(RULE_MAX_LOSS);
	case RULE_KIND_BREACHED:
		break;
	}
	return RULE_BIT(seen->kind);
}

static int
keep(const struct ledger_annulled *a, void *arg)
{
	struct subject *s = arg;
	struct rule_seen seen = {0};

	s->annul_hash =
	    hash_add(s->annul_hash, &a->verdict, sizeof(a->verdict));
	if (a->annulled_utc_ms > s->annul_utc_ms)
		s->annul_utc_ms = a->annulled_utc_ms;
	if (!rule_seen_from(a->word, &seen))
		return 0;
	s->annulled = mem_room(s->annulled, s->annulled_len, &s->annulled_size,
	    sizeof(*s->annulled));
	s->annulled[s->annulled_len].at_utc_ms = a->at_utc_ms;
	s->annulled[s->annulled_len++].seen = seen;
	/* annulled since the state was kept: judged again from there on, for
	 * what it hid */
	if (a->annulled_utc_ms > s->saved.annul_utc_ms &&
	    a->at_utc_ms <= s->judged_utc_ms)
		s->judged_utc_ms = a->at_utc_ms - 1;
	return 0;
}

void
annulled_load(struct subject *s)
{
	s->annul_hash = HASH_START;
	if (s->result == LEDGER_OK && s->a.period.id != 0)
		s->result = ledger_annulled(
		    s->judge->ledger, s->a.id, s->a.period.id, keep, s);
}

int64_t
annulled_between(
    const struct subject *s, int64_t before_utc_ms, int64_t at_utc_ms)
{
	int64_t bits = 0;

	for (size_t i = 0; i < s->annulled_len; i++)
		if (s->annulled[i].at_utc_ms > before_utc_ms &&
		    s->annulled[i].at_utc_ms <= at_utc_ms)
			bits |= bit_of(&s->annulled[i].seen);
	return bits;
}
