/* exposure.c: what is open over all accounts, by symbol. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/fleet/exposure.h"
#include "lib/json/jsonin.h"

/* ---- what an account holds ---- */

/* One position; false: it says too little to count. */
static bool
read_position(const cJSON *o, struct exposure_holding *h, char **symbol)
{
	double volume, profit, swap;
	const char *name;
	money_t lots, p, s;
	int type;

	memset(h, 0, sizeof(*h));
	if (!jsonin_string(o, "symbol", &name) || *name == '\0' ||
	    !jsonin_int(o, "type", &type) || type < 0 || type > 1 ||
	    !jsonin_number(o, "volume", &volume) ||
	    money_from_double(volume, &lots) == -1 || lots < 0)
		return false;
	*(type == 0 ? &h->long_lots : &h->short_lots) = lots;
	h->positions = 1;
	if (jsonin_number(o, "profit", &profit) &&
	    jsonin_number(o, "swap", &swap) &&
	    money_from_double(profit, &p) == 0 &&
	    money_from_double(swap, &s) == 0)
		h->profit = (struct amount){true, p + s};
	h->name = mem_strdup(name);
	*symbol = exposure_symbol_name(name);
	return true;
}

static void
drop_holdings(struct exposure *e, size_t len)
{
	while (e->holdings_len > len)
		free(e->holdings[--e->holdings_len].name);
}

static size_t
symbol_number(struct exposure *e, char *name)
{
	for (size_t i = 0; i < e->symbols_len; i++)
		if (strcmp(e->symbols[i].name, name) == 0) {
			free(name);
			return i;
		}
	e->symbols = mem_room(
	    e->symbols, e->symbols_len, &e->symbols_size, sizeof(*e->symbols));
	e->symbols[e->symbols_len] = (struct exposure_symbol){.name = name};
	return e->symbols_len++;
}

/* To what the account has of that symbol already; its own from `from` on. */
static void
add_holding(struct exposure *e, size_t from, struct exposure_holding *h)
{
	for (size_t i = from; i < e->holdings_len; i++) {
		struct exposure_holding *had = &e->holdings[i];

		if (had->symbol != h->symbol)
			continue;
		had->positions += h->positions;
		had->long_lots += h->long_lots;
		had->short_lots += h->short_lots;
		had->profit.known = had->profit.known && h->profit.known;
		had->profit.v += h->profit.v;
		free(h->name);
		return;
	}
	e->holdings = mem_room(e->holdings, e->holdings_len, &e->holdings_size,
	    sizeof(*e->holdings));
	e->holdings[e->holdings_len++] = *h;
}

/* All of it or nothing: half of what is open would be a wrong number. */
static bool
read_account(struct exposure *e, size_t account, const struct view_row *row)
{
	size_t from = e->holdings_len;
	const cJSON *o;
	cJSON *list;
	bool whole;

	if (!status_is_live(row->status) || row->server == NULL ||
	    row->positions.data == NULL)
		return false;
	list = jsonin_parse(row->positions.data, row->positions.len);
	whole = cJSON_IsArray(list);
	for (o = whole ? list->child : NULL; whole && o != NULL; o = o->next) {
		struct exposure_holding h;
		char *symbol;

		if (!(whole = read_position(o, &h, &symbol)))
			break;
		h.account = account;
		h.symbol = symbol_number(e, symbol);
		add_holding(e, from, &h);
		e->accounts[account].positions++;
	}
	cJSON_Delete(list);
	if (!whole)
		drop_holdings(e, from);
	return whole;
}

void
exposure_add(struct exposure *e, const struct view_row *row,
    const struct account_facts *facts)
{
	struct exposure_account *a;
	size_t n = e->accounts_len;

	e->accounts =
	    mem_room(e->accounts, n, &e->accounts_size, sizeof(*e->accounts));
	a = &e->accounts[e->accounts_len++];
	*a = (struct exposure_account){.row = row, .facts = facts};
	a->counted = read_account(e, n, row);
	if (a->counted)
		e->counted++;
	else
		a->positions = 0;
}

void
exposure_done(struct exposure *e)
{
	drop_holdings(e, 0);
	for (size_t i = 0; i < e->symbols_len; i++)
		free(e->symbols[i].name);
	for (size_t i = 0; i < e->opposites_len; i++)
		free(e->opposites[i].holdings);
	free(e->accounts);
	free(e->symbols);
	free(e->holdings);
	free(e->opposites);
	free(e->proposals);
	memset(e, 0, sizeof(*e));
}

