/* flow_guess.c: a first guess of what a deal is for, by rules that are data. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/mem.h"
#include "lib/json/jsonin.h"
#include "lib/trading/flow.h"

/* etc/flows.json as of the build. */
__asm__(".section .rodata\n"
	".global flow_rules_built_in\n"
	"flow_rules_built_in: .incbin \"etc/flows.json\"\n"
	".byte 0\n"
	".previous\n");
extern const char flow_rules_built_in[];

struct flow_rules {
	cJSON *set, *common; /* documents */
};

static const char *const types[] = {
    [DEAL_BALANCE] = "balance",
    [DEAL_CREDIT] = "credit",
    [DEAL_CHARGE] = "charge",
    [DEAL_CORRECTION] = "correction",
    [DEAL_BONUS] = "bonus",
    [DEAL_COMMISSION] = "commission",
    [12] = "interest",
    [15] = "dividend",
    [16] = "dividend",
    [DEAL_TAX] = "tax",
    [DEAL_SO_CREDIT] = "credit",
};
#define TYPES ((int)(sizeof(types) / sizeof(types[0])))

/* What is neither of these has no word: a list without `type` means it, too. */
static const char *
type_word(int type)
{
	return type >= 0 && type < TYPES ? types[type] : NULL;
}

/* ---- is it a good list? ---- */

struct check {
	char *why;
	size_t size;
	int n; /* of the rule under way, from 1 */
	bool failed;
};

