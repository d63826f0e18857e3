/* sums.c: counts by status, sums of live accounts by currency. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/sums.h"
#include "lib/base/mem.h"
#include "lib/trading/json_amount.h"
#include "lib/trading/money.h"

/* Currencies are never mixed in a sum, nor demo, contest and real. */
struct sum_group {
	const char *currency;
	int trade_mode;
	int accounts, left_out;
	int day_left_out; /* accounts whose day P/L is unknown */
	money_t balance, equity, profit, day;
};

static int
compare_group(const void *pa, const void *pb)
{
	const struct sum_group *a = pa, *b = pb;
	int order = strcmp(a->currency, b->currency);

	return order != 0 ? order : a->trade_mode - b->trade_mode;
}

static struct sum_group *
group_of(struct sums *s, const struct view_row *row)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->groups[i].trade_mode == row->trade_mode &&
		    strcmp(s->groups[i].currency, row->currency) == 0)
			return &s->groups[i];
	s->groups = mem_room(s->groups, s->len, &s->size, sizeof(*s->groups));
	s->groups[s->len] = (struct sum_group){
	    .currency = row->currency, .trade_mode = row->trade_mode};
	return &s->groups[s->len++];
}

static void
count_in(
    struct sum_group *g, const struct view_row *row, const struct amount *day)
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
put_sum(struct json *j, const char *key, const struct sum_group *g, money_t v)
{
	/* nothing live: the sum is unknown, not 0 */
	if (g->accounts == 0)
		json_null(j, key);
	else
		json_money(j, key, v);
}

static void
put_group(struct json *j, const struct sum_group *g)
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

void
sums_add(struct sums *s, const struct board_row *r)
{
	s->accounts++;
	s->counts[r->row->status]++;
	if (r->row->currency != NULL)
		count_in(group_of(s, r->row), r->row, &r->made->pl.day);
}

void
sums_done(struct sums *s)
{
	free(s->groups);
	memset(s, 0, sizeof(*s));
}

void
sums_json(struct json *j, struct sums *s)
{
	json_object(j, "counts");
	for (int status = STATUS_OK; status >= 0; status--)
		if (s->counts[status] > 0)
			json_int(j, status_word((enum status)status),
			    s->counts[status]);
	json_end(j);
	if (s->len > 1)
		qsort(s->groups, s->len, sizeof(*s->groups), compare_group);
	json_array(j, "totals");
	for (size_t i = 0; i < s->len; i++)
		put_group(j, &s->groups[i]);
	json_end(j);
}
