/* deal_fuzz.c: a deal as an agent sends it, and the trades made of it. */
#include "lib/json/jsonin.h"
#include "lib/trading/deal.h"
#include "tests/fuzz/fuzz.h"

static void
fuzz_one(const char *text, size_t len)
{
	cJSON *o = jsonin_parse(text, len);
	struct deal d;
	money_t net;
	char why[256];

	memset(why, 'x', sizeof(why));
	if (deal_from_json(o, &d, why, sizeof(why)) == 0) {
		deal_kind(&d);
		deal_net(&d, &net);
	} else if (memchr(why, '\0', sizeof(why)) == NULL || *why == '\0')
		abort(); /* refused, but not told why */
	cJSON_Delete(o);
}
