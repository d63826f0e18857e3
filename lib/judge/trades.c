/* trades.c: the rules of trading, by the ledger's deals and by what the
 * terminal shows of its open positions. */
#include <stdlib.h>
#include <string.h>

#include "lib/judge/subject.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"
#include "lib/trading/rule_book.h"

/* A deal is in the history a moment after it was made. */
#define SETTLE_MS 2000

struct breaks {
	struct rule_break *list;
	size_t len, size;
};

struct look {
	struct subject *s;
	struct rule_book book;
	int64_t since_utc_ms; /* what was before was judged */
	bool unplaced;        /* a deal whose UTC is not known */
	bool late;            /* one that was read since the last look was made
			       * before it */
	bool without_new;     /* only the deals that the last look had */
	struct breaks all, had; /* of all deals; of those that it had */
};

/* ---- what was seen of the stop loss of open positions ---- */

static struct stop_note *
find_note(struct trade_notes *n, int64_t id)
{
	for (int i = 0; i < n->len; i++)
		if (n->stops[i].id == id)
			return &n->stops[i];
	return NULL;
}

/* Room for one more: the one seen longest ago is forgotten. */
static struct stop_note *
new_note(struct trade_notes *n, int64_t id)
{
	struct stop_note *note;
	int oldest = 0;

	for (int i = 1; i < n->len; i++)
		if (n->stops[i].seen_utc_ms < n->stops[oldest].seen_utc_ms)
			oldest = i;
	note =
	    n->len < STOP_NOTES_MAX ? &n->stops[n->len++] : &n->stops[oldest];
	*note = (struct stop_note){.id = id};
	return note;
}

static void
see_position(int64_t id, int64_t at_utc_ms, bool has_stop, void *arg)
{
	struct trade_notes *n = arg;
	struct stop_note *note = find_note(n, id);

	if (note == NULL)
		note = new_note(n, id);
	note->seen_utc_ms = at_utc_ms;
	if (has_stop && note->with_utc_ms == 0)
		note->with_utc_ms = at_utc_ms;
	if (!has_stop)
		note->without_utc_ms = at_utc_ms;
}

static void
feed_note(struct look *l, int64_t id)
{
	const struct stop_note *note = find_note(&l->s->notes, id);

	if (note != NULL && note->with_utc_ms != 0)
		rule_book_stop(&l->book, id, note->with_utc_ms, true);
	if (note != NULL && note->without_utc_ms != 0)
		rule_book_stop(&l->book, id, note->without_utc_ms, false);
}

/* ---- the deals ---- */

static enum rule_stop
stop_of(const struct deal *d)
{
	if (!(d->sl >= 0)) /* NAN: the agent did not say */
		return RULE_STOP_UNKNOWN;
	return d->sl > 0 ? RULE_STOP_KEPT : RULE_STOP_NONE;
}

static bool
is_new(const struct look *l, const struct deal *d)
{
	int64_t synced = l->s->notes.synced_utc_ms;

	return synced != 0 && d->seen_utc_ms > synced;
}

static int
see_deal(const struct deal *d, void *arg)
{
	struct look *l = arg;
	struct rule_deal r = {.at_utc_ms = d->utc_ms,
	    .position_id = d->position_id,
	    .entry = d->entry,
	    .stop = stop_of(d),
	    .service = deal_is_service(d),
	    .split = d->reason == DEAL_REASON_SPLIT};

	if (deal_kind(d) != DEAL_KIND_TRADE || d->excluded != DEAL_COUNTS)
		return 0;
	if (d->utc_ms == 0 || deal_net(d, &r.net) == -1 ||
	    (money_from_double(d->volume, &r.lots) == -1 &&
		(!r.service || r.split))) {
		l->unplaced = true;
		return 0;
	}
	if (is_new(l, d)) {
		l->late |= d->utc_ms <= l->since_utc_ms;
		if (l->without_new)
			return 0;
	}
	rule_book_deal(&l->book, &r);
	if (r.service)
		return 0;
	if (d->entry == DEAL_IN || d->entry == DEAL_INOUT)
		feed_note(l, d->position_id);
	return 0;
}

/* ---- what was broken ---- */

static struct rule_seen
seen_of(const struct look *l, const struct rule_break *b)
{
	const struct rule_state *st = &l->s->saved.st;

	return (struct rule_seen){.verdict = RULE_KIND_BREACHED,
	    .kind = b->kind,
	    .at_utc_ms = b->at_utc_ms,
	    .value = b->value,
	    .level = b->level,
	    .balance = st->balance,
	    .equity = st->equity,
	    .low = st->equity,
	    .baseline = st->base};
}

/* Judged before by the deals that there were. What lies before the period was
 * entered never is. */
static bool
is_old(const struct look *l, const struct rule_break *b)
{
	const struct ledger_period *p = &l->s->a.period;

	if (b->at_utc_ms > l->since_utc_ms)
		return false;
	if (!l->late || b->at_utc_ms <= p->entered_utc_ms)
		return true;
	for (size_t i = 0; i < l->had.len; i++)
		if (l->had.list[i].kind == b->kind &&
		    l->had.list[i].at_utc_ms == b->at_utc_ms &&
		    l->had.list[i].position_id == b->position_id)
			return true;
	return false;
}

