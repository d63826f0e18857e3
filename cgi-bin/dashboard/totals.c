/* totals.c: counts by status, sums of live accounts by currency. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/rows.h"
#include "lib/base/mem.h"
#include "lib/trading/json_amount.h"
#include "lib/trading/money.h"

/* Currencies are never mixed in a sum, nor demo, contest and real. */
struct group {
	const char *currency;
	int trade_mode;
	int accounts, left_out;
	int day_left_out; /* accounts whose day P/L is unknown */
	money_t balance, equity, profit, day;
};

static int
compare_group(const void *pa, const void *pb)
{
	const struct group *a = pa, *b = pb;
	int order = strcmp(a->currency, b->currency);

	return order != 0 ? order : a->trade_mode - b->trade_mode;
}

static struct group *
group_of(struct group *groups, size_t *len, const struct view_row *row)
{
	for (size_t i = 0; i < *len; i++)
		if (groups[i].trade_mode == row->trade_mode &&
		    strcmp(groups[i].currency, row->currency) == 0)
			return &groups[i];
	groups[*len] = (struct group){
	    .currency = row->currency, .trade_mode = row->trade_mode};
	return &groups[(*len)++];
}

static void
count_in(struct group *g, const struct view_row *row, const struct amount *day)
{
	if (!status_is_live(row->status) || !row->money_known) {
		g->left_out++;
		return;
	}
	g->accounts++;
	if (!day->known)
		g->day_left_out++;
	else
		g->day += day->v;
	/* far from what a money_t holds, however many accounts there are */
	g->balance += row->balance;
	g->equity += row->equity;
	g->profit += row->profit;
}

static void
put_sum(struct json *j, const char *key, const struct group *g, money_t v)
{
	/* nothing live: the sum is unknown, not 0 */
	if (g->accounts == 0)
		json_null(j, key);
	else
		json_money(j, key, v);
}

static void
put_group(struct json *j, const struct group *g)
{
	json_object(j, NULL);
	json_string(j, "currency", g->currency);
	json_int(j, "trade_mode", g->trade_mode);
	json_int(j, "accounts", g->accounts);
	json_int(j, "left_out", g->left_out);
	put_sum(j, "balance", g, g->balance);
	put_sum(j, "equity", g, g->equity);
	put_sum(j, "profit", g, g->profit);
	if (g->day_left_out < g->accounts)
		put_sum(j, "day", g, g->day);
	else
		json_null(j, "day");
	json_int(j, "day_left_out", g->day_left_out);
	json_end(j);
}

static void
count(struct group *groups, size_t *len, const struct view *v,
    const struct view_row *row, const struct facts *facts)
{
	const struct account_facts *known =
	    facts_find(facts, row->server, row->login);
	struct pl pl = {0};

	if (row->currency == NULL)
		return;
	row_pl(row, known, v->now_utc_ms, &pl);
	count_in(group_of(groups, len, row), row, &pl.day);
}

void
rows_json_totals(
    struct json *j, const struct view *v, const struct facts *facts)
{
	struct group *groups = mem_new(v->rows_len, sizeof(*groups));
	size_t len = 0;

	for (size_t i = 0; i < v->rows_len; i++)
		count(groups, &len, v, &v->rows[i], facts);
	qsort(groups, len, sizeof(*groups), compare_group);
	json_array(j, "totals");
	for (size_t i = 0; i < len; i++)
		put_group(j, &groups[i]);
	json_end(j);
	free(groups);
}

void
rows_json_counts(struct json *j, const struct view *v)
{
	int counts[STATUS_COUNT] = {0};

	for (size_t i = 0; i < v->rows_len; i++)
		counts[v->rows[i].status]++;
	json_object(j, "counts");
	for (int s = STATUS_OK; s >= 0; s--)
		if (counts[s] > 0)
			json_int(j, status_word((enum status)s), counts[s]);
	json_end(j);
}
