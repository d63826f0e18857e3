/* trades_fuzz.c: a page of deals, as an agent answers it. */
#include "cron/trades/trades.h"
#include "lib/base/mem.h"
#include "tests/fuzz/fuzz.h"

static void
must(bool good)
{
	if (!good)
		abort();
}

static void
fuzz_one(const char *text, size_t len)
{
	struct reading r = {.server = mem_strdup("S"),
	    .login = 1,
	    .offset_known = true,
	    .offset_s = 10800,
	    .digits = 2};
	char why[TRADES_WHY_SIZE] = "";
	struct page p;
	int rc = page_parse(&p, &r, text, len, why);

	must((rc == -1) == (*why != '\0'));
	for (int i = 0; rc == 0 && i < p.len; i++)
		must(p.deals[i].ticket > 0 && p.deals[i].symbol != NULL);
	page_done(&p);
	free(r.server);
}
