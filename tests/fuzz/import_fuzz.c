/*
 * import_fuzz.c: the files of the first system, as `mt5fleet import` reads
 * them, into a ledger of its own; and the examples of a rule set. What a file
 * brought is undone, so that each begins alike.
 */
#include "bin/import.h"
#include "lib/base/log.h"
#include "lib/ledger/history.h"
#include "lib/trading/rules_trial.h"
#include "tests/fuzz/fuzz.h"

static struct ledger *ledger;
static char folder[] = "/tmp/mt5fleet-fuzz.XXXXXX";

static void
sweep(void)
{
	char *command = mem_printf("rm -rf %s", folder);

	ledger_close(ledger);
	if (system(command) != 0)
		fprintf(stderr, "%s is left\n", folder);
	free(command);
}

static void
prepare(void)
{
	struct ledger_seen seen = {.server = "S",
	    .login = 52001001,
	    .node = "vps01",
	    .currency = "USD",
	    .currency_digits = 2,
	    .trade_mode = 2,
	    .margin_mode = 2,
	    .leverage = 100};
	char *path;
	int64_t id;

	if (mkdtemp(folder) == NULL)
		abort();
	atexit(sweep);
	path = mem_printf("%s/ledger.db", folder);
	ledger = ledger_open(path, LEDGER_WRITE);
	free(path);
	log_init("fuzz", LOG_LEVEL_ERROR);
	if (ledger_account_seen(ledger, &seen, &id) != LEDGER_OK)
		abort();
	seen.login = 52001002;
	if (ledger_account_seen(ledger, &seen, &id) != LEDGER_OK)
		abort();
}

/* Every member of the document as each kind of record. */
static void
records(const cJSON *doc)
{
	static import_fn *const kinds[] = {
	    import_phase, import_vs, import_trades};
	struct import im = {.l = ledger, .file = "f.json", .node = "vps01"};
	const cJSON *o;

	if (ledger_begin(ledger) != LEDGER_OK)
		abort();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		cJSON_ArrayForEach(o, doc)
			kinds[i](
			    &im, o->string != NULL ? o->string : "52001001", o);
	ledger_rollback(ledger);
	if (im.result != LEDGER_OK && im.result != LEDGER_REJECTED)
		abort();
}

static void
trial(const cJSON *doc, const char *text)
{
	char why[RULES_TRIAL_WHY] = "";
	struct buf out;
	cJSON *path;

	buf_init(&out, 1u << 20);
	if (!rules_trial_example(doc, NULL, &out) && out.len == 0)
		abort(); /* refused, but not told why */
	buf_done(&out);
	path = rules_trial_path(text, why);
	if (path == NULL && *why == '\0')
		abort();
	cJSON_Delete(path);
}

static void
fuzz_one(const char *text, size_t len)
{
	char *copy = mem_strndup(text, len);
	cJSON *doc = jsonin_parse(text, len);

	if (ledger == NULL)
		prepare();
	if (doc != NULL)
		records(doc);
	trial(doc, copy);
	cJSON_Delete(doc);
	free(copy);
}
