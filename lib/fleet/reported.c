/* reported.c: what a terminal reports of its account, as far as we use it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/fleet/reported.h"

static char *
text_of(const cJSON *o, const char *key)
{
	const char *text;

	return jsonin_string(o, key, &text) ? mem_strdup(text) : NULL;
}

static int
int_of(const cJSON *o, const char *key)
{
	int v = -1;

	jsonin_int(o, key, &v);
	return v;
}

static double
number_of(const cJSON *o, const char *key)
{
	double v = NAN;

	jsonin_number(o, key, &v);
	return v;
}

void
reported_read(struct reported *f, const cJSON *doc)
{
	const cJSON *account = jsonin_object(doc, "account");

	*f = (struct reported){.currency = text_of(account, "currency"),
	    .company = text_of(account, "company"),
	    .name = text_of(account, "name"),
	    .currency_digits = int_of(account, "currency_digits"),
	    .trade_mode = int_of(account, "trade_mode"),
	    .margin_mode = int_of(account, "margin_mode"),
	    .leverage = int_of(account, "leverage"),
	    .balance = number_of(account, "balance"),
	    .credit = number_of(account, "credit"),
	    .equity = number_of(account, "equity"),
	    .profit = number_of(account, "profit"),
	    .non_trade_deals = -1};
	f->offset_known = jsonin_int(doc, "broker_offset_s", &f->offset_s) &&
			  f->offset_s >= REPORTED_OFFSET_MIN_S &&
			  f->offset_s <= REPORTED_OFFSET_MAX_S;
	jsonin_int64(
	    jsonin_object(doc, "history"), "cash", &f->non_trade_deals);
}

static char *
copy(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

void
reported_copy(struct reported *to, const struct reported *from)
{
	*to = *from;
	to->currency = copy(from->currency);
	to->company = copy(from->company);
	to->name = copy(from->name);
}

void
reported_done(struct reported *f)
{
	free(f->currency);
	free(f->company);
	free(f->name);
	memset(f, 0, sizeof(*f));
}

struct ledger_seen
reported_seen(const struct reported *f, const char *server, int64_t login,
    const char *node)
{
	return (struct ledger_seen){.server = server,
	    .login = login,
	    .node = node,
	    .currency = f->currency,
	    .company = f->company,
	    .name = f->name,
	    .currency_digits = f->currency_digits,
	    .trade_mode = f->trade_mode,
	    .margin_mode = f->margin_mode,
	    .leverage = f->leverage,
	    .offset_known = f->offset_known,
	    .offset_s = f->offset_s};
}
