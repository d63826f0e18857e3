/*
 * annulled.c: verdicts that an admin annulled. The period goes on behind such a
 * one; the break it was about is no new verdict, until the rule was kept again.
 */
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/judge/subject.h"

#define TARGET_BIT 62

static int64_t
bit_of(const struct rule_seen *seen)
{
	switch (seen->verdict) {
	case RULE_NO_VERDICT:
		return 0;
	case RULE_TARGET_REACHED:
		return INT64_C(1) << TARGET_BIT;
	case RULE_DAILY_BREACHED:
		return INT64_C(1) << RULE_DAILY_LOSS;
	case RULE_TOTAL_BREACHED:
		return INT64_C(1) << RULE_MAX_LOSS;
	case RULE_KIND_BREACHED:
		break;
	}
	return INT64_C(1) << seen->kind;
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
	/* annulled since the state was kept: judged again from behind it */
	if (a->annulled_utc_ms > s->saved.annul_utc_ms &&
	    a->at_utc_ms < s->judged_utc_ms)
		s->judged_utc_ms = a->at_utc_ms;
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

static bool
is_annulled(const struct subject *s, int64_t bit, int64_t before_utc_ms,
    int64_t at_utc_ms)
{
	for (size_t i = 0; i < s->annulled_len; i++)
		if (bit_of(&s->annulled[i].seen) == bit &&
		    s->annulled[i].at_utc_ms > before_utc_ms &&
		    s->annulled[i].at_utc_ms <= at_utc_ms)
			return true;
	return false;
}

bool
annulled_target(struct subject *s, int64_t at_utc_ms, int64_t before_utc_ms,
    struct rule_seen *seen)
{
	int64_t bit = INT64_C(1) << TARGET_BIT;

	if (!rules_at_target(&s->rules, &s->saved.st) ||
	    ((s->saved.excused & bit) == 0 &&
		!is_annulled(s, bit, before_utc_ms, at_utc_ms)))
		return false;
	seen->verdict = RULE_TARGET_REACHED;
	return true;
}

bool
annulled_excuses(
    struct subject *s, const struct rule_seen *seen, int64_t before_utc_ms)
{
	int64_t bit = bit_of(seen);

	/* the rule was kept meanwhile: the next break is another one */
	s->saved.excused &= bit;
	if (bit != 0 && is_annulled(s, bit, before_utc_ms, seen->at_utc_ms))
		s->saved.excused |= bit;
	return (s->saved.excused & bit) != 0;
}
