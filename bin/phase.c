/* phase.c: mt5fleet phase: an account's phase, also one begun in the past. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/moment.h"
#include "lib/ledger/phase_start.h"
#include "lib/trading/money.h"

static const char *
amount(const struct amount *a, char text[MONEY_SIZE])
{
	return a->known ? money_format(a->v, -1, text) : "-";
}

static int
print(const struct ledger_period *p, void *arg)
{
	char from[CLOCK_ISO_SIZE], to[CLOCK_ISO_SIZE];
	char initial[MONEY_SIZE], high[MONEY_SIZE];

	(void)arg;
	printf("%s  %s  from %s to %s  initial %s", p->phase, p->status,
	    clock_iso(p->started_utc_ms, from),
	    p->ended_utc_ms != 0 ? clock_iso(p->ended_utc_ms, to) : "now",
	    amount(&p->initial_balance, initial));
	if (p->high.known)
		printf("  high %s", amount(&p->high, high));
	printf("  by %s\n", p->who);
	return 0;
}

static int
list(struct ledger *l, int64_t account)
{
	enum ledger_result r = ledger_periods(l, account, print, NULL);

	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}

static int
propose(struct ledger *l, int64_t account, int64_t started_utc_ms)
{
	char when[CLOCK_ISO_SIZE], initial[MONEY_SIZE], high[MONEY_SIZE];
	struct ledger_proposal p;
	enum ledger_result r =
	    ledger_phase_propose(l, account, started_utc_ms, &p);

	if (r == LEDGER_NOT_FOUND) {
		log_error("no deal of the account is known yet");
		return COMMAND_FAILED;
	}
	if (r != LEDGER_OK)
		return command_ledger_failed(l, r);
	printf("--started %s --initial %s --high %s\n"
	       "(%s; %d days with a trade opened, %" PRId64 " positions%s)\n",
	    clock_iso(p.started_utc_ms, when),
	    amount(&p.initial_balance, initial), amount(&p.high, high), p.why,
	    p.days_opened, p.trades,
	    p.has_samples ? "" : "; the equity of then was not seen");
	return COMMAND_OK;
}

static int
set(struct ledger *l, int64_t account, const struct ledger_phase_edit *edit)
{
	const struct ledger_actor actor = {
	    .who = "mt5fleet phase", .at_utc_ms = clock_utc_ms()};
	enum ledger_result r =
	    ledger_phase_edit(l, account, LEDGER_ANY_VERSION, edit, &actor);

	if (r == LEDGER_REJECTED) {
		log_error("%s", ledger_reason(l));
		return COMMAND_FAILED;
	}
	return r == LEDGER_OK ? COMMAND_OK : command_ledger_failed(l, r);
}

static bool
read_amount(const char *name, const char *text, struct amount *out)
{
	out->known = money_from_text(text, &out->v) == 0 && out->v > 0;
	if (!out->known)
		log_error("--%s: not an amount above 0: \"%s\"", name, text);
	return out->known;
}

static bool
read_option(int c, const char *text, struct ledger_phase_edit *edit)
{
	switch (c) {
	case 'p':
		edit->phase = text;
		if (*text != '\0' && strlen(text) <= 32)
			return true;
		log_error("--phase: 1 to 32 bytes, not \"%s\"", text);
		return false;
	case 's':
		edit->status = text;
		if (ledger_status_is_word(text))
			return true;
		log_error(
		    "--status: " LEDGER_STATUS_WORDS ", not \"%s\"", text);
		return false;
	case 'b':
		if (moment_parse(text, &edit->started_utc_ms) == 0)
			return true;
		log_error("--started: not a UTC moment "
			  "(2026-06-01T08:00:00Z): \"%s\"",
		    text);
		return false;
	case 'i':
		return read_amount("initial", text, &edit->initial_balance);
	case 'h':
		return read_amount("high", text, &edit->high);
	case 'n':
		edit->note = text;
		return true;
	default:
		(void)command_usage();
		return false;
	}
}

int
command_phase(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"phase", required_argument, NULL, 'p'},
	    {"status", required_argument, NULL, 's'},
	    {"started", required_argument, NULL, 'b'},
	    {"initial", required_argument, NULL, 'i'},
	    {"high", required_argument, NULL, 'h'},
	    {"note", required_argument, NULL, 'n'},
	    {NULL, 0, NULL, 0},
	};
	struct ledger_phase_edit edit = {.phase = NULL};
	bool is_set, is_list, any = false;
	struct ledger *l;
	int64_t account;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (!read_option(c, optarg, &edit))
			return COMMAND_USAGE;
		any = any || c != 'b';
	}
	if (argc - optind != 2)
		return command_usage();
	argv += optind;
	is_set = strcmp(argv[0], "set") == 0;
	is_list = strcmp(argv[0], "list") == 0;
	if ((!is_set && !is_list && strcmp(argv[0], "propose") != 0) ||
	    (!is_set && any) || (is_list && edit.started_utc_ms != 0) ||
	    (is_set && !any && edit.started_utc_ms == 0))
		return command_usage();
	l = command_open_ledger(config, is_set ? LEDGER_WRITE : LEDGER_READ);
	if (l == NULL)
		return COMMAND_LEDGER;
	rc = command_account(l, argv[1], &account);
	if (rc == COMMAND_OK)
		rc = is_set    ? set(l, account, &edit)
		     : is_list ? list(l, account)
			       : propose(l, account, edit.started_utc_ms);
	ledger_close(l);
	return rc;
}
