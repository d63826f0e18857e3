/* view_rows.c: rows out of what was read: each account once, none left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fleet/view.h"
#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/fleet/fresh.h"
#include "lib/trading/money.h"

static struct view_row *
add_row(struct view *v, const struct node_view *n)
{
	struct view_row *row = &v->rows[v->rows_len++];

	memset(row, 0, sizeof(*row));
	row->node = n->node;
	row->status = n->status;
	row->since_utc_ms = n->since_utc_ms;
	row->error = n->error;
	return row;
}

static void
read_entry(struct view_row *row, const struct view *v,
    const struct node_view *n, const struct snapshot_account *a)
{
	const struct snapshot_entry *e = &a->entry;
	int64_t now = v->now_utc_ms;

	if (n->live) {
		row->status =
		    fresh_status(e->status, e->at_utc_ms, now, v->ttl_s);
		row->since_utc_ms = row->status == e->status
					? e->since_utc_ms
					: fresh_until(e->at_utc_ms, v->ttl_s);
		row->since_utc_ms = fresh_moment(row->since_utc_ms, now);
	}
	if (row->status == STATUS_BAD_DATA)
		row->error = e->error;
	row->server = e->server;
	row->login = e->login;
	row->pinned = node_pins(n->node, e->server, e->login);
	row->at_utc_ms = fresh_moment(e->at_utc_ms, now);
	row->currency = e->currency;
	row->trade_mode = e->trade_mode >= 0 ? e->trade_mode : 0;
	row->cash = e->non_trade_deals;
	row->money_known = a->money_known;
	row->balance = a->balance;
	row->credit = a->credit;
	row->equity = a->equity;
	row->profit = a->profit;
}

/* A row each for the accounts in the head; its lines go with it. */
static void
add_accounts(struct view *v, const struct node_view *n)
{
	for (size_t i = 0; i < n->snapshot->len; i++) {
		const struct snapshot_account *a = &n->snapshot->accounts[i];
		struct view_row *row = add_row(v, n);

		row->fragment = a->row;
		row->positions = a->positions;
		row->orders = a->orders;
		row->made = n->made != NULL ? &n->made[i] : NULL;
		read_entry(row, v, n, a);
	}
}

static bool
has_account(const struct view *v, size_t from, const struct account_key *pin)
{
	for (size_t i = from; i < v->rows_len; i++)
		if (account_key_is(v->rows[i].server, v->rows[i].login,
			pin->server, pin->login))
			return true;
	return false;
}

/* What should be there and was never seen: its row knows nothing. */
static void
add_pins(struct view *v, const struct node_view *n, size_t from)
{
	bool others = v->rows_len > from;

	for (size_t i = 0; i < n->node->pins_len; i++) {
		const struct account_key *pin = &n->node->pins[i];
		struct view_row *row;

		if (has_account(v, from, pin))
			continue;
		row = add_row(v, n);
		row->server = pin->server;
		row->login = pin->login;
		row->pinned = true;
		if (n->live && (others || row->status == STATUS_OK))
			row->status = STATUS_WRONG_ACCOUNT;
	}
}

static int
compare_key(const struct view_row *a, const struct view_row *b)
{
	if (a->server == NULL && b->server == NULL)
		return strcmp(a->node->id, b->node->id);
	return account_key_compare(a->server, a->login, b->server, b->login);
}

/* It says that the account is there now. */
static bool
is_claim(const struct view_row *row)
{
	return status_is_live(row->status) || row->status == STATUS_CONFLICT;
}

/*
 * Of two rows of one account the one of the node that it is pinned to first,
 * whatever another node says; then the live one, then the fresher one.
 */
static int
compare_worth(const void *pa, const void *pb)
{
	const struct view_row *a = pa, *b = pb;
	bool live_a = status_is_live(a->status);
	bool live_b = status_is_live(b->status);
	int order = compare_key(a, b);

	if (order != 0)
		return order;
	if (a->pinned != b->pinned)
		return a->pinned ? -1 : 1;
	if (live_a != live_b)
		return live_a ? -1 : 1;
	if (is_claim(a) && is_claim(b) &&
	    (order = strcmp(a->node->id, b->node->id)) != 0)
		return order;
	if (a->at_utc_ms != b->at_utc_ms)
		return a->at_utc_ms > b->at_utc_ms ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static bool
same_money(const struct view_row *a, const struct view_row *b)
{
	return a->money_known && b->money_known && a->balance == b->balance &&
	       a->credit == b->credit && a->currency != NULL &&
	       b->currency != NULL && strcmp(a->currency, b->currency) == 0;
}

/* Whose values would it be? What both say is shown, of all else nothing. */
static void
forget_values(struct view_row *row)
{
	const struct cache_value none = {NULL, 0};

	row->fragment = row->positions = row->orders = none;
	row->money_known = false;
	row->cash = -1;
}

/*
 * What n nodes say of one account, the best first. More than one live claim of
 * those that may speak for it is a conflict, of which nothing counts. A
 * collector that knows of both has said so already.
 */
static void
decide(struct view *v, struct view_row *rows, size_t n)
{
	const struct node **claims = v->claims + v->claims_len;
	size_t found = 0;
	bool agree = true;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].pinned != rows[0].pinned || !is_claim(&rows[i]))
			continue;
		claims[found++] = rows[i].node;
		agree = agree && same_money(&rows[0], &rows[i]);
		if (rows[i].since_utc_ms > rows[0].since_utc_ms)
			rows[0].since_utc_ms = rows[i].since_utc_ms;
	}
	if (found < 2)
		return;
	v->claims_len += found;
	rows[0].status = STATUS_CONFLICT;
	rows[0].claims = claims;
	rows[0].claims_len = found;
	if (!agree)
		forget_values(&rows[0]);
}