static void wrong(struct check *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
wrong(struct check *c, const char *fmt, ...)
{
	va_list ap;
	int used;

	if (c->failed)
		return;
	c->failed = true;
	used = snprintf(c->why, c->size, "flows, rule %d: ", c->n);
	if (used < 0 || (size_t)used >= c->size)
		return;
	va_start(ap, fmt);
	vsnprintf(c->why + used, c->size - (size_t)used, fmt, ap);
	va_end(ap);
}

static void
check_words(struct check *c, const cJSON *list, const char *name,
    bool (*good)(const char *word))
{
	const cJSON *m;

	if (!cJSON_IsArray(list) || list->child == NULL) {
		wrong(c, "%s: not a list of texts", name);
		return;
	}
	cJSON_ArrayForEach(m, list)
		if (!cJSON_IsString(m) || *m->valuestring == '\0')
			wrong(c, "%s: not a list of texts", name);
		else if (good != NULL && !good(m->valuestring))
			wrong(
			    c, "%s: unknown: \"%.60s\"", name, m->valuestring);
}

static bool
is_type(const char *word)
{
	for (int i = 0; i < TYPES; i++)
		if (types[i] != NULL && strcmp(types[i], word) == 0)
			return true;
	return false;
}

static bool
number(const cJSON *o, const char *key, money_t *out)
{
	double v;

	return jsonin_number(o, key, &v) && money_from_double(v, out) == 0;
}

static void
check_balance(struct check *c, const cJSON *o, const char *name)
{
	const cJSON *m;
	const char *of;
	money_t v;

	if (!cJSON_IsObject(o)) {
		wrong(c, "%s: not an object", name);
		return;
	}
	cJSON_ArrayForEach(m, o)
		if (strcmp(m->string, "of") != 0 &&
		    strcmp(m->string, "within") != 0 &&
		    strcmp(m->string, "within_pct") != 0)
			wrong(c, "%s: unknown: \"%.60s\"", name, m->string);
		else if (strcmp(m->string, "of") != 0 &&
			 (!number(o, m->string, &v) || v < 0))
			wrong(c, "%s.%s: not a number of 0 or more", name,
			    m->string);
	if (!jsonin_string(o, "of", &of))
		wrong(c, "%s.of: initial or zero", name);
	else if (strcmp(of, "initial") != 0 && strcmp(of, "zero") != 0)
		wrong(c, "%s.of: initial or zero, not \"%.60s\"", name, of);
}

static void
check_member(struct check *c, const cJSON *rule, const cJSON *m)
{
	enum deal_meaning meaning;
	const char *name = m->string;
	money_t v;

	if (strcmp(name, "meaning") == 0) {
		if (!cJSON_IsString(m) || !flow_from(m->valuestring, &meaning))
			wrong(c, "meaning: " FLOW_WORDS ", not \"%.60s\"",
			    cJSON_IsString(m) ? m->valuestring : "");
	} else if (strcmp(name, "why") == 0) {
		if (!cJSON_IsString(m))
			wrong(c, "why: not a text");
	} else if (strcmp(name, "type") == 0)
		check_words(c, m, name, is_type);
	else if (strcmp(name, "comment") == 0 || strcmp(name, "phase") == 0)
		check_words(c, m, name, NULL);
	else if (strcmp(name, "sign") == 0) {
		if (!cJSON_IsString(m) || (strcmp(m->valuestring, "+") != 0 &&
					      strcmp(m->valuestring, "-") != 0))
			wrong(c, "sign: \"+\" or \"-\"");
	} else if (strcmp(name, "before") == 0 || strcmp(name, "after") == 0)
		check_balance(c, m, name);
	else if (strcmp(name, "at_least") == 0 ||
		 strcmp(name, "at_most") == 0) {
		if (!number(rule, name, &v) || v < 0)
			wrong(c, "%s: not a number of 0 or more", name);
	} else if (strcmp(name, "cancels") == 0 || strcmp(name, "rules") == 0 ||
		   strcmp(name, "capital") == 0) {
		if (!cJSON_IsBool(m))
			wrong(c, "%s: true or false", name);
	} else
		wrong(c, "unknown: \"%.60s\"", name);
}

bool
flow_rules_check(const cJSON *list, char *why, size_t why_size)
{
	struct check c = {.why = why, .size = why_size};
	const cJSON *rule, *m;

	if (!cJSON_IsArray(list)) {
		snprintf(why, why_size, "flows: not a list");
		return false;
	}
	cJSON_ArrayForEach(rule, list) {
		c.n++;
		if (!cJSON_IsObject(rule)) {
			wrong(&c, "not an object");
			continue;
		}
		if (!cJSON_HasObjectItem(rule, "meaning"))
			wrong(&c, "no meaning");
		cJSON_ArrayForEach(m, rule)
			check_member(&c, rule, m);
	}
	return !c.failed;
}

/* ---- reading ---- */

static cJSON *
parse(const char *text)
{
	return text != NULL ? jsonin_parse(text, strlen(text)) : NULL;
}

struct flow_rules *
flow_rules_new(const char *rule_set, const char *common)
{
	struct flow_rules *r = mem_new(1, sizeof(*r));
	char why[FLOW_WHY_SIZE];

	/* most rule sets say nothing of it */
	if (rule_set != NULL && (strstr(rule_set, "\"flows\"") != NULL ||
				    strstr(rule_set, "\"credit\"") != NULL))
		r->set = parse(rule_set);
	r->common = parse(common);
	if (r->common == NULL ||
	    !flow_rules_check(r->common, why, sizeof(why))) {
		cJSON_Delete(r->common);
		r->common = parse(flow_rules_built_in);
	}
	return r;
}

void
flow_rules_free(struct flow_rules *r)
{
	if (r == NULL)
		return;
	cJSON_Delete(r->set);
	cJSON_Delete(r->common);
	free(r);
}

/* ---- the conditions ---- */

static bool
is_letter(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Whole words, in any case; "withdraw*" is the beginning of one. */
static bool
has_words(const char *text, const char *pattern)
{
	size_t len = strlen(pattern);
	bool open = len > 0 && pattern[len - 1] == '*';

	len -= open;
	for (const char *at = text; *at != '\0'; at++)
		if (strncasecmp(at, pattern, len) == 0 &&
		    (at == text || !is_letter(at[-1]) ||
			!is_letter(pattern[0])) &&
		    (open || !is_letter(at[len]) ||
			!is_letter(pattern[len - 1])))
			return true;
	return false;
}

static bool
one_of(const cJSON *list, const char *word)
{
	const cJSON *m;

	cJSON_ArrayForEach(m, list)
		if (word != NULL && cJSON_IsString(m) &&
		    strcmp(m->valuestring, word) == 0)
			return true;
	return false;
}

/* The words of the list that the comment has; NULL. */
static const char *
comment_mark(const cJSON *list, const char *comment)
{
	const cJSON *m;

	cJSON_ArrayForEach(m, list)
		if (cJSON_IsString(m) && has_words(comment, m->valuestring))
			return m->valuestring;
	return NULL;
}

static money_t
distance(money_t a, money_t b)
{
	return a > b ? a - b : b - a;
}

static bool
is_near(const cJSON *o, const struct amount *is, const struct amount *initial)
{
	money_t of = 0, within = 0, pct = 0, by_pct;
	const char *word = "initial";

	(void)jsonin_string(o, "of", &word);
	if (strcmp(word, "initial") == 0) {
		if (!initial->known)
			return false;
		of = initial->v;
	}
	(void)number(o, "within", &within);
	(void)number(o, "within_pct", &pct);
	by_pct = money_share(of, pct, 100 * (money_t)MONEY_ONE);
	return is->known && distance(is->v, of) <= money_max(within, by_pct);
}

static bool
flag(const cJSON *rule, const char *name)
{
	bool v = false;

	(void)jsonin_bool(rule, name, &v);
	return v;
}

struct guessing {
	const struct deal *d;
	const struct flow_context *c;
	money_t net;
	const char *mark; /* of the comment; NULL */
	struct flow_guess *out;
};

static bool
amount_fits(const cJSON *rule, money_t net)
{
	const char *sign = "";
	money_t v;

	(void)jsonin_string(rule, "sign", &sign);
	if ((strcmp(sign, "+") == 0 && net <= 0) ||
	    (strcmp(sign, "-") == 0 && net >= 0))
		return false;
	if (number(rule, "at_least", &v) && distance(net, 0) < v)
		return false;
	return !number(rule, "at_most", &v) || distance(net, 0) <= v;
}

static bool
takes_back(struct guessing *g, enum deal_meaning *m)
{
	const struct flow_context *c = g->c;
	enum deal_kind kind;

	if (c->cancels == NULL || g->net == 0 ||
	    !c->cancels(c->arg, g->d, &g->out->cancels, &kind))
		return false;
	if (*m == DEAL_CORRECTED && kind != DEAL_KIND_FLOW)
		*m = DEAL_CORRECTED_PL;
	return true;
}

static bool
holds(struct guessing *g, const cJSON *rule, enum deal_meaning *m)
{
	const cJSON *type = jsonin_array(rule, "type");
	const cJSON *comment = jsonin_array(rule, "comment");
	const cJSON *phase = jsonin_array(rule, "phase");
	const cJSON *before = jsonin_object(rule, "before");
	const cJSON *after = jsonin_object(rule, "after");
	const struct flow_context *c = g->c;
	char why[FLOW_WHY_SIZE];

	g->mark = NULL;
	if (type != NULL && !one_of(type, type_word(g->d->type)))
		return false;
	if (!amount_fits(rule, g->net) || !flow_fits(g->d, *m, why))
		return false;
	if (comment != NULL &&
	    (g->mark = comment_mark(comment, g->d->comment)) == NULL)
		return false;
	if (phase != NULL && !one_of(phase, c->phase))
		return false;
	if ((flag(rule, "rules") && !c->has_rules) ||
	    (flag(rule, "capital") && !c->has_capital))
		return false;
	if (before != NULL && !is_near(before, &c->before, &c->initial))
		return false;
	if (after != NULL && !is_near(after, &c->after, &c->initial))
		return false;
	return !flag(rule, "cancels") || takes_back(g, m);
}

static void
explain(struct guessing *g, const cJSON *rule)
{
	const char *why = "";
	char text[MONEY_SIZE], *to = g->out->why;
	size_t len;

	(void)jsonin_string(rule, "why", &why);
	snprintf(to, FLOW_WHY_SIZE, "%.120s", why);
	len = strlen(to);
	if (g->mark != NULL)
		snprintf(to + len, FLOW_WHY_SIZE - len, "%s\"%.60s\"",
		    len > 0 ? ": " : "comment ", g->mark);
	else if (jsonin_object(rule, "after") != NULL)
		snprintf(to + len, FLOW_WHY_SIZE - len, "%s%s",
		    len > 0 ? ": " : "balance after it ",
		    money_format(g->c->after.v, -1, text));
	len = strlen(to);
	if (g->out->cancels != 0)
		snprintf(to + len, FLOW_WHY_SIZE - len, "%s#%lld",
		    len > 0 ? ", " : "", (long long)g->out->cancels);
}

static bool
guess_by(struct guessing *g, const cJSON *list)
{
	const cJSON *rule;
	const char *word;
	enum deal_meaning m;

	cJSON_ArrayForEach(rule, list) {
		g->out->cancels = 0;
		if (!jsonin_string(rule, "meaning", &word) ||
		    !flow_from(word, &m) || !holds(g, rule, &m))
			continue;
		g->out->meaning = m;
		explain(g, rule);
		return true;
	}
	g->out->cancels = 0;
	return false;
}

/* A deal that MT5 itself calls a charge, a commission, a tax, a dividend. */
static bool
guess_by_type(const struct deal *d, struct flow_guess *out)
{
	const char *word = type_word(d->type);

	if (deal_kind_by_type(d) != DEAL_KIND_COST)
		return false;
	out->meaning = word != NULL && strcmp(word, "dividend") == 0
			   ? DEAL_DIVIDEND
			   : DEAL_FEE;
	snprintf(out->why, sizeof(out->why), "the deal's type, %s (%d)",
	    word != NULL ? word : "a cost", d->type);
	return true;
}

/* Of all credit alike: "credit": "capital" or "none" of the rule set. */
static bool
guess_by_word(
    const struct flow_rules *r, const struct deal *d, struct flow_guess *out)
{
	const char *word;

	if (deal_kind_by_type(d) != DEAL_KIND_CREDIT ||
	    !jsonin_string(r->set, "credit", &word))
		return false;
	if (strcmp(word, "capital") == 0)
		out->meaning = DEAL_CAPITAL;
	else if (strcmp(word, "none") == 0)
		out->meaning = DEAL_CREDITED;
	else
		return false;
	snprintf(out->why, sizeof(out->why),
	    "the rule set says credit: \"%.40s\"", word);
	return true;
}

void
flow_guess(const struct flow_rules *r, const struct deal *d,
    const struct flow_context *c, struct flow_guess *out)
{
	struct guessing g = {.d = d, .c = c, .out = out};
	bool credit = deal_kind_by_type(d) == DEAL_KIND_CREDIT;

	memset(out, 0, sizeof(*out));
	if (deal_net(d, &g.net) == -1 ||
	    guess_by(&g, jsonin_array(r->set, "flows")) ||
	    guess_by_word(r, d, out) || guess_by_type(d, out) ||
	    guess_by(&g, r->common))
		return;
	/* the rules say nothing of it */
	if (credit)
		out->meaning = DEAL_CREDITED;
	else if (d->type == DEAL_CORRECTION || g.net == 0)
		out->meaning = DEAL_CORRECTED;
	else
		out->meaning = g.net > 0 ? DEAL_DEPOSIT : DEAL_WITHDRAWAL;
	snprintf(out->why, sizeof(out->why), "no rule says otherwise");
}
