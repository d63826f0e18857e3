/* rule_set.c: rule sets: presets, and what people made of them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/ledger/audit.h"
#include "lib/ledger/db.h"

static void
take_rule_set(struct query *q, struct ledger_rule_set *r)
{
	r->id = take_int(q);
	r->version = take_int(q);
	r->name = take_text(q);
	r->firm = take_text(q);
	r->program = take_text(q);
	r->source_url = take_text(q);
	r->verified_on = take_text(q);
	r->rules = take_text(q);
	r->preset = take_int(q) != 0;
}

enum ledger_result
ledger_rule_sets(struct ledger *l, ledger_rule_set_fn fn, void *arg)
{
	struct ledger_rule_set set;
	struct query q;

	query_init(&q, l, SQL_RULE_SET_LIST);
	while (query_next(&q)) {
		take_rule_set(&q, &set);
		if (fn(&set, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_rule_set_get(
    struct ledger *l, int64_t id, ledger_rule_set_fn fn, void *arg)
{
	struct ledger_rule_set set;
	struct query q;

	query_init(&q, l, SQL_RULE_SET_GET);
	put_int(&q, id);
	if (query_next(&q)) {
		take_rule_set(&q, &set);
		fn(&set, arg);
	}
	return query_found(&q);
}

/* What is stored of a name: enough to decide. */
struct stored {
	bool found, preset, same;
	int64_t id, version;
};

static bool
same_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static enum ledger_result
find_named(struct ledger *l, const struct ledger_rule_set *r, struct stored *is)
{
	struct ledger_rule_set set;
	struct query q;

	memset(is, 0, sizeof(*is));
	query_init(&q, l, SQL_RULE_SET_NAMED);
	put_text(&q, r->name);
	is->found = query_next(&q);
	if (is->found) {
		take_rule_set(&q, &set);
		is->id = set.id;
		is->version = set.version;
		is->preset = set.preset;
		is->same = same_text(set.rules, r->rules) &&
			   same_text(set.firm, r->firm) &&
			   same_text(set.program, r->program) &&
			   same_text(set.source_url, r->source_url) &&
			   same_text(set.verified_on, r->verified_on);
	}
	return query_done(&q);
}

static void
put_rule_set(struct query *q, const struct ledger_rule_set *r)
{
	put_text(q, r->name);
	put_given(q, r->firm);
	put_given(q, r->program);
	put_given(q, r->source_url);
	put_given(q, r->verified_on);
	put_text(q, r->rules);
	put_int(q, r->preset);
}

static enum ledger_result
add(struct ledger *l, const struct ledger_rule_set *r, int64_t *id)
{
	struct query q;

	query_init(&q, l, SQL_RULE_SET_ADD);
	put_rule_set(&q, r);
	return query_id(&q, id);
}

static enum ledger_result
change(struct ledger *l, int64_t id, const struct ledger_rule_set *r,
    int version_step)
{
	struct query q;
	enum ledger_result result;

	query_init(&q, l, SQL_RULE_SET_CHANGE);
	put_int(&q, id);
	put_rule_set(&q, r);
	put_int(&q, version_step);
	result = query_touch(&q);
	if (result != LEDGER_OK)
		return result;
	/* what they leave is unknown until the phases job has judged */
	query_init(&q, l, SQL_LIMITS_CLEAR_RULES);
	put_int(&q, id);
	result = query_run(&q);
	if (result != LEDGER_OK)
		return result;
	query_init(&q, l, SQL_FLOW_STALE_RULES);
	put_int(&q, id);
	return query_run(&q);
}

static enum ledger_result
version_of(struct ledger *l, int64_t id, int64_t *version)
{
	struct query q;

	query_init(&q, l, SQL_RULE_SET_GET);
	put_int(&q, id);
	if (query_next(&q)) {
		(void)take_int(&q);
		*version = take_int(&q);
	}
	return query_found(&q);
}