static bool
is_sorted(const struct view_row *rows, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if (compare_worth(&rows[i - 1], &rows[i]) > 0)
			return false;
	return true;
}

/* In the order that the rows had before; false: it is another one now. */
static bool
sort_as_before(struct view *v)
{
	const struct replica *r = v->replica;
	struct view_row *sorted;

	if (r == NULL || r->order_len != v->rows_len || v->rows_len == 0)
		return false;
	sorted = mem_new(v->rows_len, sizeof(*sorted));
	for (size_t i = 0; i < v->rows_len; i++)
		sorted[i] = v->rows[r->order[i]];
	if (!is_sorted(sorted, v->rows_len)) {
		free(sorted);
		return false;
	}
	free(v->rows);
	v->rows = sorted;
	return true;
}

/* Most of the time nothing but values changed. */
static void
sort(struct view *v)
{
	struct replica *r = v->replica;

	for (size_t i = 0; i < v->rows_len; i++)
		v->rows[i].number = i;
	if (sort_as_before(v))
		return;
	qsort(v->rows, v->rows_len, sizeof(*v->rows), compare_worth);
	if (r == NULL)
		return;
	free(r->order);
	r->order = mem_new(v->rows_len, sizeof(*r->order));
	r->order_len = v->rows_len;
	for (size_t i = 0; i < v->rows_len; i++)
		r->order[i] = v->rows[i].number;
}

/*
 * An account that moved, or that two nodes show, is one row: totals must not
 * count it twice.
 */
static void
drop_doubles(struct view *v)
{
	size_t kept = 0, n;

	sort(v);
	v->claims = mem_new(v->rows_len + 1, sizeof(*v->claims));
	for (size_t i = 0; i < v->rows_len; i += n) {
		for (n = 1; i + n < v->rows_len && v->rows[i].server != NULL &&
			    compare_key(&v->rows[i], &v->rows[i + n]) == 0;)
			n++;
		if (n > 1)
			decide(v, &v->rows[i], n);
		if (kept != i)
			v->rows[kept] = v->rows[i];
		kept++;
	}
	v->rows_len = kept;
}

const char *
view_row_why(const struct view_row *row, char why[VIEW_WHY_SIZE])
{
	struct buf b;

	if (row->claims_len == 0)
		return status_is_live(row->status) ? NULL : row->error;
	buf_init(&b, VIEW_WHY_SIZE);
	buf_puts(&b, "shown by nodes ");
	for (size_t i = 0; i < row->claims_len; i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "", row->claims[i]->id);
	buf_puts(&b, ": pin it to one in nodes.json");
	snprintf(why, VIEW_WHY_SIZE, "%s", b.data);
	buf_done(&b);
	return why;
}

static size_t
rows_at_most(const struct node_view *n)
{
	return 1 + n->node->pins_len + n->snapshot->len;
}

void
rows_make(struct view *v)
{
	size_t most = 0, from;

	for (size_t i = 0; i < v->nodes_len; i++)
		most += rows_at_most(&v->nodes[i]);
	v->rows = mem_new(most, sizeof(*v->rows));
	for (size_t i = 0; i < v->nodes_len; i++) {
		const struct node_view *n = &v->nodes[i];

		if (!n->node->enabled)
			continue;
		from = v->rows_len;
		add_accounts(v, n);
		add_pins(v, n, from);
		if (v->rows_len == from)
			add_row(v, n);
	}
	drop_doubles(v);
}

static int
compare_profit(const void *pa, const void *pb)
{
	const struct view_row *a = pa, *b = pb;

	if (a->money_known != b->money_known)
		return a->money_known ? -1 : 1;
	if (a->money_known && a->profit != b->profit)
		return a->profit > b->profit ? -1 : 1;
	return compare_key(a, b);
}

void
view_sort(struct view *v)
{
	qsort(v->rows, v->rows_len, sizeof(*v->rows), compare_profit);
}
