/* exposure_pairs.c: the accounts of each VS group beside each other, what they
 * amount to together, and which leg is missing. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/exposure.h"
#include "lib/base/mem.h"
#include "lib/trading/json_amount.h"

struct leg {
	const char *group;
	size_t account; /* of the exposure, and the row of the board */
};

static int
compare_leg(const void *pa, const void *pb)
{
	const struct leg *a = pa, *b = pb;
	int order = strcmp(a->group, b->group);

	if (order != 0)
		return order;
	return a->account < b->account ? -1 : a->account > b->account;
}

struct pair {
	const struct exposure *e;
	const struct board *b;
	const struct leg *legs;
	size_t len;
	bool sees_all; /* who asks: else a leg may be one not given to him */
	bool unsure;   /* is_unsure */
};

/* ---- what they amount to ---- */

struct pair_sum {
	const char *currency;
	int trade_mode;
	int accounts, left_out, total_unknown;
	money_t equity, profit, total;
};

static void
put_amount_of(struct json *j, const char *key, bool known, money_t v)
{
	const struct amount a = {known, v};

	json_amount(j, key, &a);
}

/* Currencies are never added, nor demo and real. */
static void
put_sums(struct json *j, const struct pair *p)
{
	struct pair_sum *sums = mem_new(p->len, sizeof(*sums));
	size_t len = 0, n;

	for (size_t i = 0; i < p->len; i++) {
		const struct board_row *r = &p->b->rows[p->legs[i].account];
		const struct view_row *row = r->row;

		if (row->currency == NULL)
			continue;
		for (n = 0; n < len; n++)
			if (sums[n].trade_mode == row->trade_mode &&
			    strcmp(sums[n].currency, row->currency) == 0)
				break;
		if (n == len)
			sums[len++] =
			    (struct pair_sum){.currency = row->currency,
				.trade_mode = row->trade_mode};
		if (!status_is_live(row->status) || !row->money_known) {
			sums[n].left_out++;
			continue;
		}
		sums[n].accounts++;
		sums[n].equity += row->equity;
		sums[n].profit += row->profit;
		if (r->made->pl.total.known)
			sums[n].total += r->made->pl.total.v;
		else
			sums[n].total_unknown++;
	}
	json_array(j, "sums");
	for (n = 0; n < len; n++) {
		const struct pair_sum *s = &sums[n];

		json_object(j, NULL);
		json_string(j, "currency", s->currency);
		json_int(j, "trade_mode", s->trade_mode);
		json_int(j, "accounts", s->accounts);
		json_int(j, "left_out", s->left_out);
		put_amount_of(j, "equity", s->accounts > 0, s->equity);
		put_amount_of(j, "profit", s->accounts > 0, s->profit);
		put_amount_of(j, "total",
		    s->accounts > 0 && s->total_unknown == 0, s->total);
		json_end(j);
	}
	json_end(j);
	free(sums);
}

/* ---- what they hold ---- */

/* They lie by account. */
static const struct exposure_holding *
held(const struct exposure *e, size_t symbol, size_t account)
{
	const struct exposure_symbol *s = &e->symbols[symbol];
	size_t low = s->from, high = s->from + s->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (e->holdings[middle].account < account)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->from + s->len && e->holdings[low].account == account
		   ? &e->holdings[low]
		   : NULL;
}

/* long, short: by which account's net; NULL: on both sides, or on none. */
static const char *
missing_side(bool some_long, bool some_short)
{
	if (some_long == some_short)
		return NULL;
	return some_long ? "short" : "long";
}

/* A leg that nobody sees now, or that is not for who asks, may be there or not:
 * then nothing is said of what is missing. */
static bool
is_unsure(const struct pair *p)
{
	for (size_t i = 0; i < p->len; i++)
		if (!p->e->accounts[p->legs[i].account].counted)
			return p->len > 1 || !p->sees_all;
	return p->len < 2 && !p->sees_all;
}

enum pair_state { PAIR_FLAT, PAIR_MATCHED, PAIR_UNEQUAL, PAIR_LEG_MISSING };

