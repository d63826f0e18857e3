/* view_rows.c: rows out of what was read: each account once, none left out. */
#include <stdlib.h>
#include <string.h>

#include "lib/fleet/view.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"

static struct view_row *
add_row(struct view *v, const struct node_view *n)
{
	struct view_row *row = &v->rows[v->rows_len++];

	memset(row, 0, sizeof(*row));
	row->node = n->node;
	row->status = n->status;
	row->since_msc = n->since_msc;
	return row;
}

/* Cuts the next line off *text; data NULL where there is none. */
static struct cache_value
next_line(struct cache_value *text)
{
	struct cache_value line = {NULL, 0};
	const char *end;

	if (text->data == NULL || text->len == 0)
		return line;
	end = memchr(text->data, '\n', text->len);
	line.data = text->data;
	line.len = end != NULL ? (size_t)(end - text->data) : text->len;
	text->len -= line.len + (end != NULL);
	text->data += line.len + (end != NULL);
	return line;
}

static bool
read_money(const cJSON *o, const char *key, int64_t *out)
{
	double v;

	return jsonin_number(o, key, &v) && money_from_double(v, out) == 0;
}

static void
read_account(struct view_row *row, const struct node_view *n, const cJSON *o)
{
	const char *word;

	if (n->live && jsonin_string(o, "status", &word)) {
		if (!status_from(word, &row->status))
			row->status = STATUS_STALE;
		row->since_msc = 0;
		jsonin_int64(o, "since_msc", &row->since_msc);
	}
	jsonin_int64(o, "at_msc", &row->at_msc);
	jsonin_string(o, "currency", &row->currency);
	jsonin_int(o, "trade_mode", &row->trade_mode);
	row->cash = -1;
	jsonin_int64(o, "cash", &row->cash);
	row->money_known = read_money(o, "balance", &row->balance) &&
			   read_money(o, "credit", &row->credit) &&
			   read_money(o, "equity", &row->equity) &&
			   read_money(o, "profit", &row->profit);
}

/* A row each for the accounts in the head; its lines go with it. */
static void
add_accounts(struct view *v, const struct node_view *n)
{
	struct cache_value rest = n->text;
	const cJSON *o;

	next_line(&rest);
	cJSON_ArrayForEach(o, jsonin_array(n->head, "accounts"))
	{
		struct view_row *row = add_row(v, n);

		row->fragment = next_line(&rest);
		row->positions = next_line(&rest);
		row->orders = next_line(&rest);
		if (row->orders.data == NULL)
			row->fragment = row->positions = row->orders;
		read_account(row, n, o);
		if (!jsonin_string(o, "server", &row->server) ||
		    !jsonin_int64(o, "login", &row->login))
			row->server = NULL;
	}
}

static bool
has_account(const struct view *v, size_t from, const struct account_key *pin)
{
	for (size_t i = from; i < v->rows_len; i++)
		if (v->rows[i].server != NULL &&
		    v->rows[i].login == pin->login &&
		    strcmp(v->rows[i].server, pin->server) == 0)
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
		if (n->live && (others || row->status == STATUS_OK))
			row->status = STATUS_WRONG_ACCOUNT;
	}
}

static int
compare_key(const struct view_row *a, const struct view_row *b)
{
	int order;

	if (a->server == NULL || b->server == NULL) {
		if (a->server != b->server)
			return a->server == NULL ? 1 : -1;
		return strcmp(a->node->id, b->node->id);
	}
	if ((order = strcmp(a->server, b->server)) != 0)
		return order;
	return a->login < b->login ? -1 : a->login > b->login;
}

/* Of two rows of one account the live one first, then the fresher one. */
static int
compare_worth(const void *pa, const void *pb)
{
	const struct view_row *a = pa, *b = pb;
	bool live_a = status_is_live(a->status);
	bool live_b = status_is_live(b->status);
	int order = compare_key(a, b);

	if (order != 0)
		return order;
	if (live_a != live_b)
		return live_a ? -1 : 1;
	return a->at_msc > b->at_msc ? -1 : a->at_msc < b->at_msc;
}

/*
 * An account that moved, or that two terminals show, is one row: totals must
 * not count it twice.
 */
static void
drop_doubles(struct view *v)
{
	size_t kept = 0;

	qsort(v->rows, v->rows_len, sizeof(*v->rows), compare_worth);
	for (size_t i = 0; i < v->rows_len; i++)
		if (kept == 0 || v->rows[i].server == NULL ||
		    compare_key(&v->rows[kept - 1], &v->rows[i]) != 0)
			v->rows[kept++] = v->rows[i];
	v->rows_len = kept;
}

static size_t
rows_at_most(const struct node_view *n)
{
	const cJSON *list = jsonin_array(n->head, "accounts");

	return 1 + n->node->pins_len +
	       (list != NULL ? (size_t)cJSON_GetArraySize(list) : 0);
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
