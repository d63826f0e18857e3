/* business_book.c: what people entered and what deals say of payouts, each
 * payout once. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/business.h"
#include "lib/base/mem.h"

#define DAY_MS INT64_C(86400000)
/* A payout that was entered is the deal's: of its amount within that time, or
 * of another one (the firm's split, another currency) within this. */
#define SAME_AMOUNT_MS (31 * DAY_MS)
#define ANY_AMOUNT_MS (5 * DAY_MS)

static char *
copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static int
keep(const struct ledger_business *b, void *arg)
{
	struct business *book = arg;
	struct business_item *i;

	book->items =
	    mem_room(book->items, book->len, &book->size, sizeof(*book->items));
	i = &book->items[book->len++];
	*i = (struct business_item){
	    .b = *b, .gross = b->amount, .of_deal = b->id == 0};
	i->b.kind = copy(b->kind);
	i->b.currency = copy(b->currency);
	i->b.server = copy(b->server);
	i->b.firm = copy(b->firm);
	i->b.holder = copy(b->holder);
	i->b.note = copy(b->note);
	i->b.who = copy(b->who);
	return 0;
}

static void
item_done(struct business_item *i)
{
	free((char *)i->b.kind);
	free((char *)i->b.currency);
	free((char *)i->b.server);
	free((char *)i->b.firm);
	free((char *)i->b.holder);
	free((char *)i->b.note);
	free((char *)i->b.who);
}

void
business_done(struct business *book)
{
	for (size_t i = 0; i < book->len; i++)
		item_done(&book->items[i]);
	free(book->items);
	memset(book, 0, sizeof(*book));
}

int
business_sign(const struct business_item *i)
{
	const char *kind = i->b.kind;

	if (strcmp(kind, "split") == 0)
		return 0;
	return strcmp(kind, "payout") == 0 || strcmp(kind, "refund") == 0 ? 1
									  : -1;
}

static bool
is(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* To find what belongs together; hours off where the UTC is not known. */
static int64_t
moment(const struct ledger_business *b)
{
	return b->at_utc_ms != 0 ? b->at_utc_ms : b->at_broker_ms;
}

/* The newest split before it: of its account, else of its firm. */
static struct amount
share_of(const struct business *entered, const struct ledger_business *flow)
{
	struct amount of_firm = {0}, of_account = {0};

	for (size_t i = 0; i < entered->len; i++) {
		const struct ledger_business *b = &entered->items[i].b;

		if (!is(b->kind, "split") || b->at_utc_ms > moment(flow))
			continue;
		if (b->account != 0 && b->account == flow->account)
			of_account = (struct amount){true, b->amount};
		else if (b->account == 0 && is(b->firm, flow->firm))
			of_firm = (struct amount){true, b->amount};
	}
	return of_account.known ? of_account : of_firm;
}

static money_t
part(money_t gross, const struct amount *share)
{
	return share->known ? money_share(gross, share->v, 100 * MONEY_ONE)
			    : gross;
}

static int64_t
apart(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* The entered payout that is this deal; NULL: nobody entered it. */
static struct business_item *
find_entered(struct business *entered, const struct business_item *flow,
    money_t paid, bool same_amount)
{
	int64_t most = same_amount ? SAME_AMOUNT_MS : ANY_AMOUNT_MS;
	struct business_item *best = NULL;

	for (size_t i = 0; i < entered->len; i++) {
		struct business_item *e = &entered->items[i];
		int64_t gap = apart(moment(&e->b), moment(&flow->b));

		if (!is(e->b.kind, "payout") || e->b.ticket != 0 ||
		    e->b.account == 0 || e->b.account != flow->b.account ||
		    gap > most)
			continue;
		if (same_amount &&
		    (!is(e->b.currency, flow->b.currency) ||
			(e->b.amount != flow->b.amount && e->b.amount != paid)))
			continue;
		if (best == NULL ||
		    gap < apart(moment(&best->b), moment(&flow->b)))
			best = e;
	}
	return best;
}

static int
compare(const void *pa, const void *pb)
{
	const struct ledger_business *a =
	    &((const struct business_item *)pa)->b;
	const struct ledger_business *b =
	    &((const struct business_item *)pb)->b;

	if (moment(a) != moment(b))
		return moment(a) < moment(b) ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->ticket < b->ticket ? -1 : a->ticket > b->ticket;
}

/* Same amounts first, so that none of them takes another one's deal. */
static void
settle(struct business *entered, struct business *flows, bool same_amount)
{
	for (size_t i = 0; i < flows->len; i++) {
		struct business_item *f = &flows->items[i], *e;

		if (f->b.ticket == 0)
			continue;
		f->share = share_of(entered, &f->b);
		f->b.amount = f->gross;
		e = find_entered(
		    entered, f, part(f->gross, &f->share), same_amount);
		if (e == NULL)
			continue;
		e->b.ticket = f->b.ticket;
		e->gross =
		    is(e->b.currency, f->b.currency) ? f->gross : e->b.amount;
		f->b.ticket = 0; /* told */
	}
}

enum ledger_result
business_read(struct business *book, struct ledger *l)
{
	struct business flows = {0};
	enum ledger_result r;

	memset(book, 0, sizeof(*book));
	r = ledger_business_list(l, keep, book);
	if (r == LEDGER_OK)
		r = ledger_business_flows(l, keep, &flows);
	settle(book, &flows, true);
	settle(book, &flows, false);
	for (size_t i = 0; i < flows.len; i++) {
		struct business_item *f = &flows.items[i];

		if (f->b.ticket == 0) {
			item_done(f);
			continue;
		}
		f->b.amount = part(f->gross, &f->share);
		book->items = mem_room(
		    book->items, book->len, &book->size, sizeof(*book->items));
		book->items[book->len++] = *f;
	}
	free(flows.items);
	if (book->len > 1)
		qsort(book->items, book->len, sizeof(*book->items), compare);
	return r;
}
