/* rules_lines.c: the limits and what is left of them, a line for each rule. */
#include <string.h>

#include "lib/trading/money.h"
#include "lib/trading/rule_kinds.h"

#define HYSTERESIS 0.05

void
rules_limits(const struct rules *r, const struct rule_state *st,
    const struct rule_days *days, int64_t resets_utc_ms,
    struct rule_limits *out)
{
	const struct rule_basis basis = {r, st, days};

	memset(out, 0, sizeof(*out));
	out->at_utc_ms = st->at_utc_ms;
	out->resets_utc_ms = resets_utc_ms;
	out->days_done = days->done;
	for (int k = 0; k < RULE_KINDS; k++) {
		struct rule_line line = {.is_set = false};

		rule_kinds[k].limit(&basis, &line);
		if (line.is_set)
			out->line[k] = line;
	}
}

void
rules_left(const struct rule_limits *lim, money_t balance, money_t equity,
    const struct amount *synced, int64_t now_utc_ms, struct rule_left *out)
{
	const struct rule_now now = {
	    now_utc_ms, balance, equity, *synced, lim->resets_utc_ms};
	bool behind = !synced->known || synced->v != balance;

	memset(out, 0, sizeof(*out));
	out->estimated = behind;
	for (int k = 0; k < RULE_KINDS; k++) {
		const struct rule_line *line = &lim->line[k];
		struct rule_line_left *left = &out->line[k];

		if (!line->is_set)
			continue;
		left->estimated = line->estimated || behind;
		rule_kinds[k].left(line, &now, left);
		out->estimated = out->estimated || left->estimated;
	}
}

int
rules_stage(const struct rules *r, int stage, double used)
{
	while (stage < r->warn_len &&
	       used >= (double)r->warn_at[stage] / (double)MONEY_ONE)
		stage++;
	while (stage > 0 &&
	       (stage > r->warn_len ||
		   used < (double)r->warn_at[stage - 1] / (double)MONEY_ONE -
			      HYSTERESIS))
		stage--;
	return stage;
}
