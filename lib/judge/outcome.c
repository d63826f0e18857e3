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
	bool paused = seen->at_utc_ms < s->saved.resumed_utc_ms;

	if (seen->verdict == RULE_NO_VERDICT)
		return false;
	if (seen->verdict == RULE_TARGET_REACHED || seen->pauses)
		return status_is(s, "active") && !paused;
	return status_is(s, "active") || status_is(s, "target_reached") ||
	       status_is(s, "paused");
}

static const char *
status_after(const struct subject *s)
{
	if (s->seen.verdict == RULE_TARGET_REACHED)
		return "target_reached";
	if (s->seen.pauses)
		return "paused";
	return "breached";
}

static struct ledger_actor
actor(const struct subject *s)
{
	struct ledger_actor a = {
	    .who = "phases", .at_utc_ms = s->judge->now_utc_ms};

	if (s->seen.verdict != RULE_NO_VERDICT) {
		a.balance = (struct amount){true, s->seen.balance};
		a.equity = (struct amount){true, s->seen.equity};
	}
	return a;
}

static void
set_status(struct subject *s, const char *status, int64_t until_utc_ms)
{
	struct ledger_phase_edit edit = {
	    .status = status, .paused_until_utc_ms = until_utc_ms};
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
	const char *word = rule_seen_word(&s->seen);
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
	    .at_utc_ms = s->seen.at_utc_ms,
	    .word = rule_seen_word(&s->seen),
	    .status = status,
	    .seen = s->seen,
	    .rules = s->rules_json};

	if (s->result != LEDGER_OK || s->seen.verdict == RULE_NO_VERDICT)
		return;
	s->result = ledger_verdict_add(s->judge->ledger, &v);
	set_status(s, status,
	    strcmp(status, "paused") == 0 ? s->saved.next_utc_ms : 0);
	if (s->result != LEDGER_OK)
		return;
	s->judge->tally.verdicts++;
	tell_verdict(s, status);
}

/* ---- warnings ---- */

static void
warn(struct subject *s, enum rule_kind kind, const struct rule_line_left *left)
{
	const char *title = rule_kind_title(kind);
	int *stage = &s->saved.st.stage[kind];
	int now = left->used_known ? rules_stage(&s->rules, *stage, left->used)
				   : *stage;

	if (now > *stage &&
	    s->judge->now_utc_ms - s->last.at_utc_ms <= FRESH_MS) {
		s->judge->tally.warnings++;
		tell(s, "warn", rule_kind_word(kind), false,
		    mem_printf("%s %" PRId64 ": %.0f %% of the %s is used",
			s->server, s->a.login, left->used * 100, title));
	}
	*stage = now;
}

void
outcome_warn(struct subject *s)
{
	struct amount synced = {true, s->last.balance};
	struct rule_limits limits;
	struct rule_left left;

	if (s->result != LEDGER_OK || !s->has_rules || s->last.at_utc_ms == 0 ||
	    s->seen.verdict != RULE_NO_VERDICT || !status_is(s, "active"))
		return;
	rules_limits(
	    &s->rules, &s->saved.st, &s->days, s->saved.next_utc_ms, &limits);
	rules_left(&limits, s->last.balance, s->last.equity, &synced,
	    s->last.at_utc_ms, &left);
	for (int k = 0; k < RULE_KINDS; k++)
		if (limits.line[k].is_set &&
		    rule_kind_title((enum rule_kind)k) != NULL)
			warn(s, (enum rule_kind)k, &left.line[k]);
}

/* A pause of the rules ends by itself; one of a person's does not. */
void
outcome_resume(struct subject *s)
{
	int64_t until = s->a.period.paused_until_utc_ms;

	if (!status_is(s, "paused") || until == 0 ||
	    until > s->judge->now_utc_ms)
		return;
	set_status(s, "active", 0);
	s->saved.resumed_utc_ms = until;
	s->judge->tally.resumed++;
}
