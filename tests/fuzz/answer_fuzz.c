/* answer_fuzz.c: what an agent answers to GET /snapshot. */
#include "cron/collect/answer.h"
#include "lib/json/jsonin.h"
#include "tests/fuzz/fuzz.h"

#define NOW INT64_C(1795270000000)

static void
must(bool good)
{
	if (!good)
		abort();
}

/* What is stored and shown of an account is JSON of the right kind. */
static void
check_account(const struct account *a)
{
	cJSON *row;

	must(a->server != NULL && *a->server != '\0' && a->login > 0);
	row = jsonin_parse(a->row, strlen(a->row));
	must(cJSON_IsObject(row));
	cJSON_Delete(row);
}

static void
fuzz_one(const char *text, size_t len)
{
	struct answer a;
	char why[WHY_SIZE] = "";
	int rc = answer_read(&a, text, len, NOW, why);

	/* with 0 it may be why one of its terminals is not believed */
	must(rc == 0 || *why != '\0');
	for (size_t i = 0; rc == 0 && i < a.len; i++)
		if (a.terminals[i].account != NULL)
			check_account(a.terminals[i].account);
	answer_done(&a);
}
