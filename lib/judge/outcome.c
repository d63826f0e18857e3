/* outcome.c: verdicts, warnings, and the ends of pauses. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/judge/subject.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"

static bool
status_is(const struct subject *s, const char *word)
{
	return s->status != NULL && strcmp(s->status, word) == 0;
}

/* A target is reached once; a limit can still be broken behind it. */
bool
outcome_matters(const struct subject *s, const struct rule_seen *seen)
{
	/* what lies in a pause, also where it is judged when that is over */
	bool paused = seen->at_msc < s->saved.resumed_msc;

	switch (seen->verdict) {
	case RULE_NO_VERDICT:
		return false;
	case RULE_TARGET_REACHED:
		return status_is(s, "active") && !paused;
	case RULE_DAILY_BREACHED:
		if (s->rules.daily.pause)
			return status_is(s, "active") && !paused;
		break;
	case RULE_TOTAL_BREACHED:
		break;
	}
	return status_is(s, "active") || status_is(s, "target_reached") ||
	       status_is(s, "paused");
}

static const char *
status_after(const struct subject *s)
{
	if (s->seen.verdict == RULE_TARGET_REACHED)
		return "target_reached";
	if (s->seen.verdict == RULE_DAILY_BREACHED && s->rules.daily.pause)
		return "paused";
	return "breached";
}

static struct ledger_actor
actor(const struct subject *s)
{
	struct ledger_actor a = {.who = "phases", .at_msc = s->judge->now_msc};

	if (s->seen.verdict != RULE_NO_VERDICT) {
		a.balance = (struct amount){true, s->seen.balance};
		a.equity = (struct amount){true, s->seen.equity};
	}
	return a;
}

static void
set_status(struct subject *s, const char *status, int64_t until_msc)
{
	struct ledger_phase_edit edit = {
	    .status = status, .paused_until_msc = until_msc};
	struct ledger_actor who = actor(s);

	if (s->result == LEDGER_OK)
		s->result = ledger_phase_edit(
		    s->judge->ledger, s->a.id, LEDGER_ANY_VERSION, &edit, &who);
	if (s->result == LEDGER_OK) {
		free(s->status);
		s->status = mem_strdup(status);
		s->judge->phase_changed(s->judge->arg, s->a.id);
	}
}

/* At least two; an account with none may have cents. */
static int
digits_of(const struct subject *s)
{
	int digits = s->a.currency_digits;

	if (digits > MONEY_DIGITS)
		return MONEY_DIGITS;
	return digits > 2 ? digits : 2;
}

static void
tell(struct subject *s, const char *level, const char *what, bool is_verdict,
    char *text)
{
	const struct judge_alert alert = {.account = s->a.id,
	    .server = s->server,
	    .login = s->a.login,
	    .level = level,
	    .what = what,
	    .text = text,
	    .is_verdict = is_verdict};

	s->judge->alert(s->judge->arg, &alert);
	free(text);
}

static void
tell_verdict(struct subject *s, const char *status)
{
	char value[MONEY_SIZE], level[MONEY_SIZE];
	bool good = s->seen.verdict == RULE_TARGET_REACHED;
	const char *word = rule_verdict_word(s->seen.verdict);
	int digits = digits_of(s);

	tell(s, good ? "info" : "critical", word, true,
	    mem_printf("%s %" PRId64 ": %s: %s %s, %s %s", s->server,
		s->a.login, status, word,
		money_format(s->seen.value, digits, value),
		good ? "target" : "floor",
		money_format(s->seen.level, digits, level)));
}

void
outcome_verdict(struct subject *s)
{
	const char *status = status_after(s);
	struct ledger_verdict v = {.account = s->a.id,
	    .period = s->a.period.id,
	    .at_msc = s->seen.at_msc,
	    .word = rule_verdict_word(s->seen.verdict),
	    .status = status,
	    .seen = s->seen,
	    .rules = s->rules_json};

	if (s->result != LEDGER_OK || s->seen.verdict == RULE_NO_VERDICT)
		return;
	s->result = ledger_verdict_add(s->judge->ledger, &v);
	set_status(
	    s, status, strcmp(status, "paused") == 0 ? s->saved.next_msc : 0);
	if (s->result != LEDGER_OK)
		return;
	s->judge->tally.verdicts++;
	tell_verdict(s, status);
}

/* ---- warnings ---- */

static void
warn(struct subject *s, const char *what, int *stage,
    const struct rule_line_left *left)
{
	int now = left->used_known ? rules_stage(&s->rules, *stage, left->used)
				   : *stage;

	if (now > *stage && s->judge->now_msc - s->last.at_msc <= FRESH_MSC) {
		s->judge->tally.warnings++;
		tell(s, "warn", what, false,
		    mem_printf("%s %" PRId64 ": %.0f %% of the %s is used",
			s->server, s->a.login, left->used * 100,
			strcmp(what, "daily_loss") == 0 ? "daily loss"
							: "maximum loss"));
	}
	*stage = now;
}

void
outcome_warn(struct subject *s)
{
	struct rule_state *st = &s->saved.st;
	struct amount synced = {true, s->last.balance};
	struct rule_limits limits;
	struct rule_left left;

	if (s->result != LEDGER_OK || !s->has_rules || s->last.at_msc == 0 ||
	    s->seen.verdict != RULE_NO_VERDICT || !status_is(s, "active"))
		return;
	rules_limits(&s->rules, st, &s->days, s->saved.next_msc, &limits);
	rules_left(&limits, s->last.balance, s->last.equity, &synced,
	    s->last.at_msc, &left);
	warn(s, "daily_loss", &st->stage_daily, &left.line[RULE_DAILY_LOSS]);
	warn(s, "max_loss", &st->stage_total, &left.line[RULE_MAX_LOSS]);
}

/* A pause of the rules ends by itself; one of a person's does not. */
void
outcome_resume(struct subject *s)
{
	int64_t until = s->a.period.paused_until_msc;

	if (!status_is(s, "paused") || until == 0 || until > s->judge->now_msc)
		return;
	set_status(s, "active", 0);
	s->saved.resumed_msc = until;
	s->judge->tally.resumed++;
}
