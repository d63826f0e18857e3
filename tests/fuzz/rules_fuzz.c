/* rules_fuzz.c: a rule set, and stored limits. */
#include <stdbool.h>

#include "lib/trading/rules.h"
#include "lib/trading/rules_json.h"
#include "tests/fuzz/fuzz.h"

/* What was read is written and read again as the same. */
static void
stored_limits(const char *text)
{
	struct rule_limits once = {0}, twice = {0};
	char *written, *again;

	if (rules_limits_parse(text, &once) == -1)
		return;
	written = rules_limits_json(&once);
	if (rules_limits_parse(written, &twice) == -1)
		abort();
	again = rules_limits_json(&twice);
	if (strcmp(written, again) != 0)
		abort();
	free(again);
	free(written);
}

static void
fuzz_one(const char *text, size_t len)
{
	static const char *const phases[] = {"F1", "R", ""};
	char *copy = mem_strndup(text, len), why[256];
	struct rules r;

	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		memset(why, 'x', sizeof(why));
		if (rules_parse(text, len, phases[i], &r, why, sizeof(why)) ==
			-1 &&
		    (memchr(why, '\0', sizeof(why)) == NULL || *why == '\0'))
			abort(); /* refused, but not told why */
	}
	stored_limits(copy);
	free(copy);
}
