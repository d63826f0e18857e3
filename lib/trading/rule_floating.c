/* rule_floating.c: floating_loss, a limit on what the open positions have lost:
 * balance less equity, whatever was won or lost before. */
#include "lib/trading/money.h"
#include "lib/trading/rule_floors.h"
#include "lib/trading/rule_kinds.h"

void
rules_read_floating(struct rules_reader *rd, const cJSON *o)
{
	static const char *const names[] = {
	    "pct", "money", "of", "effect", "breach", NULL};
	static const char *const of[] = {"initial", "balance", NULL};
	static const char *const effects[] = {"fail", "pause", NULL};
	struct rules *r = rd->r;

	r->floating.size.kind = RULE_SIZE_NONE;
	if (o == NULL || !rules_only(rd, "floating_loss", o, names))
		return;
	r->floating.size = rules_read_size(rd, "floating_loss", o);
	r->floating.of_balance =
	    rules_word(rd, "floating_loss", o, "of", of, 0) == 1;
	r->floating.pause =
	    rules_word(rd, "floating_loss", o, "effect", effects, 0) == 1;
	r->floating.breach = rules_read_breach(rd, "floating_loss", o);
}

static money_t
allowance(const struct rules *r, const struct rule_state *st)
{
	return rules_size(&r->floating.size,
	    r->floating.of_balance ? money_max(0, st->balance) : st->initial);
}

void
rules_limit_floating(const struct rule_basis *b, struct rule_line *out)
{
	out->is_set = b->rules->floating.size.kind != RULE_SIZE_NONE;
	out->size = (struct amount){true, allowance(b->rules, b->st)};
	out->test = RULE_EQUITY;
	out->at_limit = rules_at_is_breach(b->rules, b->rules->floating.breach);
}

/* The allowance is below the balance, which moves with each trade closed. */
void
rules_left_floating(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	money_t lost = money_max(0, now->balance - now->equity);

	if (!line->size.known || line->size.v <= 0)
		return;
	out->left = (struct amount){true, line->size.v - lost};
	out->used_known = true;
	out->used = (double)lost / (double)line->size.v;
}

/* By the sample itself: its low may be of another balance. */
bool
rules_floating_is_broken(const struct rule_basis *b,
    const struct rule_sample *s, struct rule_seen *seen)
{
	const struct rules *r = b->rules;
	money_t floor = s->balance - allowance(r, b->st);
	bool at = rules_at_is_breach(r, r->floating.breach);

	if (r->floating.size.kind == RULE_SIZE_NONE || s->equity > floor ||
	    (s->equity == floor && !at))
		return false;
	seen->value = s->equity;
	seen->level = floor;
	seen->baseline = s->balance;
	seen->pauses = r->floating.pause;
	return true;
}
