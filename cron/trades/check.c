/* check.c: do the deals add up to the balance? why may they not? */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/trades/trades.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"

/*
 * Half the last digit that the account shows. currency_digits alone does not
 * say it: there are accounts with 0 digits and cents in every amount.
 */
static money_t
tolerance(money_t balance, int digits)
{
	money_t unit = MONEY_ONE;

	if (digits < 0 || (digits == 0 && balance % MONEY_ONE != 0))
		digits = 2;
	for (int i = 0; i < digits && i < MONEY_DIGITS; i++)
		unit /= 10;
	return (unit + 1) / 2;
}

bool
check_differs(money_t difference, money_t balance, int digits)
{
	money_t half = tolerance(balance, digits);

	return difference >= half || difference <= -half;
}

static struct amount
difference_of(const struct amount *said, money_t sum, int digits)
{
	struct amount a = {false, 0};

	if (!said->known || __builtin_sub_overflow(said->v, sum, &a.v))
		return a;
	a.known = true;
	if (!check_differs(a.v, said->v, digits))
		a.v = 0;
	return a;
}

static enum ledger_result
compare(struct reading *r, struct ledger_sync *s)
{
	struct ledger_sums sums;
	enum ledger_result result;
	money_t sum, carried = 0, carried_credit = 0;

	result = ledger_running_sums(r->app->ledger, r->account, &sums);
	if (result != LEDGER_OK || !r->balance.known)
		return result;
	sum = sums.trades_net;
	if (money_add(&sum, sums.costs) == -1 ||
	    money_add(&sum, sums.flows) == -1)
		return LEDGER_OK; /* cannot be told: the difference stays as it
				     was */
	/* a terminal has the history of one of the names alone */
	result = ledger_carried(
	    r->app->ledger, r->account, r->origin, &carried, &carried_credit);
	if (result != LEDGER_OK)
		return result;
	sum = r->origin != 0 ? carried : sum - carried;
	sums.credit =
	    r->origin != 0 ? carried_credit : sums.credit - carried_credit;
	s->balance = r->balance;
	s->credit = r->credit;
	s->difference = difference_of(&r->balance, sum, r->digits);
	s->credit_difference =
	    difference_of(&r->credit, sums.credit, r->digits);
	s->checked_utc_ms = r->asked_utc_ms;
	return LEDGER_OK;
}

/* After a read from the beginning it is known which deals the broker gives no
 * more: their money may explain the difference. */
enum ledger_result
check_balance(struct reading *r, struct ledger_sync *s)
{
	enum ledger_result result = compare(r, s);
	int moved = 0;

	if (result != LEDGER_OK || r->origin != 0 || !r->balance.known ||
	    !r->cursor.full || !s->difference.known || s->difference.v == 0)
		return result;
	result =
	    ledger_deals_settle(r->app->ledger, r->account, s->difference.v,
		tolerance(r->balance.v, r->digits), r->asked_utc_ms, &moved);
	return result == LEDGER_OK && moved > 0 ? compare(r, s) : result;
}

/* ---- why ---- */

struct clues {
	bool any, starts_with_cash, archived;
};

static int
look_first(const struct deal *d, void *arg)
{
	struct clues *c = arg;

	c->any = true;
	c->starts_with_cash = deal_kind(d) == DEAL_KIND_FLOW;
	return 1;
}

static int
look_archived(const struct deal *d, void *arg)
{
	struct clues *c = arg;

	if (d->type == DEAL_CORRECTION && strstr(d->comment, "rchive") != NULL)
		c->archived = true;
	return 0;
}

/* What those brought in that the broker gives no more. */
static int
add_missing(const struct deal *d, void *arg)
{
	money_t *sum = arg, net;

	if (d->missing_utc_ms != 0 && d->excluded == DEAL_COUNTS &&
	    deal_kind(d) != DEAL_KIND_CREDIT && deal_net(d, &net) == 0)
		(void)money_add(sum, net);
	return 0;
}

static char *
note_missing(struct reading *r, const struct ledger_sync *s)
{
	static const struct ledger_page whole;
	char text[MONEY_SIZE];
	money_t gone = 0;

	if (ledger_deals(r->app->ledger, r->account, &whole, add_missing,
		&gone) != LEDGER_OK)
		return NULL;
	if (gone == 0 || !s->difference.known || gone != -s->difference.v)
		return mem_strdup("not explained by any deal seen");
	return mem_printf("the broker took back deals worth %s, which are "
			  "kept here",
	    money_format(gone, -1, text));
}

/* Deals that are kept and stand in no sum: how many, and worth what. NULL:
 * none.
 */
static char *
note_excluded(struct reading *r, enum deal_excluded why, const char *did)
{
	char text[MONEY_SIZE];
	int64_t n;
	money_t sum;

	if (ledger_deals_excluded(r->app->ledger, r->account, why, &n, &sum) !=
		LEDGER_OK ||
	    n == 0)
		return NULL;
	return mem_printf("%s %" PRId64 " deal%s worth %s: "
			  "kept here, marked and excluded from sums",
	    did, n, n == 1 ? "" : "s", money_format(sum, -1, text));
}

/* What an admin voided is said whether it explains the difference or not. */
static char *
with_voided(struct reading *r, char *note)
{
	char *voided = note_excluded(r, DEAL_VOIDED, "an admin voided");
	char *both;

	if (voided == NULL)
		return note;
	if (note == NULL)
		return voided;
	both = mem_printf("%s; %s", note, voided);
	free(note);
	free(voided);
	return both;
}

static char *
note_difference(struct reading *r, const struct ledger_sync *s)
{
	static const struct ledger_page first = {.limit = 1}, whole;
	struct ledger *l = r->app->ledger;
	struct clues c = {false, false, false};

	if ((!s->difference.known || s->difference.v == 0) &&
	    (!s->credit_difference.known || s->credit_difference.v == 0))
		return note_excluded(r, DEAL_ANNULLED, "the broker annulled");
	if (ledger_deals(l, r->account, &first, look_first, &c) != LEDGER_OK ||
	    ledger_cash_flows(l, r->account, &whole, look_archived, &c) !=
		LEDGER_OK)
		return NULL;
	if (!c.any)
		return mem_strdup("the terminal has no deals at all");
	if (c.archived)
		return mem_strdup("the broker archived old deals (there is an "
				  "\"Archived deals\" correction)");
	if (!c.starts_with_cash)
		return mem_strdup("the history begins without a deposit: "
				  "its beginning is missing");
	return note_missing(r, s);
}

char *
check_note(struct reading *r, const struct ledger_sync *s)
{
	return with_voided(r, note_difference(r, s));
}
