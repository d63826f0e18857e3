/* verdict.c: mt5fleet verdict: what the rules found, and annulling it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/num.h"
#include "lib/ledger/verdicts.h"
#include "lib/trading/money.h"

static int
print(const struct ledger_verdict *v, void *arg)
{
	char when[CLOCK_ISO_SIZE], value[MONEY_SIZE], level[MONEY_SIZE];

	(void)arg;
	printf("%" PRId64 "  %s  %s: %s  %s against %s%s", v->id,
	    clock_iso(v->at_utc_ms, when), v->word, v->status,
	    money_format(v->seen.value, -1, value),
	    money_format(v->seen.level, -1, level),
	    v->seen.estimated ? " (estimated)" : "");
	if (v->annulled_why != NULL)
		printf("  annulled by %s: %s", v->annulled_by, v->annulled_why);
	putchar('\n');
	return 0;
}

struct wanted {
	int64_t id;
	bool found;
};

static int
show_one(const struct ledger_verdict *v, void *arg)
{
	struct wanted *w = arg;

	if (v->id != w->id)
		return 0;
	w->found = true;
	(void)print(v, NULL);
	printf("rules: %s\nevidence: %s\n", v->rules,
	    v->evidence != NULL ? v->evidence : "none was kept");
	return 1;
}

static int
show(struct ledger *l, int64_t account, int64_t id)
{
	struct wanted w = {id, false};
	enum ledger_result r = ledger_verdicts(l, account, show_one, &w);

	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	if (w.found)
		return COMMAND_OK;
	log_error("no such verdict: %" PRId64, id);
	return COMMAND_FAILED;
}

static int
annul(struct ledger *l, int64_t account, int64_t id, const char *reason)
{
	const struct ledger_actor actor = {
	    .who = "mt5fleet verdict", .at_utc_ms = clock_utc_ms()};
	enum ledger_result r = ledger_verdict_annul(
	    l, account, LEDGER_ANY_VERSION, id, reason, &actor);

	if (r == LEDGER_NOT_FOUND) {
		log_error("no such verdict: %" PRId64, id);
		return COMMAND_FAILED;
	}
	if (r == LEDGER_REJECTED) {
		log_error("%s", ledger_reason(l));
		return COMMAND_FAILED;
	}
	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}

int
command_verdict(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"reason", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	const char *reason = NULL, *what;
	bool is_list, is_show, is_annul;
	struct ledger *l;
	int64_t account, id = 0;
	enum ledger_result r;
	int c, rc, n;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c != 'r')
			return command_usage();
		reason = optarg;
	}
	argv += optind;
	n = argc - optind;
	what = n > 0 ? argv[0] : "";
	is_list = strcmp(what, "list") == 0;
	is_show = strcmp(what, "show") == 0;
	is_annul = strcmp(what, "annul") == 0;
	if ((!is_list && !is_show && !is_annul &&
		strcmp(what, "restore") != 0) ||
	    n != (is_list ? 2 : 3) || is_annul != (reason != NULL))
		return command_usage();
	if (!is_list && num_int64(argv[2], 1, INT64_MAX, &id) == -1) {
		log_error("not the number of a verdict: \"%s\"", argv[2]);
		return COMMAND_USAGE;
	}
	l = command_open_ledger(
	    config, is_list || is_show ? LEDGER_READ : LEDGER_WRITE);
	if (l == NULL)
		return COMMAND_LEDGER;
	rc = command_account(l, argv[1], &account);
	if (rc == COMMAND_OK && is_list) {
		r = ledger_verdicts(l, account, print, NULL);
		rc = r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
	} else if (rc == COMMAND_OK)
		rc = is_show ? show(l, account, id)
			     : annul(l, account, id, reason);
	ledger_close(l);
	return rc;
}
