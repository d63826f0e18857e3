/* outcome.c: verdicts, warnings, and the ends of pauses. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/judge/subject.h"
#include "lib/base/clock.h"
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

/* An amount of money with the account's digits, a count with its word. */
static char *
in_unit(const struct subject *s, enum rule_kind kind, money_t v)
{
	const char *unit = rule_kind_unit(kind);
	char text[MONEY_SIZE];

	if (strcmp(unit, "money") == 0)
		return mem_strdup(money_format(v, digits_of(s), text));
	return mem_printf("%s %s", money_format(v, -1, text), unit);
}

static void
tell_verdict(struct subject *s, const char *status)
{
	bool good = s->seen.verdict == RULE_TARGET_REACHED;
	enum rule_kind kind = good ? RULE_PROFIT_TARGET : s->seen.kind;
	const char *word = rule_seen_word(&s->seen);
	const char *what = rule_kind_of_trading(kind) ? "limit"
			   : good                     ? "target"
						      : "floor";
	char *value = in_unit(s, kind, s->seen.value);
	char *level = in_unit(s, kind, s->seen.level);

	tell(s, good ? "info" : "critical", word, true,
	    mem_printf("%s %" PRId64 ": %s: %s %s, %s %s", s->server,
		s->a.login, status, word, value, what, level));
	free(value);
	free(level);
}

void
outcome_verdict(struct subject *s)
{
	const char *status = status_after(s);
	char *text;
	struct ledger_verdict v = {.account = s->a.id,
	    .period = s->a.period.id,
	    .at_utc_ms = s->seen.at_utc_ms,
	    .word = rule_seen_word(&s->seen),
	    .status = status,
	    .seen = s->seen,
	    .rules = s->rules_json};

	if (s->result != LEDGER_OK || s->seen.verdict == RULE_NO_VERDICT)
		return;
	text = evidence_json(s);
	v.evidence = text;
	if (s->result == LEDGER_OK)
		s->result = ledger_verdict_add(s->judge->ledger, &v);
	free(text);
	set_status(s, status,
	    strcmp(status, "paused") == 0 ? s->saved.next_utc_ms : 0);
	if (s->result != LEDGER_OK)
		return;
	s->judge->tally.verdicts++;
	tell_verdict(s, status);
}

/* ---- warnings ---- */

/* Those that were broken since the last run, and end nothing. */
void
outcome_breaks(struct subject *s)
{
	char at[CLOCK_ISO_SIZE];

	if (s->result != LEDGER_OK ||
	    !(status_is(s, "active") || status_is(s, "target_reached") ||
		status_is(s, "paused")))
		return;
	for (int k = 0; k < RULE_KINDS; k++) {
		const struct rule_break *b = &s->breaks[k].last;
		char *value, *level;

		if (s->breaks[k].count == 0)
			continue;
		value = in_unit(s, (enum rule_kind)k, b->value);
		level = in_unit(s, (enum rule_kind)k, b->level);
		s->judge->tally.warnings++;
		tell(s, "warn", rule_kind_word((enum rule_kind)k), false,
		    mem_printf("%s %" PRId64 ": %s is not kept: %s, limit %s, "
			       "at %s (%d new)",
			s->server, s->a.login,
			rule_kind_word((enum rule_kind)k), value, level,
			clock_iso(b->at_utc_ms, at), s->breaks[k].count));
		free(value);
		free(level);
	}
}

static void
tell_use(struct subject *s, enum rule_kind kind, const struct rule_line *line,
    double used)
{
	char at[CLOCK_ISO_SIZE];

	s->judge->tally.warnings++;
	tell(s, "warn", rule_kind_word(kind), false,
	    mem_printf("%s %" PRId64 ": %.0f %% of the %s is used%s%s",
		s->server, s->a.login, used * 100, rule_kind_title(kind),
		line->due_utc_ms != 0 ? ", due " : "",
		line->due_utc_ms != 0 ? clock_iso(line->due_utc_ms, at) : ""));
}

static void
warn(struct subject *s, enum rule_kind kind, const struct rule_line *line,
    const struct rule_line_left *left, bool fresh)
{
	int *stage = &s->saved.st.stage[kind];
	int now = left->used_known ? rules_stage(&s->rules, *stage, left->used)
				   : *stage;

	if (now > *stage && fresh)
		tell_use(s, kind, line, left->used);
	*stage = now;
}

/* What the deals and the time say is warned of without a sample, too; the
 * rest only by one that is of now. */
void
outcome_warn(struct subject *s)
{
	bool has_sample = s->last.at_utc_ms != 0;
	bool fresh =
	    has_sample && s->judge->now_utc_ms - s->last.at_utc_ms <= FRESH_MS;
	struct amount synced = {true, s->last.balance};
	struct rule_limits limits;
	struct rule_left left, now;

	if (s->result != LEDGER_OK || !s->has_rules || !s->saved.st.begun ||
	    s->seen.verdict != RULE_NO_VERDICT || !status_is(s, "active"))
		return;
	rules_limits(
	    &s->rules, &s->saved.st, &s->days, s->saved.next_utc_ms, &limits);
	rules_left(&limits, s->last.balance, s->last.equity, &synced,
	    s->last.at_utc_ms, &left);
	rules_left(&limits, s->last.balance, s->last.equity, &synced,
	    s->judge->now_utc_ms, &now);
	for (int k = 0; k < RULE_KINDS; k++) {
		const struct rule_line *line = &limits.line[k];

		if (!line->is_set || rule_kind_title((enum rule_kind)k) == NULL)
			continue;
		if (rule_kind_of_trading((enum rule_kind)k))
			warn(s, (enum rule_kind)k, line, &now.line[k],
			    !line->unjudged);
		else if (has_sample)
			warn(s, (enum rule_kind)k, line, &left.line[k], fresh);
	}
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
