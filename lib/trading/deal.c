/* deal.c: one deal as MetaTrader 5 gives it, and what it is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/trading/deal.h"
#include "lib/json/jsonin.h"
#include "lib/trading/money.h"

enum deal_kind
deal_kind(const struct deal *d)
{
	switch (d->type) {
	case DEAL_BUY:
	case DEAL_SELL:
		return d->position_id != 0 ? DEAL_KIND_TRADE : DEAL_KIND_COST;
	case DEAL_CREDIT:
	case DEAL_SO_CREDIT:
		return DEAL_KIND_CREDIT;
	case DEAL_BALANCE:
	case DEAL_CORRECTION:
	case DEAL_BONUS:
		return DEAL_KIND_FLOW;
	default:
		/* beyond the known ones: the server's own operations */
		return d->type == DEAL_CHARGE || (d->type >= DEAL_COMMISSION &&
						     d->type <= DEAL_TAX)
			   ? DEAL_KIND_COST
			   : DEAL_KIND_FLOW;
	}
}

int
deal_net(const struct deal *d, int64_t *net)
{
	int64_t sum = d->profit;

	if (money_add(&sum, d->commission) == -1 ||
	    money_add(&sum, d->swap) == -1 || money_add(&sum, d->fee) == -1)
		return -1;
	*net = sum;
	return 0;
}

/* Reading one object: the first mistake is kept. */
struct reader {
	const cJSON *o;
	char *why;
	size_t why_size;
	bool failed;
};

static void
bad(struct reader *r, const char *key)
{
	char *text;

	if (r->failed)
		return;
	r->failed = true;
	text =
	    cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(r->o, key));
	snprintf(r->why, r->why_size, "deal %s: %.80s", key,
	    text != NULL ? text : "missing");
	cJSON_free(text);
}

static int64_t
read_id(struct reader *r, const char *key)
{
	int64_t v = 0;

	if (!jsonin_int64(r->o, key, &v))
		bad(r, key);
	return v;
}

static int
read_int(struct reader *r, const char *key)
{
	int v = 0;

	if (!jsonin_int(r->o, key, &v))
		bad(r, key);
	return v;
}

/* null is what MT5 had no finite number for. */
static double
read_number(struct reader *r, const char *key)
{
	double v = NAN;

	if (!jsonin_number(r->o, key, &v) &&
	    !cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(r->o, key)))
		bad(r, key);
	return v;
}

static int64_t
read_money(struct reader *r, const char *key)
{
	double v;
	int64_t m = 0;

	if (!jsonin_number(r->o, key, &v) || money_from_double(v, &m) == -1)
		bad(r, key);
	return m;
}

static const char *
read_text(struct reader *r, const char *key)
{
	const char *s = "";

	if (!jsonin_string(r->o, key, &s))
		bad(r, key);
	return s;
}

int
deal_from_json(const cJSON *o, struct deal *d, char *why, size_t why_size)
{
	struct reader r = {o, why, why_size, false};

	memset(d, 0, sizeof(*d));
	d->ticket = read_id(&r, "ticket");
	d->order = read_id(&r, "order");
	d->time = read_id(&r, "time");
	d->time_msc = read_id(&r, "time_msc");
	d->type = read_int(&r, "type");
	d->entry = read_int(&r, "entry");
	d->magic = read_id(&r, "magic");
	d->position_id = read_id(&r, "position_id");
	d->reason = read_int(&r, "reason");
	d->volume = read_number(&r, "volume");
	d->price = read_number(&r, "price");
	d->commission = read_money(&r, "commission");
	d->swap = read_money(&r, "swap");
	d->profit = read_money(&r, "profit");
	d->fee = read_money(&r, "fee");
	d->symbol = read_text(&r, "symbol");
	d->comment = read_text(&r, "comment");
	d->external_id = read_text(&r, "external_id");
	d->sl = read_number(&r, "sl");
	d->tp = read_number(&r, "tp");
	return r.failed ? -1 : 0;
}
