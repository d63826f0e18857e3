/* account.c: one account: what is new, and what follows from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/judge/subject.h"
#include "lib/base/mem.h"

#define WHY_SIZE 256

static char *
copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static int
keep_account(const struct ledger_account *a, void *arg)
{
	struct subject *s = arg;

	s->a = *a;
	s->server = copy(a->server);
	s->phase = copy(a->period.phase);
	s->status = copy(a->period.status);
	return 0;
}

static int
keep_rules(const struct ledger_rule_set *r, void *arg)
{
	((struct subject *)arg)->rules_json = mem_strdup(r->rules);
	return 0;
}

/* Over what the rules of this period are. */
static void
hash_rules(struct subject *s)
{
	const struct ledger_period *p = &s->a.period;
	uint64_t h = HASH_START;

	if (s->rules_json != NULL)
		h = hash_add(h, s->rules_json, strlen(s->rules_json));
	if (s->phase != NULL)
		h = hash_add(h, s->phase, strlen(s->phase));
	/* its days are cut by it, and its deals' UTC are made by it */
	if (s->clock.zone != NULL)
		h = hash_add(h, s->clock.zone, strlen(s->clock.zone));
	h = hash_add(h, &p->id, sizeof(p->id));
	h = hash_add(h, &p->started_utc_ms, sizeof(p->started_utc_ms));
	h = hash_add(h, &p->high.known, sizeof(bool));
	h = hash_add(h, &p->high.v, sizeof(int64_t));
	h = hash_add(h, &p->initial_balance.known, sizeof(bool));
	h = hash_add(h, &p->initial_balance.v, sizeof(int64_t));
	s->rules_hash = h;
}

/* Without rules the day still begins at the server's midnight. */
static void
load_rules(struct subject *s)
{
	char why[WHY_SIZE];

	s->rules = (struct rules){.zone = "server"};
	if (s->a.rule_set != 0)
		s->result = ledger_rule_set_get(
		    s->judge->ledger, s->a.rule_set, keep_rules, s);
	if (s->rules_json != NULL && s->phase != NULL &&
	    s->a.period.initial_balance.known) {
		s->has_rules = rules_parse(s->rules_json, strlen(s->rules_json),
				   s->phase, &s->rules, why, sizeof(why)) == 0;
		if (!s->has_rules) {
			s->judge->tally.bad_rules++;
			s->judge->bad_rules(
			    s->judge->arg, &s->a, s->server, why);
		}
	}
	if (s->clock.zone != NULL && strcmp(s->rules.zone, "server") == 0)
		snprintf(
		    s->rules.zone, sizeof(s->rules.zone), "%s", s->clock.zone);
	hash_rules(s);
}

static int
keep_state(const char *json, void *arg)
{
	struct subject *s = arg;

	/* what cannot be read is folded anew */
	(void)state_parse(json, &s->saved);
	return 0;
}

/* Another period or other rules: all is folded anew, and what was judged
 * before is not judged again. */
static void
load_state(struct subject *s)
{
	enum ledger_result r;
	int64_t period;

	if (s->result != LEDGER_OK)
		return;
	r = ledger_rule_state_get(
	    s->judge->ledger, s->a.id, &period, keep_state, s);
	if (r == LEDGER_NOT_FOUND) {
		annulled_load(s);
		if (s->judged_utc_ms < s->a.period.entered_utc_ms)
			s->judged_utc_ms = s->a.period.entered_utc_ms;
		s->notes.judged_utc_ms = s->judged_utc_ms;
		return;
	}
	s->result = r;
	s->judged_utc_ms = s->saved.st.at_utc_ms;
	/* our clock was set back: what is behind now was not */
	if (s->judged_utc_ms > s->judge->now_utc_ms) {
		s->judged_utc_ms = s->judge->now_utc_ms;
		s->saved.rules_hash = ~s->rules_hash;
	}
	annulled_load(s);
	/* what lies before it was entered is folded, and not judged: who
	 * entered it said how the account stood then */
	if (s->judged_utc_ms < s->a.period.entered_utc_ms)
		s->judged_utc_ms = s->a.period.entered_utc_ms;
	s->notes = s->saved.notes;
	if (s->saved.annul_hash != s->annul_hash &&
	    s->notes.judged_utc_ms > s->judged_utc_ms)
		s->notes.judged_utc_ms = s->judged_utc_ms;
	if (s->notes.judged_utc_ms == 0 ||
	    s->notes.judged_utc_ms > s->judge->now_utc_ms ||
	    (s->saved.rules_hash != s->rules_hash &&
		s->notes.judged_utc_ms < s->judged_utc_ms))
		s->notes.judged_utc_ms = s->judged_utc_ms;
	if (s->saved.rules_hash != s->rules_hash ||
	    s->saved.annul_hash != s->annul_hash || period != s->a.period.id)
		memset(&s->saved, 0, sizeof(s->saved));
}

static void
save_limits(struct subject *s)
{
	struct rule_limits limits;
	bool ended = s->status != NULL && strcmp(s->status, "archived") == 0;

	if (s->result != LEDGER_OK)
		return;
	if (s->has_rules && s->saved.st.begun && !ended && !s->flows_unknown) {
		rules_limits(&s->rules, &s->saved.st, &s->days,
		    s->saved.next_utc_ms, &limits);
		s->result =
		    ledger_limits_put(s->judge->ledger, s->a.id, &limits);
	} else if (s->a.has_limits)
		s->result = ledger_limits_put(s->judge->ledger, s->a.id, NULL);
}

static void
save_state(struct subject *s)
{
	char *text;

	if (s->result != LEDGER_OK || !s->saved.st.begun)
		return;
	s->saved.notes = s->notes;
	s->saved.annul_hash = s->annul_hash;
	s->saved.annul_utc_ms = s->annul_utc_ms;
	text = state_json(&s->saved);
	s->result = ledger_rule_state_put(
	    s->judge->ledger, s->a.id, s->a.period.id, text);
	free(text);
}

/* What is new, and the day under way with it. */
static void
judge(struct subject *s)
{
	outcome_resume(s);
	days_recount(s);
	if (s->result == LEDGER_OK)
		fold_new(s);
	if (s->last.at_utc_ms != 0) {
		days_end(s);
		s->judge->tally.judged++;
	}
	days_count(s, s->judge->now_utc_ms, &s->days);
	trades_look(s);
	outcome_verdict(s);
	outcome_breaks(s);
	outcome_warn(s);
	save_limits(s);
	save_state(s);
}

enum ledger_result
judge_account(struct judge *j, int64_t account)
{
	struct subject s = {.judge = j};
	enum ledger_result r;

	/* what its flows are for, where that has to be guessed again */
	s.result = ledger_flows_renew(j->ledger, account);
	if (s.result == LEDGER_OK)
		s.result =
		    ledger_account_get(j->ledger, account, keep_account, &s);
	if (s.result == LEDGER_OK)
		s.result = ledger_clock_get(j->ledger, account, &s.clock);
	if (s.result == LEDGER_OK)
		load_rules(&s);
	load_state(&s);
	/* nothing is known of an account whose deals were never read */
	if (s.result == LEDGER_OK && s.a.sync.sync_utc_ms != 0)
		judge(&s);
	/* joined into another one since the run began */
	r = s.result == LEDGER_NOT_FOUND ? LEDGER_OK : s.result;
	free(s.server);
	free(s.phase);
	free(s.status);
	free(s.rules_json);
	ledger_clock_done(&s.clock);
	free(s.annulled);
	return r;
}
