/* book.c: what the ledger knows of every account, kept between requests. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/book.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/money.h"
#include "lib/phase_json.h"

#define EVERY_MSC 1000
#define PHASE_MAX ((size_t)64 * 1024)

struct ledger *
book_ledger(struct book *b, const char *path)
{
	int64_t now = clock_mono_msc();

	if (b->ledger != NULL && ledger_state(b->ledger) == LEDGER_OK)
		return b->ledger;
	if (b->ledger != NULL && now - b->opened_msc < EVERY_MSC)
		return NULL;
	ledger_close(b->ledger);
	b->ledger = ledger_open(path, LEDGER_READ);
	b->opened_msc = now;
	if (ledger_state(b->ledger) == LEDGER_OK)
		return b->ledger;
	log_warnx("ledger: %s", ledger_error(b->ledger));
	return NULL;
}

static void
forget(struct book *b)
{
	for (size_t i = 0; i < b->len; i++) {
		free(b->list[i].server);
		free(b->list[i].phase);
	}
	b->len = 0;
	b->known = false;
}

static char *
phase_text(const struct ledger_account *a)
{
	struct json j;
	char *text;

	json_init(&j, PHASE_MAX);
	phase_json(&j, NULL, a);
	text = json_text(&j, NULL) != NULL ? mem_strdup(json_text(&j, NULL))
					   : mem_strdup("null");
	json_done(&j);
	return text;
}

static int
add(const struct ledger_account *a, void *arg)
{
	struct book *b = arg;
	struct book_entry *e;

	if (b->len == b->size) {
		b->size = b->size > 0 ? 2 * b->size : 64;
		b->list = mem_grow(b->list, b->size, sizeof(*b->list));
	}
	e = &b->list[b->len++];
	*e = (struct book_entry){.server = mem_strdup(a->server),
	    .login = a->login,
	    .id = a->id,
	    .phase = phase_text(a),
	    .initial_balance = a->period.initial_balance,
	    .has_period = a->period.id != 0,
	    .has_day = a->has_day,
	    .day = a->day,
	    .flows_today = a->flows_today,
	    .flows_period = a->flows_period,
	    .flows = a->flows,
	    .cash = a->cash,
	    .last_cash_msc = a->last_cash_msc,
	    .history_ok = a->sync.state == LEDGER_HISTORY_OK &&
			  a->sync.residue.known && a->sync.residue.v == 0,
	    .synced = a->sync.balance,
	    .has_limits = a->has_limits,
	    .limits = a->limits};
	return 0;
}

void
book_refresh(struct book *b, const char *path)
{
	int64_t now = clock_mono_msc(), revision;
	struct ledger *l;

	if (b->known && now - b->asked_msc < EVERY_MSC)
		return;
	if ((l = book_ledger(b, path)) == NULL ||
	    ledger_revision(l, &revision) != LEDGER_OK) {
		forget(b);
		return;
	}
	b->asked_msc = now;
	if (b->known && revision == b->revision)
		return;
	forget(b);
	b->revision = revision;
	b->known = ledger_accounts(l, add, b) == LEDGER_OK;
	if (!b->known) {
		log_warnx("ledger: %s", ledger_error(l));
		forget(b);
	}
}

void
book_done(struct book *b)
{
	forget(b);
	free(b->list);
	ledger_close(b->ledger);
	memset(b, 0, sizeof(*b));
}

static int
compare(const char *server, int64_t login, const struct book_entry *e)
{
	int order = strcmp(server, e->server);

	if (order != 0)
		return order;
	return login < e->login ? -1 : login > e->login;
}

const struct book_entry *
book_find(const struct book *b, const char *server, int64_t login)
{
	size_t from = 0, to = server != NULL ? b->len : 0, middle;
	int order;

	while (from < to) {
		middle = from + (to - from) / 2;
		order = compare(server, login, &b->list[middle]);
		if (order == 0)
			return &b->list[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

/* a - b - c; unknown where it cannot be held. */
static struct amount
less(int64_t a, int64_t b, int64_t c)
{
	struct amount out = {true, 0};

	if (__builtin_sub_overflow(a, b, &out.v) ||
	    __builtin_sub_overflow(out.v, c, &out.v))
		out = (struct amount){false, 0};
	return out;
}

static void
find_total(const struct book_entry *e, int64_t own, struct book_pl *out)
{
	int64_t basis;

	if (e->has_period && e->initial_balance.known) {
		basis = e->initial_balance.v;
		out->total = less(own, basis, e->flows_period);
	} else if (!e->has_period && e->history_ok) {
		/* no phase: against all that was ever paid in */
		basis = e->flows;
		out->total = less(own, basis, 0);
	} else
		return;
	out->pct_known = out->total.known && basis > 0;
	if (out->pct_known)
		out->total_pct = (double)out->total.v / (double)basis * 100;
}

bool
book_limits_hold(const struct book_entry *e)
{
	return e->has_limits && e->limits.at_msc > e->last_cash_msc + 90000;
}

bool
book_has_cash(const struct book_entry *e, const struct view_row *row)
{
	return row->cash == -1 || row->cash == e->cash;
}

/*
 * Deposits never are P/L, and the broker's credit is not the account's own.
 * The day's P/L counts from equity at the reset, so that what was open then
 * is not today's.
 */
void
book_pl(const struct book_entry *e, const struct view_row *row, int64_t now_msc,
    struct book_pl *out)
{
	int64_t own;

	memset(out, 0, sizeof(*out));
	if (e == NULL || !row->money_known || !book_has_cash(e, row) ||
	    __builtin_sub_overflow(row->equity, row->credit, &own))
		return;
	/* an old bridge does not say whether there was a deposit */
	out->estimated = row->cash == -1 &&
			 (!e->synced.known || e->synced.v != row->balance);
	if (e->has_day && e->day.equity.known && now_msc >= e->day.day_msc &&
	    now_msc < e->day.next_msc) {
		out->day = less(own, e->day.equity.v, e->flows_today);
		out->estimated = out->estimated || e->day.estimated;
	}
	find_total(e, own, out);
}