/* Each symbol that one of them holds; the worst of their states. */
static enum pair_state
put_symbols(struct json *j, const struct pair *p)
{
	enum pair_state state = PAIR_FLAT, is;

	json_array(j, "symbols");
	for (size_t s = 0; s < p->e->symbols_len; s++) {
		money_t longs = 0, shorts = 0;
		bool some = false, some_long = false, some_short = false;

		for (size_t i = 0; i < p->len; i++) {
			const struct exposure_holding *h =
			    held(p->e, s, p->legs[i].account);

			if (h == NULL)
				continue;
			some = true;
			longs += h->long_lots;
			shorts += h->short_lots;
			some_long = some_long || h->long_lots > h->short_lots;
			some_short = some_short || h->long_lots < h->short_lots;
		}
		if (!some)
			continue;
		json_object(j, NULL);
		json_string(j, "symbol", p->e->symbols[s].name);
		exposure_put_lots(j, longs, shorts);
		json_string(j, "missing",
		    p->unsure ? NULL : missing_side(some_long, some_short));
		json_end(j);
		is = some_long != some_short ? PAIR_LEG_MISSING
		     : longs != shorts       ? PAIR_UNEQUAL
					     : PAIR_MATCHED;
		state = is > state ? is : state;
	}
	json_end(j);
	return state;
}

static void
put_leg(struct json *j, const struct pair *p, size_t account)
{
	const struct exposure_account *a = &p->e->accounts[account];
	const struct board_row *r = &p->b->rows[account];
	bool live = status_is_live(r->row->status) && r->row->money_known;

	json_object(j, NULL);
	exposure_put_account(j, a);
	json_bool(j, "counted", a->counted);
	if (a->counted)
		json_int(j, "positions", (int64_t)a->positions);
	else
		json_null(j, "positions");
	put_amount_of(j, "equity", live, r->row->equity);
	put_amount_of(j, "profit", live, r->row->profit);
	put_amount_of(
	    j, "total", live && r->made->pl.total.known, r->made->pl.total.v);
	json_end(j);
}

static const char *
state_word(const struct pair *p, enum pair_state held_state)
{
	static const char *const words[] = {
	    [PAIR_FLAT] = "flat",
	    [PAIR_MATCHED] = "matched",
	    [PAIR_UNEQUAL] = "unequal",
	    [PAIR_LEG_MISSING] = "leg_missing",
	};

	if (p->unsure)
		return "unknown";
	return p->len < 2 ? "alone" : words[held_state];
}

static void
put_pair(struct json *j, const struct pair *p)
{
	enum pair_state state;

	json_object(j, NULL);
	json_string(j, "vs_group", p->legs[0].group);
	json_array(j, "accounts");
	for (size_t i = 0; i < p->len; i++)
		put_leg(j, p, p->legs[i].account);
	json_end(j);
	put_sums(j, p);
	state = put_symbols(j, p);
	json_string(j, "state", state_word(p, state));
	json_end(j);
}

void
exposure_put_pairs(struct json *j, const struct exposure *e,
    const struct board *b, bool sees_all)
{
	struct leg *legs = mem_new(e->accounts_len + 1, sizeof(*legs));
	size_t len = 0, n;

	for (size_t i = 0; i < e->accounts_len; i++) {
		const struct account_facts *f = e->accounts[i].facts;

		if (f != NULL && f->vs_group != NULL && *f->vs_group != '\0')
			legs[len++] = (struct leg){f->vs_group, i};
	}
	if (len > 1)
		qsort(legs, len, sizeof(*legs), compare_leg);
	json_array(j, "pairs");
	for (size_t i = 0; i < len; i += n) {
		struct pair p = {
		    .e = e, .b = b, .legs = &legs[i], .sees_all = sees_all};

		for (n = 1; i + n < len &&
			    strcmp(legs[i].group, legs[i + n].group) == 0;)
			n++;
		p.len = n;
		p.unsure = is_unsure(&p);
		put_pair(j, &p);
	}
	json_end(j);
	free(legs);
}

static void
put_side(struct json *j, const char *key, const struct exposure *e,
    const struct exposure_holding *h)
{
	json_object(j, key);
	exposure_put_account(j, &e->accounts[h->account]);
	json_string(j, "symbol", h->name);
	json_money(j, "lots",
	    h->long_lots > h->short_lots ? h->long_lots - h->short_lots
					 : h->short_lots - h->long_lots);
	json_end(j);
}

void
exposure_put_proposals(struct json *j, const struct exposure *e)
{
	json_array(j, "proposals");
	for (size_t i = 0; i < e->proposals_len; i++) {
		const struct exposure_proposal *p = &e->proposals[i];
		const struct exposure_holding *a = &e->holdings[p->long_side];

		json_object(j, NULL);
		json_string(j, "symbol", e->symbols[a->symbol].name);
		json_bool(j, "same_lots", p->same_lots);
		put_side(j, "long", e, a);
		put_side(j, "short", e, &e->holdings[p->short_side]);
		json_end(j);
	}
	json_end(j);
}