/* ---- by symbol ---- */

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

struct symbol_order {
	size_t was;
	struct exposure_symbol s;
};

static int
compare_symbol(const void *pa, const void *pb)
{
	const struct exposure_symbol *a = &((const struct symbol_order *)pa)->s;
	const struct exposure_symbol *b = &((const struct symbol_order *)pb)->s;
	money_t gross_a = a->long_lots + a->short_lots;
	money_t gross_b = b->long_lots + b->short_lots;

	if (gross_a != gross_b)
		return gross_a > gross_b ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int
compare_holding(const void *pa, const void *pb)
{
	const struct exposure_holding *a = pa, *b = pb;

	if (a->symbol != b->symbol)
		return a->symbol < b->symbol ? -1 : 1;
	return a->account < b->account ? -1 : a->account > b->account;
}

/* The largest first; the holdings of each beside each other. A symbol that an
 * account left out alone had is none. */
static void
sort_symbols(struct exposure *e)
{
	struct symbol_order *order =
	    mem_new(e->symbols_len + 1, sizeof(*order));
	size_t *now = mem_new(e->symbols_len + 1, sizeof(*now)), len = 0;

	for (size_t i = 0; i < e->holdings_len; i++) {
		const struct exposure_holding *h = &e->holdings[i];
		struct exposure_symbol *s = &e->symbols[h->symbol];

		s->len++;
		s->positions += h->positions;
		s->long_lots += h->long_lots;
		s->short_lots += h->short_lots;
	}
	for (size_t i = 0; i < e->symbols_len; i++)
		if (e->symbols[i].len > 0)
			order[len++] = (struct symbol_order){i, e->symbols[i]};
		else
			free(e->symbols[i].name);
	qsort(order, len, sizeof(*order), compare_symbol);
	e->symbols_len = len;
	for (size_t i = 0, from = 0; i < len; i++) {
		e->symbols[i] = order[i].s;
		e->symbols[i].from = from;
		from += e->symbols[i].len;
		now[order[i].was] = i;
	}
	for (size_t i = 0; i < e->holdings_len; i++)
		e->holdings[i].symbol = now[e->holdings[i].symbol];
	if (e->holdings_len > 1)
		qsort(e->holdings, e->holdings_len, sizeof(*e->holdings),
		    compare_holding);
	free(order);
	free(now);
}

/* ---- against each other ---- */

const char *
exposure_of_word(enum exposure_of of)
{
	return of == EXPOSURE_OF_FIRM ? "firm" : "holder";
}

const char *
exposure_owner(const struct exposure_account *a, enum exposure_of of)
{
	const char *name = NULL;

	if (a->facts != NULL)
		name = of == EXPOSURE_OF_FIRM ? a->facts->prop_firm
					      : a->facts->holder;
	return name != NULL && *name != '\0' ? name : NULL;
}

struct owned {
	const char *name;
	size_t holding;
};

static int
compare_owned(const void *pa, const void *pb)
{
	const struct owned *a = pa, *b = pb;
	int order = compare_text(a->name, b->name);

	if (order != 0)
		return order;
	return a->holding < b->holding ? -1 : a->holding > b->holding;
}

/*
 * One owner's holdings of a symbol. Long and short in one account is its own
 * hedge; it takes another account for what the firms forbid.
 */
static void
find_opposite(struct exposure *e, size_t symbol, enum exposure_of of,
    const struct owned *list, size_t len)
{
	size_t longs = 0, shorts = 0, both = 0;
	struct exposure_opposite *o;

	for (size_t i = 0; i < len; i++) {
		const struct exposure_holding *h =
		    &e->holdings[list[i].holding];

		longs += h->long_lots > 0;
		shorts += h->short_lots > 0;
		both += h->long_lots > 0 && h->short_lots > 0;
	}
	if (longs == 0 || shorts == 0 ||
	    (longs == 1 && shorts == 1 && both == 1))
		return;
	e->opposites = mem_room(e->opposites, e->opposites_len,
	    &e->opposites_size, sizeof(*e->opposites));
	o = &e->opposites[e->opposites_len++];
	*o = (struct exposure_opposite){
	    .symbol = symbol, .of = of, .name = list[0].name};
	o->holdings = mem_new(len, sizeof(*o->holdings));
	for (size_t i = 0; i < len; i++) {
		struct exposure_holding *h = &e->holdings[list[i].holding];

		if (h->long_lots == 0 && h->short_lots == 0)
			continue;
		h->opposite = true;
		o->holdings[o->len++] = list[i].holding;
	}
}

static void
find_opposites(struct exposure *e, enum exposure_of of)
{
	struct owned *list = mem_new(e->holdings_len + 1, sizeof(*list));

	for (size_t s = 0; s < e->symbols_len; s++) {
		const struct exposure_symbol *symbol = &e->symbols[s];
		size_t len = 0, n;

		for (size_t i = 0; i < symbol->len; i++) {
			size_t at = symbol->from + i;
			const char *name = exposure_owner(
			    &e->accounts[e->holdings[at].account], of);

			if (name != NULL)
				list[len++] = (struct owned){name, at};
		}
		if (len > 1)
			qsort(list, len, sizeof(*list), compare_owned);
		for (size_t i = 0; i < len; i += n) {
			for (n = 1; i + n < len && strcmp(list[i].name,
						       list[i + n].name) == 0;)
				n++;
			find_opposite(e, s, of, &list[i], n);
		}
	}
	free(list);
}

/* ---- what looks like a pair ---- */

static money_t
net(const struct exposure_holding *h)
{
	return h->long_lots - h->short_lots;
}

static money_t
size(const struct exposure_holding *h)
{
	return net(h) < 0 ? -net(h) : net(h);
}

struct side {
	size_t holding;
	money_t lots;
};

static int
compare_side(const void *pa, const void *pb)
{
	const struct side *a = pa, *b = pb;

	if (a->lots != b->lots)
		return a->lots > b->lots ? -1 : 1;
	return a->holding < b->holding ? -1 : a->holding > b->holding;
}

static size_t
sides(const struct exposure *e, const struct exposure_symbol *s,
    const bool *taken, bool is_long, struct side *out)
{
	size_t len = 0;

	for (size_t i = s->from; i < s->from + s->len; i++) {
		const struct exposure_holding *h = &e->holdings[i];
		const struct account_facts *f = e->accounts[h->account].facts;

		if (taken[h->account] || f == NULL || net(h) == 0 ||
		    (net(h) > 0) != is_long ||
		    (f->vs_group != NULL && *f->vs_group != '\0'))
			continue;
		out[len++] = (struct side){i, size(h)};
	}
	if (len > 1)
		qsort(out, len, sizeof(*out), compare_side);
	return len;
}

/* From the largest down: of the same size first, then within a half. */
static void
match(struct exposure *e, bool *taken, const struct side *a, size_t a_len,
    const struct side *b, size_t b_len, bool same)
{
	for (size_t i = 0, k = 0; i < a_len && k < b_len;) {
		size_t x = e->holdings[a[i].holding].account;
		size_t y = e->holdings[b[k].holding].account;
		money_t more = money_max(a[i].lots, b[k].lots);
		money_t less = money_min(a[i].lots, b[k].lots);

		if (taken[x])
			i++;
		else if (taken[y])
			k++;
		else if (same ? more == less : less * 2 >= more) {
			e->proposals = mem_room(e->proposals, e->proposals_len,
			    &e->proposals_size, sizeof(*e->proposals));
			e->proposals[e->proposals_len++] =
			    (struct exposure_proposal){
				a[i].holding, b[k].holding, same};
			taken[x] = taken[y] = true;
		} else if (a[i].lots > b[k].lots)
			i++;
		else
			k++;
	}
}

/* Each account at most once, by the symbol with the largest gross lots. */
static void
find_proposals(struct exposure *e)
{
	bool *taken = mem_new(e->accounts_len + 1, sizeof(*taken));
	struct side *a = mem_new(e->holdings_len + 1, sizeof(*a));
	struct side *b = mem_new(e->holdings_len + 1, sizeof(*b));

	for (size_t s = 0; s < e->symbols_len; s++) {
		const struct exposure_symbol *symbol = &e->symbols[s];
		size_t a_len = sides(e, symbol, taken, true, a);
		size_t b_len = sides(e, symbol, taken, false, b);

		match(e, taken, a, a_len, b, b_len, true);
		match(e, taken, a, a_len, b, b_len, false);
	}
	free(taken);
	free(a);
	free(b);
}

void
exposure_find(struct exposure *e)
{
	sort_symbols(e);
	find_opposites(e, EXPOSURE_OF_FIRM);
	find_opposites(e, EXPOSURE_OF_HOLDER);
	find_proposals(e);
}