static enum ledger_result
store(struct ledger *l, const struct ledger_rule_set *r, int64_t *id)
{
	struct stored named;
	enum ledger_result result = find_named(l, r, &named);
	int64_t version = 0;

	if (result != LEDGER_OK)
		return result;
	if (named.found && named.id != r->id)
		return LEDGER_CONFLICT;
	if (r->id == 0)
		return add(l, r, id);
	*id = r->id;
	result = version_of(l, r->id, &version);
	if (result == LEDGER_OK && r->version != LEDGER_ANY_VERSION &&
	    r->version != version)
		return LEDGER_CONFLICT;
	return result == LEDGER_OK ? change(l, r->id, r, 1) : result;
}

enum ledger_result
ledger_rule_set_put(struct ledger *l, const struct ledger_rule_set *r,
    const struct ledger_actor *actor, int64_t *id)
{
	struct ledger_rule_set edited = *r;
	struct ledger_audit_new row = {.actor = actor,
	    .action = "rule_set",
	    .field = r->name,
	    .to = r->rules};
	enum ledger_result result;
	bool own;

	edited.preset = false;
	result = ledger_own_begin(l, &own);
	if (result != LEDGER_OK)
		return result;
	result = store(l, &edited, id);
	if (result == LEDGER_OK)
		result = ledger_audit_put(l, &row);
	return ledger_own_end(l, own, result);
}

/* The version that was seen, and no account has it. */
static enum ledger_result
may_remove(
    struct ledger *l, int64_t id, int64_t version, struct ledger_rule_set *set)
{
	int64_t used = 0;
	struct query q;
	enum ledger_result r;
	char why[80];

	query_init(&q, l, SQL_RULE_SET_USED);
	put_int(&q, id);
	if (query_next(&q))
		used = take_int(&q);
	r = query_done(&q);
	if (r != LEDGER_OK)
		return r;
	if (version != LEDGER_ANY_VERSION && version != set->version)
		return LEDGER_CONFLICT;
	if (used == 0)
		return LEDGER_OK;
	snprintf(why, sizeof(why), "%" PRId64 " account%s it", used,
	    used == 1 ? " has" : "s have");
	return ledger_rejected(l, why);
}

struct removing {
	struct ledger *l;
	int64_t version;
	const struct ledger_actor *actor;
	enum ledger_result result;
};

static int
remove_it(const struct ledger_rule_set *set, void *arg)
{
	struct removing *of = arg;
	struct ledger_rule_set is = *set;
	struct ledger_audit_new row = {.actor = of->actor,
	    .action = "rule_set",
	    .field = set->name,
	    .from = set->rules};
	struct query q;

	of->result = may_remove(of->l, set->id, of->version, &is);
	if (of->result == LEDGER_OK)
		of->result = ledger_audit_put(of->l, &row);
	if (of->result != LEDGER_OK)
		return 1;
	query_init(&q, of->l, SQL_RULE_SET_REMOVE);
	put_int(&q, set->id);
	of->result = query_touch(&q);
	return 1;
}

enum ledger_result
ledger_rule_set_remove(struct ledger *l, int64_t id, int64_t version,
    const struct ledger_actor *actor)
{
	struct removing of = {l, version, actor, LEDGER_OK};
	enum ledger_result result;
	bool own;

	result = ledger_own_begin(l, &own);
	if (result != LEDGER_OK)
		return result;
	result = ledger_rule_set_get(l, id, remove_it, &of);
	if (result == LEDGER_OK)
		result = of.result;
	return ledger_own_end(l, own, result);
}

enum ledger_result
ledger_rule_set_preset(
    struct ledger *l, const struct ledger_rule_set *r, int64_t now_utc_ms)
{
	struct ledger_actor actor = {.who = "presets", .at_utc_ms = now_utc_ms};
	struct ledger_audit_new row = {.actor = &actor,
	    .action = "rule_set",
	    .field = r->name,
	    .to = r->rules};
	struct ledger_rule_set preset = *r;
	struct stored is;
	enum ledger_result result;
	int64_t id;
	bool own;

	preset.preset = true;
	result = find_named(l, r, &is);
	if (result != LEDGER_OK || (is.found && (is.same || !is.preset)))
		return result;
	result = ledger_own_begin(l, &own);
	if (result != LEDGER_OK)
		return result;
	result = is.found ? change(l, is.id, &preset, 0) : add(l, &preset, &id);
	if (result == LEDGER_OK)
		result = ledger_audit_put(l, &row);
	return ledger_own_end(l, own, result);
}