static void
keep_break(const struct rule_break *b, void *arg)
{
	struct breaks *k = arg;

	k->list = mem_room(k->list, k->len, &k->size, sizeof(*k->list));
	k->list[k->len++] = *b;
}

/* The first that fails becomes the verdict, where none fell before it. */
static void
see_break(struct look *l, const struct rule_break *b)
{
	struct subject *s = l->s;
	struct rule_seen seen = seen_of(l, b);

	if (is_old(l, b) ||
	    (annulled_between(s, b->at_utc_ms - 1, b->at_utc_ms) &
		RULE_BIT(b->kind)) != 0)
		return;
	if (rules_only_warns(&s->rules, b->kind)) {
		s->breaks[b->kind].count++;
		s->breaks[b->kind].last = *b;
	} else if ((s->seen.verdict == RULE_NO_VERDICT ||
		       b->at_utc_ms < s->seen.at_utc_ms) &&
		   outcome_matters(s, &seen))
		s->seen = seen;
}

static bool
is_status(const struct subject *s, const char *word)
{
	return s->status != NULL && strcmp(s->status, word) == 0;
}

/* The time is over, and the target was not reached. */
static void
see_days(struct look *l, int64_t until_utc_ms)
{
	struct subject *s = l->s;
	money_t days = s->rules.max_days.days * MONEY_ONE;
	int64_t end = l->book.trades.days_utc_ms;
	bool reached =
	    s->seen.verdict == RULE_TARGET_REACHED && s->seen.at_utc_ms <= end;

	if (end == 0 || end > until_utc_ms || reached ||
	    !(is_status(s, "active") || is_status(s, "paused")))
		return;
	l->book.trades.broken[RULE_MAX_DAYS]++;
	see_break(l, &(struct rule_break){.kind = RULE_MAX_DAYS,
			 .at_utc_ms = end,
			 .value = days,
			 .level = days});
}

static void
fold_deals(struct look *l, int64_t from_utc_ms, int64_t until_utc_ms,
    struct breaks *found)
{
	const struct ledger_page all = {.limit = 0};
	struct subject *s = l->s;

	rule_book_init(&l->book, &s->rules, from_utc_ms, &s->clock.seen);
	l->book.broke = keep_break;
	l->book.arg = found;
	s->result = ledger_deals(s->judge->ledger, s->a.id, &all, see_deal, l);
	if (s->result != LEDGER_OK)
		return;
	for (size_t i = 0; i < l->book.open_len; i++)
		feed_note(l, l->book.open[i].id);
	rule_book_end(&l->book, until_utc_ms);
}

/* With what the deals of the last look broke, where one of before came since.
 */
static void
look_at_deals(struct look *l, int64_t from_utc_ms, int64_t until_utc_ms)
{
	struct subject *s = l->s;
	struct rule_book book;

	fold_deals(l, from_utc_ms, until_utc_ms, &l->all);
	if (s->result == LEDGER_OK && l->late) {
		book = l->book;
		l->without_new = true;
		fold_deals(l, from_utc_ms, until_utc_ms, &l->had);
		rule_book_done(&l->book);
		l->book = book;
	}
	if (s->result != LEDGER_OK)
		return;
	for (size_t i = 0; i < l->all.len; i++)
		see_break(l, &l->all.list[i]);
	see_days(l, until_utc_ms);
	s->days.trades = l->book.trades;
}

/* A stop loss must be looked for at the time; the deals tell the rest. */
static void
look_at_positions(struct subject *s)
{
	if (s->rules.stop_loss.within_s > 0 && s->judge->positions != NULL)
		(void)s->judge->positions(s->judge->arg, s->server, s->a.login,
		    see_position, &s->notes);
}

void
trades_look(struct subject *s)
{
	int64_t until = s->a.sync.sync_utc_ms - SETTLE_MS;
	int64_t from = s->a.period.started_utc_ms;
	struct look l = {.s = s, .since_utc_ms = s->notes.judged_utc_ms};

	if (s->result != LEDGER_OK || !s->has_rules || !s->saved.st.begun ||
	    !rules_of_trading(&s->rules))
		return;
	look_at_positions(s);
	if (from < s->saved.st.since_utc_ms)
		from = s->saved.st.since_utc_ms;
	if (s->a.sync.state != LEDGER_HISTORY_OK || !s->a.offset_known ||
	    until < from)
		return; /* unknown, which the lines say */
	look_at_deals(&l, from, until);
	rule_book_done(&l.book);
	free(l.all.list);
	free(l.had.list);
	if (s->result != LEDGER_OK)
		return;
	s->notes.synced_utc_ms = s->a.sync.sync_utc_ms;
	if (l.unplaced)
		s->days.trades.known = false;
	/* behind a verdict that does not end the account judging goes on */
	if (s->seen.verdict != RULE_NO_VERDICT && s->seen.at_utc_ms < until)
		until = s->seen.at_utc_ms;
	if (s->notes.judged_utc_ms < until)
		s->notes.judged_utc_ms = until;
}
