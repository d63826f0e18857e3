/* import_trades.c: trade_cache.json: trades without deals, marked so. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bin/import.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"

/* "2026-01-15T10:20:30[.123456]": the broker's wall clock, without a zone. */
static bool
read_time(const cJSON *o, const char *key, int64_t *broker_ms)
{
	const char *text, *rest;
	struct tm tm = {0};
	int64_t ms = 0, unit = 100;

	if (!jsonin_string(o, key, &text))
		return false;
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	if (rest == NULL)
		rest = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
	if (rest == NULL)
		return false;
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
			ms += (*rest - '0') * unit;
	if (*rest != '\0')
		return false;
	*broker_ms = (int64_t)timegm(&tm) * 1000 + ms;
	return true;
}

static bool
read_money(const cJSON *o, const char *key, money_t *out)
{
	double v;

	return jsonin_number(o, key, &v) && money_from_double(v, out) == 0;
}

/* null (and NaN) is unknown. */
static bool
read_price(const cJSON *o, const char *key, double *out)
{
	if (!cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(o, key)))
		return jsonin_number(o, key, out);
	*out = NAN;
	return true;
}

/* NULL, or what is wrong with it. */
static const char *
read_trade(const cJSON *o, struct trade *t)
{
	const char *symbol, *side;
	double lot;

	memset(t, 0, sizeof(*t));
	t->state = TRADE_CLOSED;
	t->reason = -1;
	if (!jsonin_int64(o, "position_id", &t->position_id) ||
	    t->position_id == 0)
		return "no position_id";
	if (!jsonin_string(o, "symbol", &symbol) ||
	    !jsonin_string(o, "side", &side) ||
	    (strcmp(side, "BUY") != 0 && strcmp(side, "SELL") != 0))
		return "no symbol or side";
	if (!jsonin_number(o, "lot", &lot) ||
	    money_from_double(lot, &t->volume_in) == -1)
		return "no lot";
	if (!read_money(o, "profit", &t->profit) ||
	    !read_money(o, "commission", &t->commission) ||
	    !read_price(o, "entry_price", &t->price_open) ||
	    !read_price(o, "exit_price", &t->price_close))
		return "no profit, commission or prices";
	if (!read_time(o, "entry_time", &t->time_open_broker_ms) ||
	    !read_time(o, "exit_time", &t->time_close_broker_ms))
		return "no times";
	snprintf(t->symbol, sizeof(t->symbol), "%s", symbol);
	t->type = strcmp(side, "BUY") == 0 ? DEAL_BUY : DEAL_SELL;
	t->volume_out = t->volume_in;
	t->first_broker_ms = t->time_open_broker_ms;
	t->net = t->profit;
	return money_add(&t->net, t->commission) == -1 ? "too large" : NULL;
}

/* An account's trades in the file, and the positions that were there. */
struct placing {
	struct import *im;
	const char *login;
	int64_t account;
	int n;                 /* which of the list; 1 is the first */
	int64_t *positions;    /* a hash table, open addressing; 0: free */
	size_t positions_size; /* a power of two, above the file's trades */
};

/* position_id: not 0. */
static bool
is_new(struct placing *p, int64_t position_id)
{
	size_t mask = p->positions_size - 1;
	size_t i =
	    ((uint64_t)position_id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;

	for (; p->positions[i] != 0; i = (i + 1) & mask)
		if (p->positions[i] == position_id)
			return false;
	p->positions[i] = position_id;
	return true;
}

/* Of no other trade, so that none takes another's place among those aside. */
static void
name(const struct placing *p, int64_t position_id, bool unique, char key[64])
{
	if (position_id == 0)
		snprintf(key, 64, "%.30s/#%d", p->login, p->n);
	else if (unique)
		snprintf(
		    key, 64, "%.30s/%lld", p->login, (long long)position_id);
	else
		snprintf(key, 64, "%.30s/%lld#%d", p->login,
		    (long long)position_id, p->n);
}

static void
place(struct placing *p, const cJSON *o)
{
	struct import *im = p->im;
	struct ledger_import_trade t = {.json = NULL};
	const char *why = read_trade(o, &t.trade);
	int64_t id = t.trade.position_id;
	bool unique = id == 0 || is_new(p, id);
	char key[64], *text;

	p->n++;
	name(p, id, unique, key);
	if (why == NULL && !unique)
		why = "this position is twice in the file";
	if (why != NULL) {
		import_aside(im, key, o, why);
		return;
	}
	text = cJSON_PrintUnformatted(o);
	t.json = text;
	im->result = ledger_import_trade(im->l, p->account, &t, im->now_utc_ms);
	cJSON_free(text);
	/* its own deals are here: they stand */
	if (im->result == LEDGER_OK || im->result == LEDGER_CONFLICT)
		import_placed(im, key, im->result == LEDGER_OK);
}

void
import_trades(struct import *im, const char *key, const cJSON *value)
{
	const cJSON *list = jsonin_array(value, "trades"), *o;
	struct placing p = {.im = im, .login = key};

	if (list == NULL) {
		import_aside(im, key, value, "no list of trades");
		return;
	}
	if (!import_account(im, key, value, &p.account))
		return;
	p.positions_size = 64;
	while (p.positions_size < 2 * (size_t)cJSON_GetArraySize(list))
		p.positions_size *= 2;
	p.positions = mem_new(p.positions_size, sizeof(*p.positions));
	im->result = ledger_import_placed(im->l, im->file, key);
	cJSON_ArrayForEach(o, list) {
		if (im->result != LEDGER_OK)
			break;
		place(&p, o);
		import_yield(im);
	}
	free(p.positions);
}
