/*
 * flow.h: what a deal that is no trade is for: a first guess by rules that are
 * data (etc/flows.json, the member `flows` of a rule set), and what a person
 * may say instead. Pure.
 */
#ifndef LIB_TRADING_FLOW_H
#define LIB_TRADING_FLOW_H

#include "lib/trading/amount.h"
#include "lib/trading/deal.h"

/* "deposit"; NULL: a trade has none. Both corrections are "correction". */
const char *flow_word(enum deal_meaning m);
/* false: no such word. */
bool flow_from(const char *word, enum deal_meaning *out);
/* All of them, for a message. */
#define FLOW_WORDS                                                        \
	"deposit, withdrawal, payout, reset, fee, dividend, correction, " \
	"capital or credit"

/* May a person say that of this deal? false with the reason, which quotes. */
#define FLOW_WHY_SIZE 256
bool flow_fits(
    const struct deal *d, enum deal_meaning m, char why[FLOW_WHY_SIZE]);

/* What is known where a guess is made. */
struct flow_context {
	struct amount before, after; /* the balance */
	struct amount initial;       /* of the phase then */
	const char *phase;           /* NULL */
	bool has_rules;   /* the account has a rule set, and a phase */
	bool has_capital; /* of its credit some is capital */
	/* Is there an earlier deal that this one takes back? May be NULL. */
	bool (*cancels)(void *arg, const struct deal *d, int64_t *ticket,
	    enum deal_kind *kind);
	void *arg;
};

struct flow_guess {
	enum deal_meaning meaning;
	int64_t cancels;
	char why[FLOW_WHY_SIZE];
};

struct flow_rules;

/*
 * The rules of a rule set ("{…,"flows":[…]}", or NULL) before the common ones
 * (a list, or NULL: those of etc/flows.json as of the build). What cannot be
 * read is left out.
 */
struct flow_rules *flow_rules_new(const char *rule_set, const char *common);
void flow_rules_free(struct flow_rules *r);

/* A list of rules; false with the reason, which quotes what is wrong. */
bool flow_rules_check(const cJSON *list, char *why, size_t why_size);

/* Of a deal that is no trade. */
void flow_guess(const struct flow_rules *r, const struct deal *d,
    const struct flow_context *c, struct flow_guess *out);

#endif
