/* status.c: what state an account is in, worst first. */
#include <string.h>

#include "lib/trading/status.h"

static const char *const words[STATUS_COUNT] = {
    [STATUS_UNREACHABLE] = "unreachable",
    [STATUS_UNAUTHORIZED] = "unauthorized",
    [STATUS_TERMINAL_DOWN] = "terminal_down",
    [STATUS_BRIDGE_SILENT] = "bridge_silent",
    [STATUS_WRONG_ACCOUNT] = "wrong_account",
    [STATUS_CONFLICT] = "conflict",
    [STATUS_BAD_DATA] = "bad_data",
    [STATUS_NOT_LOGGED_IN] = "not_logged_in",
    [STATUS_BROKER_DISCONNECTED] = "broker_disconnected",
    [STATUS_STALE] = "stale",
    [STATUS_HISTORY_SYNCING] = "history_syncing",
    [STATUS_TRADING_DISABLED] = "trading_disabled",
    [STATUS_READ_ONLY] = "read_only",
    [STATUS_OK] = "ok",
};

enum status
status_decide(const struct status_facts *f)
{
	if (f->process_down)
		return STATUS_TERMINAL_DOWN;
	if (f->bridge_silent)
		return STATUS_BRIDGE_SILENT;
	if (f->logged_in && f->wrong_account)
		return STATUS_WRONG_ACCOUNT;
	if (f->bad_data)
		return STATUS_BAD_DATA;
	if (!f->logged_in)
		return STATUS_NOT_LOGGED_IN;
	if (!f->connected)
		return STATUS_BROKER_DISCONNECTED;
	if (!f->history_complete)
		return STATUS_HISTORY_SYNCING;
	if (!f->account_trade_allowed)
		return STATUS_READ_ONLY;
	if (!f->terminal_trade_allowed || !f->account_trade_expert)
		return STATUS_TRADING_DISABLED;
	return STATUS_OK;
}

const char *
status_word(enum status s)
{
	return words[s];
}

bool
status_from(const char *word, enum status *out)
{
	for (int i = 0; i < STATUS_COUNT; i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum status)i;
			return true;
		}
	return false;
}

bool
status_is_live(enum status s)
{
	return s >= STATUS_HISTORY_SYNCING;
}
