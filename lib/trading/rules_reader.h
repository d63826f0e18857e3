/* rules_reader.h: a rule set's JSON, member by member; the first mistake is
 * kept with its place. */
#ifndef LIB_TRADING_RULES_READER_H
#define LIB_TRADING_RULES_READER_H

#include "lib/json/jsonin.h"
#include "lib/trading/rules.h"

struct rules_reader {
	struct rules *r;
	char *why;
	size_t why_size;
	bool failed;
};

void rules_wrong(struct rules_reader *rd, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Only these members may stand in o; the list ends with NULL. false: o is no
 * object, which was said. */
bool rules_only(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *const names[]);

/* The index of the member's word; fallback where it is not there. */
int rules_word(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *key, const char *const words[], int fallback);

/* A number above 0, as money.h holds it. */
money_t rules_positive(struct rules_reader *rd, const char *where,
    const cJSON *o, const char *key);

/* A whole number from least to most; what: "a number of days". */
int rules_whole(struct rules_reader *rd, const char *where, const cJSON *o,
    const char *key, int least, int most, const char *what);

/* "08:30" is 510. */
int rules_read_minute(struct rules_reader *rd, const char *where,
    const cJSON *o, const char *key);

/* Either pct or money. */
struct rule_size rules_read_size(
    struct rules_reader *rd, const char *where, const cJSON *o);

enum rule_metric rules_read_metric(struct rules_reader *rd, const char *where,
    const cJSON *o, const char *key, enum rule_metric fallback);
/* "breach"; AS_ALL where it is not there. */
enum rule_breach rules_read_breach(
    struct rules_reader *rd, const char *where, const cJSON *o);
/* What is tested is one of the two, or the lower of them. */
enum rule_metric rules_read_tested(struct rules_reader *rd, const char *where,
    const cJSON *o, const char *key, enum rule_metric fallback);

#endif
