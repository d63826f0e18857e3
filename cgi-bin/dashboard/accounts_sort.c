/* accounts_sort.c: what the rows can be sorted by. */
#include <math.h>
#include <string.h>

#include "cgi-bin/dashboard/accounts_query.h"

static void
put_amount(struct sort_value *out, const struct amount *a)
{
	out->known = a->known;
	out->number = a->v;
}

static void
put_money(struct sort_value *out, const struct board_row *r, money_t v)
{
	out->known = r->row->money_known;
	out->number = v;
}

static void
put_ratio(struct sort_value *out, bool known, double v)
{
	out->known = known && fabs(v) < MONEY_LIMIT;
	if (out->known)
		out->number = (money_t)llround(v * 1e4);
}

static void
put_text(struct sort_value *out, const char *text)
{
	out->known = text != NULL;
	out->text = text != NULL ? text : "";
}

static void
by_profit(const struct board_row *r, struct sort_value *out)
{
	put_money(out, r, r->row->profit);
}

static void
by_balance(const struct board_row *r, struct sort_value *out)
{
	put_money(out, r, r->row->balance);
}

static void
by_equity(const struct board_row *r, struct sort_value *out)
{
	put_money(out, r, r->row->equity);
}

static void
by_day(const struct board_row *r, struct sort_value *out)
{
	put_amount(out, &r->made->pl.day);
}

static void
by_day_pct(const struct board_row *r, struct sort_value *out)
{
	put_ratio(out, r->made->pl.day_pct_known, r->made->pl.day_pct);
}

static void
by_total(const struct board_row *r, struct sort_value *out)
{
	put_amount(out, &r->made->pl.total);
}

static void
by_total_pct(const struct board_row *r, struct sort_value *out)
{
	put_ratio(out, r->made->pl.pct_known, r->made->pl.total_pct);
}

static void
by_used(const struct board_row *r, struct sort_value *out)
{
	put_ratio(out, r->made->used_known, r->made->used);
}

/* Worst first, as the enum has them. */
static void
by_status(const struct board_row *r, struct sort_value *out)
{
	out->known = true;
	out->number = r->row->status;
}

static void
by_since(const struct board_row *r, struct sort_value *out)
{
	out->known = r->row->since_utc_ms > 0;
	out->number = r->row->since_utc_ms;
}

static void
by_at(const struct board_row *r, struct sort_value *out)
{
	out->known = r->row->at_utc_ms > 0;
	out->number = r->row->at_utc_ms;
}

static void
by_login(const struct board_row *r, struct sort_value *out)
{
	out->known = r->row->server != NULL;
	out->number = r->row->login;
}

static void
by_server(const struct board_row *r, struct sort_value *out)
{
	put_text(out, r->row->server);
}

static void
by_node(const struct board_row *r, struct sort_value *out)
{
	put_text(out, r->row->node->id);
}

static void
by_currency(const struct board_row *r, struct sort_value *out)
{
	put_text(out, r->row->currency);
}

static void
by_phase(const struct board_row *r, struct sort_value *out)
{
	put_text(out, r->facts != NULL ? r->facts->phase_word : NULL);
}

static void
by_firm(const struct board_row *r, struct sort_value *out)
{
	put_text(out, r->facts != NULL ? r->facts->prop_firm : NULL);
}

static void
by_holder(const struct board_row *r, struct sort_value *out)
{
	put_text(out, r->facts != NULL ? r->facts->holder : NULL);
}

static void
by_vs_group(const struct board_row *r, struct sort_value *out)
{
	put_text(out, r->facts != NULL ? r->facts->vs_group : NULL);
}

static const struct sort_key keys[] = {
    {"profit", by_profit},
    {"balance", by_balance},
    {"equity", by_equity},
    {"day", by_day},
    {"day_pct", by_day_pct},
    {"total", by_total},
    {"total_pct", by_total_pct},
    {"used", by_used},
    {"status", by_status},
    {"since", by_since},
    {"at", by_at},
    {"login", by_login},
    {"server", by_server},
    {"node", by_node},
    {"currency", by_currency},
    {"phase", by_phase},
    {"firm", by_firm},
    {"holder", by_holder},
    {"vs_group", by_vs_group},
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

const struct sort_key *
sort_key_find(const char *name)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

void
sort_keys_list(struct buf *out)
{
	for (size_t i = 0; i < KEYS; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", keys[i].name);
}
